import GRDB
import TallyCore
import TallyWire
import TallyZstd

/// Checks a log that came whole: each line as a pull checks it, but for its edits, which are applied already; what the
/// columns beside the lines say of them; and the replicas that they come to.
///
/// Not checked are the columns `kinds` and `row_count`, for which the edits would have to be read.
struct LogCheck {
    private let db: Database
    private let dataset: DatasetID
    private let decompressor = ZstdDecompressor()
    private var rows: [ReplicaID: ReplicaRow] = [:]
    private var position = 0

    init(_ db: Database, dataset: DatasetID) {
        self.db = db
        self.dataset = dataset
    }

    /// - Throws: `SnapshotFault` for the first that does not hold.
    /// - Complexity: O(log); memory does not grow with it.
    mutating func run(isInterrupted: () -> Bool) throws {
        let stored: [ReplicaID: ReplicaRow]
        do {
            stored = try ReplicaTable(db).rows
        } catch let error as StoreError { throw SnapshotFault(error.message) }
        let log = try SQL(
            """
            SELECT position, replica, seq, hash, at, author, machine, message, group_id, group_part, group_last, \
            is_import, byte_count, seen, line FROM tally_log ORDER BY position
            """, in: db)
        try log.forEach { row in
            if isInterrupted() { throw StoreError(.interrupted, "Interrupted; nothing was made") }
            guard row.integer(0) == position + 1 else {
                throw SnapshotFault("its log has no changeset at position \(position + 1)")
            }
            do {
                try take(row, stored)
            } catch let fault as LineFault {
                throw SnapshotFault(
                    "the changeset at position \(position + 1) does not hold (\(fault.word.rawValue)): "
                        + fault.reason)
            }
            position += 1
        }
        guard stored.count == rows.count, stored.allSatisfy({ rows[$0.key] == $0.value }) else {
            throw SnapshotFault("its replicas are not those of its log")
        }
    }

    private mutating func take(_ row: SQL, _ stored: [ReplicaID: ReplicaRow]) throws {
        let bytes: [UInt8]
        do {
            bytes = try decompressor.decompress(row.blob(14), limit: Changeset.maximumLineBytes)
        } catch {
            throw SnapshotFault("the changeset at position \(position + 1) cannot be unpacked")
        }
        let line = try ChangesetLine(bytes)
        try line.checkFormat()
        guard try line.dataset() == dataset else {
            throw LineFault(.invalid, "the line is of dataset \(try line.dataset())")
        }
        let replica = try line.replica()
        let known = rows[replica]
        let key = try line.key(after: known)
        try line.checkSignature(with: key)
        let seq = try line.seq()
        let expected = (known?.head.seq ?? 0) + 1
        guard seq == expected else {
            throw LineFault(
                .gap, "the next changeset of replica \(replica) is \(expected), not \(seq)")
        }
        try line.checkPrevious(known?.head)
        try line.checkSeen(after: known, hash: hash)

        let next = try ReplicaRow(line, after: known, key: key, id: stored[replica]?.id ?? -1)
        guard try row.says(line, byteCount: bytes.count, of: next) else {
            throw SnapshotFault(
                "the columns at position \(position + 1) of its log are not what the line says")
        }
        rows[replica] = next
    }

    /// Of a revision before the line under way.
    private func hash(of revision: Revision) throws -> ChangesetHash? {
        guard let row = rows[revision.replica], row.head.seq >= revision.seq else { return nil }
        if row.head.seq == revision.seq { return row.head.hash }
        return try SQL(
            "SELECT hash FROM tally_log WHERE replica = ? AND seq = ? AND position <= ?", in: db
        ).bind(1, row.id).bind(2, revision.seq).bind(3, position)
            .first { ChangesetHash(bytes: $0.blob(0)) } ?? nil
    }
}

extension ReplicaRow {
    /// What is known of a replica once this line of it is there.
    fileprivate init(
        _ line: ChangesetLine, after known: ReplicaRow?, key: ReplicaPublicKey, id: Int
    ) throws(LineFault) {
        var vector = known?.seen ?? RevisionVector()
        for name in try line.seen() { vector.insert(name.revision) }
        let at = try line.at()
        self.init(
            id: id, replica: try line.replica(), key: key,
            head: Head(seq: try line.seq(), hash: line.hash), seen: vector,
            latestAt: known.map { max($0.latestAt, at) } ?? at, author: try line.author(),
            machine: try line.machine())
    }
}

extension SQL {
    /// Whether a row of the log says of a line what the line says.
    fileprivate func says(
        _ line: ChangesetLine, byteCount: Int, of replica: ReplicaRow
    ) throws -> Bool {
        var seen = RevisionVector()
        for name in try line.seen() { seen.insert(name.revision) }
        let group = try line.group()
        let numbers = [
            integer(1) == replica.id, integer(2) == replica.head.seq,
            integer(4) == Int(try line.at().milliseconds),
            optionalInteger(9) == group?.part, integer(10) == (group?.isLast == true ? 1 : 0),
            integer(11) == (try line.isImport() ? 1 : 0), integer(12) == byteCount,
        ]
        let texts = [
            text(5) == replica.author, text(6) == replica.machine,
            optionalText(7) == (try line.message()), optionalText(8) == group?.id,
            text(13) == seen.text,
        ]
        return blob(3) == line.hash.bytes && (numbers + texts).allSatisfy { $0 }
    }
}
