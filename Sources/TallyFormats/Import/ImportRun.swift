import TallyCore
import TallyStore

/// One import under way: takes rows, and counts what becomes of them.
struct ImportRun {
    private(set) var report = ImportReport()
    private let editor: DatasetEditor
    private let importer: RecordImporter
    private var mapping: any RowMapping
    private let header: [String]
    private var refusedRows: RefusedRows
    private var ledger = RowLedger()
    private var details: [(row: Int, total: UInt64)] = []
    private var deletions: [(row: Int, pattern: [String?])] = []

    init(
        _ editor: DatasetEditor, mapping: any RowMapping, header: [String], options: ImportOptions,
        refused: RefusedRows
    ) {
        self.editor = editor
        self.mapping = mapping
        self.header = header
        importer = RecordImporter(editor: editor, options: options)
        refusedRows = refused
    }

    mutating func take(_ row: TableReader.Row) throws {
        report.rows += 1
        do {
            if let fault = row.fault { throw fault }
            switch try mapping.read(row.cells) {
            case .skipped(let reason): report.skip(reason)
            case .detail(let total, let part):
                // Whether the total is there shows when all rows are read.
                report.skip(Self.reason(ofDetail: part))
                details.append((row.number, RowLedger.hash(PartOfRecord(key: total, part: ""))))
            case .records(let records): try take(records, of: row.number)
            case .deletion(let pattern): deletions.append((row.number, pattern))
            }
        } catch let fault as InputFault {
            try refuse(row, fault)
        }
    }

    /// Takes all that a row says, or nothing of it.
    private mutating func take(_ records: [RowRecord], of row: Int) throws {
        var new: [(record: RowRecord, isJoined: Bool)] = []
        for record in records {
            let part = PartOfRecord(key: record.key, part: record.part)
            switch ledger.note(part, content: record.change.content, row: row) {
            case .same: continue
            case .other(let first):
                let address = RecordAddress(kind: mapping.kind.name, key: record.key)
                throw InputFault(
                    field: "", "the key \(address) stands twice in the file (row \(first))",
                    hint: "Leave one of the two rows.")
            case .new: break
            }
            // A part stands for the whole record too, once.
            let isJoined =
                !record.part.isEmpty
                && ledger.note(PartOfRecord(key: record.key, part: ""), content: 0, row: row)
                    != .new
            new.append((record, isJoined))
        }
        if new.isEmpty, !records.isEmpty { report.skip("rows that say what an earlier row says") }
        for (record, isJoined) in new { try take(record, isJoined: isJoined, of: row) }
    }

    private mutating func take(_ record: RowRecord, isJoined: Bool, of row: Int) throws {
        let address = RecordAddress(kind: mapping.kind.name, key: record.key)
        let outcome = try importer.take(record.change, at: address)
        if isJoined {
            report.joined += 1
        } else {
            report.count(outcome)
        }
        try report.describe(outcome, row: row, in: editor.reading)
        if case .put = record.change, outcome.what == .new || outcome.what == .changed,
            let remark = PolicyInput.remark(on: address, in: editor.reading.kinds)
        {
            report.remark("\(address): \(remark)")
        }
    }

    private mutating func refuse(_ row: TableReader.Row, _ fault: InputFault) throws {
        report.refuse(row: row.number, fault.message, hint: fault.hint)
        try refusedRows.append(
            row.cells, row: row.number, reason: fault.message, header: header)
    }

    // MARK: Deletions of all that match

    /// Deletes what the file has named by a part of its key and not given in another row.
    ///
    /// - Complexity: O(records of the kind); the keys of those that are deleted are held.
    mutating func settleDeletions() throws {
        guard !deletions.isEmpty else { return }
        var found: [(key: RecordKey, row: Int)] = []
        try editor.reading.forEachRow(of: mapping.kind) { record in
            let deletion = deletions.first { deletion in
                zip(deletion.pattern, record.key.parts).allSatisfy { $0 == nil || $0 == $1 }
            }
            let isGiven = ledger.contains(
                hash: RowLedger.hash(PartOfRecord(key: record.key, part: "")))
            if let deletion, !isGiven { found.append((record.key, deletion.row)) }
        }
        for (key, row) in found {
            try editor.checkInterruption()
            try take(RowRecord(key: key, change: .delete), isJoined: false, of: row)
        }
    }

    // MARK: Rows of detail

    private static func reason(ofDetail part: String) -> String {
        "rows of detail (\(part)) of a total that is there"
    }

    /// Refuses the rows of detail whose total is neither in the file nor in the dataset.
    ///
    /// - Parameter reopen: begins to read the file once more; only called where there are such rows.
    mutating func settleDetails(reopen: () throws -> TableReader) throws {
        let missing = Set(details.filter { !ledger.contains(hash: $0.total) }.map(\.row))
        guard !missing.isEmpty else { return }
        var (table, again) = (try reopen(), mapping)
        while let row = try table.next() {
            guard missing.contains(row.number), row.fault == nil,
                case .detail(let total, let part) = try again.read(row.cells)
            else { continue }
            try editor.checkInterruption()
            let address = RecordAddress(kind: mapping.kind.name, key: total)
            if try editor.reading.view(address).isVisible { continue }
            report.skipped[Self.reason(ofDetail: part), default: 0] -= 1
            try refuse(
                row,
                InputFault(
                    field: "",
                    "it is a part (\(part)) of \(address), whose total is not in the file",
                    hint: "Get the totals too, or add the parts up yourself."))
        }
        report.skipped = report.skipped.filter { $0.value > 0 }
        report.refused.sort { $0.row < $1.row }
    }

    func finished(format: String, _ table: TableReader) -> ImportReport {
        var report = report
        report.format = format
        report.encoding = table.encoding
        if table.emptyRows > 0 { report.skipped["empty rows"] = table.emptyRows }
        report.notKept = mapping.notKept.filter { $0.value > 0 }
        for remark in mapping.remarks { report.remark(remark) }
        return report
    }
}

private struct PartOfRecord: Hashable {
    let key: RecordKey
    let part: String
}
