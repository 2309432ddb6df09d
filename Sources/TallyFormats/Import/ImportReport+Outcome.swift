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

    /// Notes of kept figures where their source says something else than at the last import.
    ///
    /// - Parameter histories: of the same records, in the same order.
    mutating func compare(_ kept: [KeptRecord], with histories: [RecordHistory]) {
        for (record, history) in zip(kept, histories) {
            for (statement, said) in record.statements {
                guard let last = history.lastImported(statement.name), last != said else {
                    continue
                }
                revisedCount += 1
                guard revised.count < Self.maximumListed else { continue }
                let fields = statement.fields.indices.filter { last[$0] != said[$0] }.map { index in
                    Sample.Field(
                        name: statement.fields[index], before: last[index], after: said[index])
                }
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
