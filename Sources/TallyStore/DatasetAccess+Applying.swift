import GRDB
import TallyCore

/// What has been appended to the log and is not applied yet.
struct UnappliedEdits {
    struct Source {
        let kind: String
        let coverage: Coverage
        let position: Int
        let way: Way
    }

    enum Way {
        /// Rows of an edit, each of a record that may be new.
        case insert(RowInsertion, EditPlan)
        /// What is to happen to one record.
        case edit([RecordEdit])
    }

    var rows = WaitingRows()
    var sources: [Source] = []
}

extension DatasetAccess {
    /// Does what a changeset says to its records, some time until ``settle()`` has been called.
    func apply(
        _ edited: EditedRecords, at position: Int, by coverage: Coverage, insertsNew: Bool = true
    ) throws {
        let edits = edited.edits
        let plans = edits.map { EditPlan($0, kind: kinds[$0.kind]) }
        let insertions = try edits.map {
            insertsNew ? try records.insertion(of: $0, at: position) : nil
        }
        func add(_ way: UnappliedEdits.Way, of edit: Int) -> Int {
            unapplied.rows.note(byteCount: 512 + 64 * coverage.seen.count)
            unapplied.sources.append(
                UnappliedEdits.Source(
                    kind: edits[edit].kind, coverage: coverage, position: position, way: way))
            return unapplied.sources.count - 1
        }
        var sources: [Int?] = edits.map { _ in nil }
        edited.forEach { parts in
            guard let first = parts.first else { return }
            let row = edits[first.edit].rows[first.row]
            if parts.count == 1, let insertion = insertions[first.edit], insertion.isWhole(row) {
                let source =
                    sources[first.edit]
                    ?? add(.insert(insertion, plans[first.edit]), of: first.edit)
                sources[first.edit] = source
                return unapplied.rows.append(row, from: source, columns: insertion.sources)
            }
            let own = parts.flatMap { plans[$0.edit].recordEdits(of: edits[$0.edit].rows[$0.row]) }
            let address = RecordAddress(kind: edits[first.edit].kind, key: row.key)
            unapplied.rows.append(row.key, from: add(.edit(own), of: first.edit))
            unapplied.rows.note(byteCount: PendingEdits.byteCount(of: own, to: address))
        }
        if unapplied.rows.isFull { try settle() }
    }

    /// Applies what waits: before records are read that it may edit, and at the end. Where it fails the transaction must, too:
    /// the log has what the records have not.
    ///
    /// - Complexity: O(records × log changesets) comparisons, and one walk through the tables.
    func settle() throws {
        let now = unapplied
        unapplied = UnappliedEdits(rows: WaitingRows(after: now.rows))
        guard now.rows.count > 0 else { return }
        let kinds = Set(now.sources.map(\.kind)).sorted { $0.precedesInBytes($1) }
        let order = now.sources.map { kinds.firstIndex(of: $0.kind) ?? 0 }
        try withFewPages(when: now.rows.count >= Self.manyRows) {
            // What is bound lies in the rows.
            defer { for case .insert(let own, _) in now.sources.map(\.way) { own.release() } }
            try now.rows.forEach(orderedBy: order) { try settle($0, now.sources[$0.source]) }
        }
        try noteCounts()
    }

    private func settle(_ row: WaitingRows.Row, _ source: UnappliedEdits.Source) throws {
        let edits: [RecordEdit]
        switch source.way {
        case .insert(let insertion, let plan):
            if try insertion.insert(row) { return }
            edits = plan.recordEdits(of: insertion.row(row))
        case .edit(let own): edits = own
        }
        let address = RecordAddress(kind: source.kind, key: RecordKey(compared: row.key))
        let old = try records.load(address, withRow: false)
        var state = old.state
        for edit in edits { state.apply(edit, by: source.coverage) }
        try records.save(address, from: old, to: state, touchedAt: source.position)
    }

    /// A walk through a table comes by each page once: they need not be kept in memory.
    private func withFewPages(when isWalk: Bool, _ body: () throws -> Void) throws {
        let pragma = "PRAGMA cache_size"
        guard isWalk, let size = try Int.fetchOne(db, sql: pragma) else { return try body() }
        try db.execute(sql: "\(pragma) = -2048")
        defer { try? db.execute(sql: "\(pragma) = \(size)") }
        try body()
    }

    private static let manyRows = 10_000
}
