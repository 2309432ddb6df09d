import TallyCore
import TallyWire

/// The right to write as a replica: its identity, locked, at exactly the changeset that the file has as its last.
///
/// Taken inside the writing transaction, put down before it commits: entry, then file. A crash between the two costs a
/// new replica, never a fork (DESIGN.md section 6).
struct Pen {
    private(set) var entry: IdentityEntry
    private let lock: any IdentityLock
    private let identities: any IdentityStore
    /// One line for the user, when a new replica takes the place of the file's last one.
    let notice: String?

    /// - Parameter horizon: what the changeset to come has seen at most; nil for everything. The replica must have seen no
    ///   more by its last one.
    static func take(
        for access: DatasetAccess, at workplace: Workplace, within horizon: RevisionVector? = nil
    ) throws -> Pen {
        let identities = workplace.identities
        let current = try access.meta("replica").flatMap { ReplicaID($0) }
        var candidates: [ReplicaID] = []
        if let current { candidates.append(current) }
        candidates += try identities.replicas().filter { $0 != current }
        if let horizon { candidates.removeAll { !access.hasSeenNoMore(than: horizon, $0) } }
        for replica in candidates {
            guard isUsable(try? identities.entry(of: replica), for: access) else { continue }
            let lock = try identities.lock(replica)
            // Somebody may have written as this replica before the lock was ours.
            if let entry = try? identities.entry(of: replica), isUsable(entry, for: access) {
                return Pen(entry: entry, lock: lock, identities: identities, notice: nil)
            }
            lock.release()
        }
        guard let key = ReplicaKey(seed: workplace.randomBytes(32)) else {
            preconditionFailure("32 bytes make a key")
        }
        let entry = IdentityEntry(dataset: access.dataset, key: key)
        let notice = try current.map { old in
            horizon != nil
                ? "What was edited without having seen the rest is of a replica of its own: this file goes on as "
                    + "\(entry.replica.short)."
                : try identities.replicas().contains(old)
                    ? "Another file has gone on as replica \(old.short), or this one is an older copy: "
                        + "it goes on as the new replica \(entry.replica.short)."
                    : "Replica \(old.short), which wrote this file last, is not of this machine: "
                        + "it goes on here as the new replica \(entry.replica.short)."
        }
        return Pen(
            entry: entry, lock: try identities.lock(entry.replica), identities: identities,
            notice: notice)
    }

    /// An entry may be used when it is of this dataset and has the file's last changeset of the replica as its own.
    private static func isUsable(_ entry: IdentityEntry?, for access: DatasetAccess) -> Bool {
        guard let entry, entry.dataset == access.dataset, !entry.isRetired else { return false }
        return entry.head == access.replicas.rows[entry.replica]?.head
    }

    var key: ReplicaKey { entry.key }
    var replica: ReplicaID { entry.replica }

    /// Notes the last changeset written, on the disk.
    mutating func putDown(at head: Head) throws {
        entry.head = head
        try identities.write(entry)
    }

    /// To be called when the transaction has ended, however it did.
    func release() {
        lock.release()
    }
}
