import Synchronization
import TallyCore
import TallyStore

/// The identities of one machine: its home, which is backed up, lost and restored apart from the files.
///
/// An entry is one file, which is replaced as a whole and is on the disk then: where the machine's disk fails, it is the
/// old one or the new one.
final class WorldIdentities: IdentityStore {
    private let entries = Mutex<[ReplicaID: IdentityEntry]>([:])
    private let held = Mutex<Set<ReplicaID>>([])
    private let steps = Mutex<[Step]>([])
    private let disk: WorldDisk

    init(on disk: WorldDisk) {
        self.disk = disk
    }

    func replicas() throws -> [ReplicaID] { entries.withLock { $0.keys.sorted() } }

    func entry(of replica: ReplicaID) throws -> IdentityEntry? {
        entries.withLock { $0[replica] }
    }

    func write(_ entry: IdentityEntry) throws {
        guard disk.operate() else { throw StoreError(.io, "the entry cannot be written") }
        let before = entries.withLock { entries in
            defer { entries[entry.replica] = entry }
            return entries
        }
        note(entry, before)
        guard disk.isRunning else { throw StoreError(.io, "the machine is off") }
    }

    private func note(_ entry: IdentityEntry, _ before: [ReplicaID: IdentityEntry]) {
        let old = before[entry.replica]
        guard let head = entry.head, head != old?.head else { return }
        let others = old == nil ? before.values.filter { !$0.isRetired } : []
        steps.withLock {
            $0.append(
                Step(replica: entry.replica, from: old?.head, to: head, others: others))
        }
    }

    /// How an entry went on.
    struct Step {
        let replica: ReplicaID
        let from: Head?
        let to: Head
        /// Of one that is new, those that might have been gone on with.
        let others: [IdentityEntry]
    }

    /// The steps since they were taken last.
    func takeSteps() -> [Step] {
        steps.withLock { steps in
            defer { steps = [] }
            return steps
        }
    }

    func lock(_ replica: ReplicaID) throws -> any IdentityLock {
        guard held.withLock({ $0.insert(replica).inserted }) else {
            throw StoreError(.busy, "another program is writing as the same replica")
        }
        return Lock(store: self, replica: replica)
    }

    /// What a backup of the home holds, and is restored from.
    var contents: [ReplicaID: IdentityEntry] {
        get { entries.withLock { $0 } }
        set { entries.withLock { $0 = newValue } }
    }

    /// Whether nobody holds a lock.
    var areFree: Bool { held.withLock { $0.isEmpty } }

    private struct Lock: IdentityLock {
        let store: WorldIdentities
        let replica: ReplicaID

        func release() { _ = store.held.withLock { $0.remove(replica) } }
    }
}
