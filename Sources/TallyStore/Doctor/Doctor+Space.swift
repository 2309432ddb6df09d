import GRDB

extension Doctor {
    /// Below this nobody gains anything.
    private static let worthBytes = 256 * 1024

    /// How much of the file holds nothing: free pages, what its tables leave of theirs, and lines that can be packed smaller.
    ///
    /// - Complexity: O(pages).
    func spaceFindings(_ db: Database) throws -> [Finding] {
        let pageBytes = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
        let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
        let lines = try LogTable(db: db).looseBytes()
        let freed = try (free + loosePages(db, pageBytes: pageBytes)) * pageBytes + lines
        guard freed >= Self.worthBytes, freed * 10 >= pages * pageBytes else { return [] }
        return [
            Finding(
                .note,
                "\(free * pageBytes) of the \(pages * pageBytes) bytes of \(path) are free pages; with what its tables "
                    + "leave of theirs\(lines > 0 ? ", and its log packed smaller," : "") about \(freed) bytes can be "
                    + "given back to the disk",
                hint: "Give them back with: tally doctor --compact", isOfSpace: true)
        ]
    }

    /// How many pages fewer the tables and indices would take if their pages were full; 0 where this SQLite cannot tell
    /// (https://www.sqlite.org/dbstat.html).
    private func loosePages(_ db: Database, pageBytes: Int) throws -> Int {
        let canTell = try Bool.fetchOne(
            db, sql: "SELECT count(*) FROM pragma_module_list WHERE name = 'dbstat'")
        guard canTell == true, pageBytes > 0 else { return 0 }
        // What an overflow page leaves stays: it holds the end of one value.
        return try Int.fetchOne(
            db,
            sql: """
                SELECT coalesce(sum(min(pages - 1, unused / ?)), 0) FROM (
                SELECT count(*) AS pages, sum(unused) AS unused FROM dbstat
                WHERE pagetype <> 'overflow' GROUP BY name)
                """, arguments: [pageBytes]) ?? 0
    }
}
