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

    /// Whether a header is that of such a file: its own columns stand first.
    static func isOwn(_ header: [String]) -> Bool { Array(header.prefix(2)) == ownColumns }

    /// - Parameter isRagged: whether it was refused for the number of its cells; it stays so until it is mended.
    mutating func append(
        _ cells: [String], isRagged: Bool, row: Int, reason: String
    ) throws {
        if !hasHeader {
            // A mark, so that the file is not read in the encoding of the first one.
            try write(
                "\u{feff}" + DelimitedWriter.row(Self.ownColumns + header, delimiter: delimiter))
            hasHeader = true
        }
        let more = isRagged && cells.count == header.count ? [""] : []
        try write(DelimitedWriter.row(["\(row)", reason] + cells + more, delimiter: delimiter))
    }
}
