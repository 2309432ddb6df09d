import GRDB
import TallyCore

/// Writes the rows of an edit as records that nothing was known of before, without looking at any.
///
/// What comes of it is what ``RecordTable`` makes of the same, for the first changeset of a record has nothing to be merged
/// with. It is the way of most rows: of imports, and of the first pull of a copy.
struct RowInsertion {
    private let records: RecordTable
    private let kind: Kind
    private let sql: SQL
    private let layout: StatementLayout
    private let position: Int
    /// For each field of the edit its place among the columns beside the key.
    private let columns: [Int]
    /// The same the other way round; nil for those of which the edit does not speak.
    let sources: [Int?]

    /// - Parameter position: that of the changeset in the log.
    /// - Returns: nil for an edit that does not set whole statements of fields that are known.
    init?(
        of edit: Edit, into table: KindTable, at position: Int, in records: RecordTable
    ) throws {
        guard case .set(let fields) = edit.operation,
            let layout = try? StatementLayout(fields: fields, of: table.kind)
        else { return nil }
        let kind = table.kind
        columns = fields.compactMap { kind.position(of: $0) }
        guard columns.count == fields.count else { return nil }
        self.records = records
        self.kind = kind
        self.layout = layout
        self.position = position
        sources = kind.fields.indices.map { [columns] in columns.firstIndex(of: $0) }
        sql = try SQL(table.insert, in: records.db)
    }

    /// Whether a record that was not there is nothing more than this row.
    func isWhole(_ row: Edit.Row) -> Bool {
        layout.parts.allSatisfy { $0.positions.contains { !row.values[$0].isNull } }
    }

    /// - Returns: whether it was written; false for a record of which something is known: then nothing has happened.
    func insert(_ row: WaitingRows.Row) throws -> Bool {
        if try records.hasStates(of: kind.name),
            try records.hasState(RecordAddress(kind: kind.name, key: RecordKey(compared: row.key)))
        {
            return false
        }
        var column: Int32 = 0
        RecordKey.forEachPart(of: row.key) { part, isStatic in
            column += 1
            sql.bind(column, utf8: part, isStatic: isStatic)
        }
        row.forEachCell(sources.count) { cell in
            column += 1
            switch cell {
            case .null: sql.bindNull(column)
            case .number(let number): sql.bind(column, number)
            case .text(let text): sql.bind(column, utf8: text, isStatic: true)
            }
        }
        try sql.bind(column + 1, position).run()
        guard records.db.changesCount == 1 else { return false }
        records.noteInsertion(of: kind.name)
        return true
    }

    /// To be called before the rows that were inserted go.
    func release() { sql.clearBindings() }

    /// The row as the edit has it.
    func row(_ row: WaitingRows.Row) -> Edit.Row {
        var cells: [Value] = []
        row.forEachCell(sources.count) { cell in
            switch cell {
            case .null: cells.append(.null)
            case .number(let number): cells.append(.number(number))
            case .text(let text): cells.append(.text(String(decoding: text, as: UTF8.self)))
            }
        }
        return Edit.Row(key: RecordKey(compared: row.key), values: columns.map { cells[$0] })
    }
}
