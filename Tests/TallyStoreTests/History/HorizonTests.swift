import StoreTestSupport
import TallyCore
import TallyStore
import TallyWire
import Testing

/// Changesets of somebody who has not seen all that is here.
struct HorizonTests {
    private let folder: TestFolder
    private let mina: Copy
    private let jun: Copy
    /// What both had in the beginning.
    private let horizon: RevisionVector

    init() throws {
        folder = try TestFolder()
        mina = try folder.copy("mina")
        try mina.edit(korea, .figure(1), .note("n"))
        jun = try folder.copy("jun", of: mina)
        horizon = try mina.dataset.read(\.vector)
    }

    private func write(_ edits: RecordEdit..., then more: RecordEdit...) throws -> Written {
        let record = try wanted(RecordAddress(korea))
        return try mina.write { editor in
            try editor.editing(asOf: horizon) { try editor.edit(record, edits) }
            try editor.edit(record, more)
        }
    }

    private func changesets() throws -> [Changeset] {
        try mina.dataset.lines().map { try ChangesetLine($0).changeset(kinds: .shipped) }
    }

    @Test("the replica that has seen no more writes it itself, and has seen everything afterwards")
    func ownReplica() throws {
        try jun.edit(korea, .figure(2))
        try mina.pull(from: jun)
        let written = try write(.figure(3), then: .note("m"))
        #expect(written.revisions.map(\.seq) == [2, 3])
        #expect(written.notice == nil)
        let lines = try changesets()
        #expect(lines[2].seen.isEmpty)
        #expect(lines[3].seen.map(\.revision.seq) == [1])
        #expect(lines[2].group?.id == lines[3].group?.id)
        #expect(lines[3].group?.isLast == true)
        #expect(try mina.view(korea).conflicts.map(\.statement) == ["value"])
        try jun.pull(from: mina)
        #expect(try jun.view(korea).state == mina.view(korea).state)
        for copy in [mina, jun] { #expect(try copy.verification(in: folder).faults == []) }
    }

    @Test("one that has written since gives way to a new one, as which the file goes on")
    func newReplica() throws {
        try mina.edit(korea, .figure(2))
        let written = try write(.figure(3))
        #expect(written.revisions.map(\.seq) == [1])
        #expect(written.notice?.hasPrefix("What was edited without having seen the rest") == true)
        let line = try #require(try changesets().last)
        #expect(line.group == nil)
        #expect(line.seen.map(\.revision) == horizon.replicas.map { Revision($0, 1) })
        #expect(try mina.view(korea).conflicts.map(\.what) == [.editEdit])
        let next = try mina.edit(korea, .note("later"))
        #expect(next == Revision(line.revision.replica, 2))
        try jun.pull(from: mina)
        #expect(try jun.view(korea).state == mina.view(korea).state)
        for copy in [mina, jun] { #expect(try copy.verification(in: folder).faults == []) }
    }

    @Test("a transaction that writes nothing as of then takes any replica")
    func nothing() throws {
        try mina.edit(korea, .figure(2))
        let written = try write(then: .note("m"))
        #expect(written.revisions.map(\.seq) == [3])
    }

    @Test("a record is known as it was then and as it is, with what was done since")
    func since() throws {
        let record = try wanted(RecordAddress(korea))
        func known() throws -> RecordSince {
            try wanted(
                mina.dataset.read { access in
                    let policies = try access.policies(asOf: horizon)
                    return try access.records([record], since: horizon, judgedBy: policies).first
                })
        }
        #expect(try known().steps.isEmpty)
        try mina.edit(korea, .note("m"))
        try mina.edit(korea, .note("n"))
        let again = try known()
        #expect(again.then.row?.values["note"] == .text("n"))
        #expect(again.steps.count == 2)
        #expect(again.wasSaid("note", [.text("m")]))
        #expect(!again.wasSaid("note", [.text("x")]))
        try mina.edit(korea, .delete)
        #expect(try known().then.isVisible)
        #expect(try known().now.isGone)
    }

    @Test("a vector is known by its revisions, and only where it is whole")
    func fingerprint() throws {
        try jun.edit(korea, .figure(2))
        let later = try jun.dataset.read(\.vector)
        #expect(throws: StoreError.self) { try mina.dataset.read { try $0.fingerprint(of: later) } }
        try mina.pull(from: jun)
        let prints = try [mina, jun].map { copy in
            try copy.dataset.read { try $0.fingerprint(of: later) }
        }
        #expect(prints[0] == prints[1])
        #expect(try mina.dataset.read { try $0.fingerprint(of: horizon) } != prints[0])
        var torn = later
        for replica in horizon.replicas { torn[replica] = 0 }
        #expect(throws: StoreError.self) { try mina.dataset.read { try $0.fingerprint(of: torn) } }
    }
}
