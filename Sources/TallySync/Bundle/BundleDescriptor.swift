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

    /// - Parameter path: of a regular file, and of none that this process has open as a dataset.
    /// - Throws: `StoreError` when it cannot be read.
    init(_ path: String) throws(StoreError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FileBytes.failure("\(path) may not be read", .notPermitted)
        }
        self.path = path
        var status = stat()
        byteCount = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    deinit { close(descriptor) }

    private static let pieceBytes = 256 * 1024

    /// - Returns: none at the end.
    func read(at offset: Int) throws(StoreError) -> [UInt8] {
        let count = Self.pieceBytes
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
