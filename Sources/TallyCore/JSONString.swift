/// A JSON string, written in one fixed way, so that what is hashed is the same everywhere.
///
/// `"`, `\` and control characters are escaped (`\n`, `\r`, `\t`, else `\u00xx`); everything else is UTF-8 as it is.
public enum JSONString {
    public static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { append($0, to: &bytes) }
    }

    /// - Parameter utf8: the text in UTF-8.
    public static func append(_ utf8: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        // Most text needs no escape: it is copied whole.
        if utf8.contains(where: needsEscape) {
            for byte in utf8 { append(byte, to: &bytes) }
        } else {
            bytes.append(contentsOf: utf8)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    public static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// For an error text, with a value that came from outside: DEL and U+0080 … U+009F are escaped too, which a terminal may
    /// take for commands. Never for what is hashed.
    public static func shown(_ text: String) -> String {
        quoted(text).unicodeScalars.reduce(into: "") { result, scalar in
            if (0x7f...0x9f).contains(scalar.value) {
                result += "\\u00" + String(scalar.value, radix: 16)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func append(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
        case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
        case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
        case 0..<0x20:
            let hex = String(byte, radix: 16)
            bytes.append(contentsOf: (hex.count == 1 ? "\\u000\(hex)" : "\\u00\(hex)").utf8)
        default: bytes.append(byte)
        }
    }
}
