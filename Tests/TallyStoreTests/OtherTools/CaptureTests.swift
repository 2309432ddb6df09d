import StoreTestSupport
import TallyCore
import TallyStore
import TallyWire
import Testing

/// Edits that other tools make with plain SQL, and the net difference that they come to (DESIGN.md section 7).
struct CaptureTests {
    static let figure = "value,unit,valuation,status,released,confidentiality"
    static let (china, japan) = (ToolBench.china, ToolBench.japan)

    /// SQL, and what the changeset then says.
    static let statements: [(sql: String, edits: [String])] = [
        (
            "UPDATE trade SET note = 'checked' WHERE partner = 'CHN'",
            [#"set \#(china) note "checked""#]
        ),
        // A figure that is changed without saying of which vintage has none.
        (
            "UPDATE trade SET value = value + 1 WHERE partner = 'CHN'",
            [#"set \#(china) \#(figure) 124800000001,"USD",null,"P",null,null"#]
        ),
        (
            "UPDATE trade SET value = 1, released = '2024-02-01' WHERE partner = 'CHN'",
            [#"set \#(china) \#(figure) 1,"USD",null,"P","2024-02-01",null"#]
        ),
        (
            "UPDATE trade SET note = partner, status = 'A'",
            [
                #"set \#(china) \#(figure),note 124800000000,"USD",null,"A","2024-01-01",null,"CHN""#,
                #"set \#(japan) \#(figure),note 29000000000,"USD",null,"A","2024-01-01",null,"JPN""#,
            ]
        ),
        (
            #"UPDATE trade SET tags = '["b", "a"]' WHERE partner = 'CHN'"#,
            [#"add \#(china) tags "b""#]
        ),
        ("UPDATE trade SET tags = NULL WHERE partner = 'CHN'", [#"remove \#(china) tags "a""#]),
        (
            """
            INSERT INTO trade (reporter, partner, flow, product, period, source, value)
            VALUES ('KOR', 'USA', 'X', 'TOTAL', 2023, 'kosis', 115.7e9)
            """,
            [
                #"set trade/KOR/USA/X/TOTAL/2023/kosis \#(figure) 115700000000,"USD",null,null,null,null"#
            ]
        ),
        // Whatever the statement was: the row that is there afterwards is the edit.
        (
            """
            INSERT OR REPLACE INTO trade (reporter, partner, flow, product, period, source, value, unit, status, tags)
            VALUES ('KOR', 'CHN', 'X', 'TOTAL', '2023', 'kosis', 124800000000, 'USD', 'P', '["a"]')
            """,
            [#"set \#(china) \#(figure) 124800000000,"USD",null,"P",null,null"#]
        ),
        (
            """
            INSERT INTO trade (reporter, partner, flow, product, period, source, note)
            VALUES ('KOR', 'CHN', 'X', 'TOTAL', '2023', 'kosis', 'n')
            ON CONFLICT DO UPDATE SET note = excluded.note
            """,
            [#"set \#(china) note "n""#]
        ),
        (
            """
            INSERT OR IGNORE INTO trade (reporter, partner, flow, product, period, source, note)
            VALUES ('KOR', 'CHN', 'X', 'TOTAL', '2023', 'kosis', 'n')
            """, []
        ),
        ("DELETE FROM trade WHERE partner = 'CHN'", ["delete \(china)"]),
        ("DELETE FROM trade", ["delete \(china)", "delete \(japan)"]),
        // A key that is changed: a deletion and an addition.
        (
            "UPDATE trade SET partner = 'TWN' WHERE partner = 'CHN'",
            [
                "delete \(china)",
                #"set trade/KOR/TWN/X/TOTAL/2023/kosis \#(figure) 124800000000,"USD",null,"P","2024-01-01",null"#,
                #"add trade/KOR/TWN/X/TOTAL/2023/kosis tags "a""#,
            ]
        ),
        // Onto a key that is taken: the row there is overwritten.
        (
            "UPDATE OR REPLACE trade SET partner = 'CHN' WHERE partner = 'JPN'",
            [
                "delete \(japan)",
                #"set \#(china) \#(figure) 29000000000,"USD",null,"P",null,null"#,
            ]
        ),
        // There and back: nothing.
        (
            """
            UPDATE trade SET partner = 'TWN' WHERE partner = 'CHN';
            UPDATE trade SET partner = 'CHN' WHERE partner = 'TWN'
            """, []
        ),
        ("UPDATE trade SET note = 'x'; UPDATE trade SET note = NULL", []),
        (
            """
            INSERT INTO event (id, title) VALUES ('x', 'X'); UPDATE event SET title = 'Y' WHERE id = 'x';
            DELETE FROM event WHERE id = 'x'
            """, []
        ),
        (
            "BEGIN; DELETE FROM event; INSERT INTO event (id, date, type, title, actors, targets) VALUES "
                + #"('visit', '2023-09-23', 'visit', 'Han in Hangzhou', '["KOR"]', '["CHN"]'); COMMIT"#,
            []
        ),
        // The column is the engine's: what is written there is put back.
        ("UPDATE trade SET tally_rev = 7", []),
        ("BEGIN; DELETE FROM trade; ROLLBACK", []),
        (
            "INSERT INTO setting (name, value) VALUES ('policy.trade.value', 'max')",
            [#"set setting/policy.trade.value value "max""#]
        ),
    ]

    @Test("what other tools did is the difference that it makes", arguments: statements.indices)
    func netDifference(index: Int) throws {
        let (sql, edits) = Self.statements[index]
        let bench = try ToolBench()
        try bench.tool(sql)
        #expect(try bench.waiting().isEmpty == edits.isEmpty, "\(sql)")
        #expect(try bench.faults() == [], "\(sql): before")
        let captured = try bench.capture()
        #expect(try bench.lastEdits() == edits, "\(sql)")
        #expect(captured.refusedCount == 0)
        #expect(try bench.waiting().isEmpty)
        #expect(try bench.faults() == [], "\(sql): after")
        // Nothing is left to take.
        #expect(try bench.capture().isEmpty)
    }

    @Test("the changeset is the author's, by hand, and says that it was another tool")
    func authoring() throws {
        let bench = try ToolBench()
        try bench.tool("UPDATE trade SET note = 'checked'")
        _ = try bench.capture()
        let info = try wanted(bench.mina.dataset.read { try $0.latestChangesets(limit: 1) }.first)
        #expect(info.author == "mina")
        #expect(info.message == "edited with another tool")
        #expect(!info.isImport)
        #expect(info.rowCount == 2)
    }

    @Test("every change begins with what waits, as a changeset of its own")
    func before() throws {
        let bench = try ToolBench()
        try bench.tool("UPDATE trade SET note = 'tool' WHERE partner = 'CHN'")
        try bench.mina.edit(ToolBench.china, .note("mina"))
        let messages = try bench.mina.dataset.read { try $0.latestChangesets(limit: 2) }.map(
            \.message)
        #expect(messages == [nil, "edited with another tool"])
        #expect(bench.mina.dataset.takeCaptured().map(\.changed) == [1])
        #expect(bench.mina.dataset.takeCaptured() == [])
        #expect(try bench.faults() == [])
    }

    @Test("what waits is taken although the change that began with it fails")
    func failure() throws {
        struct Failed: Error {}
        let bench = try ToolBench()
        try bench.tool("UPDATE trade SET note = 'tool' WHERE partner = 'CHN'")
        #expect(throws: Failed.self) { try bench.mina.write { _ in throw Failed() } }
        #expect(try bench.lastEdits() == [#"set \#(Self.china) note "tool""#])
        // The file goes on as the replica that it is.
        #expect(try bench.mina.edit(ToolBench.china, .note("mina")).seq == 4)
    }

    @Test("until it is taken, records are seen as they were before")
    func reading() throws {
        let bench = try ToolBench()
        try bench.tool(
            "UPDATE trade SET note = 'x', tags = 'no JSON' WHERE partner = 'CHN'; DELETE FROM event;"
                + "INSERT INTO event (id) VALUES ('new')")
        #expect(try bench.waiting().counts == ["trade": 1, "event": 2])
        #expect(try bench.mina.view(ToolBench.china).row?.values["note"] == nil)
        #expect(try bench.mina.view(ToolBench.visit).isVisible)
        #expect(try bench.mina.view("event/new").isUnknown)
        let event = try wanted(bench.mina.dataset.kinds["event"])
        var keys: [[String]] = []
        try bench.mina.dataset.read { access in
            try access.forEachRow(of: event) { keys.append($0.key.parts) }
            try access.forEachRow(of: event, where: "id = 'new'") { keys.append($0.key.parts) }
        }
        #expect(keys == [["visit"]])
        #expect(
            try bench.mina.dataset.read { access in
                try access.history(of: wanted(RecordAddress(ToolBench.visit))).entries.count
            } == 1)
    }

    @Test("a deleted key that another tool enters again holds nothing of what it held")
    func again() throws {
        let bench = try ToolBench()
        try bench.mina.edit(ToolBench.visit, .delete)
        try bench.tool("INSERT INTO event (id, title) VALUES ('visit', 'Again')")
        _ = try bench.capture()
        let view = try bench.mina.view(ToolBench.visit)
        #expect(view.row?.values == ["title": .text("Again")])
        #expect(view.row?.sets == [:])
        #expect(try bench.faults() == [])
    }

    @Test(
        "a change to a statement in conflict settles it, and says which; another field leaves it open"
    )
    func conflict() throws {
        let bench = try ToolBench()
        let jun = try bench.folder.copy("jun", of: bench.mina, clock: bench.clock)
        try bench.mina.edit(ToolBench.china, .figure(1))
        try jun.edit(ToolBench.china, .figure(2))
        try bench.mina.pull(from: jun)
        let open = try wanted(bench.mina.view(ToolBench.china).conflicts.first)
        try bench.tool("UPDATE trade SET note = 'x' WHERE partner = 'CHN'")
        #expect(try bench.capture().settled == [])
        try bench.tool("UPDATE trade SET value = 3 WHERE partner = 'CHN'")
        #expect(try bench.capture().settled.map(\.id) == [open.id])
        #expect(try bench.mina.view(ToolBench.china).conflicts == [])
        #expect(try bench.faults() == [])
    }

    @Test("an edit that races with a pull is not taken to have seen it")
    func race() throws {
        let bench = try ToolBench()
        let jun = try bench.folder.copy("jun", of: bench.mina, clock: bench.clock)
        try jun.edit(ToolBench.china, .figure(2))
        // The tool writes after the sync began, before the batch is applied.
        try bench.tool("UPDATE trade SET value = 3 WHERE partner = 'CHN'")
        let heads = try bench.mina.dataset.read(\.heads)
        let lines = try wanted(
            jun.dataset.read { try $0.nextLines(lackedBy: heads, after: 0, maximumBytes: .max / 2) }
        ).lines
        _ = try bench.mina.dataset.take(
            lines, after: .capture(bench.mina.person.workplace), durable: false)
        let conflict = try wanted(bench.mina.view(ToolBench.china).conflicts.first)
        #expect(conflict.sides.count == 2)
        #expect(try bench.faults() == [])
    }

    @Test("an edit of ten thousands of records is one deed")
    func many() throws {
        let bench = try ToolBench()
        try bench.tool(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
            INSERT INTO trade (reporter, partner, flow, product, period, source, value)
            SELECT 'KOR', 'CHN', 'X', 'H6:' || i, '2023', 'kosis', i FROM n
            """)
        let captured = try bench.capture()
        #expect(captured.added == 12000)
        #expect(captured.written.revisions.count == 2)
        let groups = try bench.mina.dataset.read { try $0.latestChangesets(limit: 2) }.map(\.group)
        #expect(groups[0]?.id == groups[1]?.id && groups[0] != nil)
        #expect(try bench.faults() == [])
    }
}
