import TallyCore

/// A mapping of tables in which two rows may give one record, once from either side.
protocol PairMapping: RowMapping {
    /// What two rows of one record have in common; rows that have it in common stand together in the file.
    ///
    /// - Returns: nil for a row that stands alone.
    func group(of cells: [String]) -> String?

    /// Whether two rows of a group are of one record. Then they are read as one row, with the cells of the second behind those
    /// of the first.
    func isPair(_ cells: [String], _ other: [String]) -> Bool
}

/// The rows of a table, those of one record together, in the order of the first of them.
///
/// Holds the rows of one group, at most 256: a larger one is taken in parts.
///
/// - Complexity: O(rows × rows of a group).
struct PairedRows {
    private(set) var table: TableReader
    private let mapping: (any PairMapping)?
    /// The last one is the next.
    private var waiting: [(row: TableReader.Row, twin: TableReader.Row?)] = []
    /// The first row behind the group.
    private var ahead: TableReader.Row?

    private static let maximumGroup = 256

    /// - Parameter mapping: nil where every row is a record of its own.
    init(_ table: TableReader, _ mapping: (any PairMapping)?) {
        self.table = table
        self.mapping = mapping
    }

    mutating func next() throws -> (row: TableReader.Row, twin: TableReader.Row?)? {
        guard let mapping else { return try table.next().map { ($0, nil) } }
        if waiting.isEmpty { waiting = Self.paired(try group(mapping), mapping).reversed() }
        return waiting.popLast()
    }

    private mutating func group(_ mapping: any PairMapping) throws -> [TableReader.Row] {
        guard let first = try ahead ?? table.next() else { return [] }
        ahead = nil
        guard first.fault == nil, let common = mapping.group(of: first.cells) else {
            return [first]
        }
        var rows = [first]
        while rows.count < Self.maximumGroup, let row = try table.next() {
            guard row.fault == nil, mapping.group(of: row.cells) == common else {
                ahead = row
                break
            }
            rows.append(row)
        }
        return rows
    }

    private static func paired(
        _ rows: [TableReader.Row], _ mapping: any PairMapping
    ) -> [(row: TableReader.Row, twin: TableReader.Row?)] {
        var left = rows[...]
        var pairs: [(row: TableReader.Row, twin: TableReader.Row?)] = []
        while let row = left.popFirst() {
            let index = left.firstIndex { mapping.isPair(row.cells, $0.cells) }
            pairs.append((row, index.map { left.remove(at: $0) }))
        }
        return pairs
    }
}
