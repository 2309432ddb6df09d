import Glibc

/// A pipe to oneself: a signal handler writes into it what a waiting `poll` wakes up from.
///
/// Both ends are non-blocking and closed in child processes. The descriptors are never closed
/// here: a handler may run at any moment.
struct WakePipe: Sendable {
    let readEnd: Int32
    let writeEnd: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        let opened = pipe(&ends)
        precondition(opened == 0, "no descriptor left for a pipe")
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    /// Wakes the reader. Async-signal-safe.
    static func wake(_ writeEnd: Int32) {
        var byte: UInt8 = 0
        // A full pipe wakes as well as one byte more would.
        _ = write(writeEnd, &byte, 1)
    }

    /// Forgets what was written so far.
    func drain() {
        var bytes: (UInt64, UInt64) = (0, 0)
        while read(readEnd, &bytes, MemoryLayout.size(ofValue: bytes)) > 0 {}
    }
}
