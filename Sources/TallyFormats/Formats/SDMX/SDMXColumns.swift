import TallyCore
import TallyStore

/// The columns of an SDMX table by the ids of their components.
///
/// With `labels=both` a column is `ID: Name` and so are its cells; with `labels=name` a column of names follows each
/// column of ids; the portal of the IMF writes `ID.ID` and `ID` for these. `ID[]` and `ID[en;fr]` hold several values.
///
/// Source: https://github.com/sdmx-twg/sdmx-csv (data message, field guide 1.0, 2.0, 2.1).
struct SDMXColumns {
    private struct Column {
        let index: Int
        let hasLabel: Bool
    }

    private let columns: [String: Column]
    /// In the order of the file, those that are about the message left out.
    let ids: [String]
    /// Whether the ids and names stand in columns of the IMF's portal.
    let isPortal: Bool

    private static let aboutMessage: Set<String> = [
        "DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "SERIES_KEY",
        "OBS_KEY",
    ]

    init(_ header: TableHeader) {
        let names = header.names
        isPortal = names.contains { $0.uppercased().hasSuffix(".ID") }
        let hasNames = names.contains("STRUCTURE_NAME")
        let portalIDs = Set(isPortal ? names.map { $0.uppercased() } : [])
        var columns: [String: Column] = [:]
        var ids: [String] = []
        var isName = false
        for (index, name) in names.enumerated() {
            var id = name
            let hasLabel = id.firstRange(of: ": ") != nil
            if let end = id.firstRange(of: ": ") { id = String(id[..<end.lowerBound]) }
            if let end = id.firstIndex(of: "[") { id = String(id[..<end]) }
            id = id.uppercased()
            if Self.aboutMessage.contains(id) {
                columns[id] = Column(index: index, hasLabel: hasLabel)
                continue
            }
            if hasNames {
                defer { isName.toggle() }
                if isName { continue }
            } else if isPortal {
                if id.hasSuffix(".ID") {
                    id.removeLast(3)
                } else if portalIDs.contains(id + ".ID") {
                    continue
                }
            }
            guard columns[id] == nil else { continue }
            columns[id] = Column(index: index, hasLabel: hasLabel)
            ids.append(id)
        }
        self.columns = columns
        self.ids = ids
    }

    func has(_ id: String) -> Bool { columns[id] != nil }

    func first(of ids: [String]) -> String? { ids.first(where: has) }

    /// The id in a cell; empty where there is no such column.
    func value(_ id: String, in cells: [String]) -> String {
        guard let column = columns[id] else { return "" }
        let cell = cells[column.index].trimmingSpaces
        if column.hasLabel, let end = cell.firstRange(of: ": ") {
            return String(cell[..<end.lowerBound])
        }
        return cell == "#N/A" ? "" : cell
    }

    /// `AGENCY:ID(VERSION)` of the dataflow or structure.
    func structure(in cells: [String]) -> String {
        let id = has("STRUCTURE_ID") ? "STRUCTURE_ID" : "DATAFLOW"
        let text = value(id, in: cells)
        // The names of labels=both stand in the cell alone.
        return text.firstRange(of: ": ").map { String(text[..<$0.lowerBound]) } ?? text
    }
}
