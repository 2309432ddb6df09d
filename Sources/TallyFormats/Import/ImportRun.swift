import TallyCore
import TallyStore

/// One import under way: takes rows, and counts what becomes of them.
struct ImportRun {
    private(set) var report = ImportReport()
    private let editor: DatasetEditor
    private let importer: RecordImporter
    private var mapping: any RowMapping
    private var refusedRows: RefusedRows
    private var given = GivenRecords()
    private var details: [(row: Int, total: GivenRecords.Hashes)] = []
    private var deletions: [(row: TableReader.Row, matches: @Sendable (RecordKey) -> Bool)] = []
    private var kept: [KeptRecord] = []

    init(
        _ editor: DatasetEditor, mapping: any RowMapping, options: ImportOptions,
        refused: RefusedRows
    ) {
        self.editor = editor
        self.mapping = mapping
        importer = RecordImporter(editor: editor, options: options)
        refusedRows = refused
    }

    /// - Parameter twin: a row that gives the same record, if there is one.
    mutating func take(_ row: TableReader.Row, with twin: TableReader.Row? = nil) throws {
        try editor.checkInterruption()
        report.rows += twin == nil ? 1 : 2
        do {
            if let fault = row.fault { throw fault }
            switch try mapping.read(row.cells + (twin?.cells ?? [])) {
            case .skipped(let reason): report.skip(reason)
            case .detail(let total, let part):
                // Whether the total is there shows when all rows are read.
                report.skip(Self.reason(ofDetail: part))
                details.append((row.number, GivenRecords.Hashes(address(of: total))))
            case .records(let records):
                try take(records, of: row.number)
                if twin != nil { report.joined += 1 }
            case .deletion(let matches): deletions.append((row, matches))
            }
        } catch let fault as InputFault {
            try refuse(row, fault)
            if let twin { try refuse(twin, fault) }
        }
    }

    /// To be called when all rows are taken.
    ///
    /// - Parameter reopen: begins to read the file once more; only called where rows of detail miss their total.
    mutating func finish(reopen: () throws -> TableReader) throws {
        try settleDetails(reopen: reopen)
        try settleDeletions()
        try settleRestored()
        try compareKept()
    }

    /// - Parameter table: the file, read to its end.
    func finished(format: String, _ table: TableReader) -> ImportReport {
        var report = report
        report.format = format
        report.encoding = table.encoding
        if table.emptyRows > 0 { report.skipped["empty rows"] = table.emptyRows }
        report.notKept = mapping.notKept.filter { $0.value > 0 }
        for remark in mapping.remarks { report.remark(remark) }
        return report
    }

    var decimalMark: DecimalMark? { (mapping as? any FigureMapping)?.numbers.mark }

    private func address(of key: RecordKey) -> RecordAddress {
        RecordAddress(kind: mapping.kind.name, key: key)
    }

    private mutating func refuse(_ row: TableReader.Row, _ fault: InputFault) throws {
        report.refuse(row: row.number, fault.message, hint: fault.hint)
        try refusedRows.append(
            row.cells, isRagged: row.fault != nil, row: row.number, reason: fault.message)
    }

    // MARK: Records

    /// Takes all that a row says, or nothing of it.
    private mutating func take(_ records: [RowRecord], of row: Int) throws {
        var decisions: [(record: RowRecord, outcome: RecordImporter.Outcome)] = []
        for record in records {
            if let earlier = given.earlier(record) {
                if earlier.isSame { continue }
                throw InputFault(
                    field: "",
                    "the key \(record.address) stands twice in the file (row \(earlier.row))",
                    hint: "Leave one of the two rows.")
            }
            decisions.append((record, try importer.decide(given.limited(record))))
        }
        if decisions.isEmpty, !records.isEmpty {
            report.skip("rows that say what an earlier row says")
        }
        for (record, outcome) in decisions { try carryOut(outcome, of: record, row: row) }
    }

    private mutating func carryOut(
        _ outcome: RecordImporter.Outcome, of record: RowRecord, row: Int
    ) throws {
        let address = record.address
        try editor.edit(address, given.edits(of: outcome, record))
        let outcomes = given.note(record, OutcomeCount(outcome), row: row)
        if let before = outcomes.before {
            report.joined += 1
            report.count(before, by: -1)
        }
        report.count(outcomes.now)
        if outcome.isLater { report.later += 1 }
        report.describe(outcome, row: row)
        if !outcome.kept.isEmpty {
            kept.append(
                KeptRecord(
                    address: address, row: row, statements: outcome.kept,
                    given: Set((outcome.said?.values ?? [:]).keys)))
            if kept.count == Self.keptAtOnce { try compareKept() }
        }
        if outcome.said != nil, outcome.what == .new || outcome.what == .changed,
            let remark = PolicyInput.remark(on: address, in: editor.reading.kinds)
        {
            report.remark("\(address): \(remark)")
        }
    }

    /// Takes what records that were brought back held before, in parts that the file does not give.
    private func settleRestored() throws {
        for (address, edits) in given.leftOfRestored { try editor.edit(address, edits) }
    }

    // MARK: Kept figures

    /// How many records are asked for their history together, since each changeset is then read once.
    private static let keptAtOnce = 1000

    private mutating func compareKept() throws {
        guard !kept.isEmpty else { return }
        report.compare(kept, with: try editor.reading.histories(of: kept.map(\.address)))
        kept = []
    }

    // MARK: Rows of detail

    private static func reason(ofDetail part: String) -> String {
        "rows of detail (\(part)) of a total that is there"
    }

    /// Refuses the rows of detail whose total is neither in the file nor in the dataset.
    private mutating func settleDetails(reopen: () throws -> TableReader) throws {
        let missing = Set(details.filter { !given.has($0.total) }.map(\.row))
        guard !missing.isEmpty else { return }
        var (table, again) = (try reopen(), mapping)
        while let row = try table.next() {
            try editor.checkInterruption()
            guard missing.contains(row.number), row.fault == nil,
                case .detail(let total, let part) = try again.read(row.cells),
                try !editor.reading.view(address(of: total)).isVisible
            else { continue }
            report.skip(Self.reason(ofDetail: part), by: -1)
            try refuse(
                row,
                InputFault(
                    field: "",
                    "it is a part (\(part)) of \(address(of: total)), whose total is not in the file",
                    hint: "Get the totals too, or add the parts up yourself."))
        }
        report.skipped = report.skipped.filter { $0.value > 0 }
        report.refused.sort { $0.row < $1.row }
    }

    // MARK: Deletions of all that match

    /// Deletes what the file has named by a part of its key and not given in another row.
    ///
    /// - Complexity: O(records of the kind times such rows); the keys of those that are deleted are held.
    private mutating func settleDeletions() throws {
        guard !deletions.isEmpty else { return }
        if report.refusedCount > 0 {
            // A record whose own row was refused is given by the file, and is not to be deleted for that.
            for deletion in deletions {
                try refuse(
                    deletion.row,
                    InputFault(
                        field: "",
                        "it deletes all that match, and other rows of the file are refused",
                        hint: "Mend these first."))
            }
            report.refused.sort { $0.row < $1.row }
            return
        }
        var found: [(key: RecordKey, row: Int)] = []
        try editor.reading.forEachRow(of: mapping.kind) { record in
            if let deletion = deletions.first(where: { $0.matches(record.key) }),
                !given.has(GivenRecords.Hashes(address(of: record.key)))
            {
                found.append((record.key, deletion.row.number))
            }
        }
        for (key, row) in found {
            try editor.checkInterruption()
            let record = RowRecord(kind: mapping.kind, key: key, change: .delete)
            try carryOut(try importer.decide(record), of: record, row: row)
        }
    }
}
