import TallyCore
import TallyWire

extension DatasetEditor {
    /// Edits every record that a deed edited so that what the record still has of it is put back.
    ///
    /// - Parameter progress: told how many rows have been looked at.
    /// - Precondition: this transaction has edited none of these records.
    /// - Complexity: O(rows of the deed) for records that it alone edited; for others beside that the rows of the
    ///   changesets that edited them, each read once for every changeset of the deed. Memory for one changeset of the deed
    ///   and what the histories say of its records.
    public func undo(_ deed: Deed, progress: (Int) -> Void = { _ in }) throws -> UndoReport {
        let access = reading
        let undo = Undo(
            deed.revisions, kinds: access.kinds, policies: access.records.policies)
        var report = UndoReport()
        var rowCount = 0
        for info in deed.infos {
            var shared: [RecordAddress] = []
            for address in try access.changeset(at: info.position).records {
                rowCount += 1
                progress(rowCount)
                if try access.isAdded(address, byNothingBut: info.position) {
                    try edit(address, [.delete])
                    report.add([.delete], of: address)
                } else {
                    shared.append(address)
                }
            }
            for history in try access.histories(of: shared) {
                // A record that several parts of a group edited is put back with the last of them.
                let own = history.entries.last { undo.undone.contains($0.revision) }
                guard own?.info.position == info.position else { continue }
                let inverse = undo.inverse(of: history)
                try edit(history.address, inverse.edits)
                try report.add(inverse, of: history.address, access.info(of:))
            }
        }
        return report
    }
}

extension DatasetAccess {
    /// What would take revisions back from one record.
    ///
    /// - Complexity: O(rows of the changesets that edited it).
    public func inverse(of address: RecordAddress, undoing revisions: Set<Revision>) throws
        -> Inverse
    {
        try Undo(revisions, kinds: kinds, policies: records.policies)
            .inverse(of: history(of: address))
    }

    /// Whether a record is there, and the changeset at the position is all that was ever said of it: then the row names it,
    /// and no history has to be read.
    fileprivate func isAdded(_ address: RecordAddress, byNothingBut position: Int) throws -> Bool {
        guard let row = try records.row(of: address), abs(row.rev) == position else { return false }
        return try positions(of: address) == [position]
    }
}

extension Undo {
    fileprivate func inverse(of history: RecordHistory) -> Inverse {
        let times = Dictionary(
            history.entries.map { ($0.revision, $0.info.at) },
            uniquingKeysWith: { first, _ in first })
        let steps = history.entries.map { RecordStep($0.coverage, $0.edits) }
        return inverse(of: history.address, steps) { revision in
            guard let time = times[revision] else {
                preconditionFailure("an undo asks only for the record's own revisions")
            }
            return time
        }
    }
}

extension Changeset {
    /// The records that it edits, each once, in the order in which it first names them.
    fileprivate var records: [RecordAddress] {
        var seen: Set<RecordAddress> = []
        return edits.flatMap { edit in
            edit.rows.compactMap { row in
                let address = RecordAddress(kind: edit.kind, key: row.key)
                return seen.insert(address).inserted ? address : nil
            }
        }
    }
}
