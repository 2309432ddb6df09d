import TallyCore
import TallyStore

/// What stands in a cell of a spreadsheet.
enum SheetText {
    /// The cell of a value. A text that a spreadsheet would run as a formula gets a `'` before it; numbers stay.
    static func of(_ value: Value, _ field: Kind.Field) -> String {
        field.type == .number ? value.plain : safe(value.plain)
    }

    static func of(elements: [String]) -> String { safe(ElementList.join(elements)) }

    static func safe(_ text: String) -> String { isRun(text) ? "'" + text : text }

    /// The text of a cell that somebody typed or that ``safe(_:)`` has written.
    static func plain(_ cell: String) -> String {
        cell.hasPrefix("'") && isRun(cell) ? String(cell.dropFirst()) : cell
    }

    /// Whether it begins as a formula, whatever apostrophes stand before that, so that the way back is one.
    private static func isRun(_ text: String) -> Bool {
        // A spreadsheet would not let a text alone that begins with a tab or a line end either
        // (https://owasp.org/www-community/attacks/CSV_Injection).
        guard let first = text.unicodeScalars.first(where: { $0 != "'" }) else { return false }
        return "=+-@\t\r\n\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".unicodeScalars.contains(first)
    }
}
