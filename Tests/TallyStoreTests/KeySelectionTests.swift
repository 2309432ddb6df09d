import StoreTestSupport
import TallyCore
import TallyStore
import Testing

/// Records chosen by a condition that a user wrote.
struct KeySelectionTests {
    private func sources(_ copy: Copy, _ condition: String) throws -> [String] {
        var found: [String] = []
        try copy.write { editor in
            let kind = try wanted(editor.reading.kinds["trade"])
            found = try editor.keys(of: kind, where: condition).map { $0.parts[5] }
        }
        return found
    }

    @Test("author and at are those of the latest changeset of a record, by time")
    func authorAndTime() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina", clock: TestClock("2026-11-23T10:00:00.000Z"))
        try mina.edit(korea, .figure(1))
        let quoted = RecordAddress(
            kind: "trade", key: RecordKey(["KOR", "CHN", "a\"b\\", "TOTAL", "2023", "kosis"]))
        try mina.write { try $0.edit(quoted, [.figure(1)]) }
        let jun = try folder.copy("jun", of: mina, clock: TestClock("2026-11-24T10:00:00.000Z"))
        #expect(
            try sources(jun, "author = 'mina' AND at = '2026-11-23T10:00:00.000Z'") == ["motie"])
        try jun.edit(korea, .note("n"))
        try jun.edit(quoted.text, .note("n"))
        #expect(try sources(jun, "author = 'mina'") == [])
        #expect(try sources(jun, "trade.value = 1 -- all") == ["motie", "kosis"])
        let other = "SELECT 1 FROM trade o WHERE o.flow = trade.flow AND o.source = 'motie'"
        #expect(try sources(jun, "EXISTS (\(other))") == ["motie"])
        #expect(try sources(jun, "author = 'jun' AND at LIKE '2026-11-24%'") == ["motie", "kosis"])
        // What mina wrote before that arrives later; it is not the latest.
        mina.person.clock.advance(seconds: 60)
        try mina.edit(korea, .add("tags", "t"))
        try jun.pull(from: mina)
        #expect(try sources(jun, "author = 'jun'") == ["motie", "kosis"])
        let rows = try jun.dataset.read { access in
            var rows = 0
            let kind = try wanted(access.kinds["trade"])
            try access.forEachRow(of: kind, where: "author = 'jun' AND value = 1") { _ in rows += 1
            }
            return rows
        }
        #expect(rows == 2)
    }

    @Test(
        "a kind may have columns of the names that the log has; its own author and at are its own")
    func ownColumns() throws {
        let minute = Kind(
            name: "minute",
            key: [.init(name: "key", type: .identifier), .init(name: "member", type: .identifier)],
            fields: [.init(name: "position", type: .number), .init(name: "at", type: .date)])
        let folder = try TestFolder()
        let mina = try folder.copy("mina", kinds: KindCatalog(KindCatalog.shipped.all + [minute]))
        for part in ["a", "b"] {
            try mina.edit("minute/\(part)/x", .set(statement: "at", value: [.text("2020")]))
        }
        try mina.edit("minute/a/x", .set(statement: "position", value: [.number(7)]))
        var found: [[String]] = []
        try mina.write { editor in
            found = try editor.keys(
                of: minute, where: "author = 'mina' AND at = '2020' AND position = 7"
            ).map(\.parts)
        }
        #expect(found == [["a", "x"]])
    }

    @Test(
        "a condition that is no condition is refused, whatever it would do",
        arguments: [
            "1); DELETE FROM trade; --", "1) UNION SELECT 1", "nothing = 1", "", "1 = ",
            "source = (DELETE FROM trade RETURNING source)", "pragma_writable_schema(1)",
            "writefile('x', 'y')", "load_extension('x')", "EXISTS (PRAGMA query_only = 0)",
            "1) UNION SELECT 'a', 'b', 'c', 'd', 'e', 'f' WHERE (1", "1 -- (\n) UNION SELECT (1",
        ])
    func refused(condition: String) throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.edit(korea, .figure(1))
        let error = #expect(throws: StoreError.self) { try sources(mina, condition) }
        #expect(error?.code == .fault)
        #expect(try mina.sql("SELECT count(*) FROM trade") == [[.integer(1)]])
        // The connection writes as before.
        try mina.edit(korea, .figure(2))
    }

    @Test("a condition that leaves its brackets is refused, in a choice of keys and of rows")
    func brackets() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.edit("event/a", .create)
        let condition = "1) UNION SELECT 'zzz' WHERE (1"
        let reason = "SQL: the condition closes a bracket that it has not opened"
        let refused = StoreError(.fault, reason)
        #expect(throws: refused) {
            try mina.write { editor in
                _ = try editor.keys(of: wanted(editor.reading.kinds["event"]), where: condition)
            }
        }
        #expect(throws: refused) {
            try mina.dataset.read { access in
                let kind = try wanted(access.kinds["event"])
                try access.forEachRow(of: kind, where: condition) { _ in }
            }
        }
    }

    @Test("a condition without end stops when somebody asks for it")
    func endless() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.edit(korea, .figure(1))
        var workplace = mina.person.workplace
        let began = TestClock()
        workplace.isInterrupted = {
            began.advance(seconds: 1)
            return began.time > Timestamp("2026-11-23T10:00:20.000Z") ?? began.time
        }
        let error = #expect(throws: StoreError.self) {
            try mina.dataset.write(at: workplace) { editor in
                _ = try editor.keys(
                    of: wanted(editor.reading.kinds["trade"]),
                    where:
                        "EXISTS (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                        + "SELECT 1 FROM n WHERE i < 0)")
            }
        }
        #expect(error?.code == .interrupted)
        try mina.edit(korea, .figure(2))
    }
}
