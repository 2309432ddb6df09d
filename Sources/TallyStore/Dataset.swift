import CSQLite
import GRDB
import GRDBSQLite
import Synchronization
import TallyCore
import TallyWire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One open dataset file.
///
/// Many processes may read, one writes at a time; a writer that finds another waits, up to five seconds unless told
/// otherwise. A reader sees one moment of the file. Closing it leaves one whole file behind.
public final class Dataset: Sendable {
    public let path: String
    public let id: DatasetID
    public let kinds: KindCatalog
    let queue: DatabaseQueue
    private let openFile: Mutex<OpenFile?>
    private let entrance: Entrance
    private let readWatch = Mutex<ReadWatch?>(nil)
    /// What has been taken of edits by other tools, and not been told yet.
    let captures = Mutex<[Captured]>([])

    private init(
        path: String, id: DatasetID, kinds: KindCatalog, queue: DatabaseQueue, openFile: OpenFile,
        entrance: Entrance
    ) {
        self.openFile = Mutex(openFile)
        self.entrance = entrance
        self.path = path
        self.id = id
        self.kinds = kinds
        self.queue = queue
    }

    // MARK: Opening, closing

    /// Opens a dataset file.
    ///
    /// - Parameters:
    ///   - readOnly: it is only read, and may be one that cannot be written, in a folder that cannot be written.
    ///   - waitSeconds: how long to wait for another writer.
    ///   - cacheMiB: how many pages a writer keeps in memory: who looks records up before it edits them, as an import into a
    ///     table that is not empty, wants pages of all parts of it again and again (Benchmarks/layouts.md).
    ///   - isAlone: nobody else may have it open, now and until it is closed: else it is `busy`.
    /// - Throws: `StoreError`, before anything is touched, when it is none, of a newer format, or not to be written.
    public static func open(
        path: String, kinds: KindCatalog = .shipped, readOnly: Bool = false,
        waitSeconds: Double = 5, cacheMiB: Int = 32, isAlone: Bool = false
    ) throws -> Dataset {
        func look() throws -> Entrance {
            try readOnly ? Entrance.forReading(path) : Entrance.forWriting(path)
        }
        var found: Entrance?
        var log = LeftLog.Verdict.fits
        let openFile = try OpenFile(path: path) {
            try DatasetHeader.check(path: path)
            let entrance = try look()
            if case .open = entrance { log = try wrapped(path) { try LeftLog.judge(path) } }
            found = entrance
        }
        if log == .unproven, try !isWhole(path, kinds) { log = .doesNotFit }
        if log == .doesNotFit { throw LeftLog.misfit(path) }
        return try open(
            path: path, kinds: kinds, by: found ?? look(), openFile,
            configuration(
                readOnly, waitSeconds: waitSeconds, cacheMiB: cacheMiB, isAlone: isAlone))
    }

    /// Opens a file so that nothing of it or beside it changes, whatever is wrong with it.
    static func examine(path: String, kinds: KindCatalog) throws -> Dataset {
        let openFile = try OpenFile(path: path) { try DatasetHeader.check(path: path) }
        return try open(
            path: path, kinds: kinds, by: Entrance.forExamination(path), openFile,
            configuration(true))
    }

    /// Whether the state of a file is what its log of changesets comes to.
    private static func isWhole(_ path: String, _ kinds: KindCatalog) throws -> Bool {
        let dataset = try examine(path: path, kinds: kinds)
        defer { dataset.close() }
        let name = UUIDText.random(Workplace.systemRandomBytes(16))
        return try dataset.verify(temporaryPath: "\(path)-\(name).part").faults.isEmpty
    }

    private static func open(
        path: String, kinds: KindCatalog, by entrance: Entrance, _ openFile: OpenFile,
        _ configuration: Configuration
    ) throws -> Dataset {
        try wrapped(path) {
            let queue = try DatabaseQueue(path: entrance.name(path), configuration: configuration)
            do {
                if !configuration.readonly { try queue.writeWithoutTransaction(restoreWAL) }
                return Dataset(
                    path: path, id: try datasetID(queue, path), kinds: kinds, queue: queue,
                    openFile: openFile, entrance: entrance)
            } catch {
                try? queue.close()
                if configuration.readonly, case .open = entrance { foldBack(path) }
                throw error
            }
        }
    }

    /// Another tool can have set another mode, in which readers and writers stand in each other's way; it stays until
    /// somebody sets it back (https://www.sqlite.org/pragma.html#pragma_journal_mode).
    private static func restoreWAL(_ db: Database) throws {
        guard try String.fetchOne(db, sql: "PRAGMA journal_mode") != "wal" else { return }
        do {
            try db.execute(sql: "PRAGMA journal_mode = WAL")
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            // It is in use: the next writer sets it.
        }
    }

    private static func datasetID(_ queue: DatabaseQueue, _ path: String) throws -> DatasetID {
        let text = try moment(of: queue) { db in
            try String.fetchOne(db, sql: "SELECT value FROM tally_meta WHERE name = 'dataset'")
        }
        guard let id = text.flatMap({ DatasetID($0) }) else {
            throw StoreError(damage: "\(path) does not say which dataset it is")
        }
        return id
    }

    static func configuration(
        _ readOnly: Bool = false, waitSeconds: Double = 5, cacheMiB: Int = 2, isAlone: Bool = false
    ) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(waitSeconds)
        configuration.foreignKeysEnabled = false
        // Transactions that hold own changesets are on the disk when they end (DESIGN.md section 7).
        if !readOnly {
            configuration.prepareDatabase { db in
                try db.execute(sql: "PRAGMA synchronous = FULL")
                // Before the log is looked at: who has the file open holds a lock that stands in the way
                // (https://www.sqlite.org/wal.html#use_of_wal_without_shared_memory).
                if isAlone { try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
                // In KiB where it is negative (https://www.sqlite.org/pragma.html#pragma_cache_size).
                try db.execute(sql: "PRAGMA cache_size = \(-1024 * cacheMiB)")
                // Triggers catch what other tools do; they are off for this connection only.
                let code = tally_sqlite3_enable_triggers(
                    UnsafeMutableRawPointer(db.sqliteConnection), 0)
                guard code == SQLITE_OK else {
                    throw DatabaseError(resultCode: ResultCode(rawValue: code))
                }
            }
        }
        return configuration
    }

    /// Closes the file; the last to close folds the write-ahead log back, so that a file at rest is one file.
    public func close() {
        let isReadOnly = queue.configuration.readonly
        try? queue.close()
        openFile.withLock { $0 = nil }
        if isReadOnly, case .open = entrance { Self.foldBack(path) }
    }

    /// A read-only connection makes a write-ahead log to read by and cannot take it away again
    /// (https://www.sqlite.org/wal.html#read_only_databases); one that may write does, when it is the last to close. It is
    /// opened without GRDB, which would read the schema once more, at every command that only reads.
    private static func foldBack(_ path: String) {
        let place = FilePlace(path)
        guard place.size(of: place.log) != nil else { return }
        var connection: OpaquePointer?
        defer { sqlite3_close_v2(connection) }
        guard
            sqlite3_open_v2(FileURI.plain(path), &connection, SQLITE_OPEN_READWRITE, nil)
                == SQLITE_OK
        else { return }
        sqlite3_busy_timeout(connection, 5000)
        // The least that has the log opened.
        sqlite3_exec(connection, "PRAGMA user_version", nil, nil, nil)
    }

    // MARK: Access

    /// Reads one moment of the file.
    ///
    /// - Throws: what `body` throws, and `StoreError`: `busy` when the file cannot be written from here, so that no lock
    ///   is taken, and somebody has written it meanwhile.
    public func read<Result>(_ body: (DatasetAccess) throws -> Result) throws -> Result {
        try reading {
            try Self.moment(of: queue) { db in
                try watched(db) {
                    let touched = try TouchedKinds(in: db, kinds: kinds)
                    return try body(
                        DatasetAccess(db, dataset: id, kinds: kinds, touched: touched))
                }
            }
        }
    }

    /// GRDB's own way to read keeps a connection that may write from it meanwhile by a pragma, upon which SQLite prepares
    /// every statement anew (https://www.sqlite.org/pragma.html#pragma_query_only).
    private static func moment<Result>(
        of queue: DatabaseQueue, _ body: (Database) throws -> Result
    ) throws -> Result {
        if queue.configuration.readonly { return try queue.read(body) }
        return try queue.writeWithoutTransaction { try moment($0, body) }
    }

    private static func moment<Result>(
        _ db: Database, _ body: (Database) throws -> Result
    ) throws -> Result {
        try transaction(.deferred, then: .rollback, in: db) { try body(db) }
    }

    private static func transaction<Result>(
        _ kind: Database.TransactionKind, then end: Database.TransactionCompletion,
        in db: Database, _ body: () throws -> Result
    ) throws -> Result {
        var result: Result?
        try db.inTransaction(kind) {
            result = try body()
            return end
        }
        guard let result else { preconditionFailure("a transaction that ended has run") }
        return result
    }

    /// What was read of a file at rest counts only when it is still the same.
    private func reading<Result>(_ body: () throws -> Result) throws -> Result {
        guard case .atRest(let moment) = entrance else { return try Self.wrapped(path, body) }
        let result = Swift.Result { try Self.wrapped(path, body) }
        try moment.check(path)
        return try result.get()
    }

    /// From now on reads end with the code `interrupted` once `isRequested` says so, until something has been written.
    ///
    /// Writes ask their workplace.
    public func interruptReads(when isRequested: @escaping @Sendable () -> Bool) {
        readWatch.withLock { $0 = ReadWatch(isRequested) }
    }

    private func watched<Result>(_ db: Database, _ body: () throws -> Result) throws -> Result {
        guard let watch = readWatch.withLock({ $0 }) else { return try body() }
        return try watch.watching(db, body)
    }

    /// Writes changesets as this file's replica: all that `body` edits, or nothing.
    @discardableResult
    public func write(
        at workplace: Workplace, _ authoring: Authoring = Authoring(),
        _ body: (DatasetEditor) throws -> Void
    ) throws -> Written {
        var editor: DatasetEditor?
        defer { editor?.release() }
        return try transaction(after: .capture(workplace)) { access in
            let own = try DatasetEditor(access, workplace: workplace, authoring: authoring)
            editor = own
            try body(own)
            return try own.finish()
        }
    }

    /// Takes lines from outside in one transaction: all of them, or none.
    ///
    /// - Parameters:
    ///   - outside: what is done with edits that another tool has made to this file.
    ///   - durable: whether they are on the disk when this returns; a hub that acknowledges them needs that.
    ///   - insertsNew: whether records that are new are written without a look at what they come to.
    /// - Throws: `LineFault`, with the number of the line, for the first that is refused.
    public func take(
        _ lines: [[UInt8]], member: String? = nil, after outside: OutsideEdits = .refuse,
        durable: Bool, insertsNew: Bool = true, then body: (DatasetAccess) throws -> Void = { _ in }
    ) throws -> Taken {
        try transaction(durable: durable, after: outside) { access in
            let taken = try Self.take(
                lines, member: member, in: access, insertsNew: insertsNew)
            try body(access)
            return taken
        }
    }

    /// What became of lines.
    public struct Taken: Sendable, Equatable {
        public var accepted: [Revision] = []
        public var duplicates = 0
    }

    static func take(
        _ lines: [[UInt8]], member: String?, in access: DatasetAccess, insertsNew: Bool = true
    ) throws -> Taken {
        let intake = Intake(access: access, insertsNew: insertsNew)
        var ahead = LinesAhead(lines, kinds: access.kinds)
        var taken = Taken()
        for index in lines.indices {
            do {
                guard let line = try ahead.next() else { break }
                switch try intake.take(line, member: member) {
                case .accepted(let changeset): taken.accepted.append(changeset.revision)
                case .duplicate: taken.duplicates += 1
                }
            } catch var fault as LineFault {
                fault.line = index + 1
                throw fault
            }
        }
        try access.settle()
        return taken
    }

    /// Changes what is local to this file and never synced.
    ///
    /// - Parameter durable: whether it is on the disk when this returns.
    public func writeLocally<Result>(
        durable: Bool = true, _ body: (DatasetAccess) throws -> Result
    ) throws -> Result {
        try transaction(durable: durable, body)
    }

    /// Reads one moment of this file beside another one.
    func attaching<Result>(
        _ other: String, as name: String, _ body: (Database) throws -> Result
    ) throws -> Result {
        try reading {
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "ATTACH DATABASE ? AS \(name.sqlName)", arguments: [other])
                defer { try? db.execute(sql: "DETACH DATABASE \(name.sqlName)") }
                return try Self.moment(db) { db in try watched(db) { try body(db) } }
            }
        }
    }

    /// - Parameter checksEdits: whether it ends with `EditedElsewhere` when another tool has written the tables.
    func transaction<Result>(
        durable: Bool = true, checksEdits: Bool = false,
        _ body: (DatasetAccess) throws -> Result
    ) throws -> Result {
        try writing(durable: durable) { db in
            let touched = try TouchedKinds(in: db, kinds: kinds)
            if checksEdits, !touched.isEmpty { throw EditedElsewhere() }
            let access = try DatasetAccess(db, dataset: id, kinds: kinds, touched: touched)
            let result = try body(access)
            try access.settle()
            try access.sampleKeys()
            if touched.isEmpty { try TableParts.note(in: db) }
            return result
        }
    }

    /// Reads one moment of this file beside another one, which is written at the end.
    ///
    /// - Precondition: the other file is nobody else's.
    func copying<Result>(
        to other: String, as name: String, _ body: (DatasetAccess) throws -> Result
    ) throws -> Result {
        try Self.wrapped(path) {
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "ATTACH DATABASE ? AS \(name.sqlName)", arguments: [other])
                defer { try? db.execute(sql: "DETACH DATABASE \(name.sqlName)") }
                // A copy that is not whole is thrown away: it needs no journal, and one sync at the end.
                try db.execute(
                    sql: """
                        PRAGMA \(name.sqlName).journal_mode = OFF;
                        PRAGMA \(name.sqlName).synchronous = OFF
                        """)
                return try Self.transaction(.deferred, then: .commit, in: db) {
                    let touched = try TouchedKinds(in: db, kinds: kinds)
                    return try body(
                        DatasetAccess(db, dataset: id, kinds: kinds, touched: touched))
                }
            }
        }
    }

    func writing<Result>(durable: Bool, _ body: (Database) throws -> Result) throws -> Result {
        try Self.wrapped(path) {
            try queue.writeWithoutTransaction { db in
                if !durable { try db.execute(sql: "PRAGMA synchronous = NORMAL") }
                defer { if !durable { try? db.execute(sql: "PRAGMA synchronous = FULL") } }
                let result = try Self.transaction(.immediate, then: .commit, in: db) {
                    let count = db.totalChangesCount
                    let result = try body(db)
                    if db.totalChangesCount > count { try FileStamp.renew(in: db) }
                    return result
                }
                // What is done is to be told.
                readWatch.withLock { $0 = nil }
                return result
            }
        }
    }

    /// Turns what SQLite says into what a user can do.
    static func wrapped<Result>(_ path: String, _ body: () throws -> Result) throws
        -> Result
    {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw StoreError(error, path: path)
        }
    }
}
