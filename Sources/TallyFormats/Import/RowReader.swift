import TallyCore
import TallyStore

/// Reads the rows of a table, and what each of them says.
///
/// It works on a thread of its own: what it gives is small, and owned by whoever takes it.
final class RowReader {
    struct Item {
        let row: ReadRow
        /// A row that gives the same record, if there is one.
        let twin: ReadRow?
        let content: Content
    }

    enum Content {
        /// One record, of a kind of which there are none yet.
        case new(NewRecord, GivenRecords.Mark)
        case said(RowContent, [GivenRecords.Mark])
        case refused(InputFault)
    }

    private var rows: PairedRows
    private(set) var mapping: any RowMapping
    private let newKinds: Set<String>
    private let kinds: KindCatalog
    /// How many records are still given with all that is said of them, for the report to show some.
    private var samples = 2 * ImportReport.maximumSamples

    /// - Parameter newKinds: the kinds of which there are no records yet.
    init(
        _ table: TableReader, _ mapping: any RowMapping, newKinds: Set<String>, kinds: KindCatalog
    ) {
        rows = PairedRows(table, mapping as? any PairMapping)
        self.mapping = mapping
        self.newKinds = newKinds
        self.kinds = kinds
    }

    /// How far the table has been read.
    var table: TableReader { rows.table }

    /// - Returns: nil at the end.
    func next() throws -> Item? {
        guard let (row, twin) = try rows.next() else { return nil }
        return Item(
            row: ReadRow(row), twin: twin.map(ReadRow.init), content: content(of: row, twin))
    }

    private func content(of row: TableReader.Row, _ twin: TableReader.Row?) -> Content {
        if let fault = row.fault { return .refused(fault) }
        do throws(InputFault) {
            let content = try mapping.read(twin.map { row.cells + $0.cells } ?? row.cells)
            guard case .records(let records) = content else { return .said(content, []) }
            let marks = records.map(GivenRecords.Mark.init)
            if records.count == 1, let new = try new(records[0]) { return .new(new, marks[0]) }
            return .said(content, marks)
        } catch { return .refused(error) }
    }

    private func new(_ record: RowRecord) throws(InputFault) -> NewRecord? {
        guard newKinds.contains(record.kind.name), record.part == nil, !record.needsRecord,
            case .put(let input) = record.change
        else { return nil }
        if samples > 0 {
            samples -= 1
            return nil
        }
        return try NewRecord(input, as: record.address, in: kinds)
    }
}

/// A row as it is refused.
struct ReadRow {
    let number: Int
    /// Whether it has another number of cells than it ought to have.
    let isRagged: Bool
    let cells: [String]

    init(_ row: TableReader.Row) {
        number = row.number
        isRagged = row.fault != nil
        cells = row.cells
    }
}
