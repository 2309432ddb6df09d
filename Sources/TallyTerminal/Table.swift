/// Rows of text in aligned columns, two spaces apart, without boxes.
///
/// ```
/// ID        RECORD                            WHAT       FIELD  SINCE
/// c7f2q4ma  trade/KOR/CHN/X/TOTAL/2023/motie  edit/edit  value  2 h
/// ```
///
/// Columns are as wide as their widest cell. Where a width is given, flexible columns shrink until
/// the rows fit; a table whose fixed columns alone are too wide is left too wide, since a cut
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
            _ title: String, minimumWidth: Int = 8, priority: Int = 0, cut: DisplayWidth.Cut = .end
        ) -> Column {
            Column(
                title, isFlexible: true, minimumWidth: minimumWidth, priority: priority, cut: cut)
        }
    }

    /// From left to right.
    public let columns: [Column]
    /// Spaces before each line.
    public var indent: Int
    /// Whether titles are shown in upper case; a table with side names for titles says no.
    public var uppercasesTitles: Bool
    /// Whether the texts of the first column, which name the rows, get lines of their own above the rest where the whole does
    /// not fit, so that the name is not cut.
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

    /// The whole table as text, each line with its newline; empty without rows.
    ///
    /// - Parameter width: the columns the lines have to fit into; nil cuts nothing
    ///   (``Terminal/outputWidth``).
    /// - Parameter color: whether styles are shown (``Terminal/colorsOutput``).
    public func rendered(width: Int? = nil, color: Bool = false) -> String {
        if cells.isEmpty { return "" }
        let titles = columns.map { column in
            Cell(uppercasesTitles ? column.title.uppercased() : column.title, titleStyle)
        }
        let natural = zip(widest, titles).map { max($0, $1.width) }
        let whole = natural.reduce(indent + ColumnFit.gap * (columns.count - 1), +)
        let first = foldsFirstColumn && columns.count > 1 && whole > width ?? .max ? 1 : 0
        let inner = indent + first * ColumnFit.gap
        let widths = ColumnFit(
            columns: Array(columns[first...]), natural: Array(natural[first...]),
            titles: titles[first...].map(\.width)
        ).widths(within: width.map { $0 - inner })
        var text = ""
        func append(_ line: ArraySlice<Cell>) {
            if first > 0, let name = line.first, !name.text.isEmpty {
                appendSpaces(indent, to: &text)
                text += name.style.applied(to: name.text, color: color) + "\n"
            }
            appendLine(
                line.dropFirst(first), columns[first...], widths, indent: inner, color: color,
                to: &text)
        }
        text.reserveCapacity((rowCount + 1) * (widths.reduce(inner, +) + 2 * columns.count))
        if titles.contains(where: { $0.width > 0 }) {
            append(titles[...])
        }
        for start in stride(from: 0, to: cells.count, by: columns.count) {
            append(cells[start..<(start + columns.count)])
        }
        return text
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
