import TallyStore

/// Areas by the names that a file has for them.
struct AreaNames {
    private(set) var known: [String: CodeList.Entry?] = [:]

    /// So that a file in which every row has another name, or long ones, does not fill the memory.
    private static let maximumKept = 10_000
    private static let maximumBytes = 256

    /// - Parameter date: of what is said of it: `Zaire` is the state of that name until 1997, then the one that came after.
    /// - Returns: nil for what is no name of an area, and for empty text.
    mutating func area(_ name: String, at date: String) -> String? {
        if name.isEmpty { return nil }
        if let area = known[name] { return area?.code(named: name, at: date) }
        let area = AreaCells.entry(name)
        if known.count < Self.maximumKept, name.utf8.count <= Self.maximumBytes {
            known[name] = .some(area)
        }
        return area?.code(named: name, at: date)
    }
}
