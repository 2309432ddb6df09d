import GRDB

/// What SQLite itself says of the structure of a file (https://www.sqlite.org/pragma.html#pragma_integrity_check).
enum StructureCheck {
    case quick
    /// The indices too, row by row.
    case whole

    /// - Parameter limit: at most this many faults are looked for.
    /// - Returns: what is wrong, in SQLite's words; empty when nothing is.
    /// - Throws: `DatabaseError` when the file cannot be checked; where the disk failed to read a page, too, which may be
    ///   sound.
    /// - Complexity: O(file).
    func faults(_ db: Database, limit: Int) throws -> [String] {
        let faults = try words(db, limit: limit)
        if let code = faults.lazy.compactMap(Self.failedRead).first {
            throw DatabaseError(resultCode: code, message: "a page cannot be read")
        }
        return faults
    }

    /// The same, what cannot be read among it.
    func words(_ db: Database, limit: Int) throws -> [String] {
        let name = self == .quick ? "quick_check" : "integrity_check"
        var words: [String] = []
        try SQL("PRAGMA \(name)(\(limit))", in: db).forEach { row in
            if row.text(0) != "ok" { words.append(row.text(0)) }
        }
        return words
    }

    /// SQLite says `unable to get the page. error code=266` of a page that the disk failed to read, as if it were damaged.
    private static func failedRead(_ words: String) -> ResultCode? {
        words.split(separator: "error code=").dropFirst().lazy
            .compactMap { Int32($0.prefix { $0.isNumber }) }
            .map { ResultCode(rawValue: $0) }
            .first { $0.primaryResultCode == .SQLITE_IOERR }
    }
}
