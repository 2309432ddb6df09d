import Foundation
import Testing

/// Other people's programs, as they are installed, at a dataset file; then the programs of this one.
struct OtherToolTests {
    private let office: Office
    private let mina: Analyst
    private let jun: Analyst

    private static let china = "trade/KOR/CHN/X/TOTAL/2023/kosis"

    init() throws {
        office = try Office()
        mina = try office.analyst("mina", machine: "laptop")
        jun = try office.analyst("jun", machine: "desk-2")
        try mina.must("init", "korea.tally")
        try mina.write(
            """
            reporter,partner,flow,product,period,source,value,status,released,tags
            KOR,CHN,X,TOTAL,2023,kosis,124817682000,A,2024-01-15,a
            KOR,CHN,M,TOTAL,2023,kosis,142857338000,A,2024-01-15,a;b
            KOR,USA,X,TOTAL,2023,kosis,115696334000,A,2024-01-15,
            KOR,JPN,X,TOTAL,2023,kosis,29000614000,A,2024-01-15,

            """, to: "trade.csv")
        try mina.must("import", "trade.csv")
        try mina.must("add", "event", "id=visit", "date=2023-09-23", "type=visit", "title=Hangzhou")
        try jun.must("clone", mina.file, "korea.tally")
    }

    /// The rows of the last changeset: `op record fields`, read back from what it did to the records.
    private func lastRows(_ analyst: Analyst) throws -> Int {
        let rows =
            try analyst.must(
                "query", "--json",
                "SELECT row_count, byte_count FROM tally_log ORDER BY position DESC LIMIT 1"
            ).json["rows"] as? [[Int]]
        let last = try #require(rows?.first)
        // A line of one small field has no room for a whole record.
        #expect(last[1] < 700 + 150 * last[0], "\(last)")
        return last[0]
    }

    private func waiting() throws -> [String: Int] {
        try mina.must("status", "--json").json["waiting"] as? [String: Int] ?? [:]
    }

    private func value(_ sql: String, _ analyst: Analyst? = nil) throws -> String {
        let found = try (analyst ?? mina).must("query", "--json", sql).json["rows"] as? [[Any]]
        return "\(found?.first?.first ?? "nothing")"
    }

    /// Syncs both ways and sees that the copies are equal and sound.
    private func syncs() throws {
        try jun.must("sync", mina.file, "--pull")
        try jun.must("sync", mina.file)
        #expect(try mina.export() == jun.export())
        for analyst in [mina, jun] { try analyst.must("verify") }
    }

    // MARK: sqlite3

    @Test("sqlite3: an update, an upsert, a deletion and an import of a CSV")
    func shell() throws {
        try OtherTool.sqlite.run(
            by: mina, "korea.tally",
            """
            UPDATE trade SET note = 'checked' WHERE partner = 'CHN';
            DELETE FROM trade WHERE partner = 'JPN';
            UPDATE OR REPLACE trade SET partner = 'CHN' WHERE partner = 'USA';
            """)
        #expect(try waiting() == ["trade": 4])
        let captured = try mina.must("capture", "-m", "checked against the yearbook")
        #expect(
            captured.output.hasPrefix("Took edits made with another tool: 2 changed, 2 deleted  ("))
        #expect(
            try value("SELECT value FROM trade WHERE partner = 'CHN' AND flow = 'X'")
                == "115696334000")
        #expect(
            try value("SELECT message FROM tally_log ORDER BY position DESC")
                == "checked against the yearbook")
        try mina.write(
            """
            Q1,2023-03-31,,meeting
            Q2,2023-06-30,,meeting

            """, to: "events.csv")
        try OtherTool.sqlite.run(
            by: mina, "korea.tally", ".mode csv", ".import events.csv event")
        #expect(try mina.must("sync", jun.file, "--push").errors.contains("2 added"))
        #expect(try value("SELECT count(*) FROM event", jun) == "3")
        try syncs()
    }

    @Test("sqlite3: what is not valid is set back, kept and said, by whatever command comes next")
    func refusals() throws {
        try OtherTool.sqlite.run(
            by: mina, "korea.tally",
            "UPDATE trade SET value = 'about 124 bn' WHERE partner = 'CHN' AND flow = 'X'")
        let set = try mina.must("set", "event/visit", "note=n")
        #expect(
            set.errors == """
                tally: another tool's \(Self.china) was set back: value "about 124 bn" is no number
                What was typed is kept: tally query "SELECT * FROM tally_refused" (1 row)

                """)
        #expect(try value("SELECT typed ->> 'value' FROM tally_refused") == "about 124 bn")
        #expect(try value("SELECT value FROM trade WHERE flow = 'X'") == "124817682000")
        let status = try mina.must("status")
        #expect(
            status.output.contains(
                #"Refused    1 row of another tool: tally query "SELECT * FROM tally_refused""#))
        try OtherTool.sqlite.run(by: mina, "korea.tally", "DELETE FROM tally_refused")
        #expect(try !mina.must("status").output.contains("Refused"))
        try syncs()
    }

    @Test("two copies that were edited with different tools merge like any others")
    func merge() throws {
        try OtherTool.sqlite.run(
            by: mina, "korea.tally",
            "UPDATE trade SET note = 'mina' WHERE partner = 'USA'; UPDATE trade SET value = 1 WHERE flow = 'M'"
        )
        try OtherTool.python.run(
            by: jun, "-c",
            """
            import sqlite3
            db = sqlite3.connect("korea.tally")
            with db:
                db.execute("UPDATE trade SET confidentiality = 'F' WHERE partner = 'USA'")
                db.executemany("UPDATE trade SET value = ? WHERE flow = ?", [(2, "M")])
            """)
        try mina.must("sync", jun.file, "--pull")
        // jun's file is jun's: what waits in it does not come along.
        #expect(try waiting() == [:])
        #expect(try mina.conflicts().isEmpty)
        try jun.must("capture")
        try syncs()
        let conflicts = try mina.conflicts()
        #expect(
            conflicts.compactMap { $0["record"] as? String } == ["trade/KOR/CHN/M/TOTAL/2023/kosis"]
        )
        #expect(
            try value("SELECT note || confidentiality FROM trade WHERE partner = 'USA'") == "minaF")
        // A value of a conflict that another tool sets settles it.
        try OtherTool.sqlite.run(
            by: mina, "korea.tally", "UPDATE trade SET value = 3 WHERE flow = 'M'")
        let id = try #require(conflicts.first?["id"] as? String)
        #expect(
            try mina.must("capture").output.contains("This settles the conflict \(id) over value."))
        try syncs()
        #expect(try jun.conflicts().isEmpty)
    }

    @Test("somebody else's file with edits that wait is read, not written")
    func others() throws {
        try jun.must("set", "event/visit", "note=jun")
        try OtherTool.sqlite.run(by: mina, "korea.tally", "UPDATE trade SET note = 'mina'")
        let sync = try jun.tally("sync", mina.file)
        #expect(sync.status == 77)
        #expect(
            sync.errors == """
                tally: \(mina.file) holds edits that were made with another tool and that are for mina@laptop to take; nothing was written to it
                Its owner takes them first, with: tally -f FILE capture. If they are yours: tally -f FILE capture --mine. It can be read and pulled from meanwhile.

                """)
        #expect(try jun.tally("-f", mina.file, "set", "event/visit", "note=x").status == 77)
        let pull = try jun.must("sync", mina.file, "--pull")
        #expect(
            pull.errors.contains(
                "\(mina.file) holds edits made with another tool that its owner has not taken yet "
                    + "(4 trade edited with another tool): they do not come along"))
        #expect(try waiting() == ["trade": 4])
        try mina.must("capture")
        try syncs()
    }

    @Test("doctor --into says what it leaves out")
    func doctor() throws {
        try OtherTool.sqlite.run(by: mina, "korea.tally", "UPDATE event SET note = 'new'")
        let saved = try mina.tally("doctor", "--into", "saved.tally")
        #expect(saved.status == 1)
        #expect(
            saved.errors.contains(
                "1 record that another tool edited and that nobody took is in it as before. "
                    + "Take the edits first, if the file can be written: tally -f"))
        #expect(!saved.errors.contains("Nothing is lost"))
        #expect(try mina.must("-f", "saved.tally", "verify").output.hasPrefix("Sound"))
        try mina.must("capture", "-f", "korea.tally")
        #expect(
            try mina.must("doctor", "-f", "korea.tally", "--into", "again.tally").errors
                .contains("Nothing is lost"))
    }

    @Test("what waits is told where it is not shown")
    func reading() throws {
        try OtherTool.sqlite.run(by: mina, "korea.tally", "UPDATE event SET note = 'new'")
        let show = try mina.must("show", "event/visit")
        #expect(!show.output.contains("new"))
        #expect(
            show.errors
                == "Not taken yet: 1 event edited with another tool. Take it with: tally capture\n")
        #expect(try mina.must("show", "event/visit", "-q").errors == "")
    }

    @Test("of a table that a tool rebuilt status does not say how many records there are")
    func rebuiltCount() throws {
        try OtherTool.sqlite.run(
            by: mina, "korea.tally",
            "CREATE TABLE t AS SELECT * FROM trade; DROP TABLE trade; ALTER TABLE t RENAME TO trade"
        )
        let status = try mina.must("status")
        #expect(
            status.output.contains("\nRecords    1 event, trade: not known until tally capture\n"),
            "\(status.output)")
        let records = try mina.must("status", "--json").json["records"] as? [String: Any]
        #expect(records?["trade"] is NSNull && records?["event"] as? Int == 1, "\(records ?? [:])")
        try mina.must("capture")
        let after = try mina.must("status", "--json").json["records"] as? [String: Any]
        #expect((after?["trade"] as? Int ?? 0) > 0)
    }

    // MARK: Python and what stands on it

    @Test(
        "pandas: to_sql appends rows, and replaces the table",
        .enabled(if: OtherTool.pandas.isThere, OtherTool.pandas.reason))
    func pandas() throws {
        try OtherTool.pandas.run(
            by: mina, "-c",
            """
            import pandas, sqlite3
            db = sqlite3.connect("korea.tally")
            new = pandas.DataFrame([
                {"reporter": "KOR", "partner": "VNM", "flow": "X", "product": "TOTAL", "period": 2023,
                 "source": "kosis", "value": 53480000000.0},
            ])
            new.to_sql("trade", db, if_exists="append", index=False)
            db.commit()
            """)
        #expect(try waiting() == ["trade": 1])
        #expect(
            try mina.must("capture").output.hasPrefix(
                "Took edits made with another tool: 1 added  ("))
        #expect(try value("SELECT unit FROM trade WHERE partner = 'VNM'") == "USD")
        try OtherTool.pandas.run(
            by: mina, "-c",
            """
            import pandas, sqlite3
            db = sqlite3.connect("korea.tally")
            trade = pandas.read_sql("SELECT * FROM trade", db)
            trade.loc[trade.partner == "USA", "note"] = "from pandas"
            trade = trade[trade.partner != "JPN"]
            trade.to_sql("trade", db, if_exists="replace")
            db.commit()
            """)
        let list = try mina.tally("list", "trade")
        #expect(list.status == 1)
        #expect(
            list.errors == """
                tally: Another tool has dropped or rebuilt the table trade
                Put it back, and take its rows for edits, with: tally capture

                """)
        let status = try mina.must("status")
        #expect(status.output.contains("Waiting    trade dropped or rebuilt by another tool"))
        let captured = try mina.must("capture").output.split(separator: "\n")
        #expect(
            captured.first
                == "The table trade had been changed or rebuilt by another tool: it was put back, and compared with the log."
        )
        #expect(
            captured.last?.hasPrefix("Took edits made with another tool: 1 changed, 1 deleted  (")
                == true)
        #expect(try lastRows(mina) == 2)
        try syncs()
        #expect(try value("SELECT note FROM trade WHERE partner = 'USA'", jun) == "from pandas")
    }

    @Test(
        "sqlite-utils: upsert, insert --replace and convert",
        .enabled(if: OtherTool.sqliteUtils.isThere, OtherTool.sqliteUtils.reason))
    func sqliteUtils() throws {
        let key =
            #""reporter":"KOR","partner":"CHN","flow":"X","product":"TOTAL","period":"2023","source":"kosis""#
        let keys = ["reporter", "partner", "flow", "product", "period", "source"].flatMap {
            ["--pk", $0]
        }
        let upsert = ["upsert", "korea.tally", "trade", "-"] + keys
        _ = try OtherTool.sqliteUtils.run(
            by: mina, upsert, input: #"[{\#(key),"note":"upserted"}]"#)
        try mina.must("capture")
        #expect(try lastRows(mina) == 1)
        #expect(try value("SELECT note || status FROM trade WHERE flow = 'X'") == "upsertedA")
        // A whole row in the place of another: what it does not say is gone.
        _ = try OtherTool.sqliteUtils.run(
            by: mina, ["insert", "korea.tally", "trade", "-", "--replace"] + keys,
            input: #"[{\#(key),"value":124817682000,"status":"A","unit":"USD"}]"#)
        try mina.must("capture")
        #expect(
            try value(
                "SELECT note IS NULL AND tags IS NULL FROM trade WHERE partner = 'CHN' AND flow = 'X'"
            )
                == "1")
        _ = try OtherTool.sqliteUtils.run(
            by: mina, ["convert", "korea.tally", "event", "title", "value.upper()"])
        try mina.must("capture")
        #expect(try lastRows(mina) == 1)
        try syncs()
        #expect(try value("SELECT title FROM event", jun) == "HANGZHOU")
    }

    @Test(
        "sqlite-utils transform: the table is a copy, and its rows are compared",
        .enabled(if: OtherTool.olderSqliteUtils.isThere, OtherTool.olderSqliteUtils.reason))
    func transform() throws {
        try OtherTool.olderSqliteUtils.run(
            by: mina, "transform", "korea.tally", "trade", "--rename", "note", "remark",
            "--column-order", "value")
        try OtherTool.sqlite.run(
            by: mina, "korea.tally",
            "UPDATE trade SET remark = 'mine', status = 'P' WHERE partner = 'USA'")
        let captured = try mina.must("capture").output.split(separator: "\n")
        #expect(
            captured.dropFirst().first
                == "The table as the other tool made it has columns that are no fields: it is kept as tally_kept_trade_1."
        )
        #expect(captured.last?.hasPrefix("Took edits made with another tool: 1 changed  (") == true)
        #expect(
            try value("SELECT remark FROM tally_kept_trade_1 WHERE remark IS NOT NULL") == "mine")
        #expect(try value("SELECT status FROM trade WHERE partner = 'USA'") == "P")
        try syncs()
        // The newest asks for a rowid that the table has not, and leaves the file as it is.
        let newest = try OtherTool.sqliteUtils.run(
            by: mina, ["transform", "korea.tally", "trade", "--column-order", "note"],
            mustSucceed: false)
        #expect(newest.status != 0)
        #expect(
            try mina.must("capture").output == "Nothing waits: no other tool has changed a record\n"
        )
    }

    @Test(
        "Datasette: reads the tables, and what it writes is taken",
        .enabled(if: OtherTool.datasette.isThere, OtherTool.datasette.reason))
    func datasette() throws {
        let finished = try OtherTool.datasette.run(
            by: mina, "-c",
            """
            import asyncio, json
            from datasette.app import Datasette

            async def main():
                datasette = Datasette(["korea.tally"])
                await datasette.invoke_startup()
                page = await datasette.client.get("/korea/trade.json?partner=USA&_shape=array")
                print(json.dumps([row["value"] for row in page.json()]))
                database = datasette.get_database("korea")
                await database.execute_write("UPDATE trade SET note = ? WHERE partner = 'USA'", ["read"])

            asyncio.run(main())
            """)
        #expect(finished.output == "[115696334000.0]\n")
        #expect(try waiting() == ["trade": 1])
        #expect(try mina.must("sync", jun.file, "--push").errors.contains("1 changed"))
        #expect(try lastRows(mina) == 1)
        try syncs()
        #expect(try value("SELECT note FROM trade WHERE partner = 'USA'", jun) == "read")
    }

    @Test("a journal mode that another tool has set is put back by the next command that writes")
    func journalMode() throws {
        #expect(
            try OtherTool.sqlite.run(
                by: mina, "korea.tally",
                "PRAGMA journal_mode = DELETE; UPDATE event SET note = 'typed'"
            ).output == "delete\n")
        #expect(try mina.must("list", "event").output.contains("Hangzhou"))
        try mina.must("add", "event", "id=talks", "date=2023-10-01", "title=Talks")
        #expect(
            try OtherTool.sqlite.run(by: mina, "korea.tally", "PRAGMA journal_mode").output
                == "wal\n")
        #expect(try value("SELECT group_concat(note) FROM event") == "typed")
        try syncs()
    }
}
