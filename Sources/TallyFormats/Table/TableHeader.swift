import TallyCore

/// The columns of a table by their names.
struct TableHeader {
    /// As the file has them, without space around them.
    let names: [String]
    let origin: Origin
    /// The cells of the first row, for what only the data say; none where there is no row.
    let first: [String]

    enum Origin: Equatable {
        case delimited(UInt8)
        /// An array of objects.
        case json
        case sdmxJSON
    }

    private let positions: [String: Int]

    init(_ cells: [String], origin: Origin, first: [String] = []) {
        self.first = first
        let names = cells.map { $0.trimmingSpaces }
        self.names = names
        self.origin = origin
        positions = Dictionary(
            names.enumerated().map { ($0.element.lowercased(), $0.offset) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The column of that name, whatever its case.
    func index(_ name: String) -> Int? { positions[name.lowercased()] }

    func index(anyOf names: [String]) -> Int? { names.lazy.compactMap { self.index($0) }.first }

    func has(_ names: String...) -> Bool { names.allSatisfy { index($0) != nil } }

    /// - Throws: `FormatError` for a column that stands twice.
    func checkUnique() throws(FormatError) {
        var seen: Set<String> = []
        for name in names where !name.isEmpty && !seen.insert(name.lowercased()).inserted {
            throw FormatError(
                "the column \(JSONString.shown(name)) stands twice", location: "row 1")
        }
    }
}

extension String {
    /// Without spaces, tabs and no-break spaces at both ends.
    var trimmingSpaces: String {
        func isSpace(_ scalar: Unicode.Scalar) -> Bool {
            scalar == " " || scalar == "\t" || scalar == "\u{a0}" || scalar == "\u{feff}"
        }
        let scalars = unicodeScalars
        guard let first = scalars.first, let last = scalars.last, isSpace(first) || isSpace(last)
        else { return self }
        var slice = scalars[...]
        while let first = slice.first, isSpace(first) { slice.removeFirst() }
        while let last = slice.last, isSpace(last) { slice.removeLast() }
        return String(slice)
    }
}
