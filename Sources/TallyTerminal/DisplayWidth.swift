/// How many columns a text takes in a terminal.
///
/// Hangul, Han, kana and fullwidth forms take 2 columns, combining marks, joiners and variation
/// selectors 0, an emoji 2 however many scalars it is made of, everything else 1. Characters of
/// ambiguous width (`·`, `…`) count as 1, as terminals with UTF-8 draw them. Control characters
/// count as 0: pass text through ``Printable`` first.
///
/// - Complexity: O(length); plain ASCII is only counted.
/// - Source: Unicode Standard Annex #11, <https://www.unicode.org/reports/tr11/>.
public enum DisplayWidth {
    /// Where the `…` of a text that is too long goes.
    public enum Cut: Sendable, Hashable {
        /// `trade/KOR/CHN…`
        case end
        /// `trade/K…9/motie`, for texts whose end tells them apart.
        case middle
    }

    /// The columns of `text` on one line.
    public static func of(_ text: String) -> Int {
        if isPlainASCII(text) { return text.utf8.count }
        var width = 0
        for scalar in text.unicodeScalars {
            // The width of an emoji sequence is not the sum of its parts.
            if formsEmojiSequence(scalar) { return text.reduce(0) { $0 + of($1) } }
            width += of(scalar)
        }
        return width
    }

    /// The columns of one grapheme cluster.
    public static func of(_ character: Character) -> Int {
        let scalars = character.unicodeScalars
        let first = scalars[scalars.startIndex]
        let isEmojiSequence =
            first.properties.isEmoji && scalars.dropFirst().contains(where: formsEmojiSequence)
        return isEmojiSequence ? 2 : scalars.reduce(0) { $0 + of($1) }
    }

    /// `text`, cut at a grapheme cluster so that it takes at most `width` columns, `…` included.
    ///
    /// The result is one column short of `width` where a wide character would have straddled it.
    public static func truncated(_ text: String, to width: Int, cut: Cut = .end) -> String {
        if of(text) <= width { return text }
        if width <= 0 { return "" }
        let room = width - 1
        switch cut {
        case .end:
            return prefix(of: text, within: room).text + "…"
        case .middle:
            let start = prefix(of: text, within: (room + 1) / 2)
            let end = prefix(of: String(text.reversed()), within: room - start.width)
            return start.text + "…" + String(end.text.reversed())
        }
    }

    /// `text` in lines of at most `width` columns, broken at spaces; a word that is wider is broken at a grapheme cluster.
    ///
    /// - Parameter maximumLines: where there would be more, the last ends in `…`.
    /// - Returns: at least one line; the spaces at which it is broken are left out.
    /// - Complexity: O(lines · length).
    public static func wrapped(
        _ text: String, to width: Int, maximumLines: Int = .max
    ) -> [String] {
        var lines: [String] = []
        var rest = text[...]
        while of(String(rest)) > width, width > 0 {
            if lines.count == maximumLines - 1 {
                return lines + [truncated(String(rest), to: width)]
            }
            var head = prefix(of: String(rest), within: width).text
            // A character wider than the line stands there all the same: else it would go on for ever.
            if head.isEmpty { head = String(rest.prefix(1)) }
            let next = rest.index(rest.startIndex, offsetBy: head.count)
            if next < rest.endIndex, rest[next] != " ", let space = head.lastIndex(of: " "),
                head[..<space].contains(where: { $0 != " " })
            {
                head = String(head[..<space])
            }
            rest = rest.dropFirst(head.count).drop { $0 == " " }
            while head.last == " " { head.removeLast() }
            lines.append(head)
        }
        if !rest.isEmpty || lines.isEmpty { lines.append(String(rest)) }
        return lines
    }

    /// `text` with spaces added until it takes `width` columns; longer text stays as it is.
    public static func padded(
        _ text: String, to width: Int, alignment: Table.Alignment = .left
    ) -> String {
        let space = String(repeating: " ", count: max(0, width - of(text)))
        return alignment == .left ? text + space : space + text
    }

    private static func prefix(
        of text: String, within room: Int
    ) -> (text: String, width: Int) {
        var width = 0
        var end = text.startIndex
        while end < text.endIndex {
            let next = of(text[end])
            if width + next > room { break }
            width += next
            end = text.index(after: end)
        }
        return (String(text[..<end]), width)
    }

    private static func isPlainASCII(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }

    private static func of(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x20..<0x7F, 0xA0..<0x300: return 1
        case 0..<0xA0: return 0
        case 0xAC00...0xD7A3, 0x3400...0x4DBF, 0x4E00...0x9FFF: return 2
        // The vowels and finals of decomposed Hangul are drawn into the initial's two columns.
        case 0x1160...0x11FF, 0xD7B0...0xD7FF: return 0
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .lineSeparator, .paragraphSeparator:
            return 0
        default:
            return WideScalars.contains(scalar.value) ? 2 : 1
        }
    }

    /// Joiner, emoji selector, keycap, regional indicator, skin tone.
    private static func formsEmojiSequence(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200D, 0xFE0F, 0x20E3, 0x1F1E6...0x1F1FF, 0x1F3FB...0x1F3FF: true
        default: false
        }
    }
}
