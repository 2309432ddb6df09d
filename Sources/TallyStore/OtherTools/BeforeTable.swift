import GRDB
import TallyCore

/// What the triggers on the table of a kind remember: once per key, the row as it was before another tool wrote it.
///
/// ```
/// tally_before_trade:  key fields | existed | the other fields | tally_rev        existed = 0: there was no row
/// ```
/// The triggers are plain SQL, so that every tool can fire them; Tally's own connections run with triggers off. They only
/// remember: what the edit was is the difference between these rows and those of the table, whatever the statements were
/// (DESIGN.md section 7); and they renew the file's stamp. Inside them stands `WHERE NOT EXISTS` and no conflict clause:
/// that of the outer statement would override it (https://www.sqlite.org/lang_createtrigger.html).
struct BeforeTable {
    let kind: Kind
    let table: String
    let name: String

    init(_ kind: Kind) {
        self.kind = kind
        table = kind.name.sqlName
        name = "tally_before_\(kind.name)".sqlName
    }

    /// The columns behind the key: the kind's, then `tally_rev`.
    var fields: [String] { kind.fields.map(\.name.sqlName) + ["tally_rev"] }
    var keys: [String] { kind.key.map(\.name.sqlName) }
    var keyList: String { keys.joined(separator: ", ") }
    var fieldList: String { fields.joined(separator: ", ") }

    func list(_ names: [String], of row: String) -> String {
        names.map { "\(row).\($0)" }.joined(separator: ", ")
    }

    func same(_ a: String, _ b: String) -> String {
        keys.map { "\(a).\($0) = \(b).\($0)" }.joined(separator: " AND ")
    }

    // MARK: Making

    private var createTable: String {
        let key = keys.map { "\($0) TEXT NOT NULL" }.joined(separator: ", ")
        // Without types: what another tool wrote into a cell is put back as it was.
        return """
            CREATE TABLE \(name) (\(key), existed INTEGER NOT NULL, \(fieldList), \
            PRIMARY KEY (\(keyList))) WITHOUT ROWID
            """
    }

    /// By name, as SQLite keeps them.
    var triggers: [(name: String, sql: String)] {
        let isGiven = keys.map { "NEW.\($0) IS NOT NULL" }.joined(separator: " AND ")
        let isMoved = keys.map { "OLD.\($0) IS NOT NEW.\($0)" }.joined(separator: " OR ")
        let isUnknown = { (row: String) in
            "NOT EXISTS (SELECT 1 FROM \(self.name) b WHERE \(self.same("b", row)))"
        }
        let rememberNew = """
            INSERT INTO \(name) SELECT \(list(keys, of: "NEW")), t.\(keys[0]) IS NOT NULL, \
            \(list(fields, of: "t")) FROM (SELECT 1) LEFT JOIN \(table) t ON \(same("t", "NEW")) \
            WHERE \(isGiven) AND \(isUnknown("NEW"));
            """
        let rememberOld = """
            INSERT INTO \(name) SELECT \(list(keys, of: "OLD")), 1, \(list(fields, of: "OLD")) \
            WHERE \(isUnknown("OLD"));
            """
        func trigger(_ word: String, _ event: String, _ body: String) -> (name: String, sql: String)
        {
            let trigger = "tally_\(word)_\(kind.name)"
            return (
                trigger, "CREATE TRIGGER \(trigger.sqlName) BEFORE \(event) ON \(table) \(body) END"
            )
        }
        let stamp = FileStamp.renewForTool
        return [
            trigger("insert", "INSERT", "BEGIN \(rememberNew) \(stamp)"),
            trigger("update", "UPDATE", "BEGIN \(rememberOld) \(stamp)"),
            trigger("rename", "UPDATE OF \(keyList)", "WHEN \(isMoved) BEGIN \(rememberNew)"),
            trigger("delete", "DELETE", "BEGIN \(rememberOld) \(stamp)"),
        ]
    }

    /// The table, then its triggers.
    var create: [String] { [createTable] + triggers.map(\.sql) }

    /// What stands in `sqlite_schema` of a file in which nothing is missing: by name.
    var parts: [String: String] {
        var parts = ["tally_before_\(kind.name)": createTable]
        for trigger in triggers { parts[trigger.name] = trigger.sql }
        return parts
    }

    // MARK: Asking

    var isOccupied: String { "SELECT EXISTS (SELECT 1 FROM \(name))" }

    /// How many records differ from what they were.
    var count: String {
        "SELECT count(*) FROM \(name) b LEFT JOIN \(table) t ON \(same("t", "b")) WHERE \(differs)"
    }

    /// Whether the row is another one now, or is there no more, or is there now.
    private var differs: String {
        let fields = fields.dropLast().map { "b.\($0) IS NOT t.\($0)" }
        return (fields + ["b.existed <> (t.\(keys[0]) IS NOT NULL)"]).joined(separator: " OR ")
    }

    /// The rows of the table as they were before another tool wrote any: key, the other fields, `tally_rev`.
    ///
    /// - Parameter file: the name of the attached database.
    func settledRows(in file: String) -> String {
        """
        SELECT \(keyList), \(fieldList) FROM \(file).\(table) t WHERE NOT EXISTS \
        (SELECT 1 FROM \(file).\(name) b WHERE \(same("b", "t"))) \
        UNION ALL SELECT \(keyList), \(fieldList) FROM \(file).\(name) WHERE existed = 1
        """
    }

    // MARK: Taking

    /// The temporary table of what another tool left of each record it wrote: key, whether there is a row, fields.
    private var typed: String { "temp.\("tally_typed_\(kind.name)".sqlName)" }

    /// Moves what was typed to a temporary table, and puts the rows back as they were.
    var takeAll: [String] {
        [
            """
            CREATE TABLE \(typed) AS SELECT \(list(keys, of: "b")), \
            t.\(keys[0]) IS NOT NULL AS tally_exists, \(list(fields.dropLast(), of: "t")) \
            FROM main.\(name) b LEFT JOIN main.\(table) t ON \(same("t", "b")) WHERE \(differs)
            """,
            "CREATE INDEX temp.\("tally_typed_\(kind.name)_key".sqlName) "
                + "ON \("tally_typed_\(kind.name)".sqlName) (\(keyList))",
            "DELETE FROM main.\(table) WHERE (\(keyList)) IN (SELECT \(keyList) FROM main.\(name))",
            """
            INSERT INTO main.\(table) (\(keyList), \(fieldList)) \
            SELECT \(keyList), \(fieldList) FROM main.\(name) WHERE existed = 1
            """,
            "DELETE FROM main.\(name)",
        ]
    }

    /// Columns: key fields, whether there is a row, the other fields.
    ///
    /// - Parameter rowsAreThere: those that the tool left, or those that it took away.
    func selectTyped(rowsAreThere: Bool) -> String {
        """
        SELECT \(keyList), tally_exists, \(fields.dropLast().joined(separator: ", ")) FROM \(typed) \
        WHERE tally_exists = \(rowsAreThere ? 1 : 0)
        """
    }

    var hasTyped: String { "SELECT EXISTS (SELECT 1 FROM \(typed))" }

    /// Whether the tool took the row of a key away; bound to the key.
    var isTakenAway: String {
        "SELECT EXISTS (SELECT 1 FROM \(typed) WHERE \(keyIsGiven) AND tally_exists = 0)"
    }

    /// The fields of a row, as it was before the tool wrote it; bound to the key.
    var selectCells: String {
        "SELECT \(fields.dropLast().joined(separator: ", ")) FROM main.\(table) WHERE \(keyIsGiven)"
    }

    private var keyIsGiven: String { keys.map { "\($0) = ?" }.joined(separator: " AND ") }

    var dropTyped: String { "DROP TABLE \(typed)" }
}
