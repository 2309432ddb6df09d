/// Rows of text in aligned columns, two spaces apart, without boxes.
///
/// ```
/// ID        RECORD                            WHAT       FIELD  SINCE
/// c7f2q4ma  trade/KOR/CHN/X/TOTAL/2023/motie  edit/edit  value  2 h
/// ```
///
/// Columns are as wide as their widest cell. Where a width is given, flexible columns shrink until
/// the rows fit, or their texts take several lines; a table whose fixed columns alone are too wide is left too wide, since a cut
/// number or id is worse than a wrapped line. One whose first column names the rows can fold it.
/// No line ends in padding.
///
/// - Complexity: O(text) to fill, O(text) to render.
public struct Table: Sendable {
    /// Which side of its column a text keeps to.
    public enum Alignment: Sendable, Hashable {
        /// For words.
        case left
        /// For numbers.
        case right
    }

    /// One column: title, alignment, and what it gives up in a narrow terminal.
    public struct Column: Sendable {
        /// Empty for a column without one.
        public var title: String
        /// The side that titles and texts keep to.
        public var alignment: Alignment
        /// Whether texts may be cut to make the rows fit.
        public var isFlexible: Bool
        /// The columns a flexible column keeps at least; never less than its title takes.
        public var minimumWidth: Int
        /// Of the flexible columns those with the lowest priority shrink first.
        public var priority: Int
        /// Where the `…` of a text that does not fit goes.
        public var cut: DisplayWidth.Cut
        /// The lines that a flexible text may take before it is cut, broken between words where it can be.
        public var maximumLines = 1

        /// A column that is never cut, unless it `isFlexible`.
        public init(
            _ title: String, alignment: Alignment = .left, isFlexible: Bool = false,
            minimumWidth: Int = 8, priority: Int = 0, cut: DisplayWidth.Cut = .end
        ) {
            self.title = title
            self.alignment = alignment
            self.isFlexible = isFlexible
            self.minimumWidth = minimumWidth
            self.priority = priority
            self.cut = cut
        }

        /// A column of numbers: to the right, never cut.
        public static func number(_ title: String) -> Column {
            Column(title, alignment: .right)
        }

        /// A column of text that may be cut.
        public static func text(
            _ title: String, minimumWidth: Int = 8, priority: Int = 0, cut: DisplayWidth.Cut = .end,
            maximumLines: Int = 1
        ) -> Column {
            var column = Column(
                title, isFlexible: true, minimumWidth: minimumWidth, priority: priority, cut: cut)
            column.maximumLines = maximumLines
            return column
        }
    }

    /// From left to right.
    public let columns: [Column]
    /// Spaces before each line.
    public var indent: Int
    /// Whether titles are shown in upper case; a table with side names for titles says no.
    public var uppercasesTitles: Bool
    /// Whether the texts of the first column, which name the rows, get lines of their own above the rest where the whole does
    /// not fit, so that the name is not cut; once for rows that follow each other and have the same.
    public var foldsFirstColumn = false
    /// How titles look where there is colour.
    public var titleStyle: Style = .bold

    /// Row by row, `columns.count` cells each.
    private var cells: [Cell] = []
    private var widest: [Int]

    /// An empty table. No line of titles is printed when all titles are empty.
    public init(_ columns: [Column], indent: Int = 0, uppercasesTitles: Bool = true) {
        precondition(!columns.isEmpty, "a table without columns")
        self.columns = columns
        self.indent = indent
        self.uppercasesTitles = uppercasesTitles
        widest = Array(repeating: 0, count: columns.count)
    }

    /// How many rows there are, titles not counted.
    public var rowCount: Int {
        cells.count / columns.count
    }

    /// Adds a row; cells missing at its end are empty.
    public mutating func append(_ row: [Cell]) {
        precondition(row.count <= columns.count, "a row with more cells than the table has columns")
        for (column, cell) in row.enumerated() {
            widest[column] = max(widest[column], cell.width)
        }
        cells.append(contentsOf: row)
        cells.append(contentsOf: repeatElement("", count: columns.count - row.count))
    }

    /// The columns that the whole takes where nothing is cut; 0 without rows.
    public var naturalWidth: Int {
        if cells.isEmpty { return 0 }
        return naturalWidths.reduce(indent + ColumnFit.gap * (columns.count - 1), +)
    }

    private var titles: [Cell] {
        columns.map { column in
            Cell(uppercasesTitles ? column.title.uppercased() : column.title, titleStyle)
        }
    }

    private var naturalWidths: [Int] { zip(widest, titles).map { max($0, $1.width) } }

    /// The whole table as text, each line with its newline; empty without rows.
    ///
    /// - Parameter width: the columns the lines have to fit into; nil cuts nothing
    ///   (``Terminal/outputWidth``).
    /// - Parameter color: whether styles are shown (``Terminal/colorsOutput``).
    public func rendered(width: Int? = nil, color: Bool = false) -> String {
        if cells.isEmpty { return "" }
        let (titles, rows) = renderedRows(width: width, color: color)
        return rows.reduce(into: titles) { $0 += $1 }
    }

    /// The same in parts, for rows between which something else is to stand: the line of titles, empty where there is none,
    /// and each row with its lines.
    public func renderedRows(
        width: Int? = nil, color: Bool = false
    ) -> (titles: String, rows: [String]) {
        let (titles, natural) = (titles, naturalWidths)
        let isFolded = foldsFirstColumn && columns.count > 1 && naturalWidth > width ?? .max
        let first = isFolded ? 1 : 0
        let inner = indent + first * ColumnFit.gap
        let widths = ColumnFit(
            columns: Array(columns[first...]), natural: Array(natural[first...]),
            titles: titles[first...].map(\.width)
        ).widths(within: width.map { $0 - inner })
        var above: Cell?
        func text(_ line: ArraySlice<Cell>) -> String {
            var text = ""
            if isFolded, let name = line.first, !name.text.isEmpty, name != above {
                above = name
                appendSpaces(indent, to: &text)
                text += name.style.applied(to: name.text, color: color) + "\n"
            }
            append(
                line.dropFirst(first), columns[first...], widths, indent: inner, color: color,
                to: &text)
            return text
        }
        let rows = stride(from: 0, to: cells.count, by: columns.count).map {
            text(cells[$0..<($0 + columns.count)])
        }
        return (titles.contains { $0.width > 0 } ? text(titles[...]) : "", rows)
    }

    /// A row in as many lines as the cell that takes most of them.
    private func append(
        _ row: ArraySlice<Cell>, _ columns: ArraySlice<Column>, _ widths: [Int], indent: Int,
        color: Bool, to text: inout String
    ) {
        let isOneLine = zip(row, zip(columns, widths)).allSatisfy {
            $0.width <= $1.1 || $1.0.maximumLines == 1
        }
        if isOneLine {
            return appendLine(row, columns, widths, indent: indent, color: color, to: &text)
        }
        let wrapped = zip(row, zip(columns, widths)).map { cell, column in
            cell.width <= column.1
                ? [cell] : cell.wrapped(to: column.1, maximumLines: column.0.maximumLines)
        }
        for line in 0..<(wrapped.map(\.count).max() ?? 0) {
            let cells = wrapped.map { line < $0.count ? $0[line] : "" }
            appendLine(cells[...], columns, widths, indent: indent, color: color, to: &text)
        }
    }

    private func appendLine(
        _ line: ArraySlice<Cell>, _ columns: ArraySlice<Column>, _ widths: [Int], indent: Int,
        color: Bool, to text: inout String
    ) {
        // Spaces wait until something follows them, so that no line ends in any.
        var spaces = indent
        for (original, (column, width)) in zip(line, zip(columns, widths)) {
            var cell = original
            if cell.width > width { cell.truncate(to: width, cut: column.cut) }
            let padding = width - cell.width
            let isRight = column.alignment == .right
            if cell.text.isEmpty {
                spaces += padding
            } else {
                appendSpaces(spaces + (isRight ? padding : 0), to: &text)
                text += cell.style.applied(to: cell.text, color: color)
                spaces = isRight ? 0 : padding
            }
            spaces += ColumnFit.gap
        }
        text += "\n"
    }

    private func appendSpaces(_ count: Int, to text: inout String) {
        for _ in 0..<count { text.unicodeScalars.append(" ") }
    }
}
