import GRDB

/// What SQLite itself says of the structure of a file (https://www.sqlite.org/pragma.html#pragma_integrity_check).
enum StructureCheck {
    case quick
    /// The indices too, row by row.
    case whole

    /// - Parameter limit: at most this many faults are looked for.
    /// - Returns: what is wrong, in SQLite's words; empty when nothing is.
    /// - Throws: `DatabaseError` when the file cannot even be checked.
    /// - Complexity: O(file).
    func faults(_ db: Database, limit: Int) throws -> [String] {
        let name = self == .quick ? "quick_check" : "integrity_check"
        var faults: [String] = []
        // The limit counts alarms, false ones among them.
        let alarms = try SQL("PRAGMA \(name)(1000000)", in: db)
        defer { alarms.reset() }
        while faults.count < limit, try alarms.step() {
            let alarm = alarms.text(0)
            if alarm != "ok", try !Self.isFalse(alarm, db) { faults.append(alarm) }
        }
        return faults
    }

    private static let falseAlarm = "NULL value in "

    /// SQLite 3.40 takes columns of a table WITHOUT ROWID whose key does not stand first for NULL from the second row on;
    /// the table itself knows better. (A condition `IS NULL` would be optimised away: the column is NOT NULL.)
    private static func isFalse(_ alarm: String, _ db: Database) throws -> Bool {
        guard alarm.hasPrefix(falseAlarm), let dot = alarm.lastIndex(of: ".") else { return false }
        let table = String(alarm[..<dot].dropFirst(falseAlarm.count))
        let column = String(alarm[alarm.index(after: dot)...])
        let sql = "SELECT 1 FROM \(table.sqlName) WHERE typeof(\(column.sqlName)) = 'null' LIMIT 1"
        return try SQL(sql, in: db).first { _ in true } == nil
    }
}
