import TallyCore
import TallyStore

extension ImportReport {
    /// Keeps a sample of what happened.
    mutating func describe(_ outcome: RecordImporter.Outcome, row: Int) {
        guard hasRoom(for: outcome.what) else { return }
        samples.append(
            Sample(
                what: outcome.what, record: outcome.before.address, row: row,
                fields: outcome.differences))
    }

    /// Notes of kept figures where their source says something else than what was last taken from it.
    ///
    /// - Parameter histories: of the same records, in the same order.
    mutating func compare(_ kept: [KeptRecord], with histories: [RecordHistory]) {
        for (record, history) in zip(kept, histories) {
            for (statement, said) in record.statements {
                guard let last = history.lastImported(statement.name) else { continue }
                let fields = statement.fields.indices.filter { index in
                    last[index] != said[index] && record.given.contains(statement.fields[index])
                }.map { index in
                    Sample.Field(
                        name: statement.fields[index], before: last[index], after: said[index])
                }
                if fields.isEmpty { continue }
                revisedCount += 1
                guard revised.count < Self.maximumListed else { continue }
                revised.append(
                    Sample(what: .kept, record: history.address, row: record.row, fields: fields))
            }
        }
    }
}

/// A record of which something was kept, and what the file says of that.
struct KeptRecord {
    let address: RecordAddress
    let row: Int
    let statements: [(statement: Kind.Statement, said: [Value])]
    /// The fields of which the file says something.
    let given: Set<String>
}

extension RecordImporter.Outcome {
    /// The fields of which the file says something else than the record had.
    fileprivate var differences: [ImportReport.Sample.Field] {
        guard let said else { return [] }
        let current = before.row?.values ?? [:]
        // Of a record that changes, what is written; of one that is left, what the file says.
        let isWritten = what == .changed ? edits : nil
        func shows(_ statement: Kind.Statement) -> Bool {
            isWritten?.contains { edit in
                if case .set(statement.name, _) = edit { return true }
                return false
            } ?? true
        }
        let values = said.statements(beside: current).filter { shows($0.statement) }.flatMap {
            statement, value in
            zip(statement.fields, value).compactMap { field, value in
                let old = current[field] ?? .null
                return old == value
                    ? nil : ImportReport.Sample.Field(name: field, before: old, after: value)
            }
        }
        let elements = said.added.compactMap { element -> ImportReport.Sample.Field? in
            if let isWritten, !isWritten.contains(.add(element)) { return nil }
            let isThere = before.state.elements[element]?.contains(where: \.content) == true
            return isThere
                ? nil
                : ImportReport.Sample.Field(
                    name: element.field, before: .null, after: .text(element.text))
        }
        var fields = values + elements
        if !before.isGone, edits.contains(.restore) {
            fields.insert(
                .init(
                    name: Conflict.existenceName, before: .text("deleted"), after: .text("present")),
                at: 0)
        }
        return fields
    }
}
