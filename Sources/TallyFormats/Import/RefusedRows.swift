/// Writes the rows that an import leaves out, with the reason, so that they can be mended and imported.
///
/// The columns are those of the file and two more, which an import passes over.
struct RefusedRows {
    static let rowColumn = "tally_row"
    static let reasonColumn = "tally_reason"

    static func withoutOwnColumns(_ header: [String]) -> [String] {
        header.suffix(2) == [rowColumn, reasonColumn] ? header.dropLast(2) : header
    }

    private let write: (String) throws -> Void
    private var hasHeader = false

    init(_ write: @escaping (String) throws -> Void) {
        self.write = write
    }

    mutating func append(_ cells: [String], row: Int, reason: String, header: [String]) throws {
        if !hasHeader {
            try write(DelimitedWriter.row(header + [Self.rowColumn, Self.reasonColumn]))
            hasHeader = true
        }
        // A row with too few cells stays in its columns, one with too many shows it.
        let missing = max(0, header.count - cells.count)
        let filled = cells + [String](repeating: "", count: missing)
        try write(DelimitedWriter.row(filled + ["\(row)", reason]))
    }
}
