/// Reads delimited text row by row (RFC 4180): quoted cells, doubled quotes, line ends inside quotes, CRLF or LF.
///
/// A byte order mark at the beginning and blank lines are passed over. Bytes are handed in piece by piece, so that memory
/// does not grow with the file.
///
/// - Complexity: O(bytes).
public struct DelimitedReader {
    public struct Row: Equatable, Sendable {
        /// The number of the line on which the row begins, from 1.
        public let line: Int
        public let cells: [String]
    }

    private let source: () throws -> [UInt8]
    private let delimiter: UInt8
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private var line = 1
    private var isFirst = true
    /// Whether the last row had a quoted cell: `""` alone is a row of one empty cell, nothing is a blank line.
    private var hasQuotes = false

    /// A row of more bytes is no row: most likely a quote that is never closed.
    private static let maximumRowBytes = 16 * 1024 * 1024

    /// - Parameter source: gives the next bytes; none at the end.
    public init(delimiter: UInt8 = UInt8(ascii: ","), source: @escaping () throws -> [UInt8]) {
        self.delimiter = delimiter
        self.source = source
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

    private mutating func skipByteOrderMark() throws {
        guard isFirst else { return }
        isFirst = false
        // However small the pieces, a mark is seen whole.
        while buffer.count < 4, !isAtEnd {
            let piece = try source()
            if piece.isEmpty { isAtEnd = true }
            buffer += piece
        }
        if buffer.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
        if buffer.starts(with: [0xff, 0xfe]) || buffer.starts(with: [0xfe, 0xff]) {
            throw FormatError(
                "the file is UTF-16", hint: "Save it as “CSV UTF-8” and import that file.")
        }
        if buffer.starts(with: [0x50, 0x4b, 0x03, 0x04]) {
            throw FormatError(
                "the file is an Excel workbook or another zip file",
                hint: "Save the sheet as “CSV UTF-8” and import that file.")
        }
    }

    /// Whether the file begins as JSON does, of which no row of names begins: with `{`, or `[` and then `{`; nothing is read
    /// on.
    mutating func isJSON() throws -> Bool {
        try skipByteOrderMark()
        _ = try peek()
        let begin = buffer[position...].lazy.filter { !" \t\r\n".utf8.contains($0) }.prefix(2)
        return begin.first == UInt8(ascii: "{") || begin.elementsEqual("[{".utf8)
    }

    /// - Returns: nil at the end.
    /// - Throws: `FormatError` with the line, or what the source throws.
    public mutating func next() throws -> Row? {
        try skipByteOrderMark()
        while let row = try nextLine() {
            if row.cells != [""] || hasQuotes { return row }
        }
        return nil
    }

    private mutating func nextLine() throws -> Row? {
        guard try peek() != nil else { return nil }
        let start = line
        hasQuotes = false
        var (cells, cell): ([String], [UInt8]) = ([], [])
        var byteCount = 0
        while true {
            guard let byte = try peek() else { break }
            byteCount += 1
            if byteCount > Self.maximumRowBytes {
                throw FormatError(
                    "a row has more than 16 MiB", location: "line \(start)",
                    hint: "Is a quote opened on that line and never closed?")
            }
            if byte == UInt8(ascii: "\""), cell.isEmpty {
                position += 1
                hasQuotes = true
                cell = try quoted(from: start)
                cells.append(try text(cell, line: start))
                cell = []
                guard try finishQuoted(line: start) else { return Row(line: start, cells: cells) }
                continue
            }
            position += 1
            if byte == delimiter {
                cells.append(try text(cell, line: start))
                cell = []
            } else if byte == UInt8(ascii: "\n") {
                line += 1
                break
            } else {
                cell.append(byte)
            }
        }
        if cell.last == UInt8(ascii: "\r") { cell.removeLast() }
        cells.append(try text(cell, line: start))
        return Row(line: start, cells: cells)
    }

    /// The content of a quoted cell, standing behind the opening quote; stops behind the closing one.
    private mutating func quoted(from start: Int) throws -> [UInt8] {
        var cell: [UInt8] = []
        while let byte = try peek() {
            position += 1
            if byte == UInt8(ascii: "\"") {
                guard try peek() == UInt8(ascii: "\"") else { return cell }
                position += 1
            } else if byte == UInt8(ascii: "\n") {
                line += 1
            }
            cell.append(byte)
            if cell.count > Self.maximumRowBytes { break }
        }
        throw FormatError(
            "a quote is opened and never closed", location: "line \(start)",
            hint: "Close it, or double it where it is part of the text.")
    }

    /// Takes what may stand behind a closing quote.
    ///
    /// - Returns: whether another cell follows.
    private mutating func finishQuoted(line start: Int) throws -> Bool {
        let isReturn = try peek() == UInt8(ascii: "\r")
        if isReturn { position += 1 }
        switch try peek() {
        case nil: return false
        case delimiter where !isReturn:
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

    private func text(_ bytes: [UInt8], line: Int) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw FormatError(
                "a cell is not UTF-8", location: "line \(line)",
                hint: "Save the file as “CSV UTF-8” and import that file.")
        }
        return text
    }
}
