import TallyWire

/// Reads JSON lines: an object a line; blank lines are passed over.
///
/// - Complexity: O(bytes), in the memory of the longest line.
final class JSONLines {
    private let source: ByteSource
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    /// The number of the line that was read last.
    private(set) var line = 0

    static let maximumLineBytes = 4 * 1024 * 1024

    init(_ source: @escaping ByteSource) {
        self.source = source
    }

    /// The first line, where it is an object that ends on it; nil for any other text.
    static func first(of text: PeekedSource) -> [JSONNode.Member]? {
        var count = 64 * 1024
        while true {
            let beginning = text.peek(count)
            let start = beginning.firstIndex { !isSpace($0) } ?? beginning.endIndex
            let end = beginning[start...].firstIndex(of: 0x0a)
            if end != nil || beginning.count < count || count > maximumLineBytes {
                let line = Array(beginning[start..<(end ?? beginning.endIndex)])
                return (try? JSONNode(parsing: line))?.object
            }
            count *= 4
        }
    }

    /// - Returns: the members of the next object, and how many blank lines stand before it; nil at the end.
    /// - Throws: `FormatError` with the line.
    func next() throws -> (object: [JSONNode.Member], blankLines: Int)? {
        var blankLines = 0
        while let bytes = try nextLine() {
            if bytes.allSatisfy(Self.isSpace) {
                blankLines += 1
                continue
            }
            do throws(JSONFault) {
                if let object = try JSONNode(parsing: bytes).object { return (object, blankLines) }
            } catch {
                throw fault(error.reason)
            }
            throw fault("it holds something else")
        }
        return nil
    }

    func fault(_ reason: String) -> FormatError {
        FormatError(
            "the line is no JSON object: \(reason)", location: "line \(line)",
            hint: "Each line holds one object, whole. Was the file cut? Get it once more.")
    }

    private func nextLine() throws -> [UInt8]? {
        if isAtEnd { return nil }
        var bytes: [UInt8] = []
        line += 1
        while true {
            let end = buffer[position...].firstIndex(of: 0x0a)
            bytes += buffer[position..<(end ?? buffer.endIndex)]
            if bytes.count > Self.maximumLineBytes { throw fault("it is longer than 4 MiB") }
            if let end {
                position = end + 1
                return bytes
            }
            (buffer, position) = (try source(), 0)
            if buffer.isEmpty {
                isAtEnd = true
                return bytes.isEmpty ? nil : bytes
            }
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0d).contains(byte)
    }
}
