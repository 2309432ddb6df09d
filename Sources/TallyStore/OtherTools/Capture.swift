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
    private var captured = Captured()

    /// - Parameter workplace: nil to set everything back.
    init(_ db: Database, of dataset: Dataset, workplace: Workplace?) {
        self.db = db
        self.dataset = dataset.id
        kinds = dataset.kinds
        path = dataset.path
        self.workplace = workplace
    }

    static let message = "edited with another tool"

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
            if try hasTyped() { try access.checkOwner(of: path, workplace) }
            let editor = try DatasetEditor(
                access, workplace: workplace,
                authoring: Authoring(message: message ?? Self.message))
            defer { editor.release() }
            try forEachTyped { capture, row in try capture.take(row, editor) }
            captured.written = try editor.finish()
        } else {
            try forEachTyped { capture, row in
                if row.cells != nil {
                    try capture.refuse(row, "at a hub nothing is edited", access)
                }
            }
        }
        for kind in kinds.all { try db.execute(sql: BeforeTable(kind).dropTyped) }
        try TableParts.note(in: db)
        return captured
    }

    private mutating func repairTables() throws {
        let broken = try TableParts.broken(in: db, kinds: kinds)
        guard !broken.isEmpty else { return }
        let repair = try TableRepair(broken, in: db, kinds: kinds)
        let access = try DatasetAccess(db, dataset: dataset, kinds: kinds)
        try repair.replay(in: access, isInterrupted: workplace?.isInterrupted ?? { false }) { row in
            try refuse(row, "several rows have this key, or it is not whole", access)
        }
        captured.rebuilt = repair.rebuilt
    }

    private func hasTyped() throws -> Bool {
        try kinds.all.contains { kind in
            try SQL(BeforeTable(kind).selectTyped + " LIMIT 1", in: db).first { _ in true } ?? false
        }
    }

    private mutating func forEachTyped(_ body: (inout Capture, TypedRow) throws -> Void) throws {
        for kind in kinds.all {
            let sql = try SQL(BeforeTable(kind).selectTyped, in: db)
            defer { sql.reset() }
            while try sql.step() {
                try body(
                    &self, TypedRow((0..<sql.columnCount).map { sql.typedValue($0) }, of: kind))
            }
        }
    }

    // MARK: One record

    private mutating func take(_ row: TypedRow, _ editor: DatasetEditor) throws {
        do {
            if let key = row.typedKey {
                let address = RecordAddress(kind: row.kind.name, key: key)
                let view = try editor.reading.view(address)
                if view.isVisible { return try change(view, to: row, editor) }
            }
            if row.cells != nil { try add(row, editor) }
        } catch let fault as InputFault {
            try refuse(row, fault.message, editor.reading)
        }
    }

    private mutating func change(
        _ view: RecordView, to row: TypedRow, _ editor: DatasetEditor
    ) throws {
        guard row.cells != nil else {
            try editor.edit(view.address, [.delete])
            captured.deleted += 1
            return captured.settle(view.conflicts)
        }
        let change = try RecordChange(row.input(over: view.row), to: view)
        guard !change.edits.isEmpty else { return }
        try editor.edit(view.address, change.edits)
        captured.changed += 1
        captured.settle(change.settled)
    }

    private mutating func add(_ row: TypedRow, _ editor: DatasetEditor) throws {
        let address = RecordAddress(kind: row.kind.name, key: try row.checkedKey())
        let view = try editor.reading.view(address)
        // The tool wrote the key in another form, as a month 2023-M12.
        guard try !view.isVisible && !editor.hasEdited(address) else {
            throw InputFault(
                field: row.kind.key[0].name, "the key is that of \(address), which is there already"
            )
        }
        let input = try row.input(over: nil)
        try input.check(beside: [:])
        try editor.edit(
            address, view.isGone ? input.editsOverDeleted(view.state) : input.editsOfNew)
        captured.added += 1
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
