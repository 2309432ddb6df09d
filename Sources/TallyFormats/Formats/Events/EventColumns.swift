import TallyStore

/// The columns of a table of events, found once.
struct EventColumns {
    private let positions: [String: Int]
    private let missing: Set<String>
    /// Those of which something is kept.
    let read: Set<Int>

    /// - Throws: `FormatError` for a column that is not there, or that stands twice.
    init(_ layout: EventLayout, in header: TableHeader) throws(FormatError) {
        for name in layout.required where Self.index(name, in: header) == nil {
            throw header.missing(name)
        }
        func find(_ names: [String]) -> [String: Int] {
            names.reduce(into: [:]) { $0[$1] = Self.index($1, in: header) }
        }
        let used = find(layout.required + layout.used)
        try header.checkUnique(used.values.sorted())
        positions = used.merging(find(layout.shown)) { used, _ in used }
        read = Set(used.values)
        missing = layout.missing
    }

    /// Whether a table has all of these.
    static func are(_ names: [String], in header: TableHeader) -> Bool {
        names.allSatisfy { index($0, in: header) != nil }
    }

    /// By the name as published, or as R writes it: `Event ID`, `event_id`.
    private static func index(_ name: String, in header: TableHeader) -> Int? {
        header.index(anyOf: [name, name.replacing(" ", with: "_")])
    }

    /// The cell of a column, without space around it; empty where there is none.
    func cell(_ name: String, of cells: [String]) -> String {
        guard let position = positions[name] else { return "" }
        let text = cells[position].trimmingSpaces
        return missing.contains(text) ? "" : text
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

    /// The cell of a column in which every event has something.
    func needed(_ column: String, for field: String) throws(InputFault) -> String {
        let text = self[column]
        guard text.isEmpty else { return text }
        throw InputFault(
            field: field, "the row has no \(column)",
            hint: "Every event has one; --skip-bad leaves such rows out.")
    }
}
