#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The first bytes of a file of which it is not known yet what it is.
package enum FileBeginning {
    /// - Returns: fewer where the file is shorter; none of what is no regular file, and of a dataset that this process has open,
    ///   of which no other descriptor may be closed (see `OpenFile`).
    package static func bytes(of path: String, count: Int) -> [UInt8] {
        var status = stat()
        // A pipe would be waited for.
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return [] }
        var bytes: [UInt8] = []
        _ = try? OpenFile(path: path) {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            // Whoever opens it for more says why it cannot be read.
            guard descriptor >= 0 else { return }
            defer { close(descriptor) }
            bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, size in
                size = max(0, pread(descriptor, buffer.baseAddress, count, 0))
            }
        }
        return bytes
    }
}
