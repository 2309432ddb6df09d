import GRDB
import TallyCore

/// The rows that another tool left in a table that it made itself in the place of a kind's.
///
/// They wait in a temporary table, with the types of the kind's columns, until the table has been put back and holds what
/// the log says; then they are written into it as if the other tool did so now. So that a rebuilt table is taken for the
/// edits that it comes to.
struct LeftRows {
    let kind: Kind
    /// The columns of the kind that the other tool's table had; of the others nothing was said.
    private let known: Set<String>
    private let before: BeforeTable
    private let name: String
    private let db: Database

    /// Copies the rows.
    ///
    /// - Returns: nil when the table has not all of the key: nothing can be told of its rows.
    init?(of kind: Kind, columns: [String], in db: Database) throws {
        guard kind.key.allSatisfy({ columns.contains($0.name) }) else { return nil }
        self.kind = kind
        self.db = db
        known = Set(kind.fields.map(\.name)).intersection(columns)
        before = BeforeTable(kind)
        name = "temp.\("tally_left_\(kind.name)".sqlName)"
        let all = kind.key + kind.fields
        let definitions = all.map {
            "\($0.name.sqlName) \($0.type == .number ? "REAL" : "TEXT")"
        }
        let copied = all.map(\.name).filter(columns.contains).map(\.sqlName).joined(separator: ", ")
        try db.execute(
            sql: """
                CREATE TABLE \(name) (\(definitions.joined(separator: ", ")));
                INSERT INTO \(name) (\(copied)) SELECT \(copied) FROM main.\(before.table);
                CREATE INDEX temp.\("tally_left_\(kind.name)_key".sqlName)
                ON \("tally_left_\(kind.name)".sqlName) (\(before.keyList));
                """)
    }

    /// Takes out rows without a key, and those of which several that differ have one key: they are not valid.
    ///
    /// - Parameter refuse: told of each, by its columns in the order of the kind's.
    func takeOutUnfit(_ refuse: ([SQLValue]) throws -> Void) throws {
        let columns = (kind.key + kind.fields).map(\.name.sqlName).joined(separator: ", ")
        let isWithoutKey = before.keys.map { "\($0) IS NULL" }.joined(separator: " OR ")
        try db.execute(
            sql: """
                DELETE FROM \(name) WHERE rowid NOT IN (SELECT min(rowid) FROM \(name) GROUP BY \(columns));
                CREATE TABLE temp.tally_unfit AS SELECT \(before.keyList) FROM \(name)
                GROUP BY \(before.keyList) HAVING count(*) > 1;
                """)
        let isUnfit =
            "\(isWithoutKey) OR (\(before.keyList)) IN (SELECT \(before.keyList) FROM temp.tally_unfit)"
        try SQL("SELECT \(columns) FROM \(name) WHERE \(isUnfit)", in: db).forEach { row in
            try refuse((0..<row.columnCount).map { row.value($0) })
        }
        // What was there stays.
        try db.execute(
            sql: """
                DELETE FROM \(name) WHERE \(isUnfit);
                INSERT INTO \(name) SELECT \(columns) FROM main.\(before.table)
                WHERE (\(before.keyList)) IN (SELECT \(before.keyList) FROM temp.tally_unfit);
                DROP TABLE temp.tally_unfit;
                """)
    }

    /// Writes the rows into the table, which holds what the log says, and remembers what was there before.
    func replay() throws {
        let (table, keys) = (before.table, before.keys)
        let values = kind.fields.map { field in
            "\(known.contains(field.name) ? "l" : "t").\(field.name.sqlName)"
        }
        let differences = kind.fields.filter { known.contains($0.name) }.map {
            "l.\($0.name.sqlName) IS NOT t.\($0.name.sqlName)"
        }
        let isNewOrChanged = (["t.\(keys[0]) IS NULL"] + differences).joined(separator: " OR ")
        let isRemembered = "IN (SELECT \(before.keyList) FROM main.\(before.name))"
        try db.execute(
            sql: """
                INSERT INTO main.\(before.name)
                SELECT \(before.list(keys, of: "t")), 1, \(before.list(before.fields, of: "t"))
                FROM main.\(table) t
                WHERE NOT EXISTS (SELECT 1 FROM \(name) l WHERE \(before.same("l", "t")));

                DELETE FROM main.\(table) WHERE (\(before.keyList)) \(isRemembered);

                INSERT INTO main.\(before.name)
                SELECT \(before.list(keys, of: "l")), t.\(keys[0]) IS NOT NULL,
                \(before.list(before.fields, of: "t"))
                FROM \(name) l LEFT JOIN main.\(table) t ON \(before.same("t", "l"))
                WHERE \(isNewOrChanged);

                INSERT OR REPLACE INTO main.\(table) (\(before.keyList), \(before.fieldList))
                SELECT \(before.list(keys, of: "l")), \(values.joined(separator: ", ")), t.tally_rev
                FROM \(name) l LEFT JOIN main.\(table) t ON \(before.same("t", "l"))
                WHERE (\(before.list(keys, of: "l"))) \(isRemembered);

                DROP TABLE \(name);
                """)
    }
}
