import TallyStore

/// The columns of a table of events that are read, found once, and how much of the rest is not kept.
struct EventColumns {
    private let positions: [String: Int]
    private let missing: String?
    private var unread: UnreadColumns
    private var left: [String: Int] = [:]

    /// - Parameters:
    ///   - required: those without which there are no events.
    ///   - used: all that are read.
    ///   - missing: what stands in cells of which nothing is known, as `NA`.
    /// - Throws: `FormatError` for a column that is not there, or that stands twice.
    init(
        _ header: TableHeader, required: [String], used: [String], missing: String? = nil
    ) throws(FormatError) {
        for name in required where header.index(name) == nil { throw header.missing(name) }
        var positions: [String: Int] = [:]
        for name in used { positions[name] = header.index(name) }
        try header.checkUnique(positions.values.sorted())
        self.positions = positions
        self.missing = missing
        unread = UnreadColumns(header, read: Set(positions.values))
    }

    /// The cell of a column, without space around it; empty where there is none.
    func cell(_ name: String, of cells: [String]) -> String {
        guard let position = positions[name] else { return "" }
        let text = cells[position].trimmingSpaces
        return text == missing ? "" : text
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
        if place.hasBadCoordinates { leaveOut("latitude and longitude that are no place") }
    }

    var notKept: [String: Int] { unread.byName.merging(left, uniquingKeysWith: +) }
}
