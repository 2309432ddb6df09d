#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A dataset file or its write-ahead log, read as it lies, without SQLite.
///
/// Letting go of it drops the locks that this process has on the file: SQLite must not have it open any more by then
/// (see `OpenFile`).
final class PageFile {
    private let descriptor: Int32

    /// - Returns: nil when it cannot be read.
    init?(_ path: String) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// - Returns: fewer bytes where the file ends before.
    func bytes(at offset: Int, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, size in
            size = max(0, pread(descriptor, buffer.baseAddress, count, off_t(offset)))
        }
    }

    /// A page as a write-ahead log has it.
    struct Frame {
        let page: Int
        /// Where the page begins in the log.
        let offset: Int
    }

    /// The frames of a write-ahead log in order: those of what it held before it began anew are none, those behind the last
    /// commit are.
    ///
    /// Offsets as in https://www.sqlite.org/fileformat.html#the_write_ahead_log
    ///
    /// - Complexity: O(frames).
    func frames(pageBytes: Int) -> [Frame] {
        let (headerBytes, frameHeaderBytes) = (32, 24)
        let salts = bytes(at: 16, count: 8)
        var frames: [Frame] = []
        var start = headerBytes
        while true {
            let head = bytes(at: start, count: frameHeaderBytes)
            guard head.count == frameHeaderBytes, head[8..<16].elementsEqual(salts) else {
                return frames
            }
            let page = head.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            let offset = start + frameHeaderBytes
            frames.append(Frame(page: page, offset: offset))
            start = offset + pageBytes
        }
    }
}
