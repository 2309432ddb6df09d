import TallyCore
import TallyWire

/// What is kept of a replica outside the dataset file: its private key, and the last changeset that it wrote.
public struct IdentityEntry: Sendable {
    public let dataset: DatasetID
    public let key: ReplicaKey
    /// The last changeset written; nil before the first.
    public var head: Head?
    /// The replica is never to write again: somebody has seen changesets of it that this machine has not.
    public var isRetired: Bool

    public init(dataset: DatasetID, key: ReplicaKey, head: Head? = nil, isRetired: Bool = false) {
        self.dataset = dataset
        self.key = key
        self.head = head
        self.isRetired = isRetired
    }

    public var replica: ReplicaID { key.replica }
}

/// Where the identities of replicas live: outside the dataset file, so that a copied file is no copied replica
/// (DESIGN.md section 6).
public protocol IdentityStore: Sendable {
    /// The replicas that have an entry, sorted.
    func replicas() throws -> [ReplicaID]

    /// - Returns: nil when there is no entry of that replica.
    func entry(of replica: ReplicaID) throws -> IdentityEntry?

    /// Takes the exclusive lock of an entry, whether it exists or not.
    ///
    /// - Throws: `StoreError` with the code `busy` when somebody else holds it for long.
    func lock(_ replica: ReplicaID) throws -> any IdentityLock

    /// Writes an entry so that it is whole and on the disk when this returns.
    func write(_ entry: IdentityEntry) throws
}

extension IdentityStore {
    /// Lets nobody write as a replica any more.
    ///
    /// - Parameter isStale: asked of the entry under its lock, which is left as it is unless the answer is yes.
    /// - Returns: whether there was an entry of that dataset to retire.
    @discardableResult
    public func retire(
        _ replica: ReplicaID, of dataset: DatasetID,
        if isStale: (IdentityEntry) -> Bool = { _ in true }
    ) throws -> Bool {
        func retirable() -> IdentityEntry? {
            guard let entry = try? entry(of: replica), entry.dataset == dataset, !entry.isRetired,
                isStale(entry)
            else { return nil }
            return entry
        }
        guard retirable() != nil else { return false }
        let lock = try lock(replica)
        defer { lock.release() }
        guard var entry = retirable() else { return false }
        entry.isRetired = true
        try write(entry)
        return true
    }
}

/// A lock that is held until it is released.
public protocol IdentityLock {
    func release()
}
