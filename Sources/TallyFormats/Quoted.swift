import TallyCore

/// Text of a file in messages.
enum Quoted {
    /// In quotes, control characters escaped, at most 60 characters of it.
    static func short(_ text: String) -> String {
        JSONString.shown(text.count > 60 ? String(text.prefix(60)) + "…" : text)
    }
}
