import GRDB
import TallyCore
import TallyWire

extension DatasetAccess {
    // MARK: The log

    public var heads: [ReplicaID: Head] { replicas.heads }

    public var vector: RevisionVector { replicas.vector }

    public func epoch() throws -> String { try meta("epoch") ?? "" }

    /// The position behind the last line.
    public func cursor() throws -> LogCursor { try cursor(at: log.lastPosition()) }

    func cursor(at position: Int) throws -> LogCursor {
        LogCursor(
            epoch: try epoch(), position: position,
            hash: position == 0 ? nil : try log.hash(at: position))
    }

    /// - Returns: the position that a cursor of this log stands for; nil for one of another log.
    public func position(of cursor: LogCursor) throws -> Int? {
        guard cursor.epoch == (try epoch()), cursor.position <= (try log.lastPosition()) else {
            return nil
        }
        let hash = cursor.position == 0 ? nil : try log.hash(at: cursor.position)
        return cursor.matches(hash) ? cursor.position : nil
    }

    /// Lines after a position in order of arrival, with the cursor behind the last of them.
    public func lines(
        after position: Int, maximumCount: Int, maximumBytes: Int
    ) throws -> (lines: [[UInt8]], cursor: LogCursor, isMore: Bool) {
        let found = try packedLines(
            after: position, maximumCount: maximumCount, maximumBytes: maximumBytes)
        return (try found.lines.map { try $0.unpacked() }, found.cursor, found.isMore)
    }

    /// The same, the lines as they are stored.
    public func packedLines(
        after position: Int, maximumCount: Int, maximumBytes: Int
    ) throws -> (lines: [PackedLine], cursor: LogCursor, isMore: Bool) {
        let found = try log.packedLines(
            after: position, maximumCount: maximumCount, maximumBytes: maximumBytes)
        let last = found.last?.position ?? position
        return (found, try cursor(at: last), try log.lastPosition() > last)
    }

    /// The lines that somebody with `heads` lacks, in order of arrival, after a position.
    ///
    /// - Parameter asked: replicas whose last line is among them in any case, to see whether it is the same there.
    /// - Returns: nil when there is nothing more.
    public func nextLines(
        lackedBy heads: [ReplicaID: Head], asking asked: Set<ReplicaID> = [], after position: Int,
        maximumBytes: Int
    ) throws -> (lines: [[UInt8]], position: Int)? {
        func seq(before row: ReplicaRow) -> Int {
            let known = heads[row.replica]?.seq ?? 0
            return asked.contains(row.replica) ? min(known, row.head.seq - 1) : known
        }
        let behind = replicas.rows.values.filter { seq(before: $0) < $0.head.seq }
        guard !behind.isEmpty else { return nil }
        var positions: [Int] = []
        for row in behind {
            try SQL(
                "SELECT position FROM tally_log WHERE replica = ? AND seq > ? AND position > ?",
                in: db
            ).bind(1, row.id).bind(2, seq(before: row)).bind(3, position)
                .forEach { positions.append($0.integer(0)) }
        }
        var (lines, total, last): ([[UInt8]], Int, Int) = ([], 0, position)
        for next in positions.sorted() {
            guard let line = try log.line(at: next) else { continue }
            total += line.count + 1
            if !lines.isEmpty, total > maximumBytes { break }
            lines.append(line)
            last = next
        }
        return lines.isEmpty ? nil : (lines, last)
    }

    /// How many changesets somebody with `heads` lacks.
    public func countLacked(by heads: [ReplicaID: Head]) -> Int {
        replicas.rows.values.reduce(0) { $0 + max(0, $1.head.seq - (heads[$1.replica]?.seq ?? 0)) }
    }

    /// - Returns: nil when the log holds the revision neither under that name nor under the one that took its place.
    public func find(_ revision: Revision) throws -> RevisionInfo? {
        if let info = try revisions.find(revision) { return info }
        let successor = try SQL(
            """
            SELECT first, successor FROM tally_successor WHERE replica = ? AND first <= ?
            ORDER BY first DESC LIMIT 1
            """, in: db
        ).bind(1, revision.replica.text).bind(2, revision.seq).first { row in
            ReplicaID(row.text(1)).map { Revision($0, revision.seq - row.integer(0) + 1) }
        }
        guard let successor = successor ?? nil else { return nil }
        return try find(successor)
    }

    public func info(of revision: Revision) throws -> RevisionInfo {
        try revisions.info(of: revision)
    }

    /// The changesets, latest first.
    ///
    /// - Complexity: O(limit).
    public func latestChangesets(limit: Int) throws -> [RevisionInfo] {
        try changesets(ChangesetFilter(), limit: limit)
    }

    /// How many changesets of a group are here, and how many rows they have.
    ///
    /// - Complexity: O(changesets of the group).
    public func groupTotals(_ id: String) throws -> (changesets: Int, rows: Int) {
        try SQL("SELECT count(*), sum(row_count) FROM tally_log WHERE group_id = ?", in: db)
            .bind(1, id).first { ($0.integer(0), $0.integer(1)) } ?? (0, 0)
    }

    /// The changeset as its line says it.
    public func changeset(at position: Int) throws -> Changeset {
        guard let bytes = try log.line(at: position) else {
            throw StoreError(damage: "The log has no changeset at position \(position)")
        }
        do throws(LineFault) {
            return try ChangesetLine(bytes).changeset(kinds: kinds)
        } catch { throw unreadable(position, error) }
    }

    func unreadable(_ position: Int, _ fault: LineFault) -> StoreError {
        StoreError(damage: "The changeset at position \(position) cannot be read: \(fault.reason)")
    }

    /// The positions of the changesets that edited a record, in order.
    public func positions(of address: RecordAddress) throws -> [Int] {
        var positions: [Int] = []
        try SQL(
            "SELECT position FROM tally_touch WHERE kind = ? AND key = ? ORDER BY position", in: db
        ).bind(1, address.kind).bind(2, address.key.json).forEach {
            positions.append($0.integer(0))
        }
        if positions.isEmpty, let row = try records.row(of: address), row.rev != 0 {
            return [abs(row.rev)]
        }
        return positions
    }

    /// The position of the first of some changesets that edited a record.
    ///
    /// - Parameters:
    ///   - positions: those of the changesets.
    ///   - first: the first of these.
    ///   - known: one of these, of which it is known that it edited the record.
    /// - Complexity: O(changesets that edited it from the first of these up to the result).
    func firstPosition(
        of address: RecordAddress, in positions: Set<Int>, from first: Int, known: Int
    ) throws -> Int {
        let sql = try SQL(
            """
            SELECT position FROM tally_touch WHERE kind = ? AND key = ? AND position >= ?
            ORDER BY position
            """, in: db
        ).bind(1, address.kind).bind(2, address.key.json).bind(3, first)
        defer { sql.reset() }
        while try sql.step() {
            if positions.contains(sql.integer(0)) { return sql.integer(0) }
        }
        // One that a single changeset edited has no rows there.
        return known
    }

    /// How many changesets edited a record that at least one has edited.
    ///
    /// - Complexity: O(result).
    func stepCount(of address: RecordAddress) throws -> Int {
        let count = try SQL("SELECT count(*) FROM tally_touch WHERE kind = ? AND key = ?", in: db)
            .bind(1, address.kind).bind(2, address.key.json).first { $0.integer(0) }
        return max(1, count ?? 0)
    }

    // MARK: Records

    public func view(_ address: RecordAddress) throws -> RecordView {
        let record = try records.load(address)
        return RecordView(
            address: address, state: record.state, row: record.row,
            conflicts: try records.conflicts(of: address, record.state))
    }

    /// Whether there is no record of a kind, nor ever was one.
    ///
    /// - Complexity: O(1).
    public func isEmpty(_ kind: Kind) throws -> Bool { try records.isEmpty(kind) }

    /// How many records of each kind are visible, kinds sorted by name; nil of a table that another tool dropped or rebuilt,
    /// until it has been put back.
    public func counts() throws -> [(kind: String, count: Int?)] {
        try kinds.all.map { kind in
            if records.touched.rebuilt.contains(kind.name) { return (kind.name, nil) }
            if let noted = try meta(Self.countName(kind.name)).flatMap({ Int($0) }) {
                return (kind.name, noted)
            }
            return (kind.name, try countRows(of: kind))
        }
    }

    /// - Complexity: O(records).
    func countRows(of kind: Kind) throws -> Int {
        try SQL(try records.readableTable(kind).countAll, in: db).first { $0.integer(0) } ?? 0
    }

    /// Calls `body` for every visible record of a kind in the order of the key.
    public func forEachRow(of kind: Kind, _ body: (RecordRow) throws -> Void) throws {
        let table = try records.readableTable(kind)
        try SQL(table.selectAll, in: db).forEach { try body(RecordTable.readRow($0, table: table)) }
    }

    /// The same for those for which an SQL condition holds: over the columns of the kind, `author` and `at`.
    ///
    /// - Precondition: the connection is read-only; the condition is the user's own SQL.
    public func forEachRow(
        of kind: Kind, where condition: String, _ body: (RecordRow) throws -> Void
    ) throws {
        try StoreError.check(condition: condition)
        let table = try records.readableTable(kind)
        try SQL(table.select(where: condition), in: db)
            .forEach { try body(RecordTable.readRow($0, table: table)) }
    }

    /// Records with fields or of kinds that this version does not know, sorted; visible ones only.
    ///
    /// - Complexity: O(records with versions of their own).
    public func recordsBeyondSchema() throws -> [RecordAddress] {
        var addresses: [RecordAddress] = []
        try SQL("SELECT kind, key FROM tally_state ORDER BY kind, key", in: db).forEach { row in
            let address = try RecordTable.address(kind: row.text(0), key: row.text(1))
            let state = try records.load(address).state
            guard state.isVisible else { return }
            let kind = kinds[address.kind]
            let isBeyond =
                kind == nil || state.statements.keys.contains { kind?.statement(of: $0) == nil }
                || state.occupiedSetFields.contains { kind?.field($0) == nil }
            if isBeyond { addresses.append(address) }
        }
        return addresses.sorted()
    }

    // MARK: Conflicts

    public func conflictCount() throws -> Int {
        try SQL("SELECT count(DISTINCT id) FROM tally_conflict", in: db).first { $0.integer(0) }
            ?? 0
    }

    /// The open conflicts, sorted by record and statement.
    public func conflicts() throws -> [Conflict] {
        try records.statesInConflict().sorted { $0.address < $1.address }.flatMap {
            try records.conflicts(of: $0.address, $0.state)
        }
    }

    /// The ids of open conflicts that begin with `prefix`, at most `limit`.
    public func conflictIDs(prefix: String, limit: Int = 10) throws -> [String] {
        var ids: [String] = []
        try SQL(
            "SELECT DISTINCT id FROM tally_conflict WHERE substr(id, 1, ?) = ? ORDER BY id LIMIT ?",
            in: db
        ).bind(1, prefix.count).bind(2, prefix).bind(3, limit).forEach { ids.append($0.text(0)) }
        return ids
    }

    /// The open conflicts with that id: one, but for a collision of 40 bits.
    public func conflicts(id: String) throws -> [Conflict] {
        var addresses: Set<RecordAddress> = []
        try SQL("SELECT kind, key FROM tally_conflict WHERE id = ?", in: db).bind(1, id)
            .forEach { row in
                addresses.insert(try RecordTable.address(kind: row.text(0), key: row.text(1)))
            }
        return try addresses.sorted().flatMap { address in
            try records.conflicts(of: address, records.load(address).state)
        }.filter { $0.id.text == id }
    }

    /// Everything that the copy of a revision had integrated when it wrote it.
    ///
    /// - Complexity: O(changesets of that replica up to it); of one that is asked for after an earlier one of its replica
    ///   O(changesets of the replica between the two). No line is read.
    public func coverage(of revision: Revision) throws -> Coverage {
        guard let row = replicas.rows[revision.replica] else {
            return Coverage(of: revision, seen: RevisionVector())
        }
        return try coverages.coverage(of: revision, by: row)
    }

    /// Who has written with a clock that is a day or more ahead: such times are not followed, and are reported.
    public func clocksAhead(of clock: Timestamp) -> [(
        author: String, machine: String, aheadMs: Int64
    )] {
        replicas.rows.values.sorted { $0.replica < $1.replica }.compactMap { row in
            let aheadMs = row.latestAt.milliseconds - clock.milliseconds
            return aheadMs < Timestamp.followedAheadMs ? nil : (row.author, row.machine, aheadMs)
        }
    }

    /// The `at` of a new changeset of `replica`.
    func nextTime(
        clock: Timestamp, own replica: ReplicaID, ownLast: Timestamp?
    ) -> Timestamp {
        // Each other replica counts for itself: one whose clock is days ahead must not hide the rest.
        let others = replicas.rows.values.filter {
            $0.replica != replica
                && $0.latestAt.milliseconds - clock.milliseconds < Timestamp.followedAheadMs
        }
        return Timestamp.next(
            clock: clock, ownLast: ownLast,
            othersLast: others.map(\.latestAt).max())
    }
}

extension RecordKey {
    /// - Returns: nil when the text is no JSON array of texts.
    public init?(json: String) {
        var (reader, key) = (JSONReader(Array(json.utf8)), Self(reserving: json.utf8.count))
        do throws(JSONFault) {
            try reader.readArray(fault: { $0 }) { (reader) throws(JSONFault) in
                key.append(try reader.readString())
            }
            try reader.expectEnd()
        } catch { return nil }
        guard key.count > 0 else { return nil }
        self = key
    }
}
