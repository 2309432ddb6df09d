import TallyCore

/// Edits that wait to become a changeset, grouped as a line groups them.
struct PendingEdits: Sendable {
    private struct Target: Hashable {
        let kind: String
        let operation: Edit.Operation
    }

    /// What a line calls an edit.
    private struct Group {
        let target: Target
        var rows: [Edit.Row] = []
    }

    private var groups: [Group] = []
    private var positions: [Target: Int] = [:]
    /// The group of the statements that were set last: row after row of an import sets the same.
    private var last: (kind: String, statements: [String], position: Int)?
    /// The same of new records.
    private var lastNew: (kind: String, statements: UInt64, position: Int)?
    /// The records of the first rows of each group, so many as have been asked for.
    private var records: Set<RecordAddress> = []
    private var recordedRows: [Int] = []
    private(set) var rowCount = 0
    /// An estimate from above of the line's length.
    private(set) var byteCount = 0

    var isEmpty: Bool { groups.isEmpty }

    /// Adds what is to happen to one record.
    mutating func insert(_ edits: [RecordEdit], to address: RecordAddress, kind: Kind?) {
        var statements: [String] = []
        var values: [Value] = []
        for edit in edits {
            switch edit {
            case .create: append(.set(fields: []), [], to: address)
            case .set(let statement, let value):
                statements.append(statement)
                values += value
            case .add(let element):
                append(.add(field: element.field), [.text(element.text)], to: address)
            case .remove(let element):
                append(.remove(field: element.field), [.text(element.text)], to: address)
            case .delete: append(.delete, [], to: address)
            case .restore: append(.restore, [], to: address)
            case .reopen(let statement, let versions):
                append(
                    .reopen(fields: Self.fields(of: statement, kind)), versions.flatMap { $0 },
                    to: address)
            }
        }
        if statements.isEmpty { return }
        if let last, last.kind == address.kind, last.statements == statements {
            return append(values, to: address.key, at: last.position)
        }
        let fields = statements.flatMap { Self.fields(of: $0, kind) }
        let position = position(Target(kind: address.kind, operation: .set(fields: fields)))
        last = (address.kind, statements, position)
        append(values, to: address.key, at: position)
    }

    /// Adds a new record: the same as its edits, in fewer steps.
    mutating func insert(_ record: NewRecord, kind: Kind) {
        if let lastNew, lastNew.statements == record.statements, lastNew.kind == kind.name {
            return append(record.values, to: record.address.key, at: lastNew.position)
        }
        let fields = record.fields(of: kind)
        let position = position(Target(kind: kind.name, operation: .set(fields: fields)))
        lastNew = (kind.name, record.statements, position)
        append(record.values, to: record.address.key, at: position)
    }

    private static func fields(of statement: String, _ kind: Kind?) -> [String] {
        kind?.statement(of: statement)?.fields ?? [statement]
    }

    private mutating func append(
        _ operation: Edit.Operation, _ values: [Value], to address: RecordAddress
    ) {
        let position = position(Target(kind: address.kind, operation: operation))
        switch operation {
        case .add, .remove:
            // Elements of one set field of one record share a row.
            if let row = groups[position].rows.last, row.key == address.key {
                groups[position].rows.removeLast()
                byteCount += values.reduce(0) { $0 + $1.byteCount }
                return groups[position].rows.append(
                    Edit.Row(key: row.key, values: row.values + values))
            }
        default: break
        }
        append(values, to: address.key, at: position)
    }

    private mutating func append(_ values: [Value], to key: RecordKey, at position: Int) {
        rowCount += 1
        byteCount += values.reduce(key.lineBytes) { $0 + $1.byteCount }
        groups[position].rows.append(Edit.Row(key: key, values: values))
    }

    private mutating func position(_ target: Target) -> Int {
        if let position = positions[target] { return position }
        byteCount += 1024
        positions[target] = groups.count
        groups.append(Group(target: target))
        return groups.count - 1
    }

    /// An estimate from above of what the edits of one record take in a line of their own.
    static func byteCount(of edits: [RecordEdit], to address: RecordAddress) -> Int {
        let key = address.key.lineBytes
        return edits.reduce(key + 1024) { sum, edit in
            switch edit {
            case .create, .delete, .restore: return sum + key + 1024
            case .set(_, let value):
                return value.reduce(sum + 256) { $0 + $1.byteCount }
            case .add(let element), .remove(let element):
                return sum + Value.text(element.text).byteCount
            case .reopen(_, let versions):
                return versions.joined().reduce(sum + key + 1024) { $0 + $1.byteCount }
            }
        } + setFields(of: edits) * (key + 1024)
    }

    private static func setFields(of edits: [RecordEdit]) -> Int {
        var fields: Set<String> = []
        for edit in edits {
            if case .add(let element) = edit { fields.insert("+" + element.field) }
            if case .remove(let element) = edit { fields.insert("-" + element.field) }
        }
        return fields.count
    }

    /// Whether something is to happen to the record.
    mutating func contains(_ address: RecordAddress) -> Bool {
        for (index, group) in groups.enumerated() {
            if index == recordedRows.count { recordedRows.append(0) }
            for row in group.rows[recordedRows[index]...] {
                records.insert(RecordAddress(kind: group.target.kind, key: row.key))
            }
            recordedRows[index] = group.rows.count
        }
        return records.contains(address)
    }

    /// An estimate from above of what a new record takes in a line of its own.
    static func byteCount(of record: NewRecord) -> Int {
        record.values.reduce(record.address.key.lineBytes + 1024) { $0 + $1.byteCount }
    }

    /// The edits in an order that depends on nothing but what they are; rows sorted by key.
    mutating func take() -> EditedRecords {
        let edits = groups.map { group in
            Edit(kind: group.target.kind, operation: group.target.operation, rows: group.rows)
        }
        self = PendingEdits()
        return EditedRecords(
            sorting: edits.sorted { a, b in
                (a.kind, a.operation.rank, a.operation.fieldList)
                    < (b.kind, b.operation.rank, b.operation.fieldList)
            })
    }
}

extension Edit.Operation {
    /// Deletions and restorations first: a restored record is set after it is back.
    fileprivate var rank: Int {
        switch self {
        case .delete: return 0
        case .restore: return 1
        case .set: return 2
        case .add: return 3
        case .remove: return 4
        case .reopen: return 5
        }
    }

    fileprivate var fieldList: String {
        switch self {
        case .set(let fields), .reopen(let fields): return fields.joined(separator: ",")
        case .add(let field), .remove(let field): return field
        case .delete, .restore: return ""
        }
    }
}

extension RecordKey {
    /// From above, as a row holds it.
    fileprivate var lineBytes: Int { 8 + 2 * utf8Count + 3 * count }
}

extension Value {
    /// From above: every byte of text may have to be escaped.
    fileprivate var byteCount: Int {
        switch self {
        case .null: return 5
        case .number: return 26
        case .text(let text), .opaque(let text): return text.utf8.count * 2 + 3
        }
    }
}
