import TallyStore

/// The columns of a table of events, found once, and shared by its rows.
final class EventColumns: Sendable {
    private let layout: EventLayout
    /// As the file has them.
    private let names: [String]
    private let positions: [String: Int]
    /// Those of which something is kept.
    let read: Set<Int>

    /// - Throws: `FormatError` for a column that is not there, or that stands twice.
    init(_ layout: EventLayout, in header: TableHeader) throws(FormatError) {
        for name in layout.allRequired where Self.index(name, in: header) == nil {
            throw header.missing(name)
        }
        func find(_ names: [String]) -> [String: Int] {
            names.reduce(into: [:]) { $0[$1] = Self.index($1, in: header) }
        }
        let used = find(layout.allRequired + layout.used)
        try header.checkUnique(used.values.sorted())
        positions = used.merging(find(layout.shown + layout.years.map(\.name))) { used, _ in used }
        read = Set(used.values)
        self.layout = layout
        names = header.names
    }

    /// The column of a name as the file writes it.
    private func called(_ name: String) -> String { positions[name].map { names[$0] } ?? name }

    /// Whether a table has all of these.
    static func are(_ names: [String], in header: TableHeader) -> Bool {
        names.allSatisfy { index($0, in: header) != nil }
    }

    /// Columns that a table does not have, called as it calls the others.
    static func absent(
        _ names: [String], by layout: EventLayout, in header: TableHeader
    ) -> [String] {
        let id = index(layout.id, in: header).map { header.names[$0] } ?? layout.id
        func spelled(_ name: String) -> String {
            let name = id.contains(" ") ? name : name.replacing(" ", with: "_")
            return id != layout.id && id == id.lowercased() ? name.lowercased() : name
        }
        return names.filter { index($0, in: header) == nil }.map(spelled)
    }

    /// By the name as published, or as R writes it: `Event ID`, `event_id`.
    private static func index(_ name: String, in header: TableHeader) -> Int? {
        header.index(anyOf: [name, name.replacing(" ", with: "_")])
    }

    /// What a row says of the year of its date, or of year and month, beside that.
    func years(_ cells: [String]) -> [(text: String, digits: Int)] {
        layout.years.map { (cell($0.name, of: cells), $0.digits) }.filter { !$0.text.isEmpty }
    }

    /// The cell of a column, without space around it; empty where there is none.
    func cell(_ name: String, of cells: [String]) -> String {
        guard let position = positions[name] else { return "" }
        let text = cells[position].trimmingSpaces
        return layout.blanks.contains(text) ? "" : text
    }
}

extension EventColumns {
    /// - Throws: `InputFault` for a row without its id or its date, for one in which a program has made figures of ids and
    ///   codes, which would be other ones, or none, without a word, and for fewer than no people.
    func check(_ cells: [String]) throws(InputFault) {
        for (column, field) in [(layout.id, "id"), (layout.date ?? layout.id, "date")]
        where cell(column, of: cells).isEmpty {
            throw Self.lack(of: called(column), field: field)
        }
        for column in layout.whole {
            let text = cell(column, of: cells)
            guard text.isEmpty || CodeText.isNumber(text, digits: 1...18) else {
                throw figure(text, column, "no whole number")
            }
        }
        for column in layout.texts {
            let text = cell(column, of: cells)
            if CodeText.isFigure(text) { throw figure(text, column, "a figure, not a text") }
        }
        for column in layout.people {
            let text = cell(column, of: cells)
            guard let count = Double(text), count < 0 else { continue }
            throw InputFault(
                field: "", "\(called(column)) \(Quoted.short(text)) is no number of people",
                hint: "Where it stands for what is not known, leave the cell empty.")
        }
    }

    private func figure(_ text: String, _ column: String, _ what: String) -> InputFault {
        InputFault(
            field: "", "\(called(column)) \(Quoted.short(text)) is \(what)",
            hint: "Has a program written it anew? Have the column written as text.")
    }

    static func lack(of column: String, field: String) -> InputFault {
        InputFault(
            field: field, "the row has no \(column)",
            hint: "Every event has one; --skip-bad leaves such rows out.")
    }
}

/// One row of a table of events, with empty texts for what it does not say.
struct EventRow {
    private let columns: EventColumns
    private let cells: [String]

    init(_ cells: [String], _ columns: EventColumns) {
        (self.cells, self.columns) = (cells, columns)
    }

    subscript(column: String) -> String { columns.cell(column, of: cells) }
}
