extension String {
    /// Spaces, line ends and control characters brought to single spaces, and none at the ends.
    var oneLine: String {
        var (line, isSpaced) = ("", false)
        for scalar in unicodeScalars {
            if scalar.isSpaceOrControl {
                isSpaced = true
                continue
            }
            if isSpaced, !line.isEmpty { line.unicodeScalars.append(" ") }
            isSpaced = false
            line.unicodeScalars.append(scalar)
        }
        return line
    }

    /// Lines as they are; control characters that no text may have are spaces, and no spaces stand at the ends.
    var plainText: String {
        let text = replacing("\r\n", with: "\n").unicodeScalars.map { scalar in
            scalar == "\r" ? "\n" : scalar != "\n" && scalar.isSpaceOrControl ? " " : scalar
        }
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == " " }
        guard let start = text.firstIndex(where: { !isBlank($0) }),
            let end = text.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(String.UnicodeScalarView(text[start...end]))
    }
}

extension Unicode.Scalar {
    fileprivate var isSpaceOrControl: Bool {
        value <= 0x20 || (0x7f...0xa0).contains(value) || self == "\u{2028}" || self == "\u{2029}"
    }
}
