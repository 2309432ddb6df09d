import Dispatch
import GRDB
import TallyCore
import TallyWire

/// Whether a file that came from elsewhere is a snapshot of a dataset: opened as untrusted, read only, and believed when all
/// holds (DESIGN.md section 12).
///
/// The state of the records is not recomputed: `Dataset.verify` does that.
struct SnapshotCheck {
    let path: String
    let dataset: DatasetID
    let kinds: KindCatalog
    let isInterrupted: @Sendable () -> Bool
    let readsConcurrently: Bool

    /// - Throws: `SnapshotFault` for what does not hold; `StoreError` when it was interrupted, or the disk failed.
    /// - Complexity: O(file); the log and the structure are looked at on a thread each, where they may be.
    func run() throws {
        do {
            try DatasetHeader.check(path: path)
        } catch { throw SnapshotFault("it is no dataset of a format that this version reads") }
        try look { db in
            try checkSchema(db)
            try checkFacts(db)
        }
        guard readsConcurrently else {
            try checkLog()
            return try checkStructure()
        }
        let log = Background(on: DispatchQueue(label: "tally.log")) { try checkLog() }
        let structure = Result { try checkStructure() }
        try log.result()
        try structure.get()
    }

    private func look(_ body: (Database) throws -> Void) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.prepareDatabase { db in
            // https://www.sqlite.org/security.html
            try db.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
        }
        do {
            let queue = try DatabaseQueue(
                path: FileURI.immutable(path), configuration: configuration)
            defer { try? queue.close() }
            try queue.read { db in
                try ReadWatch(isInterrupted).watching(db) { try body(db) }
            }
        } catch let error as DatabaseError {
            let failure = StoreError(error, path: path)
            guard [.damaged, .fault].contains(failure.code) else { throw failure }
            let detail = error.message ?? error.resultCode.description
            throw SnapshotFault("SQLite finds it damaged: \(detail)")
        }
    }

    /// The schema must be, part by part and page by page, that of a new file of this version.
    private func checkSchema(_ db: Database) throws {
        let model = try DatabaseQueue()
        let wanted = try model.writeWithoutTransaction { db in
            let schema = DatasetSchema(kinds)
            try schema.identify(db)
            try schema.create(in: db)
            return try Self.parts(of: db)
        }
        guard try Self.parts(of: db) == wanted else {
            throw SnapshotFault("its tables are not those that this version of Tally makes")
        }
    }

    private static func parts(of db: Database) throws -> [[String?]] {
        var parts: [[String?]] = []
        for name in ["application_id", "user_version", "page_size", "encoding", "auto_vacuum"] {
            parts.append([name, try String.fetchOne(db, sql: "PRAGMA \(name)")])
        }
        try SQL(
            "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema ORDER BY rowid", in: db
        )
        .forEach { row in parts.append((0..<5).map { row.optionalText($0) }) }
        return parts
    }

    /// What it says of itself, and that nothing of another file came along.
    private func checkFacts(_ db: Database) throws {
        var facts: [String: String] = [:]
        try SQL("SELECT name, value FROM tally_meta LIMIT 100", in: db)
            .forEach { facts[$0.text(0)] = $0.text(1) }
        guard Set(facts.keys) == ["format", "dataset", "name", "epoch", "schema_version"],
            facts["format"] == String(DatasetHeader.format),
            facts["epoch"].map({ Shape.isLine($0, maximumBytes: 200) }) == true
        else { throw SnapshotFault("it says of itself what no snapshot says") }
        guard facts["dataset"] == dataset.text else {
            throw SnapshotFault("it is of another dataset")
        }
        for table in DatasetSchema(kinds).localTables {
            let isEmpty = try SQL("SELECT EXISTS (SELECT 1 FROM \(table.sqlName))", in: db)
                .first { $0.integer(0) == 0 }
            guard isEmpty == true else {
                throw SnapshotFault("its table \(table) is not empty")
            }
        }
        guard try SQL("SELECT count(*) FROM tally_stamp", in: db).first({ $0.integer(0) }) == 1
        else { throw SnapshotFault("it has no state of its own") }
    }

    private func checkLog() throws {
        try look { db in
            var check = LogCheck(db, dataset: dataset)
            try check.run(isInterrupted: isInterrupted)
            let isNamed = try SQL(
                "SELECT EXISTS (SELECT 1 FROM tally_log WHERE member IS NOT NULL)", in: db
            ).first { $0.integer(0) == 1 }
            if isNamed == true { throw SnapshotFault("it says who brought a changeset") }
        }
    }

    /// The indices too: there are few beside the keys.
    private func checkStructure() throws {
        try look { db in
            if let fault = try StructureCheck.whole.faults(db, limit: 1).first {
                throw SnapshotFault("SQLite finds it damaged: \(fault)")
            }
        }
    }
}
