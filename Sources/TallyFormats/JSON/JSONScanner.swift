import TallyWire

/// Walks through a JSON file piece by piece, and gives single values of it as bytes.
///
/// - Complexity: O(bytes), in the memory of the largest value that is asked for.
final class JSONScanner {
    private let source: ByteSource
    private var buffer: [UInt8] = []
    private var position = 0
    private var line = 1

    init(_ source: @escaping ByteSource) {
        self.source = source
    }

    /// The next byte that is no space; nil at the end.
    func peek() throws -> UInt8? {
        while true {
            while position < buffer.count {
                let byte = buffer[position]
                guard byte == 0x20 || (0x09...0x0d).contains(byte) else { return byte }
                if byte == 0x0a { line += 1 }
                position += 1
            }
            (buffer, position) = (try source(), 0)
            if buffer.isEmpty { return nil }
        }
    }

    func take(_ character: Unicode.Scalar) throws -> Bool {
        guard try peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    func expect(_ character: Unicode.Scalar) throws {
        guard try !take(character) else { return }
        throw fault(try peek() == nil ? "it ends too early" : "expected \(character)")
    }

    func expectEnd() throws {
        if try peek() != nil { throw fault("something stands behind its end") }
    }

    /// The name of the next member of an object; nil at its end.
    func nextName(isFirst: Bool) throws -> String? {
        if try take("}") { return nil }
        if !isFirst { try expect(",") }
        guard case .string(let name) = try value(maximumBytes: 1024) else {
            throw fault("expected a member name")
        }
        try expect(":")
        return name
    }

    /// Reads the next value, of at most so many bytes.
    func value(maximumBytes: Int) throws -> JSONNode {
        let start = line
        var bytes: [UInt8] = []
        try scan {
            bytes.append($0); return bytes.count <= maximumBytes
        }
        do throws(JSONFault) {
            return try JSONNode(parsing: bytes)
        } catch {
            throw FormatError(
                "the JSON is damaged: \(error.reason)", location: "line \(start)",
                hint: "Get the file once more.")
        }
    }

    /// Passes over the next value.
    func skip() throws {
        try scan { _ in true }
    }

    func fault(_ reason: String) -> FormatError {
        FormatError(
            "the JSON is damaged: \(reason)", location: "line \(line)",
            hint: "Was it cut? Get the file once more.")
    }

    /// Hands on the bytes of the next value: up to the bracket that closes it, or to what ends a word or number.
    private func scan(_ give: (UInt8) -> Bool) throws {
        guard try peek() != nil else { throw fault("it ends too early") }
        var (depth, isString, isEscaped) = (0, false, false)
        var isFirst = true
        while true {
            if position == buffer.count {
                (buffer, position) = (try source(), 0)
                if buffer.isEmpty {
                    if depth == 0, !isString, !isFirst { return }
                    throw fault("it ends too early")
                }
            }
            let byte = buffer[position]
            if !isString, depth == 0, !isFirst, Self.endsWord(byte) { return }
            position += 1
            if byte == 0x0a { line += 1 }
            guard give(byte) else { throw fault("a value is too long") }
            isFirst = false
            if isString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isString = false
                    if depth == 0 { return }
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth <= 0 { return }
            default: break
            }
        }
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]")
            || byte == UInt8(ascii: "}")
    }
}
