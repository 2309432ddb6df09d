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

extension RecordExport {
    /// One kind for a spreadsheet: a byte order mark, CRLF, cells that no spreadsheet runs, and a last column with the mark
    /// by which what was edited comes back (``SheetMark``).
    public static func sheet(
        _ kind: Kind, from access: DatasetAccess, where condition: String? = nil,
        write: (String) throws -> Void
    ) throws {
        var count = 0
        try forEachRow(of: kind, from: access, where: condition) { _ in count += 1 }
        let vector = access.vector
        let mark = SheetMark(
            kind: kind.name, dataset: access.dataset, isWhole: condition == nil, count: count,
            vector: vector, fingerprint: try access.fingerprint(of: vector))
        func row(_ cells: [String]) -> String {
            // Line ends inside a cell stay LF: CRLF there would be two for some programs.
            String(DelimitedWriter.row(cells).dropLast()) + "\r\n"
        }
        try write("\u{feff}" + row((kind.key + kind.fields).map(\.name) + [mark.text]))
        try forEachRow(of: kind, from: access, where: condition) { record in
            let address = RecordAddress(kind: kind.name, key: record.key)
            let cells =
                record.key.parts.map(SheetText.safe)
                + kind.fields.map { field in
                    field.type == .set
                        ? SheetText.of(elements: record.sets[field.name] ?? [])
                        : SheetText.of(record.values[field.name] ?? .null, field)
                }
            try write(row(cells + [SheetAddress.text(address)]))
        }
    }
}
