import StoreTestSupport
import TallyCore
import TallyStore
import Testing

/// Where the versions of a record stand: in its row alone, or in `tally_state`.
struct RowPlaceTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        /// One changeset each.
        let changesets: [[RecordEdit]]
        /// NULL where there is no row.
        let rev: SQLValue?
        let isInState: Bool

        init(_ name: String, _ changesets: [[RecordEdit]], rev: SQLValue?, isInState: Bool) {
            testDescription = name
            self.changesets = changesets
            self.rev = rev
            self.isInState = isInState
        }
    }

    static let unknown = RecordEdit.set(statement: "novelty", value: [.opaque("[1]")])

    static let cases = [
        Case("one changeset", [[.figure(1), .note("a")]], rev: .integer(1), isInState: false),
        Case("nothing but the key", [[.create]], rev: .integer(1), isInState: false),
        Case(
            "elements", [[.add("tags", "a"), .add("tags", "b")]], rev: .integer(1),
            isInState: false),
        Case(
            "part of a statement null", [[.figure(1, status: nil)]], rev: .integer(1),
            isInState: false),
        Case("a text that is empty", [[.note("")]], rev: .integer(1), isInState: false),
        Case("null said aloud", [[.figure(1), .note(nil)]], rev: .integer(0), isInState: true),
        Case("a figure of nulls", [[.figure(nil)]], rev: .integer(0), isInState: true),
        Case(
            "written over whole", [[.note("a")], [.note("b")]], rev: .integer(-2), isInState: false),
        Case(
            "written over in part", [[.figure(1), .note("a")], [.note("b")]], rev: .integer(0),
            isInState: true),
        Case(
            "written over with one statement more", [[.note("a")], [.note("b"), .figure(1)]],
            rev: .integer(0), isInState: true),
        Case(
            "in part, then whole",
            [[.figure(1), .note("a")], [.note("b")], [.figure(2), .note("c")]], rev: .integer(-3),
            isInState: false),
        Case(
            "filled later", [[.create], [.figure(1)]], rev: .integer(2), isInState: false),
        Case(
            "an element taken out", [[.add("tags", "a")], [.remove("tags", "a")]], rev: .integer(0),
            isInState: true),
        Case(
            "an element that was never in", [[.remove("tags", "a")]], rev: .integer(0),
            isInState: true),
        Case("an unknown field", [[.note("a"), unknown]], rev: .integer(0), isInState: true),
        Case(
            "an unknown set field", [[.note("a"), .add("kin", "x")]], rev: .integer(0),
            isInState: true),
        Case("deleted", [[.note("a")], [.delete]], rev: nil, isInState: true),
        Case(
            "deleted and back", [[.note("a")], [.delete], [.restore]], rev: .integer(0),
            isInState: true),
        Case(
            "back and written over", [[.note("a")], [.delete], [.restore, .note("b")]],
            rev: .integer(-3), isInState: false),
        Case(
            "reopened with two versions", [[.note("a")], [.reopenNote(["b", "c"])]],
            rev: .integer(0), isInState: true),
    ]

    @Test("a record stands in its row alone exactly when the row says all of it", arguments: cases)
    func place(_ test: Case) throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        for edits in test.changesets {
            let address = try #require(RecordAddress(korea))
            try mina.write { try $0.edit(address, edits) }
            #expect(try mina.verification(in: folder).faults == [])
        }
        #expect(try mina.sql("SELECT tally_rev FROM trade").first?.first == test.rev)
        #expect(try mina.sql("SELECT 1 FROM tally_state").count == (test.isInState ? 1 : 0))
    }

    @Test("what was read back from the file is what was written", arguments: cases)
    func reopened(_ test: Case) throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let address = try #require(RecordAddress(korea))
        var expected = RecordState()
        var replica: ReplicaID?
        for (index, edits) in test.changesets.enumerated() {
            let revision = try #require(
                try mina.write { try $0.edit(address, edits) }.revisions.first)
            #expect(revision.seq == index + 1 && revision.replica == replica ?? revision.replica)
            replica = revision.replica
            for edit in edits {
                expected.apply(edit, by: Coverage(of: revision, seen: RevisionVector()))
            }
        }
        mina.dataset.close()
        let again = try Dataset.open(path: mina.dataset.path)
        #expect(try again.read { try $0.view(address).state } == expected)
        let positions = try again.read { try $0.positions(of: address) }
        #expect(positions == Array(1...test.changesets.count))
    }

    @Test("a record that two people wrote in one go has its history in tally_touch")
    func touches() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.edit(korea, .note("a"))
        #expect(try mina.sql("SELECT 1 FROM tally_touch").isEmpty)
        try mina.edit("event/x", .set(statement: "title", value: [.text("t")]))
        try mina.edit(korea, .note("b"))
        let touches = try mina.sql("SELECT key, position FROM tally_touch ORDER BY position")
        #expect(touches.map { $0[1] } == [.integer(1), .integer(3)])
    }

    @Test("a record that a copy makes that never saw the first joins it in conflict, add/add")
    func addAdd() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let jun = try folder.copy("jun", of: mina)
        try mina.edit(korea, .note("a"))
        try jun.edit(korea, .note("b"))
        try mina.pull(from: jun)
        #expect(try mina.dataset.read { try $0.conflicts() }.map(\.what) == [.addAdd])
        #expect(try mina.sql("SELECT tally_rev FROM trade") == [[.integer(0)]])
        #expect(try mina.verification(in: folder).faults == [])
    }
}

extension RecordEdit {
    static func reopenNote(_ notes: [String]) -> Self {
        .reopen(statement: "note", versions: notes.map { [.text($0)] })
    }
}
