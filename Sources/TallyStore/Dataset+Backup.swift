import GRDB
import TallyCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a backup holds.
public struct BackedUp: Sendable, Equatable {
    public let byteCount: Int
    public let changesetCount: Int
}

extension Dataset {
    /// Makes a whole, closed copy of the file as of one moment, whoever writes meanwhile.
    ///
    /// Pages are copied by SQLite's backup API inside one read transaction, so that it never begins anew
    /// (https://www.sqlite.org/backup.html); they go to a file beside the target, which is on the disk and checked before
    /// it gets its name. The copy is in WAL mode, with nothing beside it.
    ///
    /// - Parameters:
    ///   - target: the file to make; it must not be there yet.
    ///   - progress: told the number of bytes done and of all.
    /// - Throws: `StoreError`; nothing is left of a copy that did not come about.
    /// - Complexity: O(file).
    public func backUp(
        to target: String, isInterrupted: @escaping () -> Bool = { false },
        progress: @escaping (Int, Int) -> Void = { _, _ in }
    ) throws -> BackedUp {
        let part = try PartFile(for: target, mode: copyMode)
        let copied = try copyPages(to: part.path) { done, total in
            if isInterrupted() { throw Self.interruptedBackup }
            progress(done, total)
        }
        try part.sync()
        try Self.checkCopy(part.path, of: path, changesetCount: copied.changesetCount)
        if isInterrupted() { throw Self.interruptedBackup }
        try part.place()
        return copied
    }

    private static let interruptedBackup = StoreError(
        .interrupted, "Interrupted; no backup was made")

    /// 4 MiB of pages of 4 KiB.
    private static let pagesPerStep: CInt = 1024

    /// The permissions of a copy: whoever may not read the file may not read what is made of it.
    package var copyMode: mode_t {
        var status = stat()
        let mode = stat(path, &status) == 0 ? status.st_mode : 0o600
        return mode & 0o666 | 0o600
    }

    private func copyPages(
        to copyPath: String, step: @escaping (Int, Int) throws -> Void
    ) throws -> BackedUp {
        // A copy that is not whole is thrown away: it needs no journal, and one sync at the end.
        let copy = try Self.wrapped(copyPath) {
            try DatabaseQueue(path: FileURI.plain(copyPath))
        }
        defer { try? copy.close() }
        return try read { access in
            // The first read takes the moment that is copied.
            let changesetCount = try access.log.lastPosition()
            let pageBytes = try Int.fetchOne(access.db, sql: "PRAGMA page_size") ?? 0
            var pageCount = 0
            try copy.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
                do {
                    try access.db.backup(to: db, pagesPerStep: Self.pagesPerStep) { state in
                        pageCount = state.totalPageCount
                        try step(state.completedPageCount * pageBytes, pageCount * pageBytes)
                    }
                } catch let error as DatabaseError {
                    // What cannot be read is the dataset's; what cannot be written is the copy's.
                    throw StoreError(error, path: error.isOfReading ? path : copyPath)
                }
            }
            try copy.close()
            return BackedUp(byteCount: pageCount * pageBytes, changesetCount: changesetCount)
        }
    }

    /// Reads the whole copy back, and makes nothing beside it.
    private static func checkCopy(_ copyPath: String, of path: String, changesetCount: Int) throws {
        try wrapped(copyPath) {
            var configuration = Configuration()
            configuration.readonly = true
            let copy = try DatabaseQueue(
                path: FileURI.immutable(copyPath), configuration: configuration)
            defer { try? copy.close() }
            let (faults, count) = try copy.read { db in
                let faults = try StructureCheck.quick.faults(db, limit: 1)
                return (faults, try LogTable(db: db).lastPosition())
            }
            guard faults.isEmpty, count == changesetCount else {
                throw StoreError(
                    damage: "\(path) is damaged: \(faults.first ?? ""); no backup was made")
            }
        }
    }
}
