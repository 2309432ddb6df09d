#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The room on the disk of a file.
enum DiskSpace {
    /// What SQLite needs to open a file at all: its shared memory grows by so much at a time.
    private static let neededBytes: UInt64 = 64 * 1024

    /// Whether there is too little room to open the file at `path`; SQLite calls that an I/O error.
    static func isExhausted(at path: String) -> Bool { hasLess(than: neededBytes, at: path) }

    /// Whether fewer bytes are free where `path` lies; where that cannot be told, there are enough.
    static func hasLess(than bytes: UInt64, at path: String) -> Bool {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        var status = statvfs()
        guard statvfs(folder, &status) == 0, status.f_blocks > 0 else { return false }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize) < bytes
    }
}
