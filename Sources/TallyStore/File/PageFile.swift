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

    /// The last bytes of a page of a database.
    func end(ofPage number: Int, pageBytes: Int, count: Int) -> [UInt8] {
        bytes(at: number * pageBytes - count, count: count)
    }

    /// The last bytes of a page as each frame of a write-ahead log has it, in order. Frames behind the last commit may be
    /// among them, and no frame of what the log held before it began anew.
    ///
    /// Offsets as in https://www.sqlite.org/fileformat.html#the_write_ahead_log
    ///
    /// - Complexity: O(frames).
    func ends(ofPage number: Int, pageBytes: Int, count: Int) -> [[UInt8]] {
        let (headerBytes, frameHeaderBytes) = (32, 24)
        let header = bytes(at: 0, count: headerBytes)
        guard header.count == headerBytes else { return [] }
        let salts = header[16..<24]
        var found: [[UInt8]] = []
        var frame = headerBytes
        while true {
            let head = bytes(at: frame, count: frameHeaderBytes)
            guard head.count == frameHeaderBytes, head[8..<16].elementsEqual(salts) else {
                return found
            }
            let next = frame + frameHeaderBytes + pageBytes
            if head.prefix(4).reduce(0, { $0 << 8 | Int($1) }) == number {
                found.append(bytes(at: next - count, count: count))
            }
            frame = next
        }
    }
}
