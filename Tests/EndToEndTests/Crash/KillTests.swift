import Foundation
import Testing

/// `kill -9` at any moment: nothing acknowledged is lost, and the next run finishes the work.
@Suite(.enabled(if: FaultShim.isThere, FaultShim.whyNot), .timeLimit(.minutes(60)))
struct KillTests {
    @Test("an import that is killed is done or not done, and the next one finishes it")
    func importKilled() throws {
        let team = try Pair(records: 0..<300)
        try team.mina.write(
            Workload.csv(Array(100..<1_500), Workload.minaValue), to: "new.csv")
        try survive(
            Ordeal(team.mina, partner: team.jun, "import", "new.csv", "--overwrite"))
    }

    @Test("a set of many records that is killed is done or not done")
    func setKilled() throws {
        let team = try Pair(records: 0..<300)
        try survive(
            Ordeal(
                team.mina, partner: team.jun, "set", Workload.address(7), "note=seen", "value=12"))
    }

    @Test("a pull from a file that is killed goes on where it was")
    func pullKilled() throws {
        let team = try Pair(records: 0..<300)
        for record in 0..<20 {
            try team.jun.must("set", Workload.address(record), "value=\(record)")
        }
        try team.jun.write(Workload.csv(Array(300..<1_000), Workload.value), to: "more.csv")
        try team.jun.must("import", "more.csv")
        try survive(Ordeal(team.mina, partner: team.jun, "sync", "--pull", team.jun.file))
    }

    @Test("a resolution of all conflicts that is killed is done or not done")
    func resolveKilled() throws {
        let team = try Pair(records: 0..<300)
        for (analyst, value) in [(team.mina, Workload.minaValue), (team.jun, Workload.junValue)] {
            try analyst.write(Workload.csv(Array(0..<200), value), to: "own.csv")
            try analyst.must("import", "own.csv", "--overwrite")
        }
        try team.mina.must("sync", team.jun.file)
        #expect(try team.mina.conflicts().count == 200)
        try survive(
            Ordeal(team.mina, partner: team.jun, "resolve", "--all", "--take", "author:mina"))
    }

    private func survive(_ ordeal: Ordeal) throws {
        try ordeal.survive(Effort.moments(), "KillTests")
    }
}

/// Two machines that have the same dataset: mina imported it, jun cloned it.
struct Pair {
    let office: Office
    let mina: Analyst
    let jun: Analyst

    init(records: Range<Int>) throws {
        office = try Office()
        mina = try office.analyst("mina", machine: "laptop")
        jun = try office.analyst("jun", machine: "desk-2")
        try mina.must("init", "korea.tally", "--name", "korea")
        try mina.write(Workload.csv(Array(records), Workload.value), to: "base.csv")
        try mina.must("import", "base.csv")
        try jun.must("clone", mina.file, "korea.tally")
    }
}
