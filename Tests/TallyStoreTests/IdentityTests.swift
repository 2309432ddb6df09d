import Foundation
import StoreTestSupport
import Synchronization
import TallyCore
import TallyStore
import TallyWire
import Testing

/// Who may write as whom (DESIGN.md section 6): copied files tell themselves apart.
struct IdentityTests {
    @Test("the identity's entry is on the disk before the changeset is in the file")
    func entryFirst() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let probe = ProbingIdentities(mina.person.identities) {
            try Dataset.open(path: mina.dataset.path).read(\.heads).isEmpty
        }
        var workplace = mina.person.workplace
        workplace.identities = probe
        try mina.dataset.write(at: workplace) {
            try $0.edit(RecordAddress(kind: "event", key: RecordKey(["1"])), [.create])
        }
        #expect(probe.answers == [true])
        #expect(try mina.dataset.read(\.heads).count == 1)
    }

    @Test("when the entry cannot be written, nothing is")
    func entryFails() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        mina.person.identities.fail()
        #expect(throws: StoreError(.io, "the disk is gone")) {
            try mina.edit("event/1", .create)
        }
        #expect(try mina.dataset.read(\.heads).isEmpty)
    }

    @Test("a crash between entry and file costs a new replica, never a fork")
    func crash() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let first = try mina.edit("event/1", .create)
        var entry = try #require(try mina.person.identities.entry(of: first.replica))
        entry.head = Head(seq: 2, hash: ChangesetHash(of: []))
        try mina.person.identities.write(entry)
        let written = try mina.write { try $0.edit(Self.event("2"), [.create]) }
        #expect(written.revisions.map(\.replica) != [first.replica])
        #expect(written.revisions.map(\.seq) == [1])
        #expect(
            written.notice == "Another file has gone on as replica "
                + "\(first.replica.short), or this one is an older copy: it goes on as the new replica "
                + "\(written.revisions[0].replica.short).")
        #expect(try mina.write { try $0.edit(Self.event("3"), [.create]) }.notice == nil)
    }

    private static func event(_ id: String) -> RecordAddress {
        RecordAddress(kind: "event", key: RecordKey([id]))
    }

    private func copied(_ mina: Copy, to path: String) throws -> Copy {
        mina.dataset.close()
        try FileManager.default.copyItem(atPath: mina.dataset.path, toPath: path)
        return Copy(dataset: try Dataset.open(path: path), person: mina.person)
    }

    private func reopened(_ copy: Copy) throws -> Copy {
        Copy(dataset: try Dataset.open(path: copy.dataset.path), person: copy.person)
    }

    @Test("of a file and its copy the second to write goes on as a new replica, told once")
    func copiedFile() throws {
        let folder = try TestFolder()
        var mina = try folder.copy("mina")
        let first = try mina.edit("event/1", .create)
        let copy = try copied(mina, to: folder.file("copy.tally"))
        mina = try reopened(mina)

        #expect(try copy.write { try $0.edit(Self.event("2"), [.create]) }.notice == nil)
        let written = try mina.write { try $0.edit(Self.event("3"), [.create]) }
        #expect(written.notice?.hasPrefix("Another file has gone on as") == true)
        #expect(written.revisions[0].replica != first.replica)
        #expect(try mina.write { try $0.edit(Self.event("4"), [.create]) }.notice == nil)
        #expect(try copy.edit("event/5", .create) == Revision(first.replica, 3))

        try mina.pull(from: copy)
        try copy.pull(from: mina)
        #expect(try mina.dataset.read(\.heads) == copy.dataset.read(\.heads))
        #expect(try mina.dataset.read { try $0.counts() }.first?.count == 5)
        // Now the file has the last changeset of both replicas; each goes on as the one it wrote last.
        #expect(try copy.write { try $0.edit(Self.event("6"), [.create]) }.notice == nil)
        #expect(try mina.write { try $0.edit(Self.event("7"), [.create]) }.notice == nil)
    }

    @Test("a file that is moved keeps its replica")
    func movedFile() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let first = try mina.edit("event/1", .create)
        mina.dataset.close()
        let path = folder.file("elsewhere.tally")
        try FileManager.default.moveItem(atPath: mina.dataset.path, toPath: path)
        let moved = Copy(dataset: try Dataset.open(path: path), person: mina.person)
        let written = try moved.write { try $0.edit(Self.event("2"), [.create]) }
        #expect(written.revisions == [Revision(first.replica, 2)] && written.notice == nil)
    }

    @Test("a backup put back goes on as a new replica, and loses nothing of what came after it")
    func restoredBackup() throws {
        let folder = try TestFolder()
        var mina = try folder.copy("mina")
        let first = try mina.edit("event/1", .create)
        let backup = try copied(mina, to: folder.file("backup.tally"))
        mina = try reopened(mina)
        try mina.edit("event/1", .set(statement: "title", value: [.text("later")]))
        let jun = try folder.copy("jun", of: mina)

        let written = try backup.write { try $0.edit(Self.event("2"), [.create]) }
        #expect(written.notice != nil && written.revisions[0].replica != first.replica)
        try backup.pull(from: jun)
        #expect(try backup.view("event/1").row?.values["title"] == .text("later"))
    }

    @Test("a file on another machine goes on as a replica of that machine")
    func otherMachine() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let first = try mina.edit("event/1", .create)
        let jun = Copy(dataset: mina.dataset, person: Person("jun"))
        let second = try jun.write { try $0.edit(Self.event("2"), [.create]) }
        let replica = try #require(second.revisions.first?.replica)
        #expect(replica != first.replica)
        #expect(
            second.notice
                == "Replica \(first.replica.short), which wrote this file last, is not of this "
                + "machine: it goes on here as the new replica \(replica.short).")
        // Back at mina's, the file still has her last changeset, and she goes on as herself; so do both in turn.
        for seq in 2...3 {
            let again = try mina.write { try $0.edit(Self.event("m\(seq)"), [.create]) }
            #expect(again == written(first.replica, seq))
            let back = try jun.write { try $0.edit(Self.event("j\(seq)"), [.create]) }
            #expect(back == written(replica, seq))
        }
    }

    private func written(_ replica: ReplicaID, _ seq: Int) -> Written {
        var written = Written()
        written.revisions = [Revision(replica, seq)]
        return written
    }

    @Test("an entry that is of another dataset, retired or lost is not used")
    func unusable() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let other = try folder.copy("other")
        let first = try mina.edit("event/1", .create)
        let elsewhere = Copy(dataset: other.dataset, person: mina.person)
        #expect(try elsewhere.edit("event/1", .create).replica != first.replica)

        var entry = try #require(try mina.person.identities.entry(of: first.replica))
        entry.isRetired = true
        try mina.person.identities.write(entry)
        let second = try mina.edit("event/2", .create)
        #expect(second.replica != first.replica)

        mina.person.identities.forget(second.replica)
        let third = try mina.edit("event/3", .create)
        #expect(![first.replica, second.replica].contains(third.replica))
        #expect(try mina.verification(in: folder).faults == [])
    }
}

/// Looks at something whenever an entry is written.
private final class ProbingIdentities: IdentityStore {
    private let identities: MemoryIdentities
    private let look: @Sendable () throws -> Bool
    private let seen = Mutex<[Bool]>([])

    init(_ identities: MemoryIdentities, look: @escaping @Sendable () throws -> Bool) {
        self.identities = identities
        self.look = look
    }

    var answers: [Bool] { seen.withLock { $0 } }

    func replicas() throws -> [ReplicaID] { try identities.replicas() }

    func entry(of replica: ReplicaID) throws -> IdentityEntry? {
        try identities.entry(of: replica)
    }

    func lock(_ replica: ReplicaID) throws -> any IdentityLock { try identities.lock(replica) }

    func write(_ entry: IdentityEntry) throws {
        let answer = try look()
        seen.withLock { $0.append(answer) }
        try identities.write(entry)
    }
}
