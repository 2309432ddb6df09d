import TallyCore

/// The columns of a table by their names.
struct TableHeader {
    /// As the file has them, without space around them.
    let names: [String]
    let origin: Origin
    /// How many of them, at the end, the format has declared for what the first objects of the file do not have.
    private let declared: Int
    /// The cells of the first row, for what only the data say; none where there is no row.
    let first: [String]

    enum Origin: Equatable {
        case delimited(UInt8)
        /// An array of objects.
        case json
        case sdmxJSON
    }

    /// What stands between cells; nil in JSON.
    var delimiter: String? {
        if case .delimited(let delimiter) = origin { return String(Unicode.Scalar(delimiter)) }
        return nil
    }

    private let positions: [String: Int]

    init(_ cells: [String], origin: Origin, first: [String] = [], declared: Int = 0) {
        self.first = first
        self.declared = declared
        let names = cells.map { $0.trimmingSpaces }
        self.names = names
        self.origin = origin
        positions = Dictionary(
            names.enumerated().map { ($0.element.lowercased(), $0.offset) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The names by which files are compared: however long one is, it has those.
    var shown: [String] { Array(names.dropLast(declared)) }

    /// The column of that name, whatever its case.
    func index(_ name: String) -> Int? { positions[name.lowercased()] }

    func index(anyOf names: [String]) -> Int? { names.lazy.compactMap { self.index($0) }.first }

    func has(_ names: String...) -> Bool { names.allSatisfy { index($0) != nil } }

    /// - Parameter used: the columns that are read.
    /// - Throws: `FormatError` for one of them that stands twice.
    func checkUnique(_ used: some Sequence<Int>) throws(FormatError) {
        let counts = Dictionary(names.map { ($0.lowercased(), 1) }, uniquingKeysWith: +)
        for name in used.map({ names[$0] }) where counts[name.lowercased(), default: 0] > 1 {
            throw FormatError(
                "the column \(Quoted.short(name)) stands twice", location: "row 1",
                hint: "Take one of the two away, or give it another name.")
        }
    }

    /// - Parameter blame: who names it, as the end of the message.
    func missing(_ column: String, _ blame: String = "") -> FormatError {
        FormatError(
            "there is no column \(Quoted.short(column))\(blame)", location: "row 1",
            hint: Suggestion.question(for: column, among: names)
                ?? "The columns are \(names.prefix(16).joined(separator: ", ")).")
    }

    /// Columns of which nothing is read, by name.
    func others(besides used: Set<Int>) -> [(name: String, column: Int)] {
        names.enumerated().filter { !used.contains($0.offset) }
            .map { ($0.element.isEmpty ? "column \($0.offset + 1)" : $0.element, $0.offset) }
    }

    /// Numbers of this table, of which it may not be known which mark is the decimal one.
    func numbers(_ given: DecimalMark?) -> NumberCells {
        // JSON itself writes numbers with a point.
        if delimiter == nil, given == nil {
            return NumberCells(mark: .point, isPointUsual: true, isGiven: false)
        }
        // Where a semicolon is between cells, a comma often is in numbers.
        return NumberCells(
            mark: given, isPointUsual: origin != .delimited(UInt8(ascii: ";")))
    }
}
