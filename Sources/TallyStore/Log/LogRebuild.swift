import GRDB
import TallyCore
import TallyWire

/// Lays a log anew without the branch of a fork that gives way (DESIGN.md section 6).
///
/// Every line is taken again through the same checks as a line from outside: first those that stay, in their order, then
/// those of the branch and what has seen it, written anew. So the state is recomputed from the log, and a rewritten line
/// that is here already is a duplicate.
///
/// - Complexity: O(log); memory does not grow with it.
struct LogRebuild {
    private let db: Database
    private let access: DatasetAccess
    private let intake: Intake
    private var extent: ForkExtent
    private var renaming = ForkRenaming()
    private var repair: ForkRepair
    /// What the old lines had seen, by old replica: the whole vector, as the sum along each chain.
    private var seen: [ReplicaID: RevisionVector] = [:]
    private var keys: [ReplicaID: ReplicaKey] = [:]
    /// What the rewritten lines have named so far, by successor.
    private var named: [ReplicaID: RevisionVector] = [:]

    /// Moves the file's log into a temporary table, and empties its state.
    ///
    /// - Parameter old: an access to the file as it is, of the same transaction; of no use afterwards.
    init(_ old: DatasetAccess, fork: Fork) throws {
        db = old.db
        extent = ForkExtent(fork)
        repair = ForkRepair(fork: fork)
        try db.execute(
            sql: """
                CREATE TEMP TABLE old_log (position INTEGER PRIMARY KEY, line, member, is_rewritten);
                INSERT INTO temp.old_log SELECT position, line, member, 0 FROM main.tally_log;
                """)
        for table in ["tally_log"] + DatasetSchema.derivedTables + old.kinds.all.map(\.name) {
            try db.execute(sql: "DELETE FROM main.\(table.sqlName)")
        }
        for kind in old.kinds.all { try old.removeMeta(DatasetAccess.countName(kind.name)) }
        try old.removeMeta(LogTable.packedName)
        access = try DatasetAccess(db, dataset: old.dataset, kinds: old.kinds)
        intake = Intake(access: access)
    }

    /// - Throws: `LineFault` where a line cannot be taken again, or has no room for its new names.
    mutating func run(isInterrupted: () -> Bool) throws -> ForkRepair {
        try forEachOldLine(isRewritten: false, isInterrupted) { rebuild, old in
            let coverage = try rebuild.coverage(of: old.line)
            if rebuild.extent.concerns(coverage) {
                rebuild.extent.insert(coverage.revision)
                try rebuild.mark(old.position)
            } else {
                _ = try rebuild.intake.take(old.line.bytes, member: old.member)
            }
        }
        // The vectors of the lines that stay; those of the others are summed up anew.
        seen = access.replicas.rows.mapValues(\.seen)
        try forEachOldLine(isRewritten: true, isInterrupted) { rebuild, old in
            let coverage = try rebuild.coverage(of: old.line)
            let line = try rebuild.rewritten(old.line, coverage)
            _ = try rebuild.intake.take(line, member: old.member)
            rebuild.repair.rewritten += 1
        }
        try access.settle()
        try db.execute(sql: "DROP TABLE temp.old_log")
        try noteSuccessors()
        return repair
    }

    private struct OldLine {
        let position: Int
        let line: ChangesetLine
        let member: String?
    }

    private mutating func forEachOldLine(
        isRewritten: Bool, _ isInterrupted: () -> Bool,
        _ body: (inout LogRebuild, OldLine) throws -> Void
    ) throws {
        var position = 0
        while let old = try nextLine(after: position, isRewritten: isRewritten) {
            if isInterrupted() { throw StoreError.interrupted }
            position = old.position
            try body(&self, old)
        }
    }

    private func nextLine(after position: Int, isRewritten: Bool) throws -> OldLine? {
        try SQL(
            """
            SELECT position, line, member FROM temp.old_log
            WHERE position > ? AND is_rewritten = ? ORDER BY position LIMIT 1
            """, in: db
        ).bind(1, position).bind(2, isRewritten ? 1 : 0).first { row in
            let position = row.integer(0)
            return OldLine(
                position: position,
                line: try ChangesetLine(LogTable.unpack(row.blob(1), at: position)),
                member: row.optionalText(2))
        }
    }

    private func mark(_ position: Int) throws {
        try SQL("UPDATE temp.old_log SET is_rewritten = 1 WHERE position = ?", in: db)
            .bind(1, position).run()
    }

    /// What a line of the old log covers, under the old names; lines of a replica come in their order.
    private mutating func coverage(of line: ChangesetLine) throws -> Coverage {
        let revision = Revision(try line.replica(), try line.seq())
        for name in try line.seen() {
            seen[revision.replica, default: RevisionVector()].insert(name.revision)
        }
        return Coverage(of: revision, seen: seen[revision.replica] ?? RevisionVector())
    }

    // MARK: Writing a line anew

    private mutating func rewritten(_ line: ChangesetLine, _ coverage: Coverage) throws -> [UInt8] {
        let old = coverage.revision
        if renaming.successor(of: old.replica) == nil { replace(from: old, by: line.hash) }
        var written = try writtenAnew(line, coverage)
        // Somebody rewrote a branch that begins alike and goes on in another way: this one goes on under its own name.
        while try isTaken(written.revision, by: written.line.hash) {
            if renaming.successor(of: old.replica)?.firstSeq == old.seq {
                throw LineFault(
                    .fork,
                    "\(written.revision), which would take the place of \(old), exists with another hash"
                )
            }
            replace(from: old, by: line.hash)
            written = try writtenAnew(line, coverage)
        }
        named[written.revision.replica] = written.vector
        return written.line.bytes
    }

    private mutating func replace(from old: Revision, by first: ChangesetHash) {
        let key = ReplicaKey(replacing: first)
        keys[key.replica] = key
        renaming.replace(from: old, by: key.replica)
    }

    private func writtenAnew(
        _ line: ChangesetLine, _ coverage: Coverage
    ) throws -> (line: ChangesetWriter.Signed, vector: RevisionVector, revision: Revision) {
        let old = coverage.revision
        guard let successor = renaming.successor(of: old.replica),
            let key = keys[successor.replica]
        else { preconditionFailure("a replica that is replaced has a successor with a key") }
        let seq = old.seq - successor.firstSeq + 1
        // Earlier lines of its own chain a line covers without naming them; those that stay are another's now.
        var vector = coverage.seen
        vector[old.replica] = old.seq - 1
        vector = renaming.renamed(vector)
        vector[key.replica] = 0
        let before = seq == 1 ? RevisionVector() : named[key.replica] ?? RevisionVector()
        let news = try vector.replicas.filter { vector[$0] > before[$0] }.map { name in
            let revision = Revision(name, vector[name])
            return Changeset.Seen(revision: revision, hash: try access.info(of: revision).hash)
        }
        let previous = seq == 1 ? nil : try access.info(of: Revision(key.replica, seq - 1)).hash
        let written = try line.rewritten(with: key, seq: seq, previous: previous, seen: news)
        return (written, vector, Revision(key.replica, seq))
    }

    /// Whether another line has that name.
    private func isTaken(_ revision: Revision, by hash: ChangesetHash) throws -> Bool {
        let known = try access.revisions.find(revision)
        return known != nil && known?.hash != hash
    }

    /// Keeps the old names, so that they stay valid in commands.
    private mutating func noteSuccessors() throws {
        let sql = try SQL(
            "INSERT OR REPLACE INTO tally_successor (replica, first, successor) VALUES (?, ?, ?)",
            in: db)
        for (replica, successor) in renaming.replaced {
            try sql.bind(1, replica.text).bind(2, successor.firstSeq)
                .bind(3, successor.replica.text).run()
            repair.replaced.append(
                ForkRepair.Replacement(
                    replica: replica, firstSeq: successor.firstSeq, successor: successor.replica))
        }
    }
}
