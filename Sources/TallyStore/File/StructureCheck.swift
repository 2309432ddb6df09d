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
        try SQL("PRAGMA \(name)(\(limit))", in: db).forEach { row in
            if row.text(0) != "ok" { faults.append(row.text(0)) }
        }
        return faults
    }
}
