import Foundation
import Testing

/// Another tool that writes while Tally pulls: neither loses anything.
@Suite(.timeLimit(.minutes(10)))
struct RaceTests {
    private static let count = 60

    @Test("edits that race with pulls are in force or in conflict, never taken to have been seen")
    func pull() throws {
        let team = try Pair(records: 0..<Self.count)
        // Each in a transaction of its own, those last that jun edits first.
        try team.mina.write(
            """
            import sqlite3, time
            db = sqlite3.connect("korea.tally", timeout=60, isolation_level=None)
            products = [row[0] for row in db.execute("SELECT product FROM trade ORDER BY product DESC")]
            for number, product in enumerate(products):
                db.execute("UPDATE trade SET value = ? WHERE product = ?", [2000000 + number, product])
                time.sleep(0.05)
            """, to: "edit.py")
        let tool = try team.mina.start("/usr/bin/python3", ["edit.py"])
        for record in 0..<Self.count {
            try team.jun.must("set", Workload.address(record), "value=\(1_000_000 + record)")
            let pull = try team.mina.tally("sync", team.jun.file, "--pull")
            #expect(pull.status == 0 || pull.status == 75, "\(pull.errors)")
        }
        let end = tool.wait()
        #expect(end.status == 0, "\(end.errors)")
        try team.mina.must("sync", team.jun.file, "--pull")
        try team.mina.must("verify")
        #expect(try team.mina.leftovers() == [])

        // jun's value alone would be a lost edit of the tool's, the tool's alone with no conflict one that saw jun's.
        let rows =
            try team.mina.must(
                "query", "--json",
                """
                SELECT (SELECT count(*) FROM tally_conflict c WHERE c.kind = 'trade' AND c.key =
                json_array(reporter, partner, flow, product, period, source)), value FROM trade
                """
            ).json["rows"] as? [[Double]]
        let records = try #require(rows)
        #expect(records.count == Self.count)
        #expect(records.contains { $0[0] == 2 })
        for record in records {
            #expect(record[0] == 2 || record[1] >= 2_000_000, "\(record)")
        }
        try team.jun.must("sync", team.mina.file)
        #expect(try team.jun.export() == team.mina.export())
    }
}
