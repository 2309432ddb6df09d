import StoreTestSupport
import TallyCore
import TallyStore
import Testing

/// A record under another key, and two records made one.
struct RenameTests {
    private static let new = "trade/KOR/CHN/X/TOTAL/2023/kosis"

    private static func text(_ difference: RecordMerge.Difference) -> String {
        "\(difference.field): \(difference.kept.plain), not \(difference.left.plain)"
    }

    private func rename(_ copy: Copy, _ old: String, to new: String) throws -> Written {
        try copy.write { editor in
            let access = editor.reading
            let kind = try wanted(access.kinds["trade"])
            try editor.rename(
                access.view(access.address(old)), to: access.view(access.address(new)), kind: kind)
        }
    }

    private func content(_ copy: Copy, _ address: String) throws -> RecordContent {
        RecordContent(try copy.view(address), kind: try wanted(copy.dataset.kinds["trade"]))
    }

    @Test("all that the old record shows stands under the new key, in one changeset")
    func whole() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.edit(
            korea, .figure(1, status: "P", released: "2024-01"), .note("a"), .add("tags", "x"))
        try mina.edit(korea, .add("tags", "y"), .remove("tags", "x"))
        let before = try content(mina, korea)
        let written = try rename(mina, korea, to: Self.new)

        #expect(written.revisions.count == 1)
        #expect(try content(mina, Self.new) == before)
        #expect(try mina.view(korea).isGone)
        #expect(before.elements == [Element(field: "tags", text: "y")])
        #expect(try mina.verification(in: folder).faults == [])
    }

    @Test("fields that this version does not know go along, nulls among them")
    func unknown() throws {
        let folder = try TestFolder()
        let new = try folder.copy("new", kinds: UnknownFieldTests.newer)
        try new.edit(korea, .note("a"), UnknownFieldTests.carbon(0.5), .add("kin", "x"))
        let empty = "trade/KOR/JPN/X/TOTAL/2023/motie"
        try new.edit(empty, .set(statement: "carbon_kg", value: [.null]))
        let old = try folder.copy("old", of: new)
        _ = try rename(old, korea, to: Self.new)
        _ = try rename(old, empty, to: "trade/KOR/JPN/X/TOTAL/2023/kosis")
        try new.pull(from: old)

        #expect(
            try new.sql("SELECT partner, source, note, carbon_kg, kin FROM trade") == [
                [.text("CHN"), .text("kosis"), .text("a"), .real(0.5), .text(#"["x"]"#)],
                [.text("JPN"), .text("kosis"), .null, .null, .null],
            ])
        let state = try new.view("trade/KOR/JPN/X/TOTAL/2023/kosis").state
        #expect(state.statements["carbon_kg"]?.versions.map(\.content) == [[.null]])
        #expect(try new.verification(in: folder).faults == [])
    }

    @Test("over a deleted key nothing of what it held comes back")
    func overDeleted() throws {
        let folder = try TestFolder()
        let new = try folder.copy("new", kinds: UnknownFieldTests.newer)
        try new.edit(Self.new, .figure(9), .note("old"), .add("tags", "old"), .add("kin", "old"))
        try new.edit(Self.new, UnknownFieldTests.carbon(9))
        try new.edit(Self.new, .delete)
        try new.edit(korea, .figure(1), .add("tags", "a"))
        let old = try folder.copy("old", of: new)
        let before = try content(old, korea)
        _ = try rename(old, korea, to: Self.new)
        let after = try content(old, Self.new)

        #expect(after.elements == before.elements)
        #expect(
            after.statements.filter { !$0.value.allSatisfy(\.isNull) } == before.statements)
        // And back again: a name may be tried.
        _ = try rename(old, Self.new, to: korea)
        #expect(try content(old, korea).elements == before.elements)
        #expect(try old.verification(in: folder).faults == [])
    }

    @Test("a record that fills a line is renamed in one changeset too")
    func large() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let text = String(repeating: "x", count: 900)
        try mina.write { editor in
            try editor.edit(
                wanted(RecordAddress(korea)),
                (0..<1000).flatMap {
                    [.add("tags", "\($0)\(text)"), .add("citations", "\($0)\(text)")]
                })
        }
        #expect(try rename(mina, korea, to: Self.new).revisions.count == 1)
        #expect(try content(mina, Self.new).elements.count == 2000)
    }

    @Test("a merge fills blanks by whole statements, joins sets, and tells what it left")
    func merge() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.edit(korea, .figure(2, status: "A"), .add("tags", "a"), .add("tags", "b"))
        try mina.edit(
            Self.new, .figure(1, status: "P", released: "2024-01"), .note("n"), .add("tags", "b"),
            .add("tags", "c"), .set(statement: "quantity", value: [.number(3), .text("kg"), .null]))
        var merge: RecordMerge?
        let written = try mina.write { editor in
            let access = editor.reading
            merge = try editor.merge(
                access.view(access.address(korea)), from: access.view(access.address(Self.new)),
                kind: wanted(access.kinds["trade"]))
        }
        #expect(written.revisions.count == 1)
        #expect(merge?.filled == ["quantity", "quantity_unit", "note", "tags"])
        #expect(
            merge?.left.map(Self.text) == [
                "value: 2, not 1",
                "status: A, not P",
                "released: , not 2024-01",
            ])
        #expect(
            try mina.sql("SELECT source, value, status, released, quantity, note, tags FROM trade")
                == [
                    [
                        .text("motie"), .real(2), .text("A"), .null, .real(3), .text("n"),
                        .text(#"["a","b","c"]"#),
                    ]
                ])
        #expect(try mina.view(Self.new).isGone)
    }

    @Test("unknown fields are taken together, and only where the kept record has none")
    func mergeUnknown() throws {
        let folder = try TestFolder()
        let new = try folder.copy("new", kinds: UnknownFieldTests.newer)
        try new.edit(korea, .figure(1))
        try new.edit(Self.new, .figure(1), UnknownFieldTests.carbon(0.5), .add("kin", "x"))
        let old = try folder.copy("old", of: new)
        let kind = try wanted(old.dataset.kinds["trade"])
        let first = try RecordMerge(
            old.view(korea), from: old.view(Self.new), kind: kind, in: .shipped)
        #expect(first.filled == ["carbon_kg", "kin"])
        #expect(first.left.isEmpty)
        try old.edit(korea, .set(statement: "carbon_kg", value: [.number(1)]))
        let second = try RecordMerge(
            old.view(korea), from: old.view(Self.new), kind: kind, in: .shipped)
        #expect(second.filled == ["kin"])
        #expect(
            second.left.map(Self.text) == ["carbon_kg: 1, not 0.5"])
    }
}
