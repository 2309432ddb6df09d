import GRDB
import TallyCore
import TallyWire

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
    /// clock: by a checkpoint that was cut off, or by whoever put another one in its place. It fits when the file with the
    /// log goes on from what the file says without it, and is sound. Nothing is written.
    ///
    /// - Precondition: this process has the file open nowhere (see `OpenFile`).
    /// - Throws: `StoreError` with the code `damaged` when the two do not fit.
    /// - Complexity: O(1), and O(file), twice, where the file is not the older of the two.
    static func check(_ path: String) throws {
        let place = FilePlace(path)
        var (file, log) = (stat(), stat())
        guard stat(place.log, &log) == 0, log.st_size > 0, stat(place.file, &file) == 0,
            (file.st_ctim.tv_sec, file.st_ctim.tv_nsec)
                >= (log.st_mtim.tv_sec, log.st_mtim.tv_nsec)
        else { return }
        // A checkpoint that was cut off may have left a file that is nothing without its log: pages of which a part is
        // old and a part is new. One that was put in its place is whole.
        let alone = (try? reading(FileURI.immutable(path)) { try Moment(whole: $0) }) ?? nil
        let fits = try reading(FileURI.plain(path)) { db in
            do {
                let goesOn = try alone?.goesOn(in: db) ?? true
                return try goesOn && StructureCheck.quick.faults(db, limit: 1).isEmpty
            } catch let error as DatabaseError
                where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
            {
                return false
            }
        }
        guard fits else {
            throw StoreError(
                .damaged,
                "\(path)-wal does not fit \(path): another file was put in its place since a program left that log, "
                    + "or the file is damaged",
                hint:
                    "Nothing was changed. Move \(path)-wal and \(path)-shm away, and keep them with the old file; "
                    + "then try again.")
        }
    }

    private static func reading<Result>(
        _ name: String, _ body: (Database) throws -> Result
    ) throws -> Result {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: name, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read(body)
    }

    /// How far a log of changesets has come.
    private struct Moment {
        private let epoch: String?
        private let last: (position: Int, hash: [UInt8])?

        /// - Returns: nil for a file that is not sound, or of which the last line of the log is not what it was.
        init?(whole db: Database) throws {
            guard try StructureCheck.quick.faults(db, limit: 1).isEmpty else { return nil }
            try self.init(db)
            guard let last, let line = try LogTable(db: db).line(at: last.position) else { return }
            guard try ChangesetLine(line).hash.bytes == last.hash else { return nil }
        }

        private init(_ db: Database) throws {
            epoch = try Self.meta("epoch", db)
            last = try SQL(
                "SELECT position, hash FROM tally_log ORDER BY position DESC LIMIT 1", in: db
            ).first { ($0.integer(0), $0.blob(1)) }
        }

        private static func meta(_ name: String, _ db: Database) throws -> String? {
            try SQL("SELECT value FROM tally_meta WHERE name = ?", in: db).bind(1, name)
                .first { $0.text(0) }
        }

        func goesOn(in db: Database) throws -> Bool {
            let now = try Self.meta("epoch", db)
            if let former = try Self.meta("former_epochs", db) {
                // The repair of a fork has written the log anew, and may have got half way into the file: its pages are then
                // of both logs.
                return epoch == now || former.split(separator: " ").contains { $0 == epoch ?? "" }
            }
            guard now == epoch else { return false }
            guard let last else { return true }
            let hash = try SQL("SELECT hash FROM tally_log WHERE position = ?", in: db)
                .bind(1, last.position).first { $0.blob(0) }
            return hash == last.hash
        }
    }
}
