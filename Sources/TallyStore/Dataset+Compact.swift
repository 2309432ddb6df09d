import GRDB
import TallyCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How large a file was, and is, in bytes.
public struct Compacted: Sendable, Equatable {
    public let before: Int
    public let after: Int
}

extension Dataset {
    /// Gives the pages of a file that hold nothing back to the disk, and fills the others; the lines of the log are packed as
    /// small as can be.
    ///
    /// SQLite writes the file anew into its log as one transaction (https://www.sqlite.org/lang_vacuum.html), which is put in
    /// place afterwards: a process that is killed leaves the file as it was, or a whole log beside it. The table
    /// `tally_stamp` is the first of each file and keeps its page, so that such a log is known for the file's own
    /// (`LeftLog`).
    ///
    /// - Throws: `StoreError`: `busy` when somebody has the file open, `io` when there is too little room.
    /// - Complexity: O(file), about 5 s for each 10 MiB of lines of imports since it was compacted last; it takes as much room
    ///   on the disk as the file, and in the folder for temporary files.
    public static func compact(
        path: String, kinds: KindCatalog = .shipped, isInterrupted: @escaping @Sendable () -> Bool
    ) throws -> Compacted {
        let before = FilePlace(path).size(of: path) ?? 0
        do {
            let dataset = try open(path: path, kinds: kinds, waitSeconds: 0, isAlone: true)
            defer { dataset.close() }
            try dataset.writing(durable: true) { db in
                try LogTable(db: db).packTightly(isInterrupted: isInterrupted)
            }
            try dataset.rewrite(ReadWatch(isInterrupted))
        } catch let error as StoreError where error.code == .busy {
            throw StoreError(
                .busy, "\(path) is open in another program, and compacting needs it for itself",
                hint: "Close it there and try again; nothing was changed.")
        }
        return Compacted(before: before, after: FilePlace(path).size(of: path) ?? 0)
    }

    private func rewrite(_ watch: ReadWatch) throws {
        try Self.wrapped(path) {
            try queue.writeWithoutTransaction { db in
                let pageBytes = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
                let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
                try checkRoom(for: (pages - free) * pageBytes)
                try watch.watching(db) { try db.execute(sql: "VACUUM") }
                try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
        }
        do {
            // VACUUM moves the number of the schema, upon which everybody compares the tables with what they are to be.
            try transaction(checksEdits: true) { _ in }
        } catch is EditedElsewhere {
            // Whoever takes the edits does it.
        }
    }

    /// - Throws: `StoreError` when the file's disk, or that of temporary files, has less room than so many bytes.
    private func checkRoom(for byteCount: Int) throws {
        let temporary = getenv("SQLITE_TMPDIR") ?? getenv("TMPDIR")
        let folders = [
            FilePlace(path).file, temporary.map { String(cString: $0) + "/" } ?? "/var/tmp/",
        ]
        for (folder, free) in DiskSpace.free(at: folders) where free.bytes < byteCount * free.times
        {
            throw StoreError(
                diskFull:
                    "compacting \(path) needs about \(byteCount * free.times) bytes in \(folder), and \(free.bytes) are free"
            )
        }
    }
}
