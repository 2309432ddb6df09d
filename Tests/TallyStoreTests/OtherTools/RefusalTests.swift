import StoreTestSupport
import TallyCore
import TallyStore
import Testing

/// Rows of other tools that are not valid: set back, kept as typed, reported.
struct RefusalTests {
    static let refusals: [(sql: String, record: String?, reason: String)] = [
        (
            "UPDATE trade SET value = 'abc' WHERE partner = 'CHN'", ToolBench.china,
            #"value "abc" is no number"#
        ),
        (
            "UPDATE trade SET value = 9e999 WHERE partner = 'CHN'", ToolBench.china,
            "value inf is no finite number"
        ),
        (
            "UPDATE trade SET status = 'Q9' WHERE partner = 'CHN'", ToolBench.china,
            #"status "Q9" is not in the code list obs_status"#
        ),
        (
            "UPDATE trade SET note = x'ff00' WHERE partner = 'CHN'", ToolBench.china,
            "note (2 bytes) is no text"
        ),
        (
            "UPDATE trade SET note = CAST(x'ff41' AS TEXT) WHERE partner = 'CHN'", ToolBench.china,
            "note (2 bytes) is no text"
        ),
        (
            "UPDATE trade SET note = 'a' || char(7) WHERE partner = 'CHN'", ToolBench.china,
            #"note "a\u0007" is not text of at most 64 KiB without control characters"#
        ),
        (
            "UPDATE trade SET tags = 'a;b' WHERE partner = 'CHN'", ToolBench.china,
            #"tags "a;b" is no JSON array of texts"#
        ),
        (
            "UPDATE trade SET tags = '[1]' WHERE partner = 'CHN'", ToolBench.china,
            #"tags "[1]" is no JSON array of texts"#
        ),
        (
            "UPDATE trade SET partner = 'Chile' WHERE partner = 'CHN'",
            "trade/KOR/Chile/X/TOTAL/2023/kosis",
            #"partner "Chile" is not an area code, as KOR, CHN or WLD"#
        ),
        (
            "UPDATE event SET latitude = 3", ToolBench.visit, "latitude stands alone"
        ),
        (
            "UPDATE event SET end_date = '2023-09-01'", ToolBench.visit,
            "end_date 2023-09-01 is before date 2023-09-23"
        ),
        (
            "UPDATE event SET date = '2023-02-30'", ToolBench.visit,
            #"date "2023-02-30" is a date that does not exist"#
        ),
        (
            "INSERT INTO setting (name, value) VALUES ('policy.trade.value', 'nonsense')",
            "setting/policy.trade.value", #"There is no policy "nonsense"#
        ),
        (
            "INSERT INTO setting (name, value) VALUES ('policy.trade.nothing', 'max')",
            "setting/policy.trade.nothing", #"trade has no field "nothing" that can conflict"#
        ),
        (
            "INSERT INTO trade (reporter, partner, flow, product, period, source) "
                + "VALUES ('KOR', 'CHN', 'X', x'41', '2023', 'kosis')", nil,
            "product (1 bytes) is no text"
        ),
        (
            "INSERT INTO trade (reporter, partner, flow, product, period, source, note) "
                + "VALUES ('KOR', 'CHN', 'X', 'TOTAL', '2023-A1', 'kosis', 'n')",
            "trade/KOR/CHN/X/TOTAL/2023-A1/kosis",
            "the key is that of \(ToolBench.china), which is there already"
        ),
        (
            "UPDATE event SET summary = replace(hex(zeroblob(40000)), '0', 'x')", ToolBench.visit,
            ""
        ),
    ]

    @Test(
        "a row that is not valid is set back, and what was typed is kept",
        arguments: refusals.indices)
    func refused(index: Int) throws {
        let (sql, record, reason) = Self.refusals[index]
        let bench = try ToolBench()
        let before = try Self.tables(bench)
        try bench.tool(sql)
        let captured = try bench.capture()
        #expect(captured.refused.map(\.record) == [record], "\(sql)")
        let isAsSaid = captured.refused.first?.reason.hasPrefix(reason) == true
        #expect(isAsSaid, "\(sql): \(captured.refused)")
        let kept = try bench.mina.sql("SELECT kind, record, reason FROM tally_refused")
        #expect(kept.count == 1)
        #expect(captured.written.revisions == [], "\(sql)")
        #expect(try Self.tables(bench) == before, "\(sql)")
        #expect(try bench.faults() == [])
        #expect(try bench.mina.dataset.read { try $0.refusedCount() } == 1)
        #expect(try bench.waiting().isEmpty)
    }

    private static func tables(_ bench: ToolBench) throws -> [[SQLValue]] {
        try ["trade", "event", "setting"].flatMap { try bench.mina.sql("SELECT * FROM \($0)") }
    }

    @Test(
        "a key that is changed into none deletes nothing; one in another form goes on with the record"
    )
    func changedKeys() throws {
        let bench = try ToolBench()
        try bench.tool(
            "UPDATE trade SET partner = lower(partner), note = 'x'; UPDATE event SET id = id || char(7)"
        )
        var captured = try bench.capture()
        #expect(captured.refusedCount == 3)
        #expect(captured.written.revisions == [])
        // A good key with something else that is not valid.
        try bench.tool("UPDATE event SET id = 'other', type = 'bogus'")
        captured = try bench.capture()
        #expect(captured.refused.map(\.record) == ["event/other"])
        #expect(captured.written.revisions == [])
        try bench.tool("UPDATE trade SET period = '2023-A1', note = partner")
        captured = try bench.capture()
        #expect([captured.added, captured.changed, captured.deleted] == [0, 2, 0])
        #expect(
            try bench.lastEdits() == [
                #"set \#(ToolBench.china) note "CHN""#, #"set \#(ToolBench.japan) note "JPN""#,
            ])
        #expect(try bench.faults() == [])
    }

    @Test("two records that change keys with each other are two changed records")
    func swappedKeys() throws {
        let bench = try ToolBench()
        try bench.tool(
            """
            UPDATE trade SET partner = 'XXX' WHERE partner = 'CHN';
            UPDATE trade SET partner = 'CHN' WHERE partner = 'JPN';
            UPDATE trade SET partner = 'JPN' WHERE partner = 'XXX'
            """)
        let captured = try bench.capture()
        #expect([captured.added, captured.changed, captured.deleted] == [0, 2, 0])
        #expect(captured.refusedCount == 0)
        #expect(try bench.mina.view(ToolBench.china).row?.values["value"] == .number(29e9))
        #expect(try bench.faults() == [])
    }

    @Test("a row that fits in no changeset is refused, and stands in nobody's way")
    func tooLarge() throws {
        let bench = try ToolBench()
        let elements = (0..<1000).map { "\($0) " + String(repeating: "x", count: 890) }
        for field in ["actors", "targets", "participants", "citations", "tags"] {
            try bench.mina.write { editor in
                try editor.edit(
                    wanted(RecordAddress(ToolBench.visit)), elements.map { .add(field, $0) })
            }
        }
        try bench.mina.write { editor in
            try editor.edit(
                wanted(RecordAddress(ToolBench.visit)), (0..<500).map { .add("tags", "more \($0)") }
            )
        }
        // A word beside all that is no large edit.
        try bench.tool("UPDATE event SET note = 'n'")
        #expect(try bench.capture().changed == 1)
        try bench.tool(
            "UPDATE event SET actors = NULL, targets = NULL, participants = NULL, citations = NULL")
        #expect(try bench.capture().refused.map(\.record) == [ToolBench.visit])
        // More elements than one changeset takes of a record.
        try bench.tool("UPDATE event SET tags = NULL")
        #expect(try bench.capture().refused.map(\.record) == [ToolBench.visit])
        try bench.mina.edit(ToolBench.visit, .delete)
        try bench.tool("INSERT INTO event (id) VALUES ('visit')")
        #expect(try bench.capture().refused.map(\.record) == [ToolBench.visit])
        #expect(try bench.mina.view(ToolBench.visit).isGone)
        #expect(try bench.faults() == [])
    }

    @Test("what was typed is kept cell by cell, whatever it is")
    func typed() throws {
        let bench = try ToolBench()
        try bench.tool(
            "UPDATE event SET note = x'00ff', title = 'new', intensity = 'high', summary = NULL")
        _ = try bench.capture()
        let typed = try bench.mina.sql(
            "SELECT typed ->> 'id', typed ->> 'note', typed ->> 'title', typed ->> 'intensity' FROM tally_refused"
        )
        #expect(typed == [[.text("visit"), .text("x'00ff'"), .text("new"), .text("high")]])
    }

    @Test("what is valid beside it is taken")
    func beside() throws {
        let bench = try ToolBench()
        try bench.tool(
            "UPDATE trade SET note = 'ok' WHERE partner = 'CHN'; UPDATE trade SET value = 'x' WHERE partner = 'JPN'"
        )
        let captured = try bench.capture()
        #expect(captured.changed == 1)
        #expect(captured.refused.map(\.record) == [ToolBench.japan])
        #expect(try bench.lastEdits() == [#"set \#(ToolBench.china) note "ok""#])
    }

    @Test("values that older code lists took do not stand in the way of other fields")
    func old() throws {
        let bench = try ToolBench()
        try bench.mina.edit(
            ToolBench.visit, .set(statement: "type", value: [.text("withdrawn-code")]))
        try bench.tool("UPDATE event SET note = 'n'")
        #expect(try bench.capture().refusedCount == 0)
        #expect(try bench.lastEdits() == [#"set event/visit note "n""#])
    }

    @Test("a text in another normal form is taken in NFC")
    func normalForm() throws {
        let bench = try ToolBench()
        try bench.tool("UPDATE event SET title = 'Caf' || char(0x65, 0x301)")
        _ = try bench.capture()
        #expect(try bench.lastEdits() == [#"set event/visit title "Caf\#u{e9}""#])
        #expect(try bench.faults() == [])
    }
}
