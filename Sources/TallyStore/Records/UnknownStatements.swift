import TallyCore

extension DatasetAccess {
    /// Refuses to settle a conflict over a field of a newer version that its writers have set together with others: they
    /// may mean something only together, and no reader of that version would take one of them alone.
    ///
    /// - Throws: `StoreError` (`badInput`), naming the fields.
    /// - Complexity: O(changesets of the sides).
    public func requireWholeStatement(of conflict: Conflict) throws {
        let (record, field) = (conflict.record, conflict.statement)
        guard field != Conflict.existenceName,
            kinds[record.kind]?.statement(of: field) == nil
        else { return }
        for revision in conflict.sides.flatMap(\.revisions) {
            let changeset = try changeset(at: info(of: revision).position)
            let others = changeset.fieldsWritten(with: field, of: record).filter {
                kinds[record.kind]?.field($0) == nil
            }
            guard !others.isEmpty else { continue }
            throw StoreError(
                .badInput,
                "\(field) of \(record) is of a newer version of Tally, and was set together with "
                    + "\(others.sorted().joined(separator: ", ")); nothing was written",
                hint: "Settle it with that version: it knows what belongs together.")
        }
    }
}

extension Changeset {
    /// The other fields that it names in one edit with a field of a record.
    fileprivate func fieldsWritten(with field: String, of record: RecordAddress) -> Set<String> {
        var names: Set<String> = []
        for edit in edits where edit.kind == record.kind {
            switch edit.operation {
            case .set(let fields), .reopen(let fields):
                guard fields.contains(field), edit.rows.contains(where: { $0.key == record.key })
                else { continue }
                names.formUnion(fields)
            default: continue
            }
        }
        names.remove(field)
        return names
    }
}
