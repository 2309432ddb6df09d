import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Clones from a hub, by way of its snapshot.
@Suite(.timeLimit(.minutes(60)))
struct SnapshotCloneTests {
    private let team: Pair
    private let url: String
    private let ana: Analyst

    /// Two people with 200 conflicts meet at a hub, and a third has a token.
    init() throws {
        team = try Pair.inConflict()
        url = try team.meetAtHub()
        try team.jun.must("sync", url)
        try team.mina.must("sync")
        ana = try team.office.analyst("ana", machine: "tower")
        try ana.logIn(as: "writer")
    }

    private func files(_ analyst: Analyst) throws -> [String] {
        try analyst.names().filter { $0.hasPrefix("korea") }
    }

    private func requests() throws -> [String] {
        team.office.log.split(separator: "\n").filter {
            $0.contains(" GET /v1/datasets/korea/") && $0.contains(" ms ana")
        }
        .map { line in
            let words = line.split(separator: " ")
            return "\(words[2].split(separator: "/").last ?? "") \(words[3])"
        }
    }

    @Test("it holds what a clone line by line holds, and syncs both ways")
    func same() throws {
        let clone = try ana.must("clone", url, "korea.tally")
        #expect(clone.output == "Cloned korea into korea.tally: 0 event, 300 trade\n")
        #expect(clone.errors == "")
        #expect(try requests() == ["snapshot 206"], "no line was pulled")
        try ana.must("clone", team.mina.file, "lines.db")
        for command in [["export"], ["conflicts", "--json"], ["log", "--json"]] {
            let copies = try ["korea.tally", "lines.db"].map {
                try ana.tally(["-f", $0] + command).output.replacing($0, with: "FILE")
            }
            #expect(copies[0] == copies[1], "\(command)")
        }
        #expect(try ana.must("verify").output.hasPrefix("Sound: "))
        #expect(try ana.must("doctor").status == 0)
        #expect(try ana.must("sync").output.hasPrefix("Nothing to exchange: "))
        try ana.must("set", Workload.address(1), "note=by ana")
        try ana.must("sync")
        try team.mina.must("sync")
        #expect(try team.mina.export() == ana.export())
        try team.mina.must("set", Workload.address(2), "note=by mina")
        try team.mina.must("sync")
        try ana.must("sync")
        #expect(try team.mina.export() == ana.export())
        #expect(try files(ana) == ["korea.tally"])
    }

    @Test("what came since the hub made it is pulled behind it, and counted with it")
    func tail() throws {
        try ana.must("clone", url, "korea.tally")
        try team.mina.must("set", Workload.address(1), "note=later")
        try team.mina.must("sync")
        let clone = try ana.must("clone", url, "korea-2.db", "--json")
        #expect(try requests().suffix(2) == ["snapshot 206", "changesets 200"])
        let log = try ana.must("-f", "korea-2.db", "log", "--json").json["changesets"] as? [Any]
        #expect(clone.json["pulled"] as? Int == log?.count)
        #expect(try ana.must("-f", "korea-2.db", "export").output == team.mina.export())
        try ana.must("-f", "korea-2.db", "verify")
    }

    @Test("a hub that has none for now is cloned from line by line, without a word")
    func withoutSnapshot() throws {
        let path = team.office.folder + "/hub/korea.tally"
        try OtherTool.sqlite.run(by: team.mina, path, "DROP TABLE event")
        let clone = try ana.must("clone", url, "korea.tally")
        #expect(clone.errors == "")
        #expect(try requests().first == "snapshot 404")
        #expect(try ana.export() == team.mina.export())
    }

    @Test("a clone that is killed leaves no half file under the name, and the next one is whole")
    func killed() throws {
        try #require(FaultShim.isThere)
        let wanted = try team.mina.export()
        let undisturbed = try Undisturbed(folder: ana.folder) {
            try ana.start(["clone", url, "undisturbed.db"], environment: $0)
        }
        var chance = Chance()
        for (number, moment) in undisturbed.moments(Effort.moments(8), &chance.generator)
            .enumerated()
        {
            let context: Comment = "killed \(moment): \(chance.replay("SnapshotCloneTests"))"
            let survivor = try ana.copied(as: "survivor-\(number)")
            let clone = try survivor.start(
                ["clone", url, "korea.tally"], environment: moment.environment)
            moment.strike(clone)
            _ = clone.wait()
            if FileManager.default.fileExists(atPath: survivor.file) {
                try survivor.must("verify")
                try survivor.must("sync")
                // Killed between the two names that a file has for a moment.
                let left = try files(survivor).filter { $0 != "korea.tally" }
                #expect(left.isEmpty || left == ["korea.tally.part"], context)
            } else {
                try survivor.must("clone", url, "korea.tally")
                #expect(try files(survivor) == ["korea.tally"], context)
            }
            #expect(try survivor.export() == wanted, context)
        }
    }

    @Test("a hub that is killed during a clone and starts again does no harm")
    func hubKilled() throws {
        let wanted = try team.mina.export()
        for delayUs: UInt32 in [0, 20_000, 60_000, 150_000] {
            let clone = try ana.start(["clone", url, "korea.tally"])
            usleep(delayUs)
            team.office.killHub()
            try team.office.startHub()
            let end = clone.wait()
            #expect([0, 69].contains(end.status), "\(end.errors)")
            if end.status != 0 {
                #expect(try files(ana) == [])
                try ana.must("clone", url, "korea.tally")
            }
            #expect(try ana.export() == wanted)
            try ana.must("verify")
            try FileManager.default.removeItem(atPath: ana.file)
            let hubs = try FileManager.default
                .contentsOfDirectory(atPath: team.office.folder + "/hub")
            #expect(!hubs.contains { $0.contains("snapshot") })
        }
    }
}
