import TallyStore

/// The columns of a table of events that are read, found once, and how much of the rest is not kept.
struct EventColumns {
    private let positions: [String: Int]
    private let missing: Set<String>
    private var unread: UnreadColumns
    private var left: [String: Int] = [:]
    private var noPlaces = UnknownCodes()

    /// - Parameters:
    ///   - required: those without which there are no events.
    ///   - used: all of which something is kept.
    ///   - shown: those that only say which rows belong together, or whether a row is whole.
    ///   - known: those, in lower case, that say nothing that others do not say.
    ///   - missing: what stands in cells of which nothing is known, as `NA`.
    /// - Throws: `FormatError` for a column that is not there, or that stands twice.
    init(
        _ header: TableHeader, required: [String], used: [String], shown: [String] = [],
        known: Set<String> = [], missing: Set<String> = []
    ) throws(FormatError) {
        for name in required where Self.index(name, in: header) == nil {
            throw header.missing(name)
        }
        func find(_ names: [String]) -> [String: Int] {
            names.reduce(into: [:]) { $0[$1] = Self.index($1, in: header) }
        }
        let read = find(used)
        try header.checkUnique(read.values.sorted())
        positions = read.merging(find(shown)) { used, _ in used }
        self.missing = missing
        unread = UnreadColumns(header, read: Set(read.values), known: known)
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

    /// The cell of a column in which every event has something.
    func needed(
        _ name: String, for field: String, of cells: [String]
    ) throws(InputFault) -> String {
        let text = cell(name, of: cells)
        guard text.isEmpty else { return text }
        throw InputFault(
            field: field, "the row has no \(name)",
            hint: "Every event has one; --skip-bad leaves such rows out.")
    }

    /// Counts what is not read of a row that is taken.
    mutating func count(_ cells: [String]) { unread.count(cells) }

    /// Counts what is left out of a column that is read.
    mutating func leaveOut(_ what: String) { left[what, default: 0] += 1 }

    mutating func count(_ place: EventPlace) {
        if let point = place.noPoint { noPlaces.note(point) }
    }

    var notKept: [String: Int] { unread.byName.merging(left, uniquingKeysWith: +) }

    var remarks: [String] {
        noPlaces.remarks("latitudes and longitudes that are no place, which are left out")
    }
}
