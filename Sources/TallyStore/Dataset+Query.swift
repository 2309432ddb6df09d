import GRDB
import GRDBSQLite

extension Dataset {
    /// Runs a query of the user's.
    ///
    /// - Precondition: the file was opened read-only: whatever the SQL says, nothing is written.
    /// - Parameters:
    ///   - columns: told the names first.
    ///   - row: called for each row.
    /// - Throws: `StoreError` with the code `sql` and SQLite's own words.
    public func query(
        _ sql: String, columns: ([String]) throws -> Void, row: ([SQLValue]) throws -> Void
    ) throws {
        try read { access in
            do {
                let statement = try access.db.makeStatement(sql: sql)
                guard statement.columnCount > 0 else {
                    throw StoreError(
                        .sql, "A query gives rows; this statement gives none",
                        hint: "Begin it with SELECT.")
                }
                // SQLite would take NULL for each of them.
                guard sqlite3_bind_parameter_count(statement.sqliteStatement) == 0 else {
                    throw StoreError(
                        .sql, "The query has a parameter, and there is no value for it",
                        hint: "Write the value itself, and what begins with ?, :, @ or $ in quotes."
                    )
                }
                try columns(statement.columnNames)
                let step = try SQL(sql, in: access.db)
                try step.forEach { current in
                    try row((0..<current.columnCount).map { current.value($0) })
                }
            } catch let error as DatabaseError {
                if error.resultCode == .SQLITE_INTERRUPT { throw error }
                if error.resultCode == .SQLITE_READONLY {
                    throw StoreError(
                        .sql, "A query only reads: \(error.message ?? "")",
                        hint: "Change records with tally set, add or delete.")
                }
                if error.resultCode == .SQLITE_MISUSE {
                    throw StoreError(
                        .sql, "A query is one statement; this is more",
                        hint: "Ask them one after the other.")
                }
                throw StoreError(
                    .sql, "SQL: \(error.message ?? "\(error.resultCode)")",
                    hint: "The tables are trade, event, setting and tally_conflict.")
            }
        }
    }
}
