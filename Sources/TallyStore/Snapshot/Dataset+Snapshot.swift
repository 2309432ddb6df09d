import GRDB
import TallyCore
import TallyWire

/// A dataset file made for handing out, as of one moment of the file that it was made from.
public struct Snapshot: Sendable {
    public let file: NamelessFile
    /// What the log in it holds.
    public var heads: DatasetHeads
    /// Of its lines, unpacked.
    public let logBytes: Int
}

extension Dataset {
    /// Makes a file for handing out: a new one, into which everything but what is this file's own is copied in one read
    /// transaction, so that nobody who writes has to wait. No page of the old file goes along, and so nothing of what was
    /// deleted from one. The same log comes to the same bytes, unless it has been
    /// packed otherwise meanwhile (``compact(path:kinds:isInterrupted:)``).
    ///
    /// What another tool has written and nobody has taken is left out.
    ///
    /// - Parameter place: beside it the file stands while it is written, as `PLACE.part`; one that a killed process left is
    ///   taken away.
    /// - Throws: `StoreError`: `waiting` where a table is not as it is to be.
    /// - Complexity: O(file).
    public func makeSnapshot(beside place: String) throws -> Snapshot {
        let part = try PartFile(for: place, mode: 0o600, timeoutMs: 5000)
        try Self.wrapped(part.path) {
            try Self.building(part.path) { db in
                try db.execute(sql: "PRAGMA synchronous = OFF")
                try Self.layOut(db, name: "", id: id, epoch: "", kinds: kinds)
            }
        }
        let (heads, logBytes) = try copying(to: part.path, as: "snapshot") { access in
            try access.copyShared()
            let heads = DatasetHeads(
                dataset: id, name: try access.name(), epoch: try access.epoch(),
                cursor: try access.cursor().text, heads: access.heads)
            return (heads, try access.logBytes(after: 0))
        }
        try Self.wrapped(part.path) {
            try Self.building(part.path) { db in
                try db.execute(sql: "PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL")
            }
        }
        return Snapshot(file: try NamelessFile(part), heads: heads, logBytes: logBytes)
    }
}

extension DatasetAccess {
    /// How many bytes the lines after a position have, unpacked.
    ///
    /// - Complexity: O(lines after it).
    public func logBytes(after position: Int) throws -> Int {
        try SQL("SELECT sum(byte_count) FROM tally_log WHERE position > ?", in: db)
            .bind(1, position).first { $0.integer(0) } ?? 0
    }

    /// Copies what is not this file's own into the empty tables of the attached file `snapshot`.
    fileprivate func copyShared() throws {
        if let kind = records.touched.rebuilt.sorted().first { throw StoreError(rebuilt: kind) }
        for table in DatasetSchema.derivedTables {
            try db.execute(sql: "INSERT INTO snapshot.\(table) SELECT * FROM main.\(table)")
        }
        // Who brought a line is for the hub to know.
        let columns = """
            position, replica, seq, hash, at, author, machine, message, group_id, group_part, group_last, \
            is_import, kinds, row_count, byte_count, seen, line
            """
        try db.execute(
            sql: """
                INSERT INTO snapshot.tally_log (\(columns)) SELECT \(columns) FROM main.tally_log ORDER BY position
                """)
        for kind in kinds.all {
            let table = KindTable(
                kind, isEditedElsewhere: records.touched.edited.contains(kind.name))
            try db.execute(
                sql: """
                    INSERT INTO snapshot.\(kind.name.sqlName) (\(table.columnList), tally_rev) \(table.selectAll)
                    """)
        }
        for name in ["name", "epoch"] {
            try SQL("UPDATE snapshot.tally_meta SET value = ? WHERE name = ?", in: db)
                .bind(1, meta(name)).bind(2, name).run()
        }
        // Random bytes would make another file each time.
        let stamp = ChangesetHash(of: Array(try cursor().text.utf8)).bytes.prefix(16)
        try SQL("UPDATE snapshot.tally_stamp SET this = ?", in: db).bind(1, Array(stamp)).run()
    }
}
