import TallyCore

/// Edits that wait to become a changeset, grouped as a line groups them.
struct PendingEdits {
    private struct Group: Hashable {
        let kind: String
        let operation: Edit.Operation
    }

    private var rows: [Group: [Edit.Row]] = [:]
    private var records: Set<RecordAddress> = []
    private(set) var rowCount = 0
    /// An estimate from above of the line's length.
    private(set) var byteCount = 0

    var isEmpty: Bool { rows.isEmpty }

    func contains(_ address: RecordAddress) -> Bool { records.contains(address) }

    /// Adds what is to happen to one record.
    mutating func insert(_ edits: [RecordEdit], to address: RecordAddress, kind: Kind?) {
        records.insert(address)
        var fields: [String] = []
        var values: [Value] = []
        for edit in edits {
            switch edit {
            case .create: append(.set(fields: []), [], to: address)
            case .set(let statement, let value):
                fields += kind?.statement(of: statement)?.fields ?? [statement]
                values += value
            case .add(let element):
                append(.add(field: element.field), [.text(element.text)], to: address)
            case .remove(let element):
                append(.remove(field: element.field), [.text(element.text)], to: address)
            case .delete: append(.delete, [], to: address)
            case .restore: append(.restore, [], to: address)
            case .reopen(let statement, let versions):
                let fields = kind?.statement(of: statement)?.fields ?? [statement]
                append(.reopen(fields: fields), versions.flatMap { $0 }, to: address)
            }
        }
        if !fields.isEmpty { append(.set(fields: fields), values, to: address) }
    }

    private mutating func append(
        _ operation: Edit.Operation, _ values: [Value], to address: RecordAddress
    ) {
        let group = Group(kind: address.kind, operation: operation)
        byteCount += values.reduce(0) { $0 + $1.byteCount }
        // Elements of one set field of one record share a row.
        if case .add = operation, extendLast(of: group, address.key, by: values) { return }
        if case .remove = operation, extendLast(of: group, address.key, by: values) { return }
        byteCount += address.key.parts.reduce(8) { $0 + 2 * $1.utf8.count + 3 }
        if rows[group] == nil { byteCount += 1024 }
        rowCount += 1
        rows[group, default: []].append(Edit.Row(key: address.key, values: values))
    }

    private mutating func extendLast(of group: Group, _ key: RecordKey, by values: [Value]) -> Bool
    {
        guard var own = rows[group], let last = own.popLast(), last.key == key else { return false }
        rows[group] = nil  // So that the array is not copied.
        own.append(Edit.Row(key: key, values: last.values + values))
        rows[group] = own
        return true
    }

    /// An estimate from above of what the edits of one record take in a line of their own.
    static func byteCount(of edits: [RecordEdit], to address: RecordAddress) -> Int {
        let key = address.key.parts.reduce(8) { $0 + 2 * $1.utf8.count + 3 }
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

    /// The edits in an order that depends on nothing but what they are; rows sorted by key.
    mutating func take() -> [Edit] {
        let edits = rows.map { group, rows in
            Edit(
                kind: group.kind, operation: group.operation, rows: rows.sorted { $0.key < $1.key })
        }
        self = PendingEdits()
        return edits.sorted { a, b in
            (a.kind, a.operation.rank, a.operation.fieldList)
                < (b.kind, b.operation.rank, b.operation.fieldList)
        }
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
