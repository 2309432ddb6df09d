/// Where a record is: `kind/part/part…`.
///
/// In the text form a `/` inside a part is written `%2F` and a `%` as `%25` (DESIGN.md section 10).
public struct RecordAddress: Sendable, Hashable, Comparable {
    public let kind: String
    public let key: RecordKey

    public init(kind: String, key: RecordKey) {
        self.kind = kind
        self.key = key
    }

    public static func < (a: Self, b: Self) -> Bool {
        a.kind == b.kind ? a.key < b.key : a.kind.precedesInBytes(b.kind)
    }

    /// - Returns: nil when there is no kind, no key part, or a `%` that starts no byte, or bytes that are not UTF-8.
    public init?(_ text: String) {
        var parts: [String] = []
        // By bytes: a combining mark after a slash makes one Character with it.
        for part in text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        {
            guard let decoded = Self.percentDecoded(part) else { return nil }
            parts.append(decoded)
        }
        guard parts.count >= 2, !parts[0].isEmpty else { return nil }
        self.init(kind: parts[0], key: RecordKey(Array(parts.dropFirst())))
    }

    public var text: String {
        ([kind] + key.parts).map(Self.percentEncoded).joined(separator: "/")
    }

    private static func percentEncoded(_ part: String) -> String {
        guard part.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "%") })
        else { return part }
        var bytes: [UInt8] = []
        for byte in part.utf8 {
            switch byte {
            case UInt8(ascii: "/"): bytes += "%2F".utf8
            case UInt8(ascii: "%"): bytes += "%25".utf8
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func percentDecoded(_ part: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        var rest = part
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexDigit),
                let low = rest.popFirst().flatMap(hexDigit)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map(UInt8.init)
    }
}

extension RecordAddress: CustomStringConvertible {
    public var description: String { text }
}
