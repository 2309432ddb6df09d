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

    /// Whether the table still had the engine's own column, which says as of which changeset each row was read.
    private let hasRevisions: Bool

    /// Copies the rows.
    ///
    /// - Parameter columns: those of the other tool's table, in any case.
    /// - Returns: nil when the table has not all of the key: nothing can be told of its rows.
    init?(of kind: Kind, columns: [String], in db: Database) throws {
        let columns = columns.map { $0.lowercased() }
        guard kind.key.allSatisfy({ columns.contains($0.name) }) else { return nil }
        self.kind = kind
        self.db = db
        known = Set(kind.fields.map(\.name)).intersection(columns)
        hasRevisions = columns.contains("tally_rev")
        before = BeforeTable(kind)
        name = "temp.\("tally_left_\(kind.name)".sqlName)"
        let all = kind.key + kind.fields
        let definitions =
            all.map { "\($0.name.sqlName) \($0.type == .number ? "REAL" : "TEXT")" }
            + ["tally_rev INTEGER"]
        let copied = (all.map(\.name) + ["tally_rev"]).filter(columns.contains)
            .map(\.sqlName).joined(separator: ", ")
        try db.execute(
            sql: """
                CREATE TABLE \(name) (\(definitions.joined(separator: ", ")));
                INSERT INTO \(name) (\(copied)) SELECT \(copied) FROM main.\(before.table);
                CREATE INDEX temp.\("tally_left_\(kind.name)_key".sqlName)
                ON \("tally_left_\(kind.name)".sqlName) (\(before.keyList));
                """)
    }

    func isEmpty() throws -> Bool {
        try Bool.fetchOne(db, sql: "SELECT NOT EXISTS (SELECT 1 FROM \(name))") ?? true
    }

    /// Key, whether there is a row, the other fields.
    private func typedColumns(of row: String) -> String {
        ([before.list(before.keys, of: row), "1"]
            + [before.list(Array(before.fields.dropLast()), of: row)]).joined(separator: ", ")
    }

    private func forEach(
        where condition: String, _ body: ([SQLValue]) throws -> Void
    ) throws {
        let sql = """
            SELECT \(typedColumns(of: "l")) FROM \(name) l
            LEFT JOIN main.\(before.table) t ON \(before.same("t", "l")) WHERE \(condition)
            """
        try SQL(sql, in: db).forEach { row in
            try body((0..<row.columnCount).map { row.typedValue($0) })
        }
    }

    /// Takes out rows without a key, and those of which several that differ have one key: they are not valid.
    ///
    /// - Parameter refuse: told of each, as `TypedRow` reads it.
    func takeOutUnfit(_ refuse: ([SQLValue]) throws -> Void) throws {
        let columns = (kind.key + kind.fields).map(\.name.sqlName).joined(separator: ", ")
        try db.execute(
            sql: """
                DELETE FROM \(name) WHERE rowid NOT IN (SELECT min(rowid) FROM \(name) GROUP BY \(columns));
                CREATE TABLE temp.tally_unfit AS SELECT \(before.keyList) FROM \(name)
                GROUP BY \(before.keyList) HAVING count(*) > 1;
                """)
        func isUnfit(_ row: String) -> String {
            let isWithoutKey = before.keys.map { "\(row).\($0) IS NULL" }.joined(separator: " OR ")
            return "\(isWithoutKey) OR (\(before.list(before.keys, of: row))) "
                + "IN (SELECT \(before.keyList) FROM temp.tally_unfit)"
        }
        try forEach(where: isUnfit("l"), refuse)
        // What was there stays.
        try db.execute(
            sql: """
                DELETE FROM \(name) AS l WHERE \(isUnfit("l"));
                INSERT INTO \(name) (\(columns), tally_rev) SELECT \(columns), tally_rev FROM main.\(before.table)
                WHERE (\(before.keyList)) IN (SELECT \(before.keyList) FROM temp.tally_unfit);
                DROP TABLE temp.tally_unfit;
                """)
    }

    /// Takes out rows of records that were changed here after the tool had read them, and puts back those that it has not
    /// got because they are newer than all that it read: it has not seen what it would overwrite.
    ///
    /// A row says so only where the tool kept the column `tally_rev`.
    ///
    /// - Parameter refuse: told of those that say something else than the record, as `TypedRow` reads them.
    /// - Returns: how many records are left as they are.
    func takeOutStale(_ refuse: ([SQLValue]) throws -> Void) throws -> Int {
        guard hasRevisions else { return 0 }
        let table = "main.\(before.table)"
        let columns = (kind.key + kind.fields).map(\.name.sqlName).joined(separator: ", ")
        let isStale = "t.\(before.keys[0]) IS NOT NULL AND l.tally_rev IS NOT t.tally_rev"
        let differs = kind.fields.filter { known.contains($0.name) }.map {
            "l.\($0.name.sqlName) IS NOT t.\($0.name.sqlName)"
        }.joined(separator: " OR ")
        if !differs.isEmpty { try forEach(where: "\(isStale) AND (\(differs))", refuse) }
        try db.execute(
            sql: """
                CREATE TABLE temp.tally_stale AS SELECT \(before.list(before.keys, of: "t"))
                FROM \(table) t JOIN \(name) l ON \(before.same("t", "l")) WHERE \(isStale)
                UNION ALL SELECT \(before.list(before.keys, of: "t")) FROM \(table) t
                WHERE abs(t.tally_rev) > (SELECT coalesce(max(abs(tally_rev)), 0) FROM \(name))
                AND NOT EXISTS (SELECT 1 FROM \(name) l WHERE \(before.same("l", "t")));
                DELETE FROM \(name) WHERE (\(before.keyList)) IN (SELECT * FROM temp.tally_stale);
                INSERT INTO \(name) (\(columns), tally_rev) SELECT \(columns), tally_rev FROM \(table)
                WHERE (\(before.keyList)) IN (SELECT * FROM temp.tally_stale);
                """)
        let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM temp.tally_stale") ?? 0
        try db.execute(sql: "DROP TABLE temp.tally_stale")
        return count
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
