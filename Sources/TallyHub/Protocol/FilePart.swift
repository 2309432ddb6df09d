import TallyStore

/// The body of an answer that lies on the disk: it is read as it is sent, piece by piece.
public struct FilePart: Sendable {
    private let file: NamelessFile
    private let range: Range<Int>

    init(_ file: NamelessFile, _ range: Range<Int>) {
        self.file = file
        self.range = range
    }

    public var byteCount: Int { range.count }

    /// At most `count` bytes from `offset` on, both within the part.
    public func bytes(at offset: Int, count: Int) throws -> [UInt8] {
        try file.bytes(
            at: range.lowerBound + offset, count: min(count, max(0, range.count - offset)))
    }
}
