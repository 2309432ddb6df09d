import GRDB

/// What the table `tally_stamp` says: which state a file is in, and from which one it came.
///
/// Sixteen random bytes name a state, so that no two states of any files have the same.
struct FileStamp: Equatable {
    let this: [UInt8]
    let before: [UInt8]

    /// Names the state that a transaction makes. It costs one page in the log.
    static func renew(in db: Database) throws {
        try SQL("UPDATE tally_stamp SET before = this, this = randomblob(16)", in: db).run()
    }

    static func read(in db: Database) throws -> FileStamp? {
        try SQL("SELECT this, before FROM tally_stamp", in: db)
            .first { FileStamp(this: $0.blob(0), before: $0.blob(1)) }
    }

    /// The number of the only page of its table.
    static func page(in db: Database) throws -> Int? {
        try SQL("SELECT rootpage FROM sqlite_schema WHERE name = 'tally_stamp'", in: db)
            .first { $0.integer(0) }
    }

    private init(this: [UInt8], before: [UInt8]) {
        self.this = this
        self.before = before
    }

    static let byteCount = 32

    /// - Parameter bytes: the last 32 of the table's page. Cells are put at the end of a page, and this one is the only one;
    ///   its two columns of bytes are the last (https://www.sqlite.org/fileformat.html#b_tree_pages).
    init?(endOfPage bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        this = Array(bytes.prefix(16))
        before = Array(bytes.suffix(16))
    }
}
