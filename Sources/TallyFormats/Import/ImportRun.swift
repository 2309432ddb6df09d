import TallyCore
import TallyStore

/// One import under way: takes rows, and counts what becomes of them.
struct ImportRun {
    private(set) var report = ImportReport()
    private let editor: DatasetEditor
    private let importer: RecordImporter
    private let kind: Kind
    private var refusedRows: RefusedRows
    private var given = GivenRecords()
    private var details: [(row: Int, total: GivenRecords.Hashes)] = []
    private var deletions: [(row: ReadRow, matches: @Sendable (RecordKey) -> Bool)] = []
    private var kept: [KeptRecord] = []

    /// - Parameters:
    ///   - kind: of most records.
    ///   - newKinds: the kinds of which there are no records yet.
    init(
        _ editor: DatasetEditor, kind: Kind, newKinds: Set<String>, options: ImportOptions,
        refused: RefusedRows
    ) {
        self.editor = editor
        self.kind = kind
        importer = RecordImporter(editor: editor, options: options, newKinds: newKinds)
        refusedRows = refused
    }

    mutating func take(_ item: RowReader.Item) throws {
        try editor.checkInterruption()
        report.rows += item.twin == nil ? 1 : 2
        do {
            switch item.content {
            case .new(let record, let mark): try take(record, mark, of: item.row.number)
            case .said(.records(let records), let marks):
                try take(records, marks, of: item.row.number)
            case .said(.skipped(let reason), _): return report.skip(reason)
            case .said(.detail(let total, let part), _):
                // Whether the total is there shows when all rows are read.
                report.skip(Self.reason(ofDetail: part))
                return details.append((item.row.number, GivenRecords.Hashes(address(of: total))))
            case .said(.deletion(let matches), _): return deletions.append((item.row, matches))
            case .refused(let fault): throw fault
            }
            if item.twin != nil { report.joined += 1 }
        } catch let fault as InputFault {
            try refuse(item.row, fault)
            if let twin = item.twin { try refuse(twin, fault) }
        }
    }

    /// To be called when all rows are taken.
    ///
    /// - Parameters:
    ///   - mapping: by which they were read.
    ///   - reopen: begins to read the file once more; only called where rows of detail miss their total.
    mutating func finish(_ mapping: any RowMapping, reopen: () throws -> TableReader) throws {
        try settleDetails(mapping, reopen: reopen)
        try settleDeletions()
        try settleRestored()
        try compareKept()
    }

    /// - Parameter table: the file, read to its end.
    func finished(
        format: String, _ mapping: any RowMapping, _ table: TableReader
    ) -> ImportReport {
        var report = report
        report.format = format
        report.encoding = table.encoding
        if table.emptyRows > 0 { report.skipped["empty rows"] = table.emptyRows }
        report.notKept = mapping.notKept.filter { $0.value > 0 }
        for remark in mapping.remarks { report.remark(remark) }
        return report
    }

    private func address(of key: RecordKey) -> RecordAddress {
        RecordAddress(kind: kind.name, key: key)
    }

    private mutating func refuse(_ row: ReadRow, _ fault: InputFault) throws {
        report.refuse(row: row.number, fault.message, hint: fault.hint)
        try refusedRows.append(
            row.cells, isRagged: row.isRagged, row: row.number, reason: fault.message)
    }

    // MARK: Records

    /// Takes all that a row says, or nothing of it.
    private mutating func take(
        _ records: [RowRecord], _ marks: [GivenRecords.Mark], of row: Int
    ) throws {
        var decisions: [(index: Int, outcome: RecordImporter.Outcome)] = []
        for (index, record) in records.enumerated() {
            if let outcome = try decide(record, marks[index]) {
                decisions.append((index, outcome))
            }
        }
        if decisions.isEmpty, !records.isEmpty { report.skip(Self.repeated) }
        for (index, outcome) in decisions {
            try carryOut(outcome, of: records[index], marks[index], row: row)
        }
    }

    private static let repeated = "rows that say what an earlier row says"

    private mutating func repeats(_ record: RecordAddress, of row: Int) -> InputFault {
        report.doubled += 1
        return InputFault(
            field: "", "the key \(record) stands twice in the file (row \(row))",
            hint: "Leave one of the two rows.")
    }

    private mutating func take(
        _ record: NewRecord, _ mark: GivenRecords.Mark, of row: Int
    ) throws {
        if let earlier = given.earlier(record.address, isPart: false, mark) {
            if earlier.isSame { return report.skip(Self.repeated) }
            throw repeats(record.address, of: earlier.row)
        }
        try editor.add(record)
        given.note(mark, row: row)
        report.count(.new)
    }

    /// - Returns: nil for a record of which an earlier row says the same.
    private mutating func decide(
        _ record: RowRecord, _ mark: GivenRecords.Mark
    ) throws -> RecordImporter.Outcome? {
        if let earlier = given.earlier(record.address, isPart: record.part != nil, mark) {
            if earlier.isSame { return nil }
            throw repeats(record.address, of: earlier.row)
        }
        return try importer.decide(given.limited(record), isGiven: given.isJoined(record))
    }

    private mutating func carryOut(
        _ outcome: RecordImporter.Outcome, of record: RowRecord, _ mark: GivenRecords.Mark, row: Int
    ) throws {
        let address = record.address
        try editor.edit(address, given.edits(of: outcome, record))
        let outcomes = given.note(record, mark, OutcomeCount(outcome), row: row)
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
                    given: Set(outcome.said?.values.names ?? [])))
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
    private mutating func settleDetails(
        _ mapping: any RowMapping, reopen: () throws -> TableReader
    ) throws {
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
                ReadRow(row),
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
        try editor.reading.forEachRow(of: kind) { record in
            if let deletion = deletions.first(where: { $0.matches(record.key) }),
                !given.has(GivenRecords.Hashes(address(of: record.key)))
            {
                found.append((record.key, deletion.row.number))
            }
        }
        for (key, row) in found {
            try editor.checkInterruption()
            let record = RowRecord(kind: kind, key: key, change: .delete)
            try carryOut(
                try importer.decide(record), of: record, GivenRecords.Mark(record), row: row)
        }
    }
}
