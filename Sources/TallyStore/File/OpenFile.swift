import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A dataset file that this process has open, from before SQLite opens it until it is closed.
///
/// Closing any descriptor of a file drops every POSIX lock that the process holds on it, SQLite's among them
/// (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_). So the
/// header of a file is read only while nobody here has it open; whoever has it open has read it.
final class OpenFile: Sendable {
    private struct Place: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    private static let counts = Mutex<[Place: Int]>([:])
    private let place: Place?

    /// - Parameter check: looks at the file; not called where it is open here already.
    init(path: String, check: () throws -> Void) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            try check()
            place = nil
            return
        }
        let place = Place(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        try Self.counts.withLock { counts in
            if counts[place] == nil { try check() }
            counts[place, default: 0] += 1
        }
        self.place = place
    }

    deinit {
        guard let place else { return }
        Self.counts.withLock { counts in
            let left = (counts[place] ?? 0) - 1
            counts[place] = left > 0 ? left : nil
        }
    }
}
