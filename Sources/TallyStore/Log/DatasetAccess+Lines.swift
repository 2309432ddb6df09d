import TallyCore

extension DatasetAccess {
    /// Calls `body` with each line that somebody lacks, in order of arrival.
    ///
    /// - Parameter known: of each replica the last changeset that they have; 0 of those that are absent.
    /// - Complexity: O(lines from the first that is lacked); memory O(one line).
    public func forEachLine(
        lackedBy known: [ReplicaID: Int], _ body: ([UInt8]) throws -> Void
    ) throws {
        var (knownByID, start): ([Int: Int], Int?) = ([:], nil)
        for row in replicas.rows.values {
            let seq = known[row.replica] ?? 0
            guard seq < row.head.seq else { continue }
            knownByID[row.id] = seq
            let first = try revisions.position(of: Revision(row.replica, seq + 1))
            start = min(start ?? first, first)
        }
        guard let start else { return }
        let sql = try SQL(
            "SELECT position, replica, seq, line FROM tally_log WHERE position >= ? ORDER BY position",
            in: db
        ).bind(1, start)
        defer { sql.reset() }
        while try sql.step() {
            guard let seq = knownByID[sql.integer(1)], sql.integer(2) > seq else { continue }
            try body(LogTable.unpack(sql.blob(3), at: sql.integer(0)))
        }
    }

    /// What of a beginning is not here, by seq and hash, sorted by replica.
    ///
    /// - Returns: of each replica the last changeset here, 0 for none, and the one that is wanted.
    public func lacking(
        _ basis: [ReplicaID: Head]
    ) throws -> [(replica: ReplicaID, here: Int, wanted: Int)] {
        try basis.filter { try !has($0.value, of: $0.key) }.sorted { $0.key < $1.key }
            .map { ($0.key, heads[$0.key]?.seq ?? 0, $0.value.seq) }
    }
}
