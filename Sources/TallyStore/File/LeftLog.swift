import GRDB

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A write-ahead log that a program left which did not end well.
///
/// SQLite takes whatever lies beside a file under the name of its log for its log. Where a backup was put in the place of
/// the file meanwhile, the two do not belong together, and pages of the one would be written into the other
/// (https://www.sqlite.org/howtocorrupt.html#_unlinking_or_renaming_a_database_file_while_in_use).
enum LeftLog {
    /// Looks whether the file fits its log, when the file was touched after the log or in the same tick of the system's
    /// clock: by a checkpoint that was cut off, or by whoever put another one in its place. It fits when the state that the
    /// file is in, as its stamp says, is the one that the log goes on from, or one that the log has come through; and what
    /// the two make together is sound. Nothing is written.
    ///
    /// - Precondition: this process has the file open nowhere (see `OpenFile`).
    /// - Throws: `StoreError` with the code `damaged` when the two do not fit.
    /// - Complexity: O(1), and O(file) where the file is not the older of the two.
    static func check(_ path: String) throws {
        let place = FilePlace(path)
        var (file, log) = (stat(), stat())
        guard stat(place.log, &log) == 0, log.st_size > 0, stat(place.file, &file) == 0,
            (file.st_ctim.tv_sec, file.st_ctim.tv_nsec)
                >= (log.st_mtim.tv_sec, log.st_mtim.tv_nsec)
        else { return }
        guard try fits(path, place) else {
            throw StoreError(
                .damaged,
                "\(path)-wal does not fit \(path): another file was put in its place since a program left that log, "
                    + "or the file is damaged",
                hint:
                    "Nothing was changed. Move \(path)-wal and \(path)-shm away, and keep them with the old file; "
                    + "then try again.")
        }
    }

    private static func fits(_ path: String, _ place: FilePlace) throws -> Bool {
        guard let file = PageFile(place.file), let log = PageFile(place.log) else { return true }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do {
            let queue = try DatabaseQueue(path: FileURI.plain(path), configuration: configuration)
            // Before the file's own descriptor.
            defer { try? queue.close() }
            return try queue.read { db in
                // While this is read nobody begins the log anew.
                try log.goesOn(from: file, to: db)
                    && StructureCheck.quick.faults(db, limit: 1).isEmpty
            }
        } catch let error as DatabaseError
            where [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR].contains(error.resultCode)
        {
            return false
        }
    }
}

extension PageFile {
    /// - Parameters:
    ///   - file: the database as it is without this log.
    ///   - db: as it is with it.
    fileprivate func goesOn(from file: PageFile, to db: Database) throws -> Bool {
        guard let now = try FileStamp.read(in: db), let page = try FileStamp.page(in: db) else {
            return false
        }
        let pageBytes = try SQL("PRAGMA page_size", in: db).first { $0.integer(0) } ?? 0
        let end = file.end(ofPage: page, pageBytes: pageBytes, count: FileStamp.byteCount)
        guard let alone = FileStamp(endOfPage: end) else { return false }
        if alone == now { return true }
        let passed = ends(ofPage: page, pageBytes: pageBytes, count: FileStamp.byteCount)
            .compactMap { FileStamp(endOfPage: $0) }
        return passed.contains { $0.before == alone.this || $0 == alone }
    }
}
