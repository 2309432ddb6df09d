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
        let folder = folder(of: path)
        var status = statvfs()
        guard statvfs(folder, &status) == 0, status.f_blocks > 0 else { return false }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize) < bytes
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    }

    /// The folders of some paths with the bytes that are free there, and how many of the paths lie on the same disk; of a
    /// disk only the first.
    static func free(at paths: [String]) -> [(folder: String, free: (bytes: Int, times: Int))] {
        var found: [(device: dev_t, folder: String, free: (bytes: Int, times: Int))] = []
        for folder in paths.map(folder(of:)) {
            var (disk, place) = (statvfs(), stat())
            guard stat(folder, &place) == 0, statvfs(folder, &disk) == 0, disk.f_blocks > 0 else {
                continue
            }
            if let known = found.firstIndex(where: { $0.device == place.st_dev }) {
                found[known].free.times += 1
            } else {
                let bytes = Int(disk.f_bavail) * Int(disk.f_frsize)
                found.append((place.st_dev, folder, (bytes, 1)))
            }
        }
        return found.map { ($0.folder, $0.free) }
    }
}
