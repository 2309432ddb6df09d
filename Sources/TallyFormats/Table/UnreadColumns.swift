/// Columns of which nothing is read, and how many rows have something there.
struct UnreadColumns {
    private let columns: [(name: String, column: Int)]
    private var counts: [Int]

    /// - Parameter known: columns, in lower case, that say nothing that others do not say.
    init(_ header: TableHeader, read: Set<Int>, known: Set<String> = []) {
        columns = header.others(besides: read).filter { !known.contains($0.name.lowercased()) }
        counts = Array(repeating: 0, count: columns.count)
    }

    mutating func count(_ cells: [String]) {
        for (index, (_, column)) in columns.enumerated()
        where !NumberCells.isMissing(cells[column]) {
            counts[index] += 1
        }
    }

    var byName: [String: Int] {
        Dictionary(zip(columns.map(\.name), counts), uniquingKeysWith: +).filter { $0.value > 0 }
    }
}
