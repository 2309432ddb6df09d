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
    /// How a file and the log beside it go together.
    enum Verdict {
        case fits
        /// Another tool began the log, which says only that Tally wrote the file last in the same state.
        case unproven
        case doesNotFit
    }

    /// Looks whether the file fits its log, when the file was touched after the log or in the same tick of the system's
    /// clock: by a checkpoint that was cut off, or by whoever put another one in its place. It fits when the state that the
    /// file is in, as its stamp says, is the one that the log goes on from, or one that the log has come through; and what
    /// the two make together is sound. Nothing is written.
    ///
    /// - Precondition: this process has the file open nowhere (see `OpenFile`).
    /// - Complexity: O(1), and O(file) where the file is not the older of the two.
    static func judge(_ path: String) throws -> Verdict {
        let place = FilePlace(path)
        var (file, log) = (stat(), stat())
        guard stat(place.log, &log) == 0, log.st_size > 0, stat(place.file, &file) == 0,
            (file.st_ctim.tv_sec, file.st_ctim.tv_nsec)
                >= (log.st_mtim.tv_sec, log.st_mtim.tv_nsec)
        else { return .fits }
        guard let file = PageFile(place.file), let log = PageFile(place.log) else { return .fits }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do {
            let queue = try DatabaseQueue(path: FileURI.plain(path), configuration: configuration)
            // Before the file's own descriptor.
            defer { try? queue.close() }
            // While this is read nobody begins the log anew.
            return try queue.read { db in
                let verdict = try log.verdict(on: file, together: db)
                guard verdict != .doesNotFit else { return verdict }
                return try StructureCheck.quick.faults(db, limit: 1).isEmpty ? verdict : .doesNotFit
            }
        } catch let error as DatabaseError
            where [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR].contains(error.resultCode)
        {
            return .doesNotFit
        }
    }

    static func misfit(_ path: String) -> StoreError {
        StoreError(
            .damaged,
            "\(path)-wal does not fit \(path): another file was put in its place since a program left that log, "
                + "or the file is damaged",
            hint:
                "Nothing was changed. Move \(path)-wal and \(path)-shm away, and keep them with the old file; "
                + "then try again.")
    }
}

extension PageFile {
    /// What this log says of the file that it lies beside.
    ///
    /// - Parameter db: the two together.
    fileprivate func verdict(on file: PageFile, together db: Database) throws -> LeftLog.Verdict {
        guard let now = try FileStamp.read(in: db), let page = try FileStamp.page(in: db) else {
            return .doesNotFit
        }
        let pageBytes = try SQL("PRAGMA page_size", in: db).first { $0.integer(0) } ?? 0
        let stamp = { (file: PageFile, offset: Int) in
            FileStamp(
                file.bytes(
                    at: offset + pageBytes - FileStamp.byteCount, count: FileStamp.byteCount))
        }
        let stamps = frames(pageBytes: pageBytes).filter { $0.page == page }.compactMap {
            stamp(self, $0.offset)
        }
        guard let alone = stamp(file, (page - 1) * pageBytes) else { return .doesNotFit }
        // It is the state that the two come to, or one on the way there.
        if ([now] + stamps).contains(where: { $0.state == alone.state }) { return .fits }
        guard let first = stamps.first else { return .doesNotFit }
        guard first.isTools else { return first.before == alone.state ? .fits : .doesNotFit }
        return first.this == alone.this ? .unproven : .doesNotFit
    }
}
