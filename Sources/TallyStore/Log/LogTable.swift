import GRDB
import TallyCore
import TallyWire
import TallyZstd

/// The log of changesets: lines in order of arrival, as the bytes that came.
struct LogTable {
    let db: Database

    /// - Returns: the position of the line.
    func append(
        _ changeset: Changeset, line: ChangesetWriter.Signed, packed: [UInt8], replicaID: Int,
        member: String?
    ) throws -> Int {
        let position = try lastPosition() + 1
        let sql = try SQL(
            """
            INSERT INTO tally_log (position, replica, seq, hash, at, author, machine, message, \
            group_id, group_part, group_last, is_import, kinds, row_count, byte_count, seen, member, \
            line) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, in: db)
        sql.bind(1, position).bind(2, replicaID).bind(3, changeset.revision.seq)
        sql.bind(4, line.hash.bytes).bind(5, Int(changeset.at.milliseconds))
        sql.bind(6, changeset.author).bind(7, changeset.machine).bind(8, changeset.message)
        sql.bind(9, changeset.group?.id).bind(10, changeset.group?.part)
        sql.bind(11, changeset.group?.isLast == true ? 1 : 0)
        sql.bind(12, changeset.isImport ? 1 : 0)
        let kinds = Set(changeset.edits.map(\.kind)).sorted()
        sql.bind(13, ",\(kinds.joined(separator: ",")),")
        sql.bind(14, changeset.edits.reduce(0) { $0 + $1.rows.count })
        sql.bind(15, line.bytes.count)
        var seen = RevisionVector()
        for name in changeset.seen { seen.insert(name.revision) }
        sql.bind(16, seen.text).bind(17, member)
        try sql.bind(18, packed).run()
        return position
    }

    /// 0 for an empty log.
    func lastPosition() throws -> Int {
        try SQL("SELECT max(position) FROM tally_log", in: db).first { $0.integer(0) } ?? 0
    }

    /// - Returns: nil at the end of the log.
    func position(after position: Int) throws -> Int? {
        try SQL("SELECT min(position) FROM tally_log WHERE position > ?", in: db).bind(1, position)
            .first { $0.optionalInteger(0) } ?? nil
    }

    func hash(at position: Int) throws -> ChangesetHash? {
        try SQL("SELECT hash FROM tally_log WHERE position = ?", in: db).bind(1, position)
            .first { ChangesetHash(bytes: $0.blob(0)) } ?? nil
    }

    func line(at position: Int) throws -> [UInt8]? {
        try SQL("SELECT line FROM tally_log WHERE position = ?", in: db).bind(1, position)
            .first { try Self.unpack($0.blob(0), at: position) }
    }

    /// The lines after a position, in order: at least one if there is any, then while they stay within the bounds.
    ///
    /// - Returns: each line with its position.
    func lines(
        after position: Int, maximumCount: Int, maximumBytes: Int
    ) throws -> [(position: Int, bytes: [UInt8])] {
        try packedLines(after: position, maximumCount: maximumCount, maximumBytes: maximumBytes)
            .map { ($0.position, try Self.unpack($0.packed, at: $0.position)) }
    }

    /// The same, each line as it is stored: a frame of zstd.
    func packedLines(
        after position: Int, maximumCount: Int, maximumBytes: Int
    ) throws -> [PackedLine] {
        var lines: [PackedLine] = []
        var total = 0
        let sql = try SQL(
            "SELECT position, byte_count, line FROM tally_log WHERE position > ? ORDER BY position",
            in: db
        ).bind(1, position)
        defer { sql.reset() }
        while lines.count < maximumCount, try sql.step() {
            total += sql.integer(1) + 1
            if !lines.isEmpty, total > maximumBytes { break }
            lines.append(
                PackedLine(
                    position: sql.integer(0), byteCount: sql.integer(1), packed: sql.blob(2)))
        }
        return lines
    }

    static func unpack(_ packed: [UInt8], at position: Int) throws -> [UInt8] {
        do {
            return try Zstd.decompress(packed, limit: Changeset.maximumLineBytes)
        } catch {
            throw StoreError(
                damage: "The changeset at position \(position) of the log cannot be unpacked")
        }
    }
}
