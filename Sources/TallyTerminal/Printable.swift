/// Text made safe to print: what a terminal would obey is shown instead.
///
/// Escaped as `\u{1B}` are the C0 and C1 controls and DEL (with them every ANSI sequence, whose
/// first character is one of them), the line and paragraph separators, and the bidirectional
/// embeddings, overrides and isolates U+202A–202E and U+2066–2069, which make a line read as
/// something it is not. So are characters that are not drawn at all, such as U+200B and U+FEFF, by which two texts look
/// like one; the joiners U+200C and U+200D stay, as parts of words and of emoji. A backslash stays one backslash: this is
/// for people to read, not to undo.
///
/// - Complexity: O(length); plain ASCII comes back as it is.
public enum Printable {
    /// `text` on one line: newline, carriage return and tab become `\n`, `\r` and `\t`.
    public static func line(_ text: String) -> String {
        escaped(text, keepsLayout: false)
    }

    /// `text` of several lines: newlines and tabs stay.
    public static func block(_ text: String) -> String {
        escaped(text, keepsLayout: true)
    }

    /// Whether a terminal would obey or hide `scalar` rather than draw it.
    public static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
        case 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2060...0x2065, 0x206A...0x206F: true
        case 0xFEFF, 0xFFF9...0xFFFB: true
        default: false
        }
    }

    private static func escaped(_ text: String, keepsLayout: Bool) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        func mustEscape(_ scalar: Unicode.Scalar) -> Bool {
            isUnsafe(scalar) && !(keepsLayout && (scalar == "\n" || scalar == "\t"))
        }
        guard text.unicodeScalars.contains(where: mustEscape) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if mustEscape(scalar) {
                result += escape(scalar)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default:
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "\\u{" + (digits.count < 2 ? "0" + digits : digits) + "}"
        }
    }
}
