import TallyCore
import TallyStore

/// Which column of an edited sheet holds what.
struct SheetColumns {
    let kind: Kind
    let mark: SheetMark
    private let names: [String]
    private let markColumn: Int
    let keys: [(field: Kind.Field, column: Int)]
    /// Those that are no part of the key.
    let fields: [(field: Kind.Field, column: Int)]
    private var unread: UnreadColumns

    /// - Throws: `FormatError` for a sheet without a mark, or with one that says nothing here.
    init(_ header: TableHeader, in access: DatasetAccess) throws {
        if let first = header.names.first, first.hasPrefix("ï»¿") {
            throw FormatError(
                "a program has read the file in another encoding than UTF-8: \(Quoted.short(first))",
                location: "row 1", hint: "Open what was exported as UTF-8, and edit that.")
        }
        let marks = header.names.indices.filter { SheetMark.isMeant(header.names[$0]) }
        guard let own = marks.first else {
            throw FormatError(
                "the file does not say what it was exported from: there is no column tally/…",
                location: "row 1",
                hint:
                    "It is the last column that export --open writes; without it, import FILE takes the file as a "
                    + "source's.")
        }
        mark = try SheetMark(header.names[own])
        if marks.count > 1 {
            throw FormatError(
                "the file has the marks of \(marks.count) exports", location: "row 1",
                hint: "Bring each back in a file of its own.")
        }
        let kind = try mark.check(in: access)
        self.kind = kind
        markColumn = own
        names = header.names
        func columns(_ fields: [Kind.Field]) -> [(field: Kind.Field, column: Int)] {
            fields.compactMap { field in header.index(field.name).map { (field, $0) } }
        }
        keys = columns(kind.key)
        fields = columns(kind.fields)
        let known = (keys + fields).map(\.column)
        try header.checkUnique(known)
        unread = UnreadColumns(header, read: Set(known + [own]))
    }

    /// The record that a row was exported from; nil in a row that somebody has added.
    func address(_ cells: [String]) throws(InputFault) -> RecordAddress? {
        let cell = cells[markColumn].trimmingSpaces
        if ["", "nan", "NA"].contains(cell) { return nil }
        guard let address = own(cell) else {
            throw InputFault(
                field: "",
                "its last column, \(Quoted.short(cell)), names no record of \(kind.name)",
                hint: "Put back what stood there; in a new row it is empty.")
        }
        return address
    }

    /// What other cells than that of the mark may name: records, or texts that somebody has typed.
    func misplaced(_ cells: [String]) -> [(record: RecordAddress, column: String)] {
        zip(names, cells).compactMap { name, cell in
            guard cell.hasPrefix(kind.name + "/") else { return nil }
            return own(cell.trimmingSpaces).map { ($0, name) }
        }
    }

    private func own(_ cell: String) -> RecordAddress? {
        guard let address = RecordAddress(cell), address.kind == kind.name,
            address.key.count == kind.key.count,
            zip(kind.key, address.key.parts).allSatisfy({ $0.type.accepts($1) })
        else { return nil }
        return address
    }

    /// The record that a row with too few cells or too many was exported from, where one of them says so.
    func address(ofRagged cells: [String]) -> RecordAddress? {
        cells.last { $0.hasPrefix(kind.name + "/") }.flatMap { own($0.trimmingSpaces) }
    }

    /// Excel leaves out the empty cells at the end of rows, where sixteen rows in a row have none there, as new rows have
    /// (https://www.betaarchive.com/wiki/index.php/Microsoft_KB_Archive/77295).
    func filled(_ row: TableReader.Row) -> TableReader.Row {
        let missing = names.count - row.cells.count
        guard row.fault != nil, missing > 0,
            !row.cells.contains(where: { $0.hasPrefix(kind.name + "/") })
        else { return row }
        let empty = [String](repeating: "", count: missing)
        return TableReader.Row(number: row.number, cells: row.cells + empty, fault: nil)
    }

    /// The fields of which a row may say something: all that have a column.
    ///
    /// - Parameter isPartial: without those whose cell is empty.
    func fieldNames(_ cells: [String], isPartial: Bool) -> Set<String> {
        Set(fields.filter { !(isPartial && cells[$0.column].isEmpty) }.map(\.field.name))
    }

    /// Notes what of a row no field holds.
    mutating func count(_ cells: [String]) { unread.count(cells) }

    var notKept: [String: Int] { unread.byName }
}
