import TallyCore
import TallyStore
import TallyWire

/// What a sync would do, found out on a copy of the file: neither side is written, and no identity.
public struct SyncRehearsal {
    /// Changesets that the remote lacks.
    public let sentCount: Int
    /// What would be fetched, in order.
    public let fetched: [RevisionInfo]
    /// What would stop it at a line, or has to be told otherwise.
    public let outcome: SyncOutcome

    /// - Parameters:
    ///   - temporaryPath: where the copy is made; removed at the end.
    ///   - body: reads the copy as it is after the sync, with the ids of the conflicts that were open before.
    /// - Throws: `StoreError`, `SyncError`.
    /// - Complexity: O(file), and what is fetched.
    public init(
        of dataset: Dataset, with transport: any SyncTransport, as remote: String,
        direction: SyncSession.Direction, workplace: Workplace, temporaryPath: String,
        _ body: (DatasetAccess, Set<String>) throws -> Void
    ) throws {
        defer { NewFile.remove(temporaryPath) }
        _ = try dataset.backUp(to: temporaryPath, isInterrupted: workplace.isInterrupted)
        let copy = try Dataset.open(path: temporaryPath, kinds: dataset.kinds)
        defer { copy.close() }
        var outsider = workplace
        outsider.identities = NoIdentityStore()
        let before = try copy.read { try $0.allConflictIDs() }
        let heads = try transport.heads()
        sentCount =
            direction == .pull ? 0 : try copy.read { $0.countLacked(by: heads.heads) }
        let outcome =
            direction == .push
            ? SyncOutcome()
            : try SyncDriver(copy, with: transport, as: remote, workplace: outsider).run(.pull)
        self.outcome = outcome
        fetched = try copy.read { access in
            try body(access, before)
            return try access.latestChangesets(limit: outcome.pulled).reversed()
        }
    }
}
