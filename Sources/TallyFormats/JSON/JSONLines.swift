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

    /// Whether a text is JSON lines: its first line is a whole object, and none that holds rows, or says that something
    /// failed, as an answer of a server on one line does.
    ///
    /// - Complexity: O(first line); nothing of it is built.
    static func begin(_ text: PeekedSource) -> Bool {
        guard let line = firstLine(of: text) else { return false }
        var reader = JSONReader(line)
        var isAnswer = false
        do throws(JSONFault) {
            try reader.readObject(fault: { $0 }) { (reader, name) throws(JSONFault) in
                let start = (byte: reader.peek(), position: reader.position)
                try reader.skipValue()
                switch name {
                case "data" where start.byte == UInt8(ascii: "{"): isAnswer = true
                case "dataSets",
                    _ where JSONTable.arrays.contains(name):
                    if start.byte == UInt8(ascii: "[") { isAnswer = true }
                case "error", "errors":
                    let value = try JSONNode(
                        parsing: Array(reader.bytes[start.position..<reader.position]))
                    if JSONTable.saysFailure(value.cell) { isAnswer = true }
                default: break
                }
            }
            try reader.expectEnd()
        } catch { return false }
        return !isAnswer
    }

    /// The first line that is not blank; nil where none ends within the bound.
    private static func firstLine(of text: PeekedSource) -> [UInt8]? {
        var count = 64 * 1024
        while true {
            let beginning = text.peek(count)
            let start = beginning.firstIndex { !isSpace($0) } ?? beginning.endIndex
            let end = beginning[start...].firstIndex(of: 0x0a)
            let isWhole = end != nil || beginning.count < count
            if isWhole { return Array(beginning[start..<(end ?? beginning.endIndex)]) }
            if count > maximumLineBytes { return nil }
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
