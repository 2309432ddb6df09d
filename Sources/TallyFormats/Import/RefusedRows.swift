/// Writes the rows that an import leaves out, with the reason, so that they can be mended and imported.
///
/// The columns and the delimiter are those of the file, and two columns more, which an import passes over.
struct RefusedRows {
    private static let ownColumns = ["tally_row", "tally_reason"]

    private let header: [String]
    private let delimiter: UInt8
    private let write: (String) throws -> Void
    private var hasHeader = false

    init(_ header: TableHeader, _ write: @escaping (String) throws -> Void) {
        self.header = header.names
        if case .delimited(let delimiter) = header.origin {
            self.delimiter = delimiter
        } else {
            delimiter = UInt8(ascii: ",")
        }
        self.write = write
    }

    static func withoutOwnColumns(_ header: [String]) -> [String] {
        header.suffix(2) == ownColumns ? header.dropLast(2) : header
    }

    /// A row with too few or too many cells is written as it is, and is refused again until it is mended.
    mutating func append(_ cells: [String], row: Int, reason: String) throws {
        if !hasHeader {
            try write(DelimitedWriter.row(header + Self.ownColumns, delimiter: delimiter))
            hasHeader = true
        }
        try write(DelimitedWriter.row(cells + ["\(row)", reason], delimiter: delimiter))
    }
}
