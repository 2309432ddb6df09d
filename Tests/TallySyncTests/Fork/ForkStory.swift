import StoreTestSupport
import TallyCore
import TallyStore
import TallySync
import TallyWire
import Testing

/// mina's file and her keys are restored together from one backup, after both have gone on and reached the hub.
final class ForkStory {
    let folder: TestFolder
    let hub: Copy
    /// The branch that the hub has: two changesets before the backup, two after it.
    let first: Copy
    /// The restored file, which has written two changesets under the same names since.
    let second: Copy
    let replica: ReplicaID

    static let address = "https://hub.example.org/korea"

    init() throws {
        folder = try TestFolder()
        hub = try folder.copy("hub")
        first = try folder.copy("first", of: hub)
        try first.edit(korea, .figure(1))
        replica = try first.edit("event/1", .create).replica
        _ = try Self.sync(first, hub: hub)

        let backup = try wanted(try first.person.identities.entry(of: replica))
        let restored = try folder.copy("second", of: first)
        try first.edit(korea, .figure(2))
        try first.edit("event/2", .create)
        _ = try Self.sync(first, hub: hub)

        try first.person.identities.write(backup)
        second = Copy(dataset: restored.dataset, person: first.person)
        try second.edit(korea, .figure(3))
        #expect(try second.edit("event/3", .create) == Revision(replica, 4))
    }

    static func sync(
        _ copy: Copy, hub: Copy, _ direction: SyncSession.Direction = .both
    ) throws -> SyncOutcome {
        try SyncDriver(
            copy.dataset, with: ScriptedTransport(hub.dataset), as: address,
            workplace: copy.person.workplace
        ).run(direction)
    }

    func sync(_ copy: Copy, _ direction: SyncSession.Direction = .both) throws -> SyncOutcome {
        try Self.sync(copy, hub: hub, direction)
    }

    static func sync(
        _ copy: Copy, file other: Copy, _ direction: SyncSession.Direction = .both
    ) throws -> SyncOutcome {
        try SyncDriver(
            copy.dataset, with: FileTransport(other.dataset), as: other.dataset.path,
            workplace: copy.person.workplace
        ).run(direction)
    }

    /// Both branches are in the dataset: the records of both, and the two figures as one conflict.
    func expectBothBranches(in copy: Copy, sourceLocation: SourceLocation = #_sourceLocation) throws
    {
        let events = try copy.sql("SELECT id FROM event ORDER BY id")
        #expect(
            events == ["1", "2", "3"].map { [.text($0)] }, sourceLocation: sourceLocation)
        let conflict = try #require(
            try copy.dataset.read { try $0.conflicts() }.first, sourceLocation: sourceLocation)
        let figures = conflict.sides.compactMap { side -> Value? in
            if case .values(let values) = side.content { return values.first }
            return nil
        }
        #expect(Set(figures) == [.number(2), .number(3)], sourceLocation: sourceLocation)
        #expect(try copy.verification(in: folder).faults == [], sourceLocation: sourceLocation)
    }

    /// The lines of a log in an order that does not depend on how they came.
    static func lines(of copy: Copy) throws -> [String] {
        try copy.dataset.lines().map { String(decoding: $0, as: UTF8.self) }.sorted()
    }
}
