/// Text of Windows-1252 that was taken for ISO 8859-1 before it became UTF-8: its quotes and dashes are control characters
/// (U+0080 to U+009F).
enum MisreadText {
    /// - Returns: the text with these characters as they were meant, those that Windows-1252 does not have left out; nil where
    ///   it has none.
    static func mended(_ text: String) -> String? {
        // U+0080 to U+00BF have this byte before them.
        guard text.utf8.contains(0xc2), text.unicodeScalars.contains(where: isControl),
            let table = TextEncoding.windows1252.upperHalf
        else { return nil }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            guard isControl(scalar) else { return result.unicodeScalars.append(scalar) }
            let meant = Unicode.Scalar(table[Int(scalar.value) - 0x80])
            if let meant, meant.value != 0 { result.unicodeScalars.append(meant) }
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        (0x80...0x9f).contains(scalar.value)
    }
}
