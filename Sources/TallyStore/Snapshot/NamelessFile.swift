#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file on the disk that has no name: it goes with the last who reads it, whatever is killed meanwhile.
public final class NamelessFile: Sendable {
    public let byteCount: Int
    private let descriptor: Int32

    /// What was written to a part file, which goes its own way.
    ///
    /// - Precondition: SQLite has the file open nowhere in this process any more (see `OpenFile`).
    init(_ part: PartFile) throws(StoreError) {
        var status = stat()
        let copy = dup(part.descriptor)
        guard copy >= 0, fstat(copy, &status) == 0 else {
            throw FileBytes.failure("\(part.path) cannot be read", .io)
        }
        descriptor = copy
        byteCount = Int(status.st_size)
    }

    /// What `write` appends, piece by piece.
    ///
    /// - Parameter place: beside it the file stands while it is written, as `PLACE.part`.
    public convenience init(
        beside place: String, _ write: (_ append: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        let part = try PartFile(for: place, mode: 0o600, timeoutMs: 5000)
        try write { try part.append($0) }
        try self.init(part)
    }

    deinit {
        close(descriptor)
    }

    /// At most `count` bytes from `offset` on; fewer at the end only.
    public func bytes(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
        var result = 0
        let wanted = max(0, min(count, byteCount - offset))
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while filled < wanted {
                result = pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, wanted - filled,
                    off_t(offset + filled))
                if result < 0, errno == EINTR { continue }
                if result <= 0 { return }
                filled += result
            }
        }
        guard bytes.count == wanted else {
            throw FileBytes.failure("A file without a name cannot be read", .io)
        }
        return bytes
    }

    /// All of it, a piece at a time.
    public func forEachPiece(_ body: (_ piece: [UInt8], _ isLast: Bool) throws -> Void) throws {
        let pieceBytes = 1 << 20
        for start in stride(from: 0, to: byteCount, by: pieceBytes) {
            try body(bytes(at: start, count: pieceBytes), start + pieceBytes >= byteCount)
        }
    }
}
