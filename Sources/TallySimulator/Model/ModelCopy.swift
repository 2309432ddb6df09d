import TallyCore

/// A copy of a dataset in memory: the merge rules and nothing else.
///
/// It is what a dataset file is measured against: play one history on both, and their states must be the same.
public struct ModelCopy: Sendable {
    public let replica: ReplicaID
    public let kinds: KindCatalog
    public let policies: PolicyTable
    /// In the order of arrival, which is causal.
    public private(set) var log: [ModelChangeset] = []
    public private(set) var vector = RevisionVector()
    public private(set) var records: [RecordAddress: RecordState] = [:]
    public private(set) var times: [Revision: Timestamp] = [:]

    public init(replica: ReplicaID, kinds: KindCatalog, policies: PolicyTable = PolicyTable()) {
        self.replica = replica
        self.kinds = kinds
        self.policies = policies
    }

    /// Writes one changeset of this copy's own.
    ///
    /// - Precondition: the edits are such as a changeset may hold together (DESIGN.md sections 4 and 5).
    @discardableResult
    public mutating func write(_ edits: [Edit], clock: Timestamp) -> ModelChangeset {
        var seen = vector
        seen[replica] = 0
        let changeset = ModelChangeset(
            revision: Revision(replica, vector[replica] + 1), seen: seen, at: nextTime(clock),
            edits: edits)
        do {
            let isValid = try isValid(changeset)
            precondition(isValid, "no changeset may hold \(changeset)")
            try integrate(changeset)
        } catch {
            preconditionFailure("a copy writes what it can integrate itself: \(error)")
        }
        return changeset
    }

    /// Takes a changeset in, unless it is here already.
    ///
    /// - Returns: whether it was new.
    @discardableResult
    public mutating func integrate(_ changeset: ModelChangeset) throws(ModelFault) -> Bool {
        if vector.contains(changeset.revision) { return false }
        guard changeset.mayFollow(vector) else {
            throw .notCausal(changeset.revision, has: vector)
        }
        var effects: [Effect] = []
        do throws(StatementLayout.Fault) {
            for edit in changeset.edits { effects += try edit.effects(in: kinds) }
        } catch { throw .layout(changeset.revision, error) }
        for effect in effects {
            records[effect.record, default: RecordState()]
                .apply(effect.edit, by: changeset.coverage)
        }
        vector.insert(changeset.revision)
        times[changeset.revision] = changeset.at
        log.append(changeset)
        return true
    }

    /// Takes what the other has and this one lacks, in the other's order of arrival.
    ///
    /// - Parameter limit: how many changesets come over before the connection breaks; nil when it holds.
    /// - Returns: how many came.
    @discardableResult
    public mutating func pull(from other: Self, limit: Int? = nil) throws(ModelFault) -> Int {
        var count = 0
        for changeset in other.log where !vector.contains(changeset.revision) {
            if count == limit { break }
            try integrate(changeset)
            count += 1
        }
        return count
    }

    /// When a revision was written.
    public func time(of revision: Revision) -> Timestamp {
        guard let time = times[revision] else {
            preconditionFailure("\(revision) is not integrated")
        }
        return time
    }

    /// The latest own time always counts, another's only while it is less than a day ahead of the clock.
    private func nextTime(_ clock: Timestamp) -> Timestamp {
        let others = times.filter {
            $0.key.replica != replica
                && $0.value.milliseconds - clock.milliseconds < Timestamp.followedAheadMs
        }
        let own = vector[replica] == 0 ? nil : time(of: Revision(replica, vector[replica]))
        return Timestamp.next(clock: clock, ownLast: own, othersLast: others.values.max())
    }

    /// Whether no record is deleted beside another edit and nothing of a record is written twice.
    private func isValid(_ changeset: ModelChangeset) throws(StatementLayout.Fault) -> Bool {
        var effects: [Effect] = []
        for edit in changeset.edits { effects += try edit.effects(in: kinds) }
        let byRecord = Dictionary(grouping: effects, by: \.record)
        return !effects.isEmpty
            && byRecord.values.allSatisfy { effects in
                let slots = effects.map(\.edit.slot)
                return Set(slots).count == slots.count
                    && (slots.count == 1 || !effects.contains { $0.edit == .delete })
            }
    }
}

/// Why a copy does not take a changeset in.
public enum ModelFault: Error, Equatable {
    case notCausal(Revision, has: RevisionVector)
    case layout(Revision, StatementLayout.Fault)
}

extension RecordEdit {
    /// The part of a record that an edit writes.
    enum Slot: Hashable {
        case creation, deletion, restoration
        case statement(String)
        case element(Element)
    }

    var slot: Slot {
        switch self {
        case .create: return .creation
        case .delete: return .deletion
        case .restore: return .restoration
        case .set(let statement, _), .reopen(let statement, _): return .statement(statement)
        case .add(let element), .remove(let element): return .element(element)
        }
    }
}
