import GRDB
import TallyCore
import TallyWire

/// What is known of a replica as of its last changeset.
struct ReplicaRow: Equatable {
    let id: Int
    let replica: ReplicaID
    let key: ReplicaPublicKey
    var head: Head
    /// Everything that the replica had integrated at its last changeset.
    var seen: RevisionVector
    var latestAt: Timestamp
    var author: String
    var machine: String
}

/// `tally_replica`, held in memory for the length of an access.
final class ReplicaTable {
    private let db: Database
    private(set) var rows: [ReplicaID: ReplicaRow] = [:]
    private var greatestID = 0

    init(_ db: Database) throws {
        self.db = db
        try SQL(
            "SELECT id, replica, key, seq, hash, seen, latest_at, author, machine FROM tally_replica",
            in: db
        ).forEach { row in
            guard let replica = ReplicaID(row.text(1)),
                let key = ReplicaPublicKey(bytes: row.blob(2)),
                let hash = ChangesetHash(bytes: row.blob(4)), let seen = RevisionVector(row.text(5))
            else {
                throw StoreError(damage: "Row \(row.integer(0)) of tally_replica cannot be read")
            }
            greatestID = max(greatestID, row.integer(0))
            rows[replica] = ReplicaRow(
                id: row.integer(0), replica: replica, key: key,
                head: Head(seq: row.integer(3), hash: hash), seen: seen,
                latestAt: Timestamp(milliseconds: Int64(row.integer(6))), author: row.text(7),
                machine: row.text(8))
        }
    }

    var heads: [ReplicaID: Head] { rows.mapValues(\.head) }

    var vector: RevisionVector {
        var vector = RevisionVector()
        for row in rows.values { vector.insert(Revision(row.replica, row.head.seq)) }
        return vector
    }

    /// Moves a replica on to its next changeset.
    ///
    /// - Returns: the local id of the replica.
    func advance(_ changeset: Changeset, hash: ChangesetHash, key: ReplicaPublicKey) throws -> Int {
        let replica = changeset.revision.replica
        var row =
            rows[replica]
            ?? ReplicaRow(
                id: greatestID + 1, replica: replica, key: key,
                head: Head(seq: 0, hash: hash), seen: RevisionVector(), latestAt: changeset.at,
                author: changeset.author, machine: changeset.machine)
        row.head = Head(seq: changeset.revision.seq, hash: hash)
        for seen in changeset.seen { row.seen.insert(seen.revision) }
        row.latestAt = max(row.latestAt, changeset.at)
        row.author = changeset.author
        row.machine = changeset.machine
        rows[replica] = row
        greatestID = max(greatestID, row.id)
        try SQL(
            """
            INSERT INTO tally_replica (id, replica, key, seq, hash, seen, latest_at, author, machine)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (replica) DO UPDATE SET seq = excluded.seq,
            hash = excluded.hash, seen = excluded.seen, latest_at = excluded.latest_at,
            author = excluded.author, machine = excluded.machine
            """, in: db
        ).bind(1, row.id).bind(2, replica.text).bind(3, row.key.bytes).bind(4, row.head.seq)
            .bind(5, hash.bytes).bind(6, row.seen.text).bind(7, Int(row.latestAt.milliseconds))
            .bind(8, row.author).bind(9, row.machine).run()
        return row.id
    }

    /// What a new changeset of `replica` names as seen: all of which more was integrated than at its last one.
    func news(for replica: ReplicaID) -> [Changeset.Seen] {
        let seen = rows[replica]?.seen ?? RevisionVector()
        return rows.values.filter { $0.replica != replica && $0.head.seq > seen[$0.replica] }
            .map { Changeset.Seen(revision: Revision($0.replica, $0.head.seq), hash: $0.head.hash) }
            .sorted { $0.revision.replica < $1.revision.replica }
    }
}
