import TallyCore

/// A machine without a place for keys, as a container without a home: it reads and syncs, and writes nothing of its own.
public struct NoIdentityStore: IdentityStore {
    public init() {}

    public func replicas() -> [ReplicaID] { [] }

    public func entry(of replica: ReplicaID) -> IdentityEntry? { nil }

    public func lock(_ replica: ReplicaID) throws -> any IdentityLock { throw Self.noPlace }

    public func write(_ entry: IdentityEntry) throws { throw Self.noPlace }

    private static let noPlace = StoreError(
        .cannotCreate, "There is no place to keep this machine's keys: $HOME is not set",
        hint: "Nothing was changed. Set $TALLY_REPLICAS to a folder that stays.")
}
