import Foundation
import GRDB
import StoreTestSupport
import TallyCore
import TallyStore
import Testing

/// The file as any SQLite tool sees it.
struct PlainSQLTests {
    @Test("trade, event and tally_conflict are plain tables")
    func tables() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina", clock: TestClock("2026-11-23T14:02:00.000Z"))
        try mina.edit(
            korea, .figure(124.8e9, status: "P"), .note("typed"), .add("tags", "b"),
            .add("tags", "a"))
        try mina.edit("event/x", .set(statement: "title", value: [.text("Visit")]))
        let jun = try folder.copy("jun", of: mina, clock: TestClock("2026-11-23T15:00:00.000Z"))
        try mina.edit(korea, .figure(124.9e9))
        try mina.edit("event/x", .delete)
        try jun.edit(korea, .figure(125e9, status: "A"))
        try jun.edit("event/x", .note("moved"))
        try mina.pull(from: jun)
        mina.dataset.close()

        let plain = try DatabaseQueue(path: mina.dataset.path)
        func rows(_ sql: String) throws -> [String] {
            try plain.read { db in
                try Row.fetchAll(db, sql: sql).map { row in
                    row.databaseValues.map { value in
                        value.isNull ? "NULL" : String.fromDatabaseValue(value) ?? "\(value)"
                    }.joined(separator: " ")
                }
            }
        }
        #expect(
            try rows(
                "SELECT reporter, value, typeof(value), status, released, note, tags FROM trade")
                == [#"KOR 125000000000.0 real A NULL typed ["a","b"]"#])
        #expect(
            try rows("SELECT b.value FROM trade, json_each(tags) b") == ["a", "b"])
        #expect(
            try rows("SELECT title, note FROM event") == ["Visit moved"])
        #expect(
            try rows(
                "SELECT what, record, field, side, author, machine, at, deleted FROM tally_conflict "
                    + "ORDER BY record, side")
                == [
                    "delete/edit event/x - A mina mina-laptop 2026-11-23T14:02:00.003Z 1",
                    "delete/edit event/x - B jun jun-laptop 2026-11-23T15:00:00.001Z 0",
                    "edit/edit \(korea) value A mina mina-laptop 2026-11-23T14:02:00.002Z 0",
                    "edit/edit \(korea) value B jun jun-laptop 2026-11-23T15:00:00.000Z 0",
                ])
        #expect(
            try rows("SELECT value ->> '$.value' FROM tally_conflict WHERE field = 'value'")
                == ["124900000000", "125000000000"])
        #expect(
            try rows("SELECT name FROM pragma_table_info('trade') ORDER BY cid DESC LIMIT 1")
                == ["tally_rev"])
    }

    @Test("a question that leaves out the first field of the key skips through it, in every tool")
    func skipScan() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.write { editor in
            for index in 0..<1200 {
                let (reporter, partner) = (["KOR", "JPN", "USA"][index % 3], index / 3 % 40)
                let record = try wanted(
                    RecordAddress("trade/\(reporter)/P\(partner)/X/H6:\(index)/2023/motie"))
                try editor.edit(record, [.figure(Double(index))])
            }
        }
        mina.dataset.close()
        let plain = try DatabaseQueue(path: mina.dataset.path)
        let plan = try plain.read { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN SELECT * FROM trade WHERE partner = 'P7'")
        }
        #expect(
            plan.map { $0["detail"] as String }
                == ["SEARCH trade USING PRIMARY KEY (ANY(reporter) AND partner=?)"])
    }
}
