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
    /// For each column beside the key where its value stands in a row; nil for those of which the edit does not speak.
    private let sources: [Int?]

    /// - Parameter position: that of the changeset in the log.
    /// - Returns: nil for an edit that does not set whole statements of fields that are known.
    init?(
        of edit: Edit, into table: KindTable, at position: Int, in records: RecordTable
    ) throws {
        guard case .set(let fields) = edit.operation,
            let layout = try? StatementLayout(fields: fields, of: table.kind)
        else { return nil }
        let kind = table.kind
        let positions = fields.compactMap { kind.position(of: $0) }
        guard positions.count == fields.count else { return nil }
        self.records = records
        self.kind = kind
        self.layout = layout
        self.position = position
        sources = kind.fields.indices.map { positions.firstIndex(of: $0) }
        sql = try SQL(table.insert, in: records.db)
    }

    /// - Returns: whether it was written; false for a record of which something is known, or that needs more than a row: then
    ///   nothing has happened.
    func insert(_ row: Edit.Row) throws -> Bool {
        guard layout.parts.allSatisfy({ $0.positions.contains { !row.values[$0].isNull } }),
            try !records.hasState(RecordAddress(kind: kind.name, key: row.key))
        else { return false }
        sql.bind(row.key)
        var column = Int32(kind.key.count)
        for source in sources {
            column += 1
            if let source { sql.bind(column, row.values[source]) } else { sql.bindNull(column) }
        }
        try sql.bind(column + 1, position).run()
        guard records.db.changesCount == 1 else { return false }
        records.noteInsertion(of: kind.name)
        return true
    }
}
