import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// What an import may do to what is there (DESIGN.md section 4, Importing).
struct ImportRulesTests {
    private static let header = NativeImportTests.header + ",value,status,released,note,tags\n"

    private func file(
        _ value: Int, status: String = "", released: String = "", note: String = "",
        tags: String = ""
    ) -> String {
        Self.header + "KOR,CHN,X,TOTAL,2023,motie,\(value),\(status),\(released),\(note),\(tags)\n"
    }

    private func value(_ copy: Copy) throws -> Value? { try copy.view(korea).row?.values["value"] }

    @Test("a record that is imported with elements costs its row and nothing more")
    func oneRow() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(file(1, note: "n", tags: "a;b"))
        var counts: [SQLValue] = []
        for table in ["trade", "tally_touch", "tally_state"] {
            try mina.dataset.query(
                "SELECT count(*) FROM \(table)", columns: { _ in }, row: { counts += $0 })
        }
        #expect(counts == [.integer(1), .integer(0), .integer(0)])
    }

    @Test("a line with thousands of edits of one record is applied at once")
    func manyEdits() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let jun = try folder.copy("jun", of: mina)
        let record = RecordAddress(kind: "later_kind", key: RecordKey(["x"]))
        try mina.write { editor in
            for number in 0..<3000 {
                let value = Value.number(Double(number))
                try editor.edit(record, [.set(statement: "f\(number)", value: [value])])
            }
        }
        try jun.pull(from: mina)
        #expect(try jun.view("later_kind/x").state.statements.count == 3000)
    }

    @Test("the same file again changes nothing and writes nothing")
    func again() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let text = file(1, status: "P", note: "n", tags: "a;b")
        #expect(try mina.importing(text).brief == "1 new")
        let heads = try mina.dataset.read(\.heads)
        #expect(try mina.importing(text).brief == "1 unchanged")
        #expect(try mina.dataset.read(\.heads) == heads)
        #expect(try mina.importing(file(2, status: "P", note: "n")).brief == "1 changed")
        #expect(try value(mina) == .number(2))
        #expect(try mina.view(korea).row?.sets["tags"] == ["a", "b"])
        #expect(try mina.dataset.read { try $0.latestChangesets(limit: 9) }.allSatisfy(\.isImport))
    }

    @Test("what a person last wrote is kept, unless it is to be written over")
    func kept() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(file(1, note: "n"))
        try mina.edit(korea, .figure(5))
        #expect(try mina.importing(file(1, note: "n")).brief == "1 kept")
        #expect(try mina.importing(file(2, note: "n")).brief == "1 kept")
        #expect(try value(mina) == .number(5))
        // What a person has not touched still follows the source.
        #expect(try mina.importing(file(2, note: "m")).brief == "1 changed, 1 kept")
        #expect(try value(mina) == .number(5))
        #expect(try mina.view(korea).row?.values["note"] == .text("m"))
        #expect(
            try mina.importing(file(2, note: "m")) { $0.overwrite = true }.brief == "1 changed")
        #expect(try value(mina) == .number(2))
        #expect(try mina.importing(file(3, note: "m")).brief == "1 changed")
        // A person who confirms what the source says is not disagreed with.
        try mina.edit(korea, .note("m"))
        #expect(try mina.importing(file(3, note: "m")).brief == "1 unchanged")
    }

    @Test("what is deleted stays deleted, unless it is to be restored")
    func deleted() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(file(1, note: "n", tags: "a"))
        try mina.edit(korea, .delete)
        #expect(try mina.importing(file(2)).brief == "1 deleted")
        #expect(try !mina.view(korea).isVisible)
        #expect(try mina.importing(file(2)) { $0.restore = true }.brief == "1 changed")
        #expect(try value(mina) == .number(2))
        #expect(try mina.view(korea).row?.values["note"] == nil)
    }

    @Test("a conflict is left, unless it is to be resolved")
    func conflicted() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(file(1))
        let jun = try folder.copy("jun", of: mina)
        try mina.edit(korea, .figure(2))
        try jun.edit(korea, .figure(3))
        try mina.pull(from: jun)
        #expect(try mina.importing(file(4)).brief == "1 conflicted")
        #expect(try mina.dataset.read { try $0.conflictCount() } == 1)
        #expect(try mina.importing(file(4, note: "n")).brief == "1 changed, 1 conflicted")
        #expect(try mina.dataset.read { try $0.conflictCount() } == 1)
        #expect(
            try mina.importing(file(4, note: "n")) { $0.overwrite = true }.brief == "1 conflicted")
        #expect(
            try mina.importing(file(4, note: "n")) { $0.resolve = true }.brief == "1 changed")
        #expect(try mina.dataset.read { try $0.conflictCount() } == 0)
        #expect(try value(mina) == .number(4))
        #expect(try mina.verification(in: folder).faults == [])
    }

    @Test(
        "a deletion that somebody's edit disputes is left in dispute, unless it is to be resolved: the file has it"
    )
    func deleteEdit() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(file(1))
        let jun = try folder.copy("jun", of: mina)
        try mina.edit(korea, .delete)
        try jun.edit(korea, .note("n"))
        try mina.pull(from: jun)
        func open() throws -> [Conflict.What] {
            try mina.dataset.read { try $0.conflicts() }.map(\.what)
        }
        #expect(try mina.importing(file(2, note: "n")).brief == "1 changed, 1 conflicted")
        #expect(try mina.importing(file(2, note: "n")).brief == "1 conflicted")
        #expect(
            try mina.importing(file(2, note: "n")) { $0.restore = true }.brief == "1 conflicted")
        #expect(try open() == [.deleteEdit])
        let report = try mina.importing(file(2, note: "n")) { $0.resolve = true }
        #expect(report.brief == "1 changed")
        let field = try #require(report.samples.first?.fields.first)
        #expect(field.name == "-" && field.before == .text("deleted"))
        #expect(field.after == .text("present") && report.samples.first?.fields.count == 1)
        #expect(try open().isEmpty)
        #expect(try value(mina) == .number(2))
        #expect(
            try mina.importing(file(2, note: "n")) { $0.resolve = true }.brief == "1 unchanged")
    }

    @Test("an element that a person took out is not brought back")
    func removedElement() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(file(1, tags: "a;b"))
        try mina.edit(korea, .remove("tags", "a"))
        #expect(try mina.importing(file(1, tags: "a;b;c")).brief == "1 changed, 1 kept")
        #expect(try mina.view(korea).row?.sets["tags"] == ["b", "c"])
        #expect(try mina.importing(file(1, tags: "a;b;c")).brief == "1 kept")
    }

    @Test("under the policy vintage an earlier release does not replace a later one")
    func vintage() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.edit(
            "setting/policy.trade.value", .set(statement: "value", value: [.text("vintage")]))
        try mina.importing(file(1, released: "2024-03"))
        #expect(try mina.importing(file(2, released: "2024-01")).brief == "1 kept")
        #expect(try mina.importing(file(2, released: "2023-12-31")).brief == "1 kept")
        #expect(try value(mina) == .number(1))
        #expect(try mina.importing(file(2, released: "2024-04")).brief == "1 changed")
        #expect(try value(mina) == .number(2))
    }

    @Test("one changed cell is one statement written, not the row")
    func statement() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(file(1, note: "n", tags: "a"))
        try mina.importing(file(1, note: "m", tags: "a"))
        let edits = try mina.dataset.read { try $0.changeset(at: 2).edits }
        #expect(edits.map(\.operation) == [.set(fields: ["note"])])
    }

    @Test("more elements in a cell than a line holds are a bad row")
    func manyElements() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let cell = (0...1000).map { "e\($0)" }.joined(separator: ";")
        let refused = #expect(throws: Refused.self) {
            try mina.importing("id,tags\nx,\(cell)\ny,a\n")
        }
        #expect(
            refused?.report.refusals
                == ["2: tags has more than 1000 elements"])
    }

    @Test("a deletion that is left out stands in the file of refused rows")
    func refusedDeletion() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        var left = ""
        let report = try mina.importing(
            bytes: Array(
                """
                STRUCTURE,STRUCTURE_ID,ACTION,REPORTER,PARTNER,FLOW,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE
                dataflow,XX:T(1.0),D,KOR,CHN,X,,,
                dataflow,XX:T(1.0),I,KOR,CHN,Z,2020,5,USD

                """.utf8)
        ) {
            $0.skipBad = true
            $0.constants = ["source": "x"]
        } refused: {
            left += $0
        }
        #expect(report.refused.map(\.row) == [2, 3])
        #expect(left.contains(",D,KOR,CHN,X,") && left.contains(",I,KOR,CHN,Z,"), "\(left)")
    }
}
