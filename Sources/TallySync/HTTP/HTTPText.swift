/// Text from elsewhere, made fit for a message.
enum HTTPText {
    /// One line of at most `limit` characters, without anything that a terminal would obey.
    static func printable(_ text: String, limit: Int = 200) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(limit) {
            shown.append(isHarmless(scalar) ? scalar : "?")
        }
        if text.unicodeScalars.count > limit { shown.append("…") }
        return String(shown)
    }

    /// An address without what is before `@` in it, which may be a password.
    static func shownURL(_ url: String) -> String {
        let marker = Array("://".utf8)
        let bytes = Array(url.utf8)
        let schemeEnd = bytes.indices.first { bytes[$0...].starts(with: marker) }
        let start = schemeEnd.map { $0 + marker.count } ?? 0
        // A password may itself hold `/` or `?` when whoever wrote it did not encode it.
        guard let at = bytes[start...].lastIndex(of: UInt8(ascii: "@")) else {
            return printable(url)
        }
        let shown = bytes[..<start] + Array("…".utf8) + bytes[at...]
        return printable(String(decoding: shown, as: UTF8.self))
    }

    /// `text` with every secret in it blotted out.
    static func redacted(_ text: String, _ secrets: [String]) -> String {
        // The longest first, or what is left of one that holds another would be readable.
        secrets.sorted { $0.utf8.count > $1.utf8.count }.reduce(text) { text, secret in
            replacing(secret, in: text)
        }
    }

    private static func replacing(_ secret: String, in text: String) -> String {
        let needle = Array(secret.utf8)
        var rest = Array(text.utf8)[...]
        var shown: [UInt8] = []
        while let first = rest.first {
            if rest.starts(with: needle) {
                shown += "(not shown)".utf8
                rest = rest.dropFirst(needle.count)
            } else {
                shown.append(first)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: shown, as: UTF8.self)
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
    }
}
