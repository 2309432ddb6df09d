import GRDB
import TallyCore
import TallyWire

/// What somebody had integrated who writes now, or reads what was there then: a spreadsheet that was exported and comes back.
extension DatasetAccess {
    /// What a new changeset of `replica` names as seen, that has seen no more than `horizon`; everything here where it is nil.
    func news(
        for replica: ReplicaID, within horizon: RevisionVector?
    ) throws -> [Changeset.Seen] {
        guard let horizon else { return replicas.news(for: replica) }
        let known = replicas.rows[replica]?.seen ?? RevisionVector()
        return try horizon.replicas.filter { $0 != replica && horizon[$0] > known[$0] }.map {
            let revision = Revision($0, horizon[$0])
            return Changeset.Seen(revision: revision, hash: try revisions.info(of: revision).hash)
        }
    }

    /// Whether all that a replica had integrated at its last changeset, and that one itself, is within `horizon`.
    func hasSeenNoMore(than horizon: RevisionVector, _ replica: ReplicaID) -> Bool {
        guard let row = replicas.rows[replica] else { return true }
        return horizon[replica] >= row.head.seq
            && row.seen.replicas.allSatisfy { horizon[$0] >= row.seen[$0] }
    }

    /// What tells whether another copy means the same by a vector: 8 characters of SHA-256 over `replica:seq:hash` a line.
    ///
    /// - Throws: `StoreError` when something that it names is not here, or is no state that a copy can have had.
    /// - Complexity: O(replicas), and once the index of what they had seen.
    public func fingerprint(of vector: RevisionVector) throws -> String {
        var (text, whole) = ("", vector)
        for replica in vector.replicas {
            let revision = Revision(replica, vector[replica])
            guard let info = try revisions.find(revision) else { throw try missing(revision) }
            text += "\(revision):\(info.hash)\n"
            whole.merge(try coverage(of: revision).seen)
        }
        guard whole == vector else {
            throw StoreError(
                .badInput, "\(vector) leaves out what its own revisions had seen",
                hint: "No copy was ever in that state.")
        }
        return ChangesetHash(of: Array(text.utf8)).base32Prefix(characters: 8)
    }

    private func missing(_ revision: Revision) throws -> StoreError {
        if try find(revision) != nil {
            return StoreError(
                .badInput, "\(revision.short) has another name since a fork was repaired",
                hint: "Export again, and carry over what you have changed.")
        }
        return StoreError(
            .noRecord, "\(revision.short) is not here yet", hint: "Fetch it first: tally sync")
    }
}

/// A record at an earlier moment and now.
public struct RecordSince: Sendable {
    public let then: RecordView
    public let now: RecordView
    /// What was done to it since, in order of arrival.
    public let steps: [RecordHistory.Entry]

    /// Whether a value of a statement was written since, whatever came after it.
    public func wasSaid(_ statement: String, _ value: [Value]) -> Bool {
        steps.contains { $0.edits.contains(.set(statement: statement, value: value)) }
    }
}

extension DatasetAccess {
    /// Some records as they were when no more than `horizon` had been integrated, and as they are; in their order.
    ///
    /// - Parameter policies: those by which what was there then is judged: of then, by which an export has shown it.
    /// - Complexity: O(records), and for those that were edited since as `histories(of:)`.
    public func records(
        _ addresses: [RecordAddress], since horizon: RevisionVector,
        judgedBy policies: PolicyTable
    ) throws -> [RecordSince] {
        let now = try addresses.map(view)
        // Each edit leaves a version of its revision until one that has seen it leaves its own: nothing of later revisions is
        // there only where there were none.
        let edited = now.indices.filter { index in
            !now[index].state.revisions.allSatisfy(horizon.contains)
        }
        let histories = try histories(of: edited.map { addresses[$0] })
        let entries = Dictionary(uniqueKeysWithValues: zip(edited, histories))
        return try judging(by: policies) {
            try now.enumerated().map { index, view in
                let history = entries[index]
                let state = history?.state { horizon.contains($0.revision) } ?? view.state
                return RecordSince(
                    then: try self.view(view.address, in: state), now: view,
                    steps: history?.entries.filter { !horizon.contains($0.revision) } ?? [])
            }
        }
    }

    /// The conflicts that a record would have after edits of somebody who had seen no more than `horizon`.
    public func conflicts(
        of view: RecordView, after edits: [RecordEdit], asOf horizon: RevisionVector
    ) throws -> [Conflict] {
        guard let nobody = ReplicaID(String(repeating: "z", count: 16)) else { return [] }
        let revision = Revision(nobody, 1)
        var state = view.state
        for edit in edits { state.apply(edit, by: Coverage(of: revision, seen: horizon)) }
        let known = try revisions.times(of: view.state)
        return state.conflicts(of: view.address, in: kinds, policies: records.policies) {
            $0 == revision ? Timestamp(milliseconds: .max) : known($0)
        }
    }

    private func judging<Result>(
        by policies: PolicyTable, _ body: () throws -> Result
    ) rethrows -> Result {
        let own = records.policies
        records.policies = policies
        defer { records.policies = own }
        return try body()
    }

    /// The policies that held then.
    ///
    /// - Complexity: O(settings) where one has been edited since.
    public func policies(asOf horizon: RevisionVector) throws -> PolicyTable {
        let edited = try positions(
            between: .vector(horizon), and: .now, kind: PolicySettings.kind)
        guard !edited.isEmpty else { return records.policies }
        var names: Set<String> = []
        try SQL("SELECT name FROM setting", in: db).forEach { names.insert($0.text(0)) }
        try SQL("SELECT key FROM tally_state WHERE kind = ?", in: db).bind(1, PolicySettings.kind)
            .forEach { row in
                if let name = RecordKey(json: row.text(0))?.parts.first { names.insert(name) }
            }
        var table = PolicyTable()
        for name in names.sorted() {
            guard let (kind, statement) = PolicySettings.target(of: name, kinds: kinds) else {
                continue
            }
            let address = RecordAddress(kind: PolicySettings.kind, key: RecordKey([name]))
            let state = try history(of: address).state { horizon.contains($0.revision) }
            let value = try view(address, in: state).row?.values["value"]?.text
            if let policy = value.flatMap(Policy.init(rawValue:)) {
                table[kind, statement] = policy
            }
        }
        return table
    }
}
