import TallyStore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A bundle held open, so that it stays the same file while it is read twice.
final class BundleDescriptor: Sendable {
    private let descriptor: Int32
    private let path: String
    let byteCount: Int

    /// - Returns: nil for what is no regular file.
    /// - Throws: `StoreError` when it cannot be read.
    init?(_ path: String) throws(StoreError) {
        var status = stat()
        // A pipe would be waited for.
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FileBytes.failure("\(path) may not be read", .notPermitted)
        }
        self.path = path
        byteCount = Int(status.st_size)
    }

    deinit { close(descriptor) }

    private static let pieceBytes = 256 * 1024

    /// - Returns: none at the end.
    func read(at offset: Int, count: Int = pieceBytes) throws(StoreError) -> [UInt8] {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, size in
            var result = -1
            repeat {
                result = pread(descriptor, buffer.baseAddress, count, off_t(offset))
            } while result < 0 && errno == EINTR
            failed = result < 0
            size = max(0, result)
        }
        if failed { throw FileBytes.failure("\(path) cannot be read", .io) }
        return bytes
    }
}
