import TallyCore

/// How the table of a kind looks: the fields as columns, clustered by the key, `tally_rev` last.
///
/// Layouts tried, against a rowid table with a unique index on the key (Benchmarks/layouts; 200,000 · 1,000,000 rows in the
/// order of publication, one transaction; time is processor time):
///
/// ```
///                                                   time          size
/// rowid table, rows sorted by key                   0.74 · 0.68   1.01 · 1.01
/// WITHOUT ROWID, in the order they come             1.01 · 1.12   0.69 · 0.69
/// WITHOUT ROWID, sorted by 10,000: a changeset      0.93 · 0.98   0.68 · 0.69
/// WITHOUT ROWID, sorted by 100,000                  0.70 · 0.71   0.68 · 0.68   ← this one: `WaitingRows`
/// WITHOUT ROWID, all sorted                         0.58 · 0.62   0.69 · 0.69
/// with tally_rev, sorted by 10,000                  0.81 · 1.08   0.70 · 0.70
/// pages of 8,192 · 16,384                           0.66 · 0.89   0.68 · 0.68
/// codes as numbers, behind a view                   1.29 · 1.98   0.42 · 0.42   no table for other tools
/// with an index (partner, product)                  1.24          1.03          each index carries the key
/// with a sample of the keys (ANALYZE)               0.84          0.70          and partner alone is a search
/// ```
/// So: clustered, rows sorted by as many as fit into memory, pages of 4,096, no index beside the key, a sample of the keys
/// after many records.
///
/// `tally_rev` is the position of the changeset that wrote all of the record (negative when it wrote over values that
/// were there before), 0 when the record's versions stand in `tally_state`, NULL when another tool inserted the row.
struct KindTable {
    let kind: Kind
    /// Key fields, then the others.
    let columns: [Kind.Field]

    /// The table, then its indices.
    var create: [String] {
        let definitions = columns.map { field in
            let type = field.type == .number ? "REAL" : "TEXT"
            return "\(field.name.sqlName) \(type)"
                + (kind.isKeyField(field.name) ? " NOT NULL" : "")
        }
        let key = kind.key.map(\.name.sqlName).joined(separator: ", ")
        let table = """
            CREATE TABLE \(kind.name.sqlName) (\(definitions.joined(separator: ", ")), \
            tally_rev INTEGER DEFAULT NULL, PRIMARY KEY (\(key))) WITHOUT ROWID
            """
        return [table]
            + zip(indexNames, kind.indexes).map { name, fields in
                let columns = fields.map(\.sqlName).joined(separator: ", ")
                return "CREATE INDEX \(name.sqlName) ON \(kind.name.sqlName) (\(columns))"
            }
    }

    var indexNames: [String] {
        kind.indexes.map { ([kind.name] + $0).joined(separator: "_") }
    }

    /// `INSERT OR REPLACE`, columns in order, `tally_rev` last.
    let upsert: String
    /// The same, but a row that is there stays.
    let insert: String
    let selectOne: String
    let delete: String
    /// The columns in order, without `tally_rev`.
    let columnList: String
    private let order: String
    /// What is read from: the table, or its rows as they were before other tools wrote any.
    private let rows: String

    /// - Parameter isEditedElsewhere: what other tools wrote to the table is not taken yet, and is not read.
    init(_ kind: Kind, isEditedElsewhere: Bool = false) {
        self.kind = kind
        columns = kind.key + kind.fields
        let table = kind.name.sqlName
        columnList = columns.map(\.name.sqlName).joined(separator: ", ")
        order = kind.key.map(\.name.sqlName).joined(separator: ", ")
        rows = isEditedElsewhere ? "(\(BeforeTable(kind).settledRows(in: "main")))" : table
        let keyIsGiven = kind.key.map { "\($0.name.sqlName) = ?" }.joined(separator: " AND ")
        let marks = Array(repeating: "?", count: columns.count + 1).joined(separator: ", ")
        let into = "INTO \(table) (\(columnList), tally_rev) VALUES (\(marks))"
        upsert = "INSERT OR REPLACE \(into)"
        insert = "INSERT OR IGNORE \(into)"
        selectOne = "SELECT \(columnList), tally_rev FROM \(rows) WHERE \(keyIsGiven)"
        delete = "DELETE FROM \(table) WHERE \(keyIsGiven)"
    }

    var countAll: String { "SELECT count(*) FROM \(rows)" }

    var selectAll: String {
        "SELECT \(columnList), tally_rev FROM \(rows) ORDER BY \(order)"
    }

    func selectAll(orderedBy fields: [String]) -> String {
        "SELECT \(columnList), tally_rev FROM \(rows) "
            + "ORDER BY \(fields.map(\.sqlName).joined(separator: ", "))"
    }

    /// - Parameter condition: the user's own SQL, over the columns and ``whoAndWhen``.
    func select(where condition: String) -> String {
        selection("\(columnList), tally_rev", where: condition)
    }

    /// The parts of the key that follow the first `sharedCount`, then `fields`, of the records that share these, in the order
    /// of the key; the parts and how many records at most are bound.
    func select(_ fields: [String], sharing sharedCount: Int) -> String {
        let names = kind.key.dropFirst(sharedCount).map(\.name) + fields
        let isShared = kind.key.prefix(sharedCount).map { "\($0.name.sqlName) = ?" }
        return "SELECT \(names.map(\.sqlName).joined(separator: ", ")) FROM \(rows) "
            + "WHERE \(isShared.joined(separator: " AND ")) ORDER BY \(order) LIMIT ?"
    }

    func selectKeys(where condition: String) -> String { selection(order, where: condition) }

    /// Key (as JSON) and statement of the open conflicts for which a condition holds, over the columns of their records,
    /// ``whoAndWhen`` and `field`.
    func selectConflicts(where condition: String) -> String {
        let isSame = kind.key.enumerated().map { index, field in
            "r.\(field.name.sqlName) = json_extract(c.key, '$[\(index)]')"
        }
        let field = kind.field("field") == nil ? ", c.field AS field" : ""
        return """
            SELECT DISTINCT tally_conflict_key, tally_conflict_field FROM (SELECT r.*\(whoAndWhen)\(field), \
            c.key AS tally_conflict_key, c.field AS tally_conflict_field \
            FROM tally_conflict c JOIN \(rows) r ON \(isSame.joined(separator: " AND ")) \
            WHERE c.kind = '\(kind.name)') AS \(kind.name.sqlName)
            WHERE (\(condition)
            )
            """
    }

    private func selection(_ what: String, where condition: String) -> String {
        // The condition may name the table, and may end in a comment: the bracket that closes it stands on a line of its own.
        let name = kind.name.sqlName
        return """
            SELECT \(what) FROM (SELECT r.*\(whoAndWhen) FROM \(rows) r) AS \(name)
            WHERE (\(condition)
            ) ORDER BY \(order)
            """
    }

    /// `author` and `at` (`2026-11-23T16:45:12.345Z`) of the latest changeset that edited the record, for kinds that have
    /// no such column of their own; worked out only where a condition asks for them, with a look-up or two a record.
    private var whoAndWhen: String {
        // By alias: a kind may have columns of the names that the log has.
        let key = kind.key.map { "r.\($0.name.sqlName)" }.joined(separator: ", ")
        let latest = """
            FROM tally_log l WHERE l.position = CASE WHEN r.tally_rev <> 0 THEN abs(r.tally_rev) ELSE ( \
            SELECT w.position FROM tally_touch w JOIN tally_log m ON m.position = w.position \
            WHERE w.kind = '\(kind.name)' AND w.key = json_array(\(key)) \
            ORDER BY m.at DESC, w.position DESC LIMIT 1) END
            """
        let time = "strftime('%Y-%m-%dT%H:%M:%fZ', l.at / 1000.0, 'unixepoch')"
        return [("author", "l.author"), ("at", time)].filter { kind.field($0.0) == nil }
            .map { ", (SELECT \($0.1) \(latest)) AS \($0.0)" }.joined()
    }
}
