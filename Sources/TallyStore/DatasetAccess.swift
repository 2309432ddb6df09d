import GRDB
import GRDBSQLite
import TallyCore
import TallyWire

/// One transaction on a dataset file, with what is read once for it.
///
/// Not Sendable: it lives inside one access to the database.
public final class DatasetAccess {
    let db: Database
    public let dataset: DatasetID
    public let kinds: KindCatalog
    let log: LogTable
    let replicas: ReplicaTable
    let revisions: RevisionIndex
    let coverages: CoverageIndex
    let records: RecordTable
    private var hasSampledKeys = false
    /// What was appended and is not applied yet.
    var unapplied = UnappliedEdits()

    /// - Parameter touched: what other tools have written and nobody has taken yet: records are seen as they were before.
    init(
        _ db: Database, dataset: DatasetID, kinds: KindCatalog, touched: TouchedKinds = .none
    ) throws {
        self.db = db
        self.dataset = dataset
        self.kinds = kinds
        log = LogTable(db: db)
        replicas = try ReplicaTable(db)
        revisions = RevisionIndex(db)
        coverages = CoverageIndex(db)
        let policies =
            touched.rebuilt.contains(PolicySettings.kind)
            ? PolicyTable() : try PolicySettings.read(db, kinds: kinds)
        records = RecordTable(
            db, kinds: kinds, revisions: revisions, policies: policies, touched: touched)
    }

    /// Takes a sample of how the keys are spread, once a transaction has saved many records: a question that leaves out the
    /// first fields of a key then skips through the key instead of reading the table
    /// (https://www.sqlite.org/optoverview.html#the_skip_scan_optimization).
    ///
    /// - Complexity: O(1), a few milliseconds.
    func sampleKeys() throws {
        guard records.savedCount >= Self.manyRecords, !hasSampledKeys else { return }
        hasSampledKeys = true
        try takeSample()
    }

    /// From so many on a sample is worth its time.
    static let manyRecords = 1000

    func takeSample() throws {
        try db.execute(sql: "PRAGMA analysis_limit = 1000")
        for kind in kinds.all { try db.execute(sql: "ANALYZE \(kind.name.sqlName)") }
    }

    /// Writes what this transaction has changed so far to the write-ahead log, uncommitted, and sees whether there is room
    /// for the commit, which is one page more.
    func writeAhead() throws {
        let code = sqlite3_db_cacheflush(db.sqliteConnection)
        // Busy: pages that are in use stay where they are, for the commit.
        guard code == SQLITE_OK || code == SQLITE_BUSY else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code))
        }
        guard let path = sqlite3_db_filename(db.sqliteConnection, nil).map({ String(cString: $0) }),
            DiskSpace.isExhausted(at: path)
        else { return }
        throw DatabaseError(resultCode: .SQLITE_FULL)
    }

    /// Appends a line that has been checked, and applies what it does: all of it when ``settle()`` has been called.
    ///
    /// - Parameters:
    ///   - packed: the line as the log keeps it.
    ///   - records: the edits by record.
    ///   - insertsNew: whether records that are new are written without a look at what they come to.
    func append(
        _ changeset: Changeset, line: ChangesetWriter.Signed, key: ReplicaPublicKey,
        member: String?, packed: [UInt8], records: EditedRecords, insertsNew: Bool = true
    ) throws {
        let replicaID = try replicas.advance(changeset, hash: line.hash, key: key)
        let position = try log.append(
            changeset, line: line, packed: packed, replicaID: replicaID, member: member)
        revisions.keep(RevisionInfo(changeset, line: line, position: position))
        let revision = changeset.revision
        guard let seen = replicas.rows[revision.replica]?.seen else {
            preconditionFailure("the replica of a changeset that is applied is known")
        }
        try apply(
            records, at: position, by: Coverage(of: revision, seen: seen), insertsNew: insertsNew)
        if changeset.edits.contains(where: { $0.kind == PolicySettings.kind }) {
            try settle()
            try self.records.reconsider()
        }
    }

    /// Notes how many records there are of the kinds of which there are more or fewer than before.
    func noteCounts() throws {
        for (kind, change) in records.takeCountChanges() where change != 0 {
            try SQL(
                "UPDATE tally_meta SET value = CAST(value AS INTEGER) + ? WHERE name = ?", in: db
            ).bind(1, change).bind(2, Self.countName(kind)).run()
            guard db.changesCount == 0, let known = kinds[kind] else { continue }
            try setMeta(Self.countName(kind), String(countRows(of: known)))
        }
    }

    static func countName(_ kind: String) -> String { "count.\(kind)" }

    func meta(_ name: String) throws -> String? { try FactTable(db).value(name) }

    func removeMeta(_ name: String) throws { try FactTable(db).remove(name) }

    func setMeta(_ name: String, _ value: String) throws { try FactTable(db).set(name, value) }
}

extension RevisionInfo {
    init(_ changeset: Changeset, line: ChangesetWriter.Signed, position: Int) {
        self.init(
            position: position, revision: changeset.revision, hash: line.hash, at: changeset.at,
            author: changeset.author, machine: changeset.machine, message: changeset.message,
            group: changeset.group, isImport: changeset.isImport,
            rowCount: changeset.edits.reduce(0) { $0 + $1.rows.count },
            byteCount: line.bytes.count)
    }
}
