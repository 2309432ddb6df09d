import GRDB
import TallyCore
import TallyWire

/// What became of the branch of a fork that gave way.
public struct ForkRepair: Sendable, Equatable {
    public let fork: Fork
    /// How many changesets were written anew, those that were here in their new form already among them.
    public internal(set) var rewritten = 0
    /// The replicas that nobody writes on under, with those that took their place; sorted by the old name.
    public internal(set) var replaced: [Replacement] = []

    public struct Replacement: Sendable, Equatable {
        public let replica: ReplicaID
        public let successor: ReplicaID
    }
}

/// Lays a log anew without the branch of a fork that gives way (DESIGN.md section 6).
///
/// Every line is taken again, in its order, through the same checks as a line from outside: as it was, or, where it is of
/// the branch or has seen it, written anew. So the state is recomputed from the log, and a rewritten line that is here
/// already is a duplicate.
///
/// - Complexity: O(log); memory does not grow with it.
struct LogRebuild {
    private let db: Database
    private let access: DatasetAccess
    private let intake: Intake
    private var rewriting: ForkRewriting
    private var repair: ForkRepair
    /// What the old lines had seen, by old replica: the whole vector, as the sum along each chain.
    private var seen: [ReplicaID: RevisionVector] = [:]
    private var keys: [ReplicaID: ReplicaKey] = [:]

    /// Empties the file's log and state into a temporary table.
    ///
    /// - Parameter old: an access to the file as it is, of the same transaction; of no use afterwards.
    init(_ old: DatasetAccess, fork: Fork) throws {
        db = old.db
        rewriting = ForkRewriting(fork)
        repair = ForkRepair(fork: fork)
        try db.execute(
            sql: "CREATE TEMP TABLE old_log AS SELECT position, line, member FROM main.tally_log")
        for table in Self.derivedTables + old.kinds.all.map(\.name) {
            try db.execute(sql: "DELETE FROM main.\(table.sqlName)")
        }
        access = try DatasetAccess(db, dataset: old.dataset, kinds: old.kinds)
        intake = Intake(access: access)
    }

    /// What follows from the lines of the log.
    private static let derivedTables = [
        "tally_log", "tally_replica", "tally_state", "tally_touch", "tally_conflict",
    ]

    /// - Throws: `LineFault` where a line cannot be taken again, or has no room for its new names.
    mutating func run(isInterrupted: () -> Bool) throws -> ForkRepair {
        var position = 0
        while let old = try nextLine(after: position) {
            if isInterrupted() {
                throw StoreError(.interrupted, "Interrupted; nothing was half done")
            }
            position = old.position
            _ = try intake.take(try renewed(old.line), member: old.member)
        }
        try db.execute(sql: "DROP TABLE temp.old_log")
        try noteSuccessors()
        return repair
    }

    private func nextLine(after position: Int) throws -> (
        position: Int, line: [UInt8], member: String?
    )? {
        try SQL(
            """
            SELECT position, line, member FROM temp.old_log
            WHERE position > ? ORDER BY position LIMIT 1
            """, in: db
        ).bind(1, position).first { row in
            (
                row.integer(0), try LogTable.unpack(row.blob(1), at: row.integer(0)),
                row.optionalText(2)
            )
        }
    }

    /// The line as it stands in the new log.
    private mutating func renewed(_ bytes: [UInt8]) throws -> [UInt8] {
        let line = try ChangesetLine(bytes)
        let revision = Revision(try line.replica(), try line.seq())
        var vector = seen[revision.replica] ?? RevisionVector()
        for name in try line.seen() { vector.insert(name.revision) }
        seen[revision.replica] = vector
        guard rewriting.concerns(Coverage(of: revision, seen: vector)) else { return bytes }
        repair.rewritten += 1
        return try rewritten(line, revision, seen: vector)
    }

    private mutating func rewritten(
        _ line: ChangesetLine, _ old: Revision, seen: RevisionVector
    ) throws -> [UInt8] {
        if rewriting.successor(of: old.replica) == nil {
            let key = ReplicaKey(replacing: line.hash)
            keys[key.replica] = key
            rewriting.replace(from: old, by: key.replica)
        }
        guard let successor = rewriting.successor(of: old.replica),
            let key = keys[successor.replica]
        else { preconditionFailure("a replica that is replaced has a successor with a key") }
        let seq = old.seq - successor.firstSeq + 1
        // Earlier lines of its own chain a line covers without naming them; those that stay are another's now.
        var whole = seen
        whole[old.replica] = successor.firstSeq - 1
        whole = rewriting.renamed(whole)
        whole[key.replica] = 0
        return try line.rewritten(
            with: key, seq: seq, previous: try hash(of: key.replica, seq - 1),
            seen: try news(in: whole, after: key.replica, seq: seq - 1)
        ).bytes
    }

    private func hash(of replica: ReplicaID, _ seq: Int) throws -> ChangesetHash? {
        seq == 0 ? nil : try access.info(of: Revision(replica, seq)).hash
    }

    /// What a vector names beyond what a replica had seen at one of its lines.
    private func news(
        in vector: RevisionVector, after replica: ReplicaID, seq: Int
    ) throws -> [Changeset.Seen] {
        let before =
            seq == 0
            ? RevisionVector() : try access.coverage(of: Revision(replica, seq)).seen
        return try vector.replicas.filter { vector[$0] > before[$0] }.map { name in
            let revision = Revision(name, vector[name])
            return Changeset.Seen(revision: revision, hash: try access.info(of: revision).hash)
        }
    }

    /// Keeps the old names, so that they stay valid in commands.
    private mutating func noteSuccessors() throws {
        let sql = try SQL(
            "INSERT OR REPLACE INTO tally_successor (replica, first, successor) VALUES (?, ?, ?)",
            in: db)
        for (replica, successor) in rewriting.replaced {
            try sql.bind(1, replica.text).bind(2, successor.firstSeq)
                .bind(3, successor.replica.text).run()
            repair.replaced.append(
                ForkRepair.Replacement(replica: replica, successor: successor.replica))
        }
    }
}
