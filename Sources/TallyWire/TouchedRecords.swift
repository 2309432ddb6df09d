import TallyCore

/// What one changeset does to each record, so that what may not stand beside each other is found:
/// one record twice in the same (op, field), add and remove of one element, delete beside another edit.
struct TouchedRecords {
    private struct Touch: Hashable {
        let kind: String
        let key: RecordKey
        let what: String
    }

    private var touches: Set<Touch> = []
    private var deleted: Set<Touch> = []
    private var edited: Set<Touch> = []
    private var elements: [Touch: [Bool: Set<Element>]] = [:]

    /// - Parameter isOnly: whether the changeset has no other edit: its rows, when sorted, then need no look-up.
    mutating func insert(_ edit: Edit, isOnly: Bool) throws(LineFault) {
        if isOnly, zip(edit.rows, edit.rows.dropFirst()).allSatisfy({ $0.key < $1.key }) { return }
        for row in edit.rows {
            for what in Self.names(of: edit.operation) {
                let touch = Touch(kind: edit.kind, key: row.key, what: what)
                guard touches.insert(touch).inserted else {
                    throw .invalid("\(Self.address(edit, row)) stands twice in \(what)")
                }
            }
            let record = Touch(kind: edit.kind, key: row.key, what: "")
            if edit.operation == .delete { deleted.insert(record) } else { edited.insert(record) }
            if deleted.contains(record), edited.contains(record) {
                throw .invalid("\(Self.address(edit, row)) is deleted beside another edit of it")
            }
            try insertElements(of: row, edit)
        }
    }

    private mutating func insertElements(of row: Edit.Row, _ edit: Edit) throws(LineFault) {
        let (field, isIn): (String, Bool)
        switch edit.operation {
        case .add(let name): (field, isIn) = (name, true)
        case .remove(let name): (field, isIn) = (name, false)
        default: return
        }
        let record = Touch(kind: edit.kind, key: row.key, what: field)
        let new = Set(row.values.compactMap(\.text).map { Element(field: field, text: $0) })
        if let other = elements[record]?[!isIn]?.intersection(new).first {
            throw .invalid("\(Self.address(edit, row)) adds and removes \(quoted(other.text))")
        }
        elements[record, default: [:]][isIn, default: []].formUnion(new)
    }

    private static func names(of operation: Edit.Operation) -> [String] {
        switch operation {
        case .set(let fields): return fields.isEmpty ? ["set"] : fields.map { "set \($0)" }
        case .reopen(let fields): return fields.map { "reopen \($0)" }
        case .add(let field): return ["add \(field)"]
        case .remove(let field): return ["remove \(field)"]
        case .delete: return ["delete"]
        case .restore: return ["restore"]
        }
    }

    private static func address(_ edit: Edit, _ row: Edit.Row) -> String {
        RecordAddress(kind: edit.kind, key: row.key).text
    }
}
