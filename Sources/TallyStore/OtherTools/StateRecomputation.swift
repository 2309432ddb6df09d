import GRDB
import TallyCore
import TallyWire

/// Computes the records of some kinds anew from the log, into their empty tables.
struct StateRecomputation {
    let access: DatasetAccess
    let kinds: Set<String>

    /// - Precondition: the tables of the kinds hold no row.
    /// - Complexity: O(log); memory does not grow with it.
    func run(isInterrupted: () -> Bool) throws {
        for kind in kinds {
            for table in ["tally_state", "tally_touch", "tally_conflict"] {
                try SQL("DELETE FROM \(table) WHERE kind = ?", in: access.db).bind(1, kind).run()
            }
            try access.removeMeta(DatasetAccess.countName(kind))
        }
        var seen: [ReplicaID: RevisionVector] = [:]
        var position = 0
        while let next = try access.log.position(after: position) {
            position = next
            if isInterrupted() { throw StoreError.interrupted }
            var changeset = try access.changeset(at: position)
            let revision = changeset.revision
            for name in changeset.seen {
                seen[revision.replica, default: RevisionVector()].insert(name.revision)
            }
            changeset.edits.removeAll { !kinds.contains($0.kind) }
            let coverage = Coverage(of: revision, seen: seen[revision.replica] ?? RevisionVector())
            // Record by record, so that the shorter way of records that are new is checked by it.
            try access.apply(
                EditedRecords(changeset.edits), at: position, by: coverage, insertsNew: false)
        }
        try access.settle()
        try access.records.reconsider()
    }
}
