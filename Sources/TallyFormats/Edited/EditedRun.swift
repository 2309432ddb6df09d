import TallyCore
import TallyStore
import TallyWire

/// One edited sheet on its way back: takes rows, decides what becomes of each, and writes it all at the end.
///
/// What others have changed too is written first, as of the export; hence what is edited is held until all rows are read.
struct EditedRun {
    private(set) var report = EditedReport()
    private let editor: DatasetEditor
    private var reader: SheetReader
    private let options: EditedFile.Options
    private let merge: SheetMerge
    private let isWhole: Bool
    private var refusedRows: RefusedRows
    private var ledger = RowLedger()
    private var keptCount = 0
    private var waiting: [Row] = []
    private var moved: [(row: Int, from: RecordAddress, to: RecordAddress)] = []
    private var decisions: [SheetMerge.Decision] = []

    private struct Row {
        let source: TableReader.Row
        let content: Content

        enum Content {
            case kept(RecordAddress)
            /// Its key was changed.
            case moved(from: RecordAddress, to: RecordAddress)
            case added(RecordAddress, RecordInput)
        }
    }

    private static let rowsAtOnce = 1000

    init(
        _ editor: DatasetEditor, _ reader: SheetReader, _ options: EditedFile.Options,
        refused: RefusedRows, isWhole: Bool
    ) {
        self.editor = editor
        self.reader = reader
        self.options = options
        self.isWhole = isWhole
        refusedRows = refused
        merge = SheetMerge(
            access: editor.reading, horizon: reader.columns.mark.vector,
            resolves: options.resolves, restores: options.restores)
        report.kind = reader.columns.kind.name
    }

    private func address(_ key: RecordKey) -> RecordAddress {
        RecordAddress(kind: reader.columns.kind.name, key: key)
    }

    mutating func take(_ row: TableReader.Row) throws {
        try editor.checkInterruption()
        report.rows += 1
        do {
            let row = reader.columns.filled(row)
            if let fault = row.fault { throw fault }
            reader.columns.count(row.cells, in: &report.notKept)
            guard let content = try content(of: row) else { return }
            waiting.append(Row(source: row, content: content))
        } catch let fault as InputFault {
            try refuse(row, fault)
        }
        if waiting.count >= Self.rowsAtOnce { try decideWaiting() }
    }

    private mutating func refuse(_ row: TableReader.Row, _ fault: InputFault) throws {
        report.refuse(row: row.number, (fault.message, fault.hint))
        try refusedRows.append(
            row.cells, isRagged: row.fault != nil, row: row.number, reason: fault.message)
    }

    /// - Returns: nil for a row that says what an earlier row says.
    private mutating func content(of row: TableReader.Row) throws(InputFault) -> Row.Content? {
        guard let exported = try reader.columns.address(row.cells) else {
            let input = try reader.whole(row.cells, of: nil)
            let own = address(try reader.key(row.cells, new: input))
            return try note(own, row) ? .added(own, input) : nil
        }
        let key: RecordKey
        do throws(InputFault) { key = try reader.key(row.cells, of: exported) } catch {
            // Its row is there, whatever it says.
            _ = try? note(exported, row)
            throw error
        }
        if key != exported.key {
            let own = address(key)
            guard try note(own, row) else { return nil }
            moved.append((row.number, exported, own))
            return .moved(from: exported, to: own)
        }
        guard try note(exported, row) else { return nil }
        keptCount += 1
        return .kept(exported)
    }

    /// - Returns: false where an earlier row gives the record, with the same cells.
    private mutating func note(
        _ record: RecordAddress, _ row: TableReader.Row
    ) throws(InputFault) -> Bool {
        let hash = RowLedger.hash(record.key)
        let content = UInt32(truncatingIfNeeded: RowLedger.hash(row.cells))
        if let entry = ledger.entry(hash) {
            if entry.content == content { return false }
            throw InputFault(
                field: "", "\(record) stands twice in the file (row \(entry.row))",
                hint: "Leave one of the two rows.")
        }
        ledger.note(hash, content: content, row: row.number)
        return true
    }

    // MARK: Deciding

    private mutating func decideWaiting() throws {
        let rows = waiting
        waiting = []
        var addresses: [RecordAddress] = []
        for row in rows {
            switch row.content {
            case .kept(let address), .added(let address, _): addresses.append(address)
            case .moved(let from, let to): addresses += [from, to]
            }
        }
        let unique = Array(Set(addresses)).sorted()
        let records = Dictionary(
            uniqueKeysWithValues: zip(
                unique, try editor.reading.records(unique, since: merge.horizon)))
        func record(_ address: RecordAddress) -> RecordSince {
            guard let record = records[address] else { preconditionFailure("all were asked for") }
            return record
        }
        for row in rows {
            do {
                let decision: SheetMerge.Decision
                switch row.content {
                case .kept(let address):
                    let exported = try exported(record(address))
                    let input = try reader.edits(row.source.cells, of: exported)
                    decision = try merge.edited(record(address), input)
                case .moved(let from, let to):
                    let exported = try exported(record(from))
                    let input = try reader.whole(row.source.cells, of: exported)
                    decision = try added(record(to), input, row.source)
                case .added(let address, let input):
                    decision = try added(record(address), input, row.source)
                }
                try carry(decision, of: record(decision.address), row: row.source.number)
            } catch let fault as InputFault {
                try refuse(row.source, fault)
            }
        }
    }

    private func exported(_ record: RecordSince) throws(InputFault) -> RecordRow {
        guard let row = record.then.row else {
            throw InputFault(
                field: "", "\(record.now.address) was not there when the file was exported",
                hint: "Empty the last cell of a new row.")
        }
        return row
    }

    private mutating func added(
        _ record: RecordSince, _ input: RecordInput, _ row: TableReader.Row
    ) throws -> SheetMerge.Decision {
        guard let exported = record.then.row else { return try merge.new(record, input) }
        // It was typed anew: what is empty says nothing.
        let edits = try reader.edits(row.cells, of: exported, isPartial: true)
        if !isWhole, !edits.values.isEmpty || !edits.added.isEmpty {
            throw InputFault(
                field: "", "\(record.now.address) was there before, and was not exported",
                hint:
                    "Export it too, or change it with: tally set \(record.now.address) FIELD=VALUE")
        }
        return try merge.edited(record, edits)
    }

    private mutating func carry(
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
        if !decision.edits.isEmpty || !decision.beside.isEmpty { decisions.append(decision) }
    }

    // MARK: The end

    /// To be called when all rows are taken.
    ///
    /// - Parameter isPart: whether the file holds rows that an import has left out, so that none is missing.
    mutating func finish(isPart: Bool) throws {
        try decideWaiting()
        if isWhole {
            try settleMissing()
        } else if !isPart {
            report.missingCount = max(
                0, reader.columns.mark.count - keptCount - report.refusedCount)
        }
        for (row, from, to) in moved where ledger.entry(RowLedger.hash(from.key)) == nil {
            let names = reader.columns.kind.key.map(\.name)
            let parts = names.indices.filter { from.key.parts[$0] != to.key.parts[$0] }
                .map { "\(names[$0])=\(to.key.parts[$0])" }
            report.remark(
                "row \(row): \(from) has the key of \(to) now, which is a new record, and the old one has no row. "
                    + "If that was meant: tally rename \(from) \(parts.joined(separator: " "))")
        }
        report.rewritten = reader.rewritten
        reader.numbers.remarks.forEach { report.remark($0) }
        try write()
    }

    /// Looks for records of the export whose rows are gone.
    private mutating func settleMissing() throws {
        var keys: [RecordKey] = []
        try editor.reading.forEachRow(of: reader.columns.kind) { row in
            if ledger.entry(RowLedger.hash(row.key)) == nil { keys.append(row.key) }
        }
        for start in stride(from: 0, to: keys.count, by: Self.rowsAtOnce) {
            try editor.checkInterruption()
            let some = keys[start..<min(start + Self.rowsAtOnce, keys.count)].map(address)
            for record in try editor.reading.records(some, since: merge.horizon)
            where record.then.isVisible {
                report.missingCount += 1
                if report.missing.count < ImportReport.maximumListed {
                    report.missing.append(record.now.address)
                }
                if options.deletesMissing, report.refusedCount == 0 {
                    try carry(merge.deleted(record), of: record, row: nil)
                }
            }
        }
        if options.deletesMissing, report.refusedCount > 0, report.missingCount > 0 {
            report.remark(
                "nothing was deleted, because rows of the file are refused: mend these first")
        }
    }

    private func write() throws {
        let beside = decisions.filter { !$0.beside.isEmpty }
        if !beside.isEmpty {
            try editor.editing(asOf: merge.horizon) {
                for decision in beside { try editor.edit(decision.address, decision.beside) }
            }
        }
        for decision in decisions { try editor.edit(decision.address, decision.edits) }
    }
}
