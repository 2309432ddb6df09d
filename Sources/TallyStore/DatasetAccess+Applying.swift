import TallyCore

/// Edits of which rows wait, with what it takes to apply them.
struct UnappliedEdits {
    struct Source {
        let kind: String
        let plan: EditPlan
        let insertion: RowInsertion
        let coverage: Coverage
        let position: Int
    }

    var sources: [Source] = []
    var rows = WaitingRows()
}

extension DatasetAccess {
    /// Does what a changeset says to its records: at once, but for rows of records that may be new, which wait.
    func apply(
        _ edited: EditedRecords, at position: Int, by coverage: Coverage, insertsNew: Bool = true
    ) throws {
        let edits = edited.edits
        let plans = edits.map { EditPlan($0, kind: kinds[$0.kind]) }
        var sources: [Int?] = []
        for (edit, plan) in zip(edits, plans) {
            let insertion = insertsNew ? try records.insertion(of: edit, at: position) : nil
            sources.append(insertion.map { _ in unapplied.sources.count })
            guard let insertion else { continue }
            unapplied.sources.append(
                UnappliedEdits.Source(
                    kind: edit.kind, plan: plan, insertion: insertion, coverage: coverage,
                    position: position))
        }
        var others: [ArraySlice<EditedRecords.Part>] = []
        edited.forEach { parts in
            guard let part = parts.first else { return }
            let row = edits[part.edit].rows[part.row]
            guard parts.count == 1, let source = sources[part.edit],
                unapplied.sources[source].insertion.isWhole(row)
            else { return others.append(parts) }
            unapplied.rows.append(
                row, from: source, columns: unapplied.sources[source].insertion.sources)
        }
        if !others.isEmpty { try settle() }
        for parts in others {
            guard let first = parts.first else { continue }
            let own = parts.flatMap { plans[$0.edit].recordEdits(of: edits[$0.edit].rows[$0.row]) }
            let address = RecordAddress(
                kind: edits[first.edit].kind, key: edits[first.edit].rows[first.row].key)
            try apply(own, to: address, by: coverage, at: position)
        }
        if unapplied.rows.isFull { try settle() }
    }

    /// Applies what waits: before records are read, and at the end.
    ///
    /// - Complexity: O(rows × log changesets) comparisons, and one walk through the table.
    func settle() throws {
        let now = unapplied
        unapplied = UnappliedEdits()
        guard !now.rows.isEmpty else { return }
        let names = Set(now.sources.map(\.kind)).sorted { $0.precedesInBytes($1) }
        let order = now.sources.map { names.firstIndex(of: $0.kind) ?? 0 }
        // What is bound lies in the rows.
        defer { for source in now.sources { source.insertion.release() } }
        try now.rows.forEach(orderedBy: order) { row in
            let source = now.sources[row.source]
            if try source.insertion.insert(row) { return }
            let edits = source.plan.recordEdits(of: source.insertion.row(row))
            try apply(
                edits, to: source.insertion.address(of: row), by: source.coverage,
                at: source.position)
        }
        try noteCounts()
    }

    /// Loads a record, edits it and saves it: once, whatever a changeset does to it.
    private func apply(
        _ edits: [RecordEdit], to address: RecordAddress, by author: Coverage, at position: Int
    ) throws {
        let old = try records.load(address)
        var state = old.state
        for edit in edits { state.apply(edit, by: author) }
        try records.save(address, from: old, to: state, touchedAt: position)
    }
}
