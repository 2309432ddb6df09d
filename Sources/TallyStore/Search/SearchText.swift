import Foundation

/// A text that somebody looks for, without regard to upper and lower case.
///
/// Two texts are the same when they are so in NFC, in upper and then in lower case (`Straße` and `STRASSE`, `Σ` and `ς`).
/// Accents count: `Jose` is not `José`.
public struct SearchText: Sendable {
    private let bytes: [UInt8]

    /// - Returns: nil for a text without anything but space.
    public init?(_ text: String) {
        guard text.contains(where: { !$0.isWhitespace }) else { return nil }
        bytes = Array(Self.folded(text).utf8)
    }

    /// Whether it can stand across parts of an address.
    var hasSlash: Bool { bytes.contains(UInt8(ascii: "/")) }

    /// - Complexity: O(length); plain ASCII is not copied.
    public func isIn(_ text: String) -> Bool {
        var text = Self.isASCII(text) ? text : Self.folded(text)
        return text.withUTF8 { position(in: $0) } != nil
    }

    /// Where it first stands in `text`, in whole characters.
    ///
    /// - Complexity: O(length), each character by itself.
    public func range(in text: String) -> Range<String.Index>? {
        var folded: [UInt8] = []
        // The character that each byte of the folded text comes from.
        var sources: [String.Index] = []
        for index in text.indices {
            let own = Self.folded(String(text[index])).utf8
            folded.append(contentsOf: own)
            sources.append(contentsOf: repeatElement(index, count: own.count))
        }
        guard let start = folded.withUnsafeBufferPointer({ position(in: $0) }) else { return nil }
        return sources[start]..<text.index(after: sources[start + bytes.count - 1])
    }

    static func folded(_ text: String) -> String {
        if isASCII(text) { return text.lowercased() }
        return text.precomposedStringWithCanonicalMapping.uppercased().lowercased()
    }

    private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

    private func position(in text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard text.count >= bytes.count else { return nil }
        for start in 0...(text.count - bytes.count) where Self.lower(text[start]) == bytes[0] {
            var length = 1
            while length < bytes.count, Self.lower(text[start + length]) == bytes[length] {
                length += 1
            }
            if length == bytes.count { return start }
        }
        return nil
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
