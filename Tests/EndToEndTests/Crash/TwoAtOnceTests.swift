import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Several commands on one file at once: each does its work or says that another is busy, and nothing is lost.
@Suite(.timeLimit(.minutes(30)))
struct TwoAtOnceTests {
    private static let busy =
        "tally: korea.tally is being written by another program\nTry again when it has finished.\n"

    @Test("many short sets from several programs all land, or say that another is busy")
    func manySets() throws {
        let team = try Pair(records: 0..<60)
        let mina = team.mina
        var done = 0
        for round in 0..<10 {
            let records = (0..<6).map { round * 6 + $0 }
            let running = try records.map { record in
                try mina.start([
                    "-f", "korea.tally", "set", Workload.address(record), "value=\(record + 5)",
                ])
            }
            for (record, running) in zip(records, running) {
                let end = running.wait()
                #expect(end.status == 0 || end.errors == Self.busy, "\(end.status) \(end.errors)")
                guard end.status == 0 else { continue }
                done += 1
                let shown = try mina.must("show", Workload.address(record), "--json").output
                #expect(shown.contains("\"value\": \(record + 5)"))
            }
        }
        #expect(done > 0)
        // The import, and one revision for each that said it was done.
        #expect(try mina.revisions().count == 1 + done)
        #expect(try mina.replicas().count == 1)
        try mina.must("verify")
        #expect(try mina.leftovers() == [])
    }

    @Test(
        "two commands at once both do their work, or one says that the other is busy",
        arguments: [
            ["import new.csv", "import new.csv"], ["import new.csv", "import other.csv"],
            ["import new.csv", "sync PARTNER"], ["sync PARTNER", "sync PARTNER"],
            ["resolve --all --take author:jun", "import other.csv"], ["verify", "import new.csv"],
        ])
    func pairs(commands: [String]) throws {
        let team = try Pair.inConflict()
        let mina = team.mina
        try mina.write(Workload.csv(Array(2_000..<2_300), Workload.value), to: "other.csv")
        let before = try Standing(mina)
        func words(_ partner: Analyst) -> [[String]] {
            commands.map { command in
                command.split(separator: " ").map { $0 == "PARTNER" ? partner.file : String($0) }
            }
        }
        let (inTurn, partner) = (
            try mina.copied(as: "in-turn"), try team.jun.copied(as: "partner-in-turn")
        )
        for command in words(partner) { #expect(try inTurn.tally(command).status == 0) }

        let words = words(team.jun)
        let running = try words.map { try mina.start($0) }
        for (command, running) in zip(words, running) {
            let end = running.wait()
            #expect(end.status == 0 || end.status == 75, "\(end.status) \(end.errors)")
            if end.status == 75 {
                #expect(end.errors.contains("is being written by another program"))
                #expect(try mina.tally(command).status == 0)
            }
        }
        #expect(try mina.export() == inTurn.export())
        try before.expectKept(in: mina, "\(commands)", added: 0)
        #expect(try mina.leftovers() == [])
        try team.jun.must("sync", mina.file)
        #expect(try team.jun.export() == mina.export())
    }

    @Test(
        "who finds another writing waits, then says so; who reads does not wait",
        .enabled(if: FaultShim.isThere, FaultShim.whyNot))
    func busyText() throws {
        let team = try Pair.inConflict()
        let mina = team.mina
        let copy = try mina.copied(as: "measured")
        let calls = try Undisturbed(folder: copy.folder) {
            try copy.start(["import", "new.csv"], environment: $0)
        }.calls
        // In the middle of the commit.
        let first = try mina.start(
            ["import", "new.csv"], environment: FaultShim.environment(.stop(calls / 2)))
        try #require(first.waitUntilStopped())
        let before = try mina.must("list", "trade").output
        let second = try mina.tally("-f", "korea.tally", "set", Workload.address(1), "note=x")
        #expect(second.status == 75)
        #expect(second.errors == Self.busy)
        #expect(try mina.must("list", "trade").output == before)
        kill(first.id, SIGCONT)
        #expect(first.wait().status == 0)
        try mina.must("set", Workload.address(1), "note=x")
        #expect(try mina.replicas().count == 1)
        try mina.must("verify")
    }

    @Test(
        "of two that make one file, one makes it and the other leaves it as it is",
        arguments: ["init new.tally", "clone korea.tally new.tally"])
    func oneFile(command: String) throws {
        let team = try Pair(records: 0..<50)
        let words = command.split(separator: " ").map(String.init)
        for _ in 0..<Effort.moments(3, long: 30) {
            let both = try (0..<2).map { _ in try team.mina.start(words) }
            let ends = both.map { $0.wait() }
            #expect(ends.map(\.status).sorted() == [0, 73], "\(ends.map(\.errors))")
            #expect(
                ends.first { $0.status == 73 }?.errors
                    == "tally: new.tally exists already; it was left as it is\n"
                    + "Choose another name, or remove the file first.\n")
            try team.mina.must("-f", "new.tally", "verify")
            if words[0] == "clone" {
                #expect(
                    try team.mina.must("-f", "new.tally", "export").output
                        == team.mina.must("-f", "korea.tally", "export").output)
            }
            #expect(try team.mina.leftovers() == [])
            try FileManager.default.removeItem(atPath: team.mina.folder + "/new.tally")
        }
    }

    @Test("two logins at once keep both tokens")
    func logins() throws {
        let office = try Office()
        let mina = try office.analyst("mina", machine: "laptop")
        let hubs = (0..<8).map { "https://hub-\($0).example.org" }
        let running = try hubs.map { try mina.start(["login", $0], input: "tally_token\n") }
        for running in running { #expect(running.wait().status == 0) }
        let path = mina.folder + "/.config/tally/tokens.json"
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let tokens = try JSONSerialization.jsonObject(with: bytes) as? [String: String]
        #expect(tokens?.keys.sorted() == hubs)
    }
}
