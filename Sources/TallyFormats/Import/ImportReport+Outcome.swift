import TallyCore
import TallyStore

extension ImportReport {
    mutating func count(_ outcome: RecordImporter.Outcome) {
        if outcome.keptBeside { kept += 1 }
        if outcome.conflictedBeside { conflicted += 1 }
        switch outcome.what {
        case .new: new += 1
        case .changed: changed += 1
        case .unchanged: unchanged += 1
        case .kept: kept += 1
        case .deleted: deleted += 1
        case .conflicted: conflicted += 1
        case .removed: removed += 1
        }
    }

    /// Keeps a sample of what happened, and of every kept figure whether its source has changed its mind.
    mutating func describe(
        _ outcome: RecordImporter.Outcome, row: Int, in access: DatasetAccess
    ) throws {
        if hasRoom(for: outcome.what) {
            samples.append(
                Sample(
                    what: outcome.what, record: outcome.before.address, row: row,
                    fields: outcome.differences))
        }
        guard !outcome.kept.isEmpty else { return }
        let history = try access.history(of: outcome.before.address)
        for (statement, said) in outcome.kept {
            guard let last = history.lastImported(statement.name), last != said else { continue }
            revisedCount += 1
            guard revised.count < Self.maximumListed else { continue }
            let fields = statement.fields.indices.filter { last[$0] != said[$0] }.map { index in
                Sample.Field(
                    name: statement.fields[index], before: last[index], after: said[index])
            }
            revised.append(
                Sample(
                    what: .kept, record: outcome.before.address, row: row, fields: fields))
        }
    }
}

extension RecordImporter.Outcome {
    /// The fields of which the file says something else than the record had.
    fileprivate var differences: [ImportReport.Sample.Field] {
        guard let said else { return [] }
        let current = before.row?.values ?? [:]
        let values = said.statements(beside: current).flatMap { statement, value in
            zip(statement.fields, value).compactMap { field, value in
                let old = current[field] ?? .null
                return old == value
                    ? nil : ImportReport.Sample.Field(name: field, before: old, after: value)
            }
        }
        let elements = said.added.compactMap { element -> ImportReport.Sample.Field? in
            let isThere = before.state.elements[element]?.contains(where: \.content) == true
            return isThere
                ? nil
                : ImportReport.Sample.Field(
                    name: element.field, before: .null, after: .text(element.text))
        }
        return values + elements
    }
}
