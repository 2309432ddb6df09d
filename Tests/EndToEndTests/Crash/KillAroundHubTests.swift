import Foundation
import Testing

/// `kill -9` on either side of a connection.
@Suite(.enabled(if: FaultShim.isThere, FaultShim.whyNot), .timeLimit(.minutes(60)))
struct KillAroundHubTests {
    @Test("a publish that is killed is finished by the next one")
    func pushKilled() throws {
        let team = try Pair(records: 0..<(Effort.isLong ? 6_000 : 300))
        let office = team.office
        try office.startHub()
        let hub = office.hubURL
        let count = Effort.moments()
        let names = ["undisturbed"] + (0..<count).map { "survivor-\($0)" }
        let token = try office.token(for: "mina", datasets: names, role: "admin")
        try team.mina.must("login", hub, input: token + "\n")
        for record in 0..<5 { try team.mina.must("set", Workload.address(record), "value=1") }
        let ordeal = try Ordeal(
            team.mina, command: { ["publish", "\(hub)/\($0)"] },
            elsewhere: { survivor, name in
                let clone = "\(office.folder)/\(name)-clone.tally"
                try survivor.must("clone", "\(hub)/\(name)", clone)
                return try survivor.must("-f", clone, "export").output
            })
        try ordeal.surviveKills(count, "KillAroundHubTests")
    }

    @Test("a pull from a hub that is killed goes on where it was")
    func pullKilled() throws {
        let team = try Pair(records: 0..<300)
        let url = try team.meetAtHub()
        for record in 0..<20 { try team.jun.must("set", Workload.address(record), "value=9") }
        try team.jun.write(Workload.csv(Array(300..<1_000), Workload.value), to: "more.csv")
        try team.jun.must("import", "more.csv")
        try team.jun.must("sync", url)
        try Ordeal(
            team.mina, command: { _ in ["sync", "--pull"] },
            elsewhere: { _, _ in try team.jun.export() }
        ).surviveKills(Effort.moments(), "KillAroundHubTests")
    }

    @Test("a hub that is killed has what it acknowledged, and takes the rest from the next sync")
    func hubKilled() throws {
        let team = try Pair(records: 0..<300)
        let (office, mina, jun) = (team.office, team.mina, team.jun)
        try jun.must("remote", "add", "origin", team.meetAtHub())
        office.stopHub()

        var edits = 0
        func edit() throws {
            for _ in 0..<2 {
                edits += 1
                try mina.must("set", Workload.address(edits), "value=\(edits)", "note=edit")
            }
        }
        try edit()
        let undisturbed = try Undisturbed(folder: office.folder) { environment in
            let hub = try office.startHub(environment: environment)
            try mina.must("sync")
            office.stopHub()
            return hub
        }
        var chance = Chance()
        for moment in undisturbed.moments(Effort.moments(), &chance.generator) {
            let context: Comment = "hub killed \(moment): \(chance.replay("KillAroundHubTests"))"
            try edit()
            // It may be killed before it listens.
            let hub = try? office.startHub(environment: moment.environment)
            let sync = try mina.start(["sync"])
            if let hub { moment.strike(hub) }
            let end = sync.wait()
            #expect([0, 69].contains(end.status), "\(end.errors) \(context)")
            office.stopHub()

            try office.startHub()
            if end.status != 0 { try mina.must("sync") }
            try jun.must("sync", "--pull")
            #expect(try jun.export() == mina.export(), context)
            office.stopHub()
            let verified = try mina.tally("-f", office.folder + "/hub/korea.tally", "verify")
            #expect(verified.status == 0, "\(verified.errors) \(context)")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: office.folder + "/hub").sorted()
                    == ["hub.sqlite", "korea.tally"], context)
        }
        #expect(try mina.replicas().count == 1)
    }
}
