import TallyCore
import TallyStore
import TallyWire

/// One edited sheet on its way back: takes rows, decides what becomes of each, and writes it all at the end.
///
/// What others have changed too is written first, as of the export; hence what is edited is held until all rows are read.
struct EditedRun {
    var report = EditedReport()
    let editor: DatasetEditor
    var reader: SheetReader
    let options: EditedFile.Options
    let merge: SheetMerge
    let isWhole: Bool
    private var refusedRows: RefusedRows
    /// What the rows give that were taken.
    var ledger = RowLedger()
    /// Records of the export whose rows are refused, by the hashes of their keys: their rows are there, whatever they say.
    var refusedKeys: Set<UInt64> = []
    /// Records of the export whose rows are there.
    var presentCount = 0
    var waiting: [SheetRow] = []
    var moved: [(row: Int, from: RecordAddress, to: RecordAddress)] = []
    var decisions: [SheetMerge.Decision] = []
    /// Actors and targets that were typed and are no area.
    var names = PartyNames()
    /// Rows typed anew in which something is empty that was not, or of which nobody can tell whether they were exported.
    var unmarked = UnknownCodes()
    /// Ids that were typed and that no source and no program has given.
    var ids = UnknownCodes()

    static let rowsAtOnce = 1000

    init(
        _ editor: DatasetEditor, _ reader: SheetReader, _ options: EditedFile.Options,
        refused: RefusedRows, isWhole: Bool
    ) throws {
        self.editor = editor
        self.reader = reader
        self.options = options
        self.isWhole = isWhole
        refusedRows = refused
        merge = try SheetMerge(
            access: editor.reading, horizon: reader.columns.mark.vector,
            resolves: options.resolves, restores: options.restores)
        report.kind = reader.columns.kind.name
    }

    func address(_ key: RecordKey) -> RecordAddress {
        RecordAddress(kind: reader.columns.kind.name, key: key)
    }

    mutating func take(_ row: TableReader.Row) throws {
        try editor.checkInterruption()
        report.rows += 1
        let filled = reader.columns.filled(row)
        if filled.fault == nil { reader.columns.count(filled.cells) }
        let missing = filled.cells.count - row.cells.count
        waiting.append(read(filled, shortBy: missing > 0 ? missing : nil))
        // The last row may turn out to be cut.
        if waiting.count > Self.rowsAtOnce { try decideWaiting(leaving: 1) }
    }

    private mutating func read(_ row: TableReader.Row, shortBy: Int?) -> SheetRow {
        func given(
            _ exported: RecordAddress?,
            _ given: Result<(record: RecordAddress, typed: RecordInput?), InputFault>
        ) -> SheetRow {
            SheetRow(
                source: row, shortBy: shortBy, exported: exported, given: given,
                misplaced: exported == nil && row.fault == nil
                    ? reader.columns.misplaced(row.cells) : [], rewritten: reader.takeRewritten())
        }
        var exported: RecordAddress?
        do throws(InputFault) {
            if let fault = row.fault {
                exported = reader.columns.address(ofRagged: row.cells)
                throw fault
            }
            exported = try reader.columns.address(row.cells)
            if let exported {
                let key = try reader.key(row.cells, of: exported)
                return given(exported, .success((address(key), nil)))
            }
            let input = try reader.whole(row.cells, of: nil)
            let own = address(try reader.key(row.cells, new: input))
            return given(nil, .success((own, input)))
        } catch { return given(exported, .failure(error)) }
    }

    // MARK: Deciding

    mutating func decideWaiting(leaving count: Int = 0) throws {
        let rows = waiting.dropLast(count)
        waiting = waiting.suffix(count)
        let unique = Array(Set(rows.flatMap(\.addresses))).sorted()
        let records = Dictionary(uniqueKeysWithValues: zip(unique, try merge.records(unique)))
        for row in rows {
            let exported = row.exported.flatMap { records[$0] }
            do {
                try row.checkPlaces(records)
                let given = try row.given.get()
                guard let record = records[given.record] else {
                    preconditionFailure("all were asked for")
                }
                if let missing = row.shortBy, record.then.row != nil {
                    throw Self.isShort(by: missing, "and \(given.record) was exported with them")
                }
                try decide(row.source, of: exported, typed: given.typed, on: record)
                report.note(
                    rewritten: row.rewritten + reader.takeRewritten(), of: given.record,
                    row: row.source.number)
            } catch let fault as InputFault {
                _ = reader.takeRewritten()
                try refuse(row.source, of: exported, fault)
            }
        }
    }

    static func isShort(by missing: Int, _ why: String) -> InputFault {
        InputFault(
            field: "",
            "its last \(missing == 1 ? "cell is" : "\(missing) cells are") missing, \(why)",
            hint: "Was the file cut? Save or get it once more.")
    }

    private mutating func refuse(
        _ row: TableReader.Row, of exported: RecordSince?, _ fault: InputFault
    ) throws {
        report.refuse(row: row.number, fault.message, hint: fault.hint)
        try refusedRows.append(
            row.cells, isRagged: row.fault != nil, row: row.number, reason: fault.message)
        guard let exported, exported.then.row != nil else { return }
        let hash = RowLedger.hash(exported.now.address.key)
        if ledger.entry(hash) == nil, refusedKeys.insert(hash).inserted { presentCount += 1 }
    }

    /// - Parameters:
    ///   - exported: the record that the row was exported from; nil of an added one.
    ///   - typed: what an added row says.
    ///   - record: the one that the row gives.
    private mutating func decide(
        _ row: TableReader.Row, of exported: RecordSince?, typed: RecordInput?,
        on record: RecordSince
    ) throws {
        let address = record.now.address
        let hash = RowLedger.hash(address.key)
        let content = UInt32(truncatingIfNeeded: RowLedger.hash(row.cells))
        let meaning = try SheetRow.Meaning(
            exported: exported, typed: typed, record: record,
            earlier: ledger.entry(hash).map { ($0.row, $0.content == content) })
        let decision: SheetMerge.Decision
        switch meaning {
        case .repeated:
            report.skipped += 1
            return
        case .exported(let before):
            decision = try merge.edited(
                record, reader.edits(row.cells, of: before),
                shown: reader.columns.fieldNames(row.cells, isPartial: false))
        case .moved(_, let before):
            decision = try merge.new(record, reader.whole(row.cells, of: before))
        case .retyped(let before): decision = try retyped(record, before, row)
        case .typed(let input): decision = try merge.new(record, input)
        }
        try carry(decision, of: record, row: row.number)
        // Not before: a row that is refused leaves the key to another.
        ledger.note(hash, content: content, row: row.number)
        switch meaning {
        case .exported where !refusedKeys.contains(hash): presentCount += 1
        case .moved(let from, _): moved.append((row.number, from, address))
        default: break
        }
    }

    /// A record of the export whose row was typed anew: what is empty says nothing, which is told where something had stood.
    private mutating func retyped(
        _ record: RecordSince, _ exported: RecordRow, _ row: TableReader.Row
    ) throws -> SheetMerge.Decision {
        let address = record.now.address
        var edits = try reader.edits(row.cells, of: exported)
        let cleared = Set(edits.values.compactMap { $1.isNull ? $0 : nil })
            .union(edits.removed.map(\.field)).sorted()
        edits.values = edits.values.filter { !$1.isNull }
        edits.removed = []
        if !reader.columns.mark.isWhole, !edits.values.isEmpty || !edits.added.isEmpty {
            throw InputFault(
                field: "", "its last cell is empty, and \(address) was there before",
                hint: "If it was exported, put \(SheetAddress.text(address)) into its last cell; "
                    + "else change it with tally set.")
        }
        if !cleared.isEmpty || !reader.columns.mark.isWhole {
            let fields = cleared.isEmpty ? "" : ": \(cleared.joined(separator: ", "))"
            unmarked.note("row \(row.number)\(fields)")
        }
        return try merge.edited(
            record, edits, shown: reader.columns.fieldNames(row.cells, isPartial: true))
    }

    mutating func carry(
        _ decision: SheetMerge.Decision, of record: RecordSince, row: Int?
    ) throws {
        let known = Set(record.now.conflicts.map(\.id))
        let arising =
            decision.beside.isEmpty
            ? []
            : try editor.reading.conflicts(
                of: record.now, after: decision.beside, asOf: merge.horizon
            ).filter { !known.contains($0.id) }
        report.count(decision, arising, row: row)
        if decision.isNew, reader.columns.kind.derivedKey != nil {
            let id = decision.address.key.parts[0]
            if !RecordID.isOne(id) { ids.note(id) }
        }
        names.note(
            (decision.edits + decision.beside).compactMap { edit in
                if case .add(let element) = edit { return element }
                return nil
            })
        if !decision.edits.isEmpty || !decision.beside.isEmpty { decisions.append(decision) }
    }
}
