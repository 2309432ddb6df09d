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

    /// jun has changed 20 of 300 records and added 700, of which mina knows nothing yet.
    private func pairWithNews() throws -> Pair {
        let team = try Pair(records: 0..<300)
        for record in 0..<20 {
            try team.jun.must("set", Workload.address(record), "value=\(record)")
        }
        try team.jun.write(Workload.csv(Array(300..<1_000), Workload.value), to: "more.csv")
        try team.jun.must("import", "more.csv")
        return team
    }

    @Test("a pull from a file that is killed goes on where it was")
    func pullKilled() throws {
        let team = try pairWithNews()
        try survive(Ordeal(team.mina, partner: team.jun, "sync", "--pull", team.jun.file))
    }

    @Test("a bundle that is taken in and killed goes on where it was")
    func bundleKilled() throws {
        let team = try pairWithNews()
        try team.jun.must("bundle", "create", "b", "--since", "origin")
        try survive(
            Ordeal(team.mina, partner: team.jun, "sync", team.jun.folder + "/b"))
    }

    @Test("a file that is killed while it is compacted is whole, and is compacted by the next one")
    func compactKilled() throws {
        let team = try Pair(records: 0..<3_000)
        try OtherTool.sqlite.run(
            by: team.mina, "korea.tally",
            """
            CREATE TABLE large AS SELECT product, randomblob(500) AS filling FROM trade; DROP TABLE large;
            """)
        try survive(
            Ordeal(team.mina, partner: team.jun, "-f", "korea.tally", "doctor", "--compact"))
    }

    @Test("a resolution of all conflicts that is killed is done or not done")
    func resolveKilled() throws {
        let team = try Pair.inConflict()
        try survive(
            Ordeal(team.mina, partner: team.jun, "resolve", "--all", "--take", "author:jun"))
    }

    @Test("a capture that is killed has taken what another tool wrote, or none of it")
    func captureKilled() throws {
        let team = try Pair.editedElsewhere()
        try survive(Ordeal(team.mina, partner: team.jun, "capture"))
    }

    private func survive(_ ordeal: Ordeal) throws {
        try ordeal.surviveKills(Effort.moments(), "KillTests")
    }
}
