import GRDB
import TallyCore
import TallyWire

/// A revision as a person names it: `REPLICA:NUMBER`, of the replica any beginning.
public struct RevisionName: Sendable {
    /// In lower case, not empty.
    public let prefix: String
    public let seq: Int

    /// - Returns: nil for a text that is none.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let seq = Int(parts[1]), seq >= 1, seq <= Revision.maximumSeq,
            String(seq) == parts[1], !parts[0].isEmpty
        else { return nil }
        (prefix, self.seq) = (parts[0].lowercased(), seq)
    }
}

extension DatasetAccess {
    /// The revision that a person means by `text`: `replica:seq`, where any beginning of the replica will do that leaves
    /// one revision only, as `log` prints it.
    ///
    /// A name that a revision had before a fork was repaired stays valid.
    ///
    /// - Throws: `StoreError` (`badInput`) for what is no revision, or could be several; (`noRecord`) where there is none.
    /// - Complexity: O(replicas).
    public func revision(_ text: String) throws -> RevisionInfo {
        guard let name = RevisionName(text) else {
            throw StoreError(
                .badInput, "\(JSONString.quoted(text)) is no revision",
                hint: "It is REPLICA:NUMBER, as in k3m9x2:8. See them with: tally log")
        }
        let replicas = try replicaNames().filter { $0.text.hasPrefix(name.prefix) }.sorted()
        var found: [RevisionInfo] = []
        for replica in replicas {
            guard let info = try find(Revision(replica, name.seq)) else { continue }
            if !found.contains(where: { $0.revision == info.revision }) { found.append(info) }
        }
        if found.count > 1 {
            throw StoreError(
                .badInput,
                "\(JSONString.quoted(text)) could be "
                    + found.prefix(4).map { "\($0.revision) (\($0.author)@\($0.machine))" }
                    .joined(separator: ", "),
                hint: "Give more of the replica.")
        }
        guard let info = found.first else { throw missing(text, of: replicas) }
        return info
    }

    /// Those that have written here, and the names that repaired ones had before.
    private func replicaNames() throws -> Set<ReplicaID> {
        var names = Set(replicas.rows.keys)
        try SQL("SELECT DISTINCT replica FROM tally_successor", in: db).forEach { row in
            if let replica = ReplicaID(row.text(0)) { names.insert(replica) }
        }
        return names
    }

    private func missing(_ text: String, of candidates: [ReplicaID]) -> StoreError {
        let hint: String
        if candidates.count == 1, let row = replicas.rows[candidates[0]] {
            hint = "The last of that replica is \(Revision(row.replica, row.head.seq).short)."
        } else {
            hint = "See them with: tally log. Fetch what others wrote with: tally sync"
        }
        return StoreError(
            .noRecord, "There is no revision \(JSONString.quoted(text)) here", hint: hint)
    }
}
