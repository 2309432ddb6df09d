import TallyCore
import TallyWire

extension DatasetEditor {
    /// Edits every record that a deed edited so that what the record still has of it is put back.
    ///
    /// Records to which only what imports had written is put back are in changesets that are marked as imports, so that a
    /// later import may write there (DESIGN.md section 4, Importing); so are those from which an import is taken back and
    /// nothing put in its place.
    ///
    /// - Parameter progress: told how many rows have been looked at.
    /// - Precondition: this transaction has edited none of these records.
    /// - Complexity: O(rows of the deed) for records that it alone edited. Of the others the changesets that edited them are
    ///   read, each once for every changeset of the deed with which it shares records: near linear where both have the
    ///   records in one order, the product where they have not; and with each lot of histories the index of what their
    ///   replicas had seen. Memory for one changeset of the deed and the histories of some of its records.
    public func undo(_ deed: Deed, progress: (Int) -> Void = { _ in }) throws -> UndoReport {
        let access = reading
        let undo = Undo(
            deed.revisions, kinds: access.kinds, policies: access.records.policies)
        var report = UndoReport()
        var rowCount = 0
        for info in deed.infos {
            var shared: [RecordAddress] = []
            var stepCount = 0
            for address in try access.changeset(at: info.position).records {
                rowCount += 1
                progress(rowCount)
                let positions = try access.positions(of: address)
                if positions == [info.position], try access.records.row(of: address) != nil {
                    // Nobody else has said a word of it, and it is there: no history has to be read.
                    try edit(address, [.delete], isImport: info.isImport)
                    report.add([.delete], of: address)
                    continue
                }
                shared.append(address)
                stepCount += positions.count
                if stepCount >= RecordHistory.stepsAtOnce {
                    try self.undo(undo, info, in: shared, &report)
                    (shared, stepCount) = ([], 0)
                }
            }
            try self.undo(undo, info, in: shared, &report)
        }
        return report
    }

    private func undo(
        _ undo: Undo, _ part: RevisionInfo, in records: [RecordAddress], _ report: inout UndoReport
    ) throws {
        for history in try reading.histories(of: records) {
            // A record that several parts of a group edited is put back with the last of them.
            let own = history.entries.last { undo.undone.contains($0.revision) }
            guard own?.info.position == part.position else { continue }
            let inverse = undo.inverse(of: history)
            let imports = Set(history.entries.filter(\.info.isImport).map(\.revision))
            let isImported =
                inverse.sources.isEmpty
                ? part.isImport : inverse.sources.isSubset(of: imports)
            try edit(history.address, inverse.edits, isImport: isImported)
            try report.add(inverse, of: history.address, reading.info(of:))
        }
    }
}

extension Undo {
    func inverse(of history: RecordHistory) -> Inverse {
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
