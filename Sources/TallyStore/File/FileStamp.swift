import GRDB

/// What the table `tally_stamp` says: which state a file is in, and from which one Tally's last transaction brought it there.
///
/// Random bytes name a state, so that no two states of any files have the same.
struct FileStamp: Equatable {
    /// `this` and `tool`.
    let state: [UInt8]
    /// `was_this` and `was_tool`.
    let before: [UInt8]

    private static let columns = "this, tool, was_this, was_tool"

    /// Names the state that a transaction of Tally's makes. It costs one page in the log.
    static func renew(in db: Database) throws {
        try SQL(
            """
            UPDATE tally_stamp SET was_this = this, was_tool = tool, this = randomblob(16), tool = zeroblob(16)
            """, in: db
        ).run()
    }

    /// What the triggers do for another tool.
    static let renewForTool = "UPDATE tally_stamp SET tool = randomblob(16);"

    static func read(in db: Database) throws -> FileStamp? {
        try SQL("SELECT \(columns) FROM tally_stamp", in: db)
            .first { FileStamp($0.blob(0) + $0.blob(1) + $0.blob(2) + $0.blob(3)) } ?? nil
    }

    /// The number of the only page of its table.
    static func page(in db: Database) throws -> Int? {
        try SQL("SELECT rootpage FROM sqlite_schema WHERE name = 'tally_stamp'", in: db)
            .first { $0.integer(0) }
    }

    /// Of the state that Tally last brought the file into.
    var this: ArraySlice<UInt8> { state.prefix(16) }
    /// Whether another tool has written since.
    var isTools: Bool { state.suffix(16).contains { $0 != 0 } }

    static let byteCount = 64

    /// - Parameter bytes: the four columns; the last 64 bytes of the table's page. Cells are put at the end of a page, and this
    ///   one is the only one (https://www.sqlite.org/fileformat.html#b_tree_pages).
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        state = Array(bytes.prefix(32))
        before = Array(bytes.suffix(32))
    }
}
