import TallyCore
import TallyStore

/// Reads a file as a table: a header, then rows with as many cells; from delimited text or from JSON.
///
/// Blank lines are passed over; rows of nothing but empty cells too, and are counted.
struct TableReader {
    struct Row {
        /// As a spreadsheet counts: the header, where there is one, is row 1, and blank lines count. Of JSON lines the number of
        /// the line.
        let number: Int
        /// As many as the header has, unless ``fault`` says why not.
        let cells: [String]
        let fault: InputFault?
    }

    let header: TableHeader
    private var rows: () throws -> (cells: [String], blankLines: Int)?
    private var number = 1
    private(set) var emptyRows = 0
    /// The columns at the beginning that ``RefusedRows`` has written.
    private var ownColumns = 0
    /// The empty cell behind the last delimiter of every row of data, where there is one.
    private var extraCells = 0
    private let layout: TableLayout?
    /// Whether the row that was read last has all cells.
    private var isLastWhole = false
    private let decoder: TextDecoder
    private var json: JSONTable?

    /// What a person is told of the file as a whole, once it is read to its end.
    var remarks: [String] {
        // Its publisher ends every row; a row that lacks cells is refused as it is.
        if layout != nil, isCut, isLastWhole {
            return ["the last row has no line end: the file may be cut within its last cell"]
        }
        guard let counts = json?.counts, counts.said != counts.read else { return [] }
        func rows(_ count: Int) -> String { count == 1 ? "1 row" : "\(count) rows" }
        return [
            "the file says that it has \(rows(counts.said)), and has \(rows(counts.read))"
                + (counts.read < counts.said ? ": was it cut?" : "")
        ]
    }

    /// Whether it holds the rows that an import has left out, for their being mended.
    var isOfRefusedRows: Bool { ownColumns > 0 }

    /// Whether the file, read to its end, has no line end there.
    var isCut: Bool { decoder.isWithinLine }

    /// What the text is written in, as far as it has been read; nil for nothing but ASCII.
    var encoding: TextEncoding? { decoder.encoding }

    /// - Parameters:
    ///   - format: the one that is asked for.
    ///   - isSplit: whether JSON of Tally's own is to be read by its members.
    ///   - further: which members later objects of JSON may have beside those of the first.
    /// - Throws: `FormatError` for a file that is no table.
    init(
        _ source: @escaping ByteSource, encoding: TextEncoding?, format: String? = nil,
        isSplit: Bool = false, further: (TableHeader) -> [String] = { _ in [] }
    ) throws {
        let decoder = TextDecoder(try Unpacking.source(source), encoding: encoding)
        self.decoder = decoder
        let text = PeekedSource(decoder.next)
        let beginning = text.peek(64 * 1024)
        let start = beginning.lazy.filter { !" \t\r\n".utf8.contains($0) }.prefix(2)
        // No row of names begins as JSON does: with `{`, or `[` and then `{`.
        if start.first == UInt8(ascii: "{") || start.elementsEqual("[{".utf8)
            || start.elementsEqual("[]".utf8)
        {
            let table = try JSONTable(text, isSplit: isSplit, further: further)
            json = table
            let first = try table.next()
            layout = nil
            header = TableHeader(
                table.columns, origin: table.origin, first: first?.cells ?? [],
                declared: table.declared)
            number = table.rowBefore
            rows = Self.rows(first, then: table.next)
            return
        }
        try Self.checkText(beginning)
        let marked = DelimitedDialect.mark(in: beginning)
        layout = try TableLayout(of: beginning, format: format)
        let dialect =
            layout?.dialect ?? marked.map { DelimitedDialect(delimiter: $0) }
            ?? DelimitedDialect(of: beginning)
        var reader = DelimitedReader(
            dialect: dialect,
            source: Self.hasOldLineEnds(beginning) ? { Self.lines(try text.next()) } : text.next)
        // Excel's line that names the delimiter.
        if marked != nil { _ = try Self.cells(of: &reader, row: 1) }
        number = layout?.names != nil ? 0 : marked == nil ? 1 : 2
        guard let cells = try layout?.names ?? Self.cells(of: &reader, row: number)?.cells else {
            throw FormatError("the file is empty", hint: "The first row must name the columns.")
        }
        let first = try Self.cells(of: &reader, row: number + 1)
        ownColumns = RefusedRows.isOwn(cells) ? 2 : 0
        let names = Array(cells.dropFirst(ownColumns))
        let firstCells = Array((first?.cells ?? []).dropFirst(ownColumns))
        header = TableHeader(
            names, origin: .delimited(dialect.delimiter),
            first: Array(firstCells.prefix(names.count)))
        // What RefusedRows has written has no such cell.
        extraCells =
            ownColumns == 0 && layout?.names == nil && firstCells.count == names.count + 1
                && firstCells[names.count].isEmpty ? 1 : 0
        rows = Self.rows(first) { try reader.next().map { ($0.cells, $0.blankLines) } }
    }

    private static func checkText(_ beginning: ArraySlice<UInt8>) throws(FormatError) {
        let zeros = beginning.prefix(1000).count { $0 == 0 }
        if zeros * 4 > beginning.prefix(1000).count {
            throw FormatError(
                "the file is no text: many of its bytes are zero",
                hint: "Is it UTF-16 without a mark? Say so: --encoding utf-16")
        }
    }

    /// Whether lines end with a carriage return alone, as Excel still writes them under “CSV (Macintosh)”.
    private static func hasOldLineEnds(_ beginning: ArraySlice<UInt8>) -> Bool {
        beginning.contains(0x0d) && !beginning.contains(0x0a)
    }

    private static func lines(_ bytes: [UInt8]) -> [UInt8] { bytes.map { $0 == 0x0d ? 0x0a : $0 } }

    private static func cells(
        of reader: inout DelimitedReader, row: Int
    ) throws -> (cells: [String], blankLines: Int)? {
        do { return try reader.next().map { ($0.cells, $0.blankLines) } } catch let error
            as FormatError
        {
            throw placed(error, row: row)
        }
    }

    private static func rows(
        _ first: (cells: [String], blankLines: Int)?,
        then next: @escaping () throws -> (cells: [String], blankLines: Int)?
    ) -> () throws -> (cells: [String], blankLines: Int)? {
        var waiting = first
        return {
            defer { waiting = nil }
            return try waiting ?? next()
        }
    }

    mutating func next() throws -> Row? {
        do {
            while let (cells, blankLines) = try rows() {
                number += 1 + blankLines
                let cells = ownColumns == 0 ? cells : Array(cells.dropFirst(ownColumns))
                if cells.allSatisfy(\.isEmpty) {
                    emptyRows += 1
                    continue
                }
                let row = fitted(cells)
                isLastWhole = row.fault == nil
                return row
            }
            return nil
        } catch let error as FormatError {
            throw Self.placed(error, row: number + 1)
        }
    }

    /// A byte is found by counting to it, a row by looking.
    private static func placed(_ error: FormatError, row: Int) -> FormatError {
        guard let place = error.location, place.hasPrefix("byte") else { return error }
        return FormatError(error.message, location: "row \(row), \(place)", hint: error.hint)
    }

    /// Some publishers end every row of data with a delimiter, though not the header. That shifts nothing where all rows do
    /// so: a row with a cell too few and one with a cell too many must not be taken for it.
    private func fitted(_ cells: [String]) -> Row {
        let count = header.names.count
        if extraCells == 0, cells.count == count {
            return Row(number: number, cells: cells, fault: nil)
        }
        if cells.count == count + extraCells, cells[count...].allSatisfy(\.isEmpty) {
            return Row(number: number, cells: Array(cells.prefix(count)), fault: nil)
        }
        if let layout, cells.count < count, cells.count >= count - layout.optionalColumns {
            return Row(
                number: number,
                cells: cells + Array(repeating: "", count: count - cells.count), fault: nil)
        }
        let wanted =
            layout?.names == nil ? "the header has \(count)" : "those of its sort have \(count)"
        let also = extraCells > 0 ? ", and the first row one more at its end" : ""
        return Row(
            number: number, cells: cells,
            fault: InputFault(
                field: "", "it has \(cells.count) cells, \(wanted)\(also)",
                hint: "Is there a delimiter too many, or a quote missing?"))
    }
}
