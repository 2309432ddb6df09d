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
        freeBytes(in: folder(of: path)).map { $0 < bytes } ?? false
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    }

    /// - Returns: nil where it cannot be told.
    private static func freeBytes(in folder: String) -> UInt64? {
        var disk = statvfs()
        guard statvfs(folder, &disk) == 0, disk.f_blocks > 0 else { return nil }
        return UInt64(disk.f_bavail) * UInt64(disk.f_frsize)
    }

    /// The folders of some paths with the bytes that are free there, and how many of the paths lie on the same disk; of a
    /// disk only the first.
    static func free(at paths: [String]) -> [(folder: String, free: (bytes: Int, times: Int))] {
        var found: [(device: dev_t, folder: String, free: (bytes: Int, times: Int))] = []
        for folder in paths.map(folder(of:)) {
            var place = stat()
            guard stat(folder, &place) == 0, let bytes = freeBytes(in: folder) else { continue }
            if let known = found.firstIndex(where: { $0.device == place.st_dev }) {
                found[known].free.times += 1
            } else {
                found.append((place.st_dev, folder, (Int(clamping: bytes), 1)))
            }
        }
        return found.map { ($0.folder, $0.free) }
    }
}
