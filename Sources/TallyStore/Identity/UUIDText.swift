import TallyCore

/// UUIDs as lower-case text (RFC 9562).
public enum UUIDText {
    /// Version 4.
    ///
    /// - Precondition: there are 16 bytes.
    public static func random(_ bytes: [UInt8]) -> String { text(bytes, version: 4) }

    /// Version 7: sorts by time.
    ///
    /// - Precondition: there are 16 random bytes.
    public static func ordered(at time: Timestamp, _ random: [UInt8]) -> String {
        var bytes = random
        for index in 0..<6 {
            bytes[index] = UInt8(truncatingIfNeeded: time.milliseconds >> Int64(40 - 8 * index))
        }
        return text(bytes, version: 7)
    }

    private static func text(_ random: [UInt8], version: UInt8) -> String {
        precondition(random.count == 16, "a UUID has 16 bytes")
        var bytes = random
        bytes[6] = bytes[6] & 0x0f | version << 4
        bytes[8] = bytes[8] & 0x3f | 0x80
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
