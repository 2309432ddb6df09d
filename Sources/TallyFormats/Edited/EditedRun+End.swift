import TallyCore
import TallyStore

extension EditedRun {
    /// To be called when all rows are taken.
    ///
    /// - Parameters:
    ///   - isPart: whether the file holds rows that an import has left out, so that none is missing.
    ///   - isCut: whether the file ends without a line end.
    mutating func finish(isPart: Bool, isCut: Bool) throws {
        if isCut, let last = waiting.last, let missing = last.shortBy {
            waiting[waiting.count - 1] = SheetRow(
                source: last.source, shortBy: missing, exported: nil,
                given: .failure(Self.isShort(by: missing, "and the file ends within it")),
                misplaced: [])
        }
        try decideWaiting()
        if isWhole {
            try settleMissing()
        } else if !isPart {
            report.missingCount = max(0, reader.columns.mark.count - presentCount)
        }
        tellMoved()
        report.notKept = reader.columns.notKept
        let strange = ids.remarks(RecordID.others)
        let anew = unmarked.remarks(
            "rows of records that were there before, with an empty last cell: what else is empty in them says nothing, "
                + "and stays")
        for remark in reader.numbers.remarks + names.remarks + strange + anew {
            report.remark(remark)
        }
        try write()
    }

    private func isThere(_ key: RecordKey) -> Bool {
        let hash = RowLedger.hash(key)
        return ledger.entry(hash) != nil || refusedKeys.contains(hash)
    }

    private mutating func tellMoved() {
        let names = reader.columns.kind.key.map(\.name)
        let gone = moved.filter { !isThere($0.from.key) }
        for (row, from, to) in gone.prefix(ImportReport.maximumListed) {
            let (before, after) = (from.key.parts, to.key.parts)
            let parts = names.indices.filter { before[$0] != after[$0] }
                .map { "\(names[$0])=\(after[$0])" }
            report.moved.append(.init(row: row, from: from, to: to, parts: parts))
        }
    }

    /// Looks for records of the export whose rows are gone.
    private mutating func settleMissing() throws {
        var keys: [RecordKey] = []
        try editor.reading.forEachRow(of: reader.columns.kind) { row in
            if !isThere(row.key) { keys.append(row.key) }
        }
        for start in stride(from: 0, to: keys.count, by: Self.rowsAtOnce) {
            try editor.checkInterruption()
            let some = keys[start..<min(start + Self.rowsAtOnce, keys.count)].map(address)
            for record in try merge.records(some)
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
