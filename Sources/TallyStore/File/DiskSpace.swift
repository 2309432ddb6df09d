#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How much room is left where a file lies.
enum DiskSpace {
    /// SQLite's index beside a file in WAL mode grows by this many bytes.
    private static let leastBytes: UInt64 = 32 * 1024

    /// Whether a write to the file fails for want of room: SQLite reports some such failures as errors of input or output
    /// (https://www.sqlite.org/rescode.html#ioerr_shmsize).
    static func isUsedUp(at path: String) -> Bool {
        var status = statvfs()
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard statvfs(folder, &status) == 0, status.f_blocks > 0 else { return false }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize) < leastBytes
    }
}
