import TallyStore

/// Areas by the names that a file has for them, and which of these are not known.
struct AreaNames {
    private var known: [String: String?] = [:]
    private(set) var unknown = UnknownCodes()

    /// So that a file in which every row has another name does not fill the memory.
    private static let maximumKept = 10_000

    /// - Returns: nil for what is no name of an area, which is counted, and for empty text.
    mutating func area(_ name: String) -> String? {
        if name.isEmpty { return nil }
        let area = known[name] ?? Self.lookUp(name)
        if known.count < Self.maximumKept { known[name] = .some(area) }
        if area == nil { unknown.note(name) }
        return area
    }

    private static func lookUp(_ name: String) -> String? {
        AreaCodes.shipped[AreaCells.code(name)]?.code
    }
}
