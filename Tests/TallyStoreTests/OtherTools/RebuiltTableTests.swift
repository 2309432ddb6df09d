import GRDB
import StoreTestSupport
import TallyCore
import TallyStore
import Testing

/// Tables that another tool dropped, copied or made anew, without triggers, without a key, with other columns.
struct RebuiltTableTests {
    static let (china, japan) = (ToolBench.china, ToolBench.japan)

    /// As `sqlite-utils transform` does: a copy under another name takes the place of the table.
    static let copied = """
        CREATE TABLE trade_new AS SELECT * FROM trade;
        DROP TABLE trade; ALTER TABLE trade_new RENAME TO trade;
        """

    @Test("a schema that Tally itself has moved, by a sample of keys, need not be looked at again")
    func ownTables() throws {
        let mina = try TestFolder().copy("mina")
        func isNoted() throws -> Bool {
            try mina.sql("SELECT value FROM tally_meta WHERE name = 'schema_version'")
                == mina.sql("SELECT CAST(schema_version AS TEXT) FROM pragma_schema_version")
        }
        let before = try mina.sql("PRAGMA schema_version")
        try mina.write { editor in
            for number in 0..<1000 {
                try editor.edit(
                    RecordAddress(kind: "event", key: RecordKey(["\(number)"])), [.create])
            }
        }
        #expect(try mina.sql("PRAGMA schema_version") != before)
        #expect(try isNoted())
    }

    @Test("a table that was copied and put in its own place is put back, with nothing to take")
    func copy() throws {
        let bench = try ToolBench()
        try bench.tool("CREATE INDEX mine ON trade (value)")
        try bench.tool(Self.copied)
        try bench.tool(
            "CREATE INDEX theirs ON trade (value); CREATE VIEW big AS SELECT * FROM trade")
        #expect(try bench.waiting().rebuilt == ["trade"])
        #expect(throws: StoreError.self) { try bench.mina.view(Self.china) }
        #expect(try bench.mina.view(ToolBench.visit).isVisible)
        let captured = try bench.capture()
        #expect(captured.rebuilt == [RebuiltTable(kind: "trade", what: .compared)])
        #expect(captured.written.revisions == [])
        #expect(try bench.faults() == [])
        #expect(try bench.mina.sql("SELECT count(*) FROM big") == [[.integer(2)]])
        #expect(
            try bench.mina.sql("SELECT name FROM sqlite_schema WHERE name = 'theirs'").count == 1)
        // The copy had lost the index already.
        #expect(try bench.mina.sql("SELECT name FROM sqlite_schema WHERE name = 'mine'") == [])
    }

    @Test(
        "what was changed in a table without triggers is taken, and so is what was before it was rebuilt"
    )
    func changes() throws {
        let bench = try ToolBench()
        try bench.tool("UPDATE trade SET note = 'before' WHERE partner = 'JPN'")
        try bench.tool(Self.copied)
        try bench.tool(
            """
            UPDATE trade SET note = 'after' WHERE partner = 'CHN';
            INSERT INTO trade (reporter, partner, flow, product, period, source, value)
            VALUES ('KOR', 'USA', 'X', 'TOTAL', 2023, 'kosis', 5);
            UPDATE event SET title = 'beside'
            """)
        let captured = try bench.capture()
        #expect([captured.added, captured.changed, captured.deleted] == [1, 3, 0])
        #expect(
            try bench.lastEdits() == [
                #"set event/visit title "beside""#,
                #"set \#(Self.china) note "after""#, #"set \#(Self.japan) note "before""#,
                #"set trade/KOR/USA/X/TOTAL/2023/kosis \#(CaptureTests.figure) 5,"USD",null,null,null,null"#,
            ])
        #expect(try bench.faults() == [])
        try bench.tool("UPDATE trade SET note = 'triggers are back' WHERE partner = 'CHN'")
        #expect(try bench.capture().changed == 1)
    }

    @Test("columns that the new table lacks stay what they are; rows that it lacks are deleted")
    func subset() throws {
        let bench = try ToolBench()
        try bench.tool(
            """
            CREATE TABLE t AS SELECT source, period, product, flow, partner, reporter, value FROM trade WHERE partner = 'CHN';
            DROP TABLE trade; ALTER TABLE t RENAME TO trade; UPDATE trade SET value = 7;
            """)
        let captured = try bench.capture()
        #expect([captured.added, captured.changed, captured.deleted] == [0, 1, 1])
        #expect(
            try bench.lastEdits() == [
                "delete \(Self.japan)",
                #"set \#(Self.china) \#(CaptureTests.figure) 7,"USD",null,"P",null,null"#,
            ])
        #expect(try bench.mina.view(Self.china).row?.sets == ["tags": ["a"]])
        #expect(try bench.faults() == [])
    }

    @Test("a table that was dropped is put back from the log: nobody deleted its records")
    func dropped() throws {
        let bench = try ToolBench()
        try bench.tool("DROP TABLE trade")
        let captured = try bench.capture()
        #expect(captured.rebuilt == [RebuiltTable(kind: "trade", what: .missing)])
        #expect(captured.written.revisions == [])
        #expect(try bench.mina.view(Self.china).row?.values["value"] == .number(124.8e9))
        #expect(try bench.faults() == [])
    }

    @Test(
        "an empty table in its place deletes nothing: a tool that fills it may not have come to that"
    )
    func empty() throws {
        let bench = try ToolBench()
        try bench.tool(
            "CREATE TABLE t AS SELECT * FROM trade WHERE 0; DROP TABLE trade; ALTER TABLE t RENAME TO trade"
        )
        let captured = try bench.capture()
        #expect(captured.rebuilt == [RebuiltTable(kind: "trade", what: .empty)])
        #expect(captured.written.revisions == [])
        #expect(try bench.mina.view(Self.china).isVisible)
        #expect(try bench.faults() == [])
    }

    @Test(
        "what was changed here after the tool read it is not overwritten, nor deleted for being new"
    )
    func stale() throws {
        let bench = try ToolBench()
        let jun = try bench.folder.copy("jun", of: bench.mina, clock: bench.clock)
        try jun.edit(Self.china, .note("jun"))
        try jun.edit("trade/KOR/USA/X/TOTAL/2023/kosis", .figure(5))
        try bench.tool("CREATE TABLE t AS SELECT * FROM trade")
        try bench.mina.pull(from: jun)
        try bench.tool(
            """
            UPDATE t SET note = 'tool';
            DROP TABLE trade; ALTER TABLE t RENAME TO trade;
            """)
        let captured = try bench.capture()
        #expect([captured.added, captured.changed, captured.deleted] == [0, 1, 0])
        #expect(captured.rebuilt.map(\.staleCount) == [2])
        #expect(captured.refused.map(\.record) == [Self.china])
        #expect(try bench.lastEdits() == [#"set \#(Self.japan) note "tool""#])
        #expect(try bench.mina.view(Self.china).row?.values["note"] == .text("jun"))
        #expect(try bench.mina.view("trade/KOR/USA/X/TOTAL/2023/kosis").isVisible)
        #expect(try bench.faults() == [])
    }

    @Test("names of tables and columns are the same in any case")
    func letterCase() throws {
        let bench = try ToolBench()
        try bench.tool(
            """
            CREATE TABLE t AS SELECT reporter AS Reporter, * FROM trade; ALTER TABLE t DROP COLUMN "reporter:1";
            DROP TABLE trade; ALTER TABLE t RENAME TO Trade; UPDATE Trade SET note = 'n' WHERE partner = 'CHN';
            """)
        #expect(try bench.capture().rebuilt == [RebuiltTable(kind: "trade", what: .compared)])
        #expect(try bench.lastEdits() == [#"set \#(Self.china) note "n""#])
        #expect(try bench.faults() == [])
    }

    @Test("a view in the place of a table, of its rows or of nothing")
    func views() throws {
        let bench = try ToolBench()
        try bench.tool(
            "CREATE TABLE t AS SELECT * FROM trade; DROP TABLE trade; CREATE VIEW trade AS SELECT * FROM t"
        )
        #expect(try bench.capture().rebuilt == [RebuiltTable(kind: "trade", what: .compared)])
        #expect(try bench.faults() == [])
        try bench.tool("DROP TABLE t; DROP TABLE trade; CREATE VIEW trade AS SELECT * FROM t")
        #expect(try bench.capture().rebuilt == [RebuiltTable(kind: "trade", what: .missing)])
        try bench.tool("DROP TABLE tally_before_trade; CREATE VIEW tally_before_trade AS SELECT 1")
        #expect(try bench.capture().rebuilt.map(\.kind) == ["trade"])
        #expect(try bench.faults() == [])
        #expect(try bench.mina.view(Self.china).isVisible)
    }

    @Test(
        "a UNIQUE index of somebody's is dropped: a row that is written would take others with it")
    func uniqueIndex() throws {
        let bench = try ToolBench()
        try bench.tool(
            "UPDATE trade SET note = partner; CREATE UNIQUE INDEX mine ON trade (note)")
        let captured = try bench.capture()
        #expect(
            captured.rebuilt == [RebuiltTable(kind: "trade", what: .compared, dropped: ["mine"])])
        #expect(captured.changed == 2)
        try bench.mina.edit(Self.china, .note("same"))
        try bench.mina.edit(Self.japan, .note("same"))
        #expect(try bench.mina.view(Self.china).isVisible)
        #expect(try bench.faults() == [])
    }

    @Test(
        "whatever has the name of a table, an index or a trigger of Tally's, the file can be written",
        arguments: [
            "ALTER TABLE event RENAME TO event_old",
            "ALTER TABLE event RENAME TO event_old; CREATE TABLE event AS SELECT * FROM event_old",
            "DROP INDEX event_date; CREATE INDEX event_date ON trade (period); DROP TABLE event",
            "DROP INDEX event_date; CREATE TABLE event_date (x); CREATE TABLE t AS SELECT * FROM event; "
                + "DROP TABLE event; ALTER TABLE t RENAME TO event",
            "DROP TABLE event; CREATE VIEW event AS SELECT * FROM event",
            "CREATE TABLE tally_kept_event_1 (a); CREATE VIEW tally_kept_event_2 AS SELECT 1; "
                + "ALTER TABLE event ADD COLUMN extra; UPDATE event SET extra = 'x'",
            "DROP TABLE tally_refused; UPDATE trade SET value = 'x'",
        ])
    func namesThatAreTaken(sql: String) throws {
        let bench = try ToolBench()
        try bench.tool(sql)
        _ = try bench.capture()
        try bench.mina.edit(ToolBench.visit, .note("n"))
        #expect(try bench.mina.view(ToolBench.visit).row?.values["note"] == .text("n"))
        #expect(try bench.waiting().isEmpty)
        #expect(try bench.faults() == [])
    }

    @Test(
        "a trigger of somebody's goes with a table that is made anew, and is named; one on a whole table stays"
    )
    func triggers() throws {
        let bench = try ToolBench()
        let trigger =
            "CREATE TRIGGER ts AFTER UPDATE ON trade BEGIN UPDATE trade SET updated = 1 WHERE period = NEW.period; END"
        try bench.tool("ALTER TABLE trade ADD COLUMN updated TEXT; \(trigger)")
        #expect(try bench.capture().rebuilt.map(\.dropped) == [["ts"]])
        try bench.tool("UPDATE trade SET note = 'n'")
        #expect(try bench.capture().changed == 2)
        try bench.tool(
            "CREATE TABLE notes (a); CREATE TRIGGER mine AFTER UPDATE ON trade BEGIN INSERT INTO notes VALUES (1); END"
        )
        #expect(try bench.capture().isEmpty)
        try bench.tool("UPDATE trade SET note = 'm' WHERE partner = 'CHN'")
        #expect(try bench.mina.sql("SELECT count(*) FROM notes") == [[.integer(1)]])
        #expect(try bench.faults() == [])
    }

    @Test("the table of the settings can be dropped as well")
    func settings() throws {
        let bench = try ToolBench()
        try bench.mina.edit(
            "setting/policy.trade.value", .set(statement: "value", value: [.text("max")]))
        try bench.tool("DROP TABLE setting; DROP TABLE trade")
        #expect(try bench.capture().rebuilt.map(\.kind) == ["setting", "trade"])
        #expect(try bench.faults() == [])
    }

    @Test(
        "a column that is no field is kept with the table, as it was made; numbers of rows are not")
    func columns() throws {
        let bench = try ToolBench()
        try bench.tool("ALTER TABLE trade ADD COLUMN mine TEXT")
        // Nothing stands in it yet.
        #expect(try bench.capture().rebuilt.map(\.keptAs) == [nil])
        try bench.tool(
            "ALTER TABLE trade ADD COLUMN mine TEXT; UPDATE trade SET mine = 'm', note = 'n' WHERE partner = 'CHN'"
        )
        #expect(try bench.capture().rebuilt.map(\.keptAs) == ["tally_kept_trade_1"])
        #expect(try bench.lastEdits() == [#"set \#(Self.china) note "n""#])
        #expect(
            try bench.mina.sql("SELECT mine FROM tally_kept_trade_1 WHERE note = 'n'")
                == [[.text("m")]])
        try bench.tool(
            """
            CREATE TABLE t AS SELECT row_number() OVER () - 1 AS "index", * FROM trade;
            DROP TABLE trade; ALTER TABLE t RENAME TO trade;
            """)
        #expect(try bench.capture().rebuilt.map(\.keptAs) == [nil])
        #expect(try bench.faults() == [])
    }

    @Test("a table without the key is kept, and its rows are those of the log")
    func withoutKey() throws {
        let bench = try ToolBench()
        try bench.tool(
            "DROP TABLE trade; CREATE TABLE trade (a, b); INSERT INTO trade VALUES (1, 2)")
        #expect(
            try bench.capture().rebuilt
                == [RebuiltTable(kind: "trade", what: .withoutKey, keptAs: "tally_kept_trade_1")])
        #expect(
            try bench.mina.sql("SELECT * FROM tally_kept_trade_1") == [[.integer(1), .integer(2)]])
        #expect(try bench.mina.view(Self.china).isVisible)
        #expect(try bench.faults() == [])
    }

    @Test(
        "of several rows with one key none is taken where they differ, and the record stays as it was"
    )
    func duplicates() throws {
        let bench = try ToolBench()
        try bench.tool(
            Self.copied + """
                INSERT INTO trade SELECT * FROM trade WHERE partner = 'JPN';
                INSERT INTO trade (reporter, partner, flow, product, period, source, value)
                VALUES ('KOR', 'CHN', 'X', 'TOTAL', '2023', 'kosis', 5), (NULL, 'CHN', 'X', 'TOTAL', '2023', 'kosis', 6)
                """)
        let captured = try bench.capture()
        #expect(captured.written.revisions == [])
        #expect(captured.refused.map(\.record) == [Self.china, Self.china, nil])
        #expect(try bench.faults() == [])
    }

    @Test("a trigger that was dropped is put back, and the rows are compared")
    func trigger() throws {
        let bench = try ToolBench()
        try bench.tool(
            "DROP TRIGGER tally_update_trade; UPDATE trade SET note = 'x' WHERE partner = 'CHN'")
        #expect(try bench.waiting().rebuilt == ["trade"])
        _ = try bench.capture()
        #expect(try bench.lastEdits() == [#"set \#(Self.china) note "x""#])
        try bench.tool("DROP TABLE tally_before_event")
        #expect(try bench.capture().rebuilt.map(\.kind) == ["event"])
        #expect(try bench.faults() == [])
    }

    @Test("an index, an analysis and a vacuum by another tool are no rebuilt table")
    func harmless() throws {
        let bench = try ToolBench()
        try bench.tool(
            "CREATE INDEX mine ON trade (value); ANALYZE; VACUUM; CREATE TABLE notes (a); CREATE VIEW v AS SELECT 1"
        )
        #expect(try bench.waiting().isEmpty)
        #expect(try bench.capture().isEmpty)
        try bench.mina.edit(Self.china, .note("n"))
        #expect(try bench.mina.sql("SELECT name FROM sqlite_schema WHERE name = 'mine'").count == 1)
    }

    @Test(
        "a conflict, a deletion and a record of several hands come back from the log as they were")
    func states() throws {
        let bench = try ToolBench()
        let jun = try bench.folder.copy("jun", of: bench.mina, clock: bench.clock)
        try bench.mina.edit(Self.china, .figure(1))
        try jun.edit(Self.china, .figure(2))
        try jun.edit(Self.japan, .delete)
        try bench.mina.pull(from: jun)
        let conflicts = try bench.mina.view(Self.china).conflicts
        try bench.tool(Self.copied)
        _ = try bench.capture()
        #expect(try bench.mina.view(Self.china).conflicts == conflicts)
        #expect(try bench.mina.view(Self.japan).isGone)
        #expect(try bench.faults() == [])
    }
}
