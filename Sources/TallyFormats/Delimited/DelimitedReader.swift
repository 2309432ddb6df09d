/// Reads delimited text row by row (RFC 4180): quoted cells, doubled quotes, line ends inside quotes, CRLF or LF.
///
/// Blank lines are passed over. The text is UTF-8 without a mark, handed in piece by piece, so that memory does not grow
/// with the file.
///
/// - Complexity: O(bytes).
public struct DelimitedReader {
    public struct Row: Equatable, Sendable {
        /// The number of the line on which the row begins, from 1.
        public let line: Int
        public let cells: [String]
        /// How many blank lines stand before it.
        public var blankLines = 0
    }

    private let source: ByteSource
    private let dialect: DelimitedDialect
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private var line = 1
    /// Whether the last row had a quoted cell: `""` alone is a row of one empty cell, nothing is a blank line.
    private var hasQuotes = false
    private var rowBytes = 0
    /// How many cells the last line had.
    private var lastCount = 16

    /// A row of more bytes is no row: most likely a quote that is never closed.
    private static let maximumRowBytes = 16 * 1024 * 1024
    /// As many columns as a spreadsheet has.
    static let maximumCells = 16_384

    /// - Parameter source: gives text in UTF-8.
    public init(dialect: DelimitedDialect = DelimitedDialect(), source: @escaping ByteSource) {
        self.dialect = dialect
        self.source = source
    }

    /// - Returns: nil at the end.
    /// - Throws: `FormatError` with the line, or what the source throws.
    public mutating func next() throws -> Row? {
        var blankLines = 0
        while var row = try nextLine() {
            if row.cells != [""] || hasQuotes {
                row.blankLines = blankLines
                return row
            }
            blankLines += 1
        }
        return nil
    }

    private mutating func peek() throws -> UInt8? {
        if position == buffer.count {
            guard !isAtEnd else { return nil }
            buffer = try source()
            position = 0
            if buffer.isEmpty {
                isAtEnd = true
                return nil
            }
        }
        return buffer[position]
    }

    private mutating func nextLine() throws -> Row? {
        guard try peek() != nil else { return nil }
        let start = line
        (hasQuotes, rowBytes) = (false, 0)
        if let cells = plainLine() { return Row(line: start, cells: cells) }
        var (cells, cell): ([String], [UInt8]) = ([], [])
        cells.reserveCapacity(16)
        while true {
            if cells.count > Self.maximumCells {
                throw FormatError(
                    "a row has more than \(Self.maximumCells) cells", location: "line \(start)",
                    hint: "Is it the file that was meant?")
            }
            if dialect.hasQuotes, cell.isEmpty, try peek() == UInt8(ascii: "\"") {
                position += 1
                hasQuotes = true
                cells.append(String(decoding: try quoted(from: start), as: UTF8.self))
                guard try finishQuoted(line: start) else { return Row(line: start, cells: cells) }
                continue
            }
            let delimiter = dialect.delimiter
            try take(into: &cell, line: start) { $0 != delimiter && $0 != UInt8(ascii: "\n") }
            guard let end = try peek(), end == delimiter else { break }
            position += 1
            cells.append(String(decoding: cell, as: UTF8.self))
            cell.removeAll(keepingCapacity: true)
        }
        if position < buffer.count {
            position += 1
            line += 1
        }
        if cell.last == UInt8(ascii: "\r") { cell.removeLast() }
        cells.append(String(decoding: cell, as: UTF8.self))
        return Row(line: start, cells: cells)
    }

    /// The cells of a line that stands whole in this piece and has no quotes, as most do.
    ///
    /// - Returns: nil, nothing taken, for any other.
    private mutating func plainLine() -> [String]? {
        let delimiter = dialect.delimiter
        let taken = buffer.withUnsafeBufferPointer { bytes -> (cells: [String], end: Int)? in
            let rest = UnsafeBufferPointer(rebasing: bytes[position...])
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            var line = UnsafeBufferPointer(rebasing: rest[..<end])
            if line.last == UInt8(ascii: "\r") {
                line = UnsafeBufferPointer(rebasing: line.dropLast())
            }
            var cells: [String] = []
            cells.reserveCapacity(lastCount)
            var start = 0
            for index in line.indices {
                if line[index] == delimiter {
                    cells.append(String(decoding: line[start..<index], as: UTF8.self))
                    start = index + 1
                } else if line[index] == UInt8(ascii: "\""), dialect.hasQuotes {
                    return nil
                }
            }
            cells.append(String(decoding: line[start...], as: UTF8.self))
            return cells.count > Self.maximumCells ? nil : (cells, end + 1)
        }
        guard let taken else { return nil }
        position += taken.end
        line += 1
        lastCount = taken.cells.count
        return taken.cells
    }

    /// Takes the bytes that belong to a cell, over as many pieces as it stretches.
    private mutating func take(
        into cell: inout [UInt8], line start: Int, while belongs: (UInt8) -> Bool
    ) throws {
        while try peek() != nil {
            let end = buffer.withUnsafeBufferPointer { bytes in
                var index = position
                while index < bytes.count, belongs(bytes[index]) { index += 1 }
                return index
            }
            rowBytes += end - position
            if rowBytes > Self.maximumRowBytes {
                throw FormatError(
                    "a row has more than 16 MiB", location: "line \(start)",
                    hint: "Is a quote opened on that line and never closed?")
            }
            cell += buffer[position..<end]
            position = end
            if end < buffer.count { return }
        }
    }

    /// The content of a quoted cell, standing behind the opening quote; stops behind the closing one.
    private mutating func quoted(from start: Int) throws -> [UInt8] {
        var cell: [UInt8] = []
        while true {
            let count = cell.count
            try take(into: &cell, line: start) { $0 != UInt8(ascii: "\"") }
            line += cell[count...].count { $0 == UInt8(ascii: "\n") }
            guard try peek() != nil else {
                throw FormatError(
                    "a quote is opened and never closed", location: "line \(start)",
                    hint: "Close it, or double it where it is part of the text.")
            }
            position += 1
            guard try peek() == UInt8(ascii: "\"") else { return cell }
            position += 1
            cell.append(UInt8(ascii: "\""))
        }
    }

    /// Takes what may stand behind a closing quote.
    ///
    /// - Returns: whether another cell follows.
    private mutating func finishQuoted(line start: Int) throws -> Bool {
        let isReturn = try peek() == UInt8(ascii: "\r")
        if isReturn { position += 1 }
        switch try peek() {
        case nil: return false
        case dialect.delimiter where !isReturn:
            position += 1
            // A delimiter at the very end of a row is followed by one empty cell.
            return true
        case UInt8(ascii: "\n"):
            position += 1
            line += 1
            return false
        default:
            throw FormatError(
                "something stands behind a closing quote", location: "line \(start)",
                hint: "Double a quote that is part of the text.")
        }
    }
}
