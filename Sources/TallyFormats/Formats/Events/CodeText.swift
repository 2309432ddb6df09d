/// Ids and codes as files have them, and what programs make of them that take them for figures.
enum CodeText {
    static func isNumber(_ text: String, digits: ClosedRange<Int>) -> Bool {
        digits.contains(text.utf8.count) && text.utf8.allSatisfy(isDigit)
    }

    /// Whether it is a figure as a program writes it that has read `7` or `20718200` as one: `7.0`, `2.07182e+07`, `2.07E7`.
    ///
    /// `12e7` may be an id.
    static func isFigure(_ text: String) -> Bool {
        guard text.utf8.first.map(isDigit) == true, text.contains(where: { ".+".contains($0) }),
            text.utf8.allSatisfy({ isDigit($0) || ".eE+".utf8.contains($0) }),
            let figure = Double(text)
        else { return false }
        return text.utf8.contains { "eE".utf8.contains($0) } || figure == figure.rounded()
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
