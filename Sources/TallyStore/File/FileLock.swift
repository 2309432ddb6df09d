#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An advisory lock on a file: flock(2). Whoever is killed lets go of it.
package final class FileLock: IdentityLock {
    private let descriptor: Int32

    /// - Parameter busy: who holds it, for the message.
    /// - Throws: `StoreError` with the code `busy` when the lock is not free in time.
    package init(
        path: String, timeoutMs: Int, busy: String = "Another program is writing here"
    ) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw FileBytes.failure("\(path) cannot be opened", .notPermitted)
        }
        var waitedMs = 0
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard waitedMs < timeoutMs else {
                close(descriptor)
                throw StoreError(
                    .busy, "\(busy) (\(path))", hint: "Try again when it has finished.")
            }
            usleep(20_000)
            waitedMs += 20
        }
    }

    package func release() {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
