import GRDB
import TallyCore

extension Dataset {
    /// Makes a new dataset file.
    ///
    /// - Parameter id: that of the dataset to copy; nil for a new one.
    /// - Throws: `StoreError`; a file that was there is left as it is.
    public static func create(
        path: String, name: String, id: DatasetID? = nil, kinds: KindCatalog = .shipped,
        randomBytes: (Int) -> [UInt8] = Workplace.systemRandomBytes
    ) throws -> Dataset {
        guard let id = id ?? DatasetID(UUIDText.random(randomBytes(16))) else {
            preconditionFailure("a random UUID is the id of a dataset")
        }
        try make(
            path, name: name, id: id, epoch: UUIDText.random(randomBytes(16)), kinds: kinds)
        do {
            return try open(path: path, kinds: kinds)
        } catch {
            // There was room for the file, and none for working with it.
            NewFile.remove(path)
            throw error
        }
    }

    /// Makes a file that appears when it is whole, whatever is killed meanwhile.
    private static func make(
        _ path: String, name: String, id: DatasetID, epoch: String, kinds: KindCatalog
    ) throws {
        let part = try PartFile(for: path, mode: 0o666, timeoutMs: 5000)
        try wrapped(path) {
            try building(part.path) { db in
                try layOut(db, name: name, id: id, epoch: epoch, kinds: kinds)
                // Last: all that is written so far is in the file itself, and nothing in a log beside it.
                try db.execute(sql: "PRAGMA journal_mode = WAL")
            }
        }
        try part.sync()
        try part.place()
    }

    /// Writes a file that has no name yet; at the end it is closed, and all of it is in the file itself.
    static func building<Result>(
        _ path: String, _ body: (Database) throws -> Result
    ) throws -> Result {
        let queue = try DatabaseQueue(path: FileURI.plain(path), configuration: configuration())
        defer { try? queue.close() }
        let result = try queue.writeWithoutTransaction { db in
            let result = try body(db)
            try putLogInPlace(db)
            return result
        }
        try queue.close()
        return result
    }

    /// Empties the write-ahead log into a file that is to be moved without it.
    ///
    /// The last to close does that too, but says nothing where it fails, as on a failing disk: then a part of the log is in
    /// the file, and the rest beside it.
    static func putLogInPlace(_ db: Database) throws {
        let isBusy = try SQL("PRAGMA wal_checkpoint(TRUNCATE)", in: db).first { $0.integer(0) }
        if isBusy == 1 { throw DatabaseError(resultCode: .SQLITE_BUSY) }
    }

    /// Makes the tables in an empty file, and says whose it is.
    static func layOut(
        _ db: Database, name: String, id: DatasetID, epoch: String, kinds: KindCatalog
    ) throws {
        let schema = DatasetSchema(kinds)
        try schema.identify(db)
        try db.inTransaction(.immediate) {
            try schema.create(in: db)
            for (key, value) in [
                ("format", String(DatasetHeader.format)), ("dataset", id.text), ("name", name),
                ("epoch", epoch),
            ] {
                try db.execute(
                    sql: "INSERT INTO tally_meta (name, value) VALUES (?, ?)",
                    arguments: [key, value])
            }
            try TableParts.note(in: db)
            return .commit
        }
    }
}
