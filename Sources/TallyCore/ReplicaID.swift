/// The name of one writing copy of a dataset.
///
/// Text form: 16 characters of lower-case RFC 4648 base32 (`a`–`z`, `2`–`7`): the beginning of the SHA-256 of the
/// replica's Ed25519 public key, so that an id proves itself (DESIGN.md section 5).
/// The order is the order of the text, byte by byte.
public struct ReplicaID: Hashable, Sendable {
    /// Bytes 0–7 and 8–15 of the text, big-endian, so that comparing the numbers compares the text.
    private let high: UInt64
    private let low: UInt64

    public static let length = 16

    /// - Returns: nil when `text` is not 16 characters of the alphabet.
    public init?(_ text: some StringProtocol) {
        self.init(utf8: text.utf8)
    }

    /// - Returns: nil when the bytes are not 16 characters of the alphabet.
    public init?(utf8 bytes: some Collection<UInt8>) {
        guard bytes.count == Self.length else { return nil }
        var parts: (UInt64, UInt64) = (0, 0)
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "2")...UInt8(ascii: "7"): break
            default: return nil
            }
            if index < 8 {
                parts.0 = parts.0 << 8 | UInt64(byte)
            } else {
                parts.1 = parts.1 << 8 | UInt64(byte)
            }
        }
        (high, low) = parts
    }

    public var text: String {
        String(unsafeUninitializedCapacity: Self.length) { buffer in
            for index in 0..<8 {
                buffer[index] = UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * index))
                buffer[index + 8] = UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * index))
            }
            return Self.length
        }
    }

    /// The few characters that people are shown.
    public var short: String { String(text.prefix(6)) }
}

extension ReplicaID: Comparable {
    public static func < (a: Self, b: Self) -> Bool {
        a.high == b.high ? a.low < b.low : a.high < b.high
    }
}

extension ReplicaID: CustomStringConvertible {
    public var description: String { text }
}
