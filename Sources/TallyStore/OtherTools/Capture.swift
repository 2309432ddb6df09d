import GRDB
import TallyCore
import TallyWire

/// Takes what other tools have written since Tally last wrote the file, as one deed (DESIGN.md section 7).
///
/// The rows are first put back as they were; then the net difference is written like any other edit. So nothing that a
/// tool did to a row, nor in which order, matters but what came of it, and what the file pulls next is never taken for
/// seen by the edit.
struct Capture {
    private let db: Database
    private let dataset: DatasetID
    private let kinds: KindCatalog
    private let workplace: Workplace?
    private let path: String
    private let isMine: Bool
    private var captured = Captured()
    private var editor: DatasetEditor?

    /// - Parameters:
    ///   - workplace: nil to set everything back.
    ///   - isMine: whether the edits are this person's, whoever wrote the file last.
    init(_ db: Database, of dataset: Dataset, workplace: Workplace?, isMine: Bool) {
        self.db = db
        self.dataset = dataset.id
        kinds = dataset.kinds
        path = dataset.path
        self.workplace = workplace
        self.isMine = isMine
    }

    static let message = "edited with another tool"

    /// To be called when the transaction has ended, however it did.
    func release() { editor?.release() }

    /// - Precondition: the transaction has written nothing yet.
    /// - Complexity: O(records that other tools wrote); O(log) where a table was made anew.
    mutating func run(message: String?) throws -> Captured {
        try repairTables()
        // Settings among them are in force only when they have been taken.
        for kind in kinds.all {
            for statement in BeforeTable(kind).takeAll { try db.execute(sql: statement) }
        }
        let access = try DatasetAccess(db, dataset: dataset, kinds: kinds)
        if let workplace {
            if !isMine, try hasTyped() { try access.checkOwner(of: path, workplace) }
            let editor = try DatasetEditor(
                access, workplace: workplace,
                authoring: Authoring(message: message ?? Self.message))
            self.editor = editor
            for kind in kinds.all { try take(kind, editor) }
        } else {
            for kind in kinds.all { try setBack(kind, access) }
        }
        for kind in kinds.all { try db.execute(sql: BeforeTable(kind).dropTyped) }
        try TableParts.note(in: db)
        if let editor { captured.written = try editor.finish() }
        return captured
    }

    private mutating func repairTables() throws {
        let broken = try TableParts.broken(in: db, kinds: kinds)
        guard !broken.isEmpty else { return }
        var repair = try TableRepair(broken, in: db, kinds: kinds)
        let access = try DatasetAccess(db, dataset: dataset, kinds: kinds)
        let isInterrupted = workplace?.isInterrupted ?? { false }
        try repair.replay(in: access, isInterrupted: isInterrupted) { row, reason in
            try refuse(row, reason, access)
        }
        captured.rebuilt = repair.rebuilt
    }

    private func hasTyped() throws -> Bool {
        try kinds.all.contains { kind in
            try SQL(BeforeTable(kind).hasTyped, in: db).first { $0.integer(0) } == 1
        }
    }

    private mutating func forEachTyped(
        of kind: Kind, rowsAreThere: Bool, _ body: (inout Capture, TypedRow) throws -> Void
    ) throws {
        let sql = try SQL(BeforeTable(kind).selectTyped(rowsAreThere: rowsAreThere), in: db)
        defer { sql.reset() }
        while try sql.step() {
            let values = (0..<sql.columnCount).map { sql.typedValue($0) }
            try body(&self, TypedRow(values, of: kind))
        }
    }

    /// Rows that a tool deleted are there again.
    private mutating func setBack(_ kind: Kind, _ access: DatasetAccess) throws {
        try forEachTyped(of: kind, rowsAreThere: true) { capture, row in
            try capture.refuse(row, "at a hub nothing is edited", access)
        }
    }

    // MARK: One record

    /// Rows that are there come first: what becomes of one that is gone depends on them, where a key was changed.
    private mutating func take(_ kind: Kind, _ editor: DatasetEditor) throws {
        var keys = KeyChanges()
        try forEachTyped(of: kind, rowsAreThere: true) { capture, row in
            let refused = capture.captured.refusedCount
            do {
                try capture.take(row, &keys, editor)
            } catch let fault as InputFault {
                try capture.refuse(row, fault.message, editor.reading)
            } catch let error as StoreError where error.code == .badInput {
                try capture.refuse(row, error.message, editor.reading)
            }
            if capture.captured.refusedCount > refused, try capture.visible(row, editor) == nil {
                keys.refuse(row)
            }
        }
        try forEachTyped(of: kind, rowsAreThere: false) { capture, row in
            try capture.delete(row, &keys, editor)
        }
    }

    private mutating func take(
        _ row: TypedRow, _ keys: inout KeyChanges, _ editor: DatasetEditor
    ) throws {
        if let view = try visible(row, editor) { return try change(view, to: row, editor) }
        let key = try row.checkedKey()
        let view = try editor.reading.view(RecordAddress(kind: row.kind.name, key: key))
        guard try view.isVisible || editor.hasEdited(view.address) else {
            return try add(row, to: view, editor)
        }
        // The tool wrote the key in another form, as a month 2023-M12: of this row, or of another that is there.
        guard view.isVisible, try isTakenAway(key, row.kind), keys.goOn(with: key) else {
            throw InputFault(
                field: row.kind.key[0].name,
                "the key is that of \(view.address), which is there already")
        }
        try change(view, to: row, editor)
    }

    /// The record of exactly the typed key; nil where there is none.
    private func visible(_ row: TypedRow, _ editor: DatasetEditor) throws -> RecordView? {
        guard let key = row.typedKey else { return nil }
        let view = try editor.reading.view(RecordAddress(kind: row.kind.name, key: key))
        return view.isVisible ? view : nil
    }

    private func isTakenAway(_ key: RecordKey, _ kind: Kind) throws -> Bool {
        try bound(BeforeTable(kind).isTakenAway, to: key).first { $0.integer(0) } == 1
    }

    private func bound(_ sql: String, to key: RecordKey) throws -> SQL {
        let sql = try SQL(sql, in: db)
        sql.bind(key)
        return sql
    }

    private mutating func change(
        _ view: RecordView, to row: TypedRow, _ editor: DatasetEditor
    ) throws {
        let change = try RecordChange(row.input(over: view.row), to: view, in: kinds)
        guard !change.edits.isEmpty else { return }
        try editor.edit(view.address, change.edits)
        captured.changed += 1
        captured.settle(change.settled)
    }

    private mutating func add(
        _ row: TypedRow, to view: RecordView, _ editor: DatasetEditor
    ) throws {
        let input = try row.input(over: nil)
        try input.check(of: view.address, beside: [:], in: kinds)
        try editor.edit(
            view.address, view.isGone ? input.editsOverDeleted(view.state) : input.editsOfNew)
        captured.added += 1
    }

    private mutating func delete(
        _ row: TypedRow, _ keys: inout KeyChanges, _ editor: DatasetEditor
    ) throws {
        guard let view = try visible(row, editor) else { return }
        let stays = try keys.keep(row) {
            try bound(BeforeTable(row.kind).selectCells, to: view.address.key).first { cells in
                (0..<cells.columnCount).map { cells.typedValue($0) }
            } ?? []
        }
        if stays { return }
        try editor.edit(view.address, [.delete])
        captured.deleted += 1
        captured.settle(view.conflicts)
    }

    private mutating func refuse(
        _ row: TypedRow, _ reason: String, _ access: DatasetAccess
    ) throws {
        let record = row.typedKey.map { RecordAddress(kind: row.kind.name, key: $0).text }
        let refusal = RefusedRow(kind: row.kind.name, record: record, reason: reason)
        try RefusalTable(access: access)
            .insert(refusal, typed: row.columns, at: workplace?.clock())
        captured.refuse(refusal)
    }
}
