/// Lower-case RFC 4648 base32 without padding.
public enum Base32 {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    /// - Returns: one character for each whole 5 bits; bits left over make one more, padded with zeros.
    public static func encode(_ bytes: [UInt8]) -> String {
        var (buffer, bits): (UInt32, UInt32) = (0, 0)
        var text: [UInt8] = []
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(buffer >> bits & 31)])
            }
            buffer &= (1 << bits) - 1
        }
        if bits > 0 { text.append(alphabet[Int(buffer << (5 - bits) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }
}
