import TallyCore

/// Fields that a person or a file gives for one record, made into edits of it.
public struct RecordInput: Sendable {
    public var kind: Kind { values.kind }
    /// Fields that are no sets; null takes a value away.
    public var values: FieldValues
    public var added: [Element] = []
    public var removed: [Element] = []
    /// Fields that this version does not know, all that the record has, with their nulls: some may mean something only
    /// together, so that they are written together. Their sets are in `added`.
    public var unknown: [String: Value] = [:]

    public init(kind: Kind) {
        values = FieldValues(of: kind)
    }

    /// The statements that the given fields make, whole, beside what is there now.
    ///
    /// A field that is not given keeps its value; where there was none it takes its default. A figure that is changed
    /// without giving its vintage has none.
    ///
    /// - Parameter current: the record as it is; empty for a new one.
    /// - Returns: in the order of the kind; only statements with a given field.
    public func statements(beside current: [String: Value]) -> [(
        statement: Kind.Statement, value: [Value]
    )] {
        kind.statements.compactMap { statement in
            guard statement.fields.contains(where: { values[$0] != nil }) else { return nil }
            let isNew = statement.fields.allSatisfy { (current[$0] ?? .null).isNull }
            var value = statement.fields.map { values[$0] ?? current[$0] ?? .null }
            if isNew, !value.allSatisfy(\.isNull) {
                for (index, field) in statement.fields.enumerated() where values[field] == nil {
                    value[index] = kind.field(field)?.standard ?? .null
                }
            }
            if let vintage = statement.vintage, values[statement.fields[vintage]] == nil,
                value[0] != current[statement.fields[0]] ?? .null
            {
                value[vintage] = .null
            }
            return (statement, value)
        }
    }

    /// What sets the fields that this version does not know.
    public var editsOfUnknown: [RecordEdit] {
        unknown.sorted { $0.key.precedesInBytes($1.key) }
            .map { .set(statement: $0.key, value: [$0.value]) }
    }

    /// Checks the rules between fields, on the record as it will be, and a setting that becomes another.
    ///
    /// - Parameters:
    ///   - address: of the record.
    ///   - current: the record as it is; empty for a new one.
    public func check(
        of address: RecordAddress, beside current: [String: Value], in kinds: KindCatalog
    ) throws(InputFault) {
        try checkCount(of: added)
        try checkCount(of: removed)
        if kind.name == PolicySettings.kind, let value = values["value"],
            value != current["value"]
        {
            try SettingInput.check(value, of: address.key.parts[0], in: kinds)
        }
        func result(_ field: String) -> Value { values[field] ?? current[field] ?? .null }
        for rule in kind.rules {
            switch rule {
            case .notBefore(let field, let other):
                // A date is compared in the precision that both have: 2023-09 is not before 2023-09-23.
                if let date = result(field).text, let first = result(other).text,
                    date.precedesInBytes(String(first.prefix(date.count)))
                {
                    throw InputFault(field: field, "\(field) \(date) is before \(other) \(first)")
                }
            case .together(let fields):
                let given = fields.filter { !result($0).isNull }
                if let first = given.first, given.count < fields.count {
                    let list = fields.joined(separator: " and ")
                    throw InputFault(
                        field: first, "\(first) stands alone", hint: "Give \(list) together.")
                }
            }
        }
    }
}

extension RecordInput {
    /// Adds and removes what makes one set of another, byte by byte: two spellings of one text are two elements.
    public mutating func change(_ field: String, from held: [String], to wanted: [String]) {
        let before = Set(held.map { Element(field: field, text: $0) })
        let after = Set(wanted.map { Element(field: field, text: $0) })
        added += after.subtracting(before).sorted()
        removed += before.subtracting(after).sorted()
    }

    /// A line holds so many elements of one record and field.
    private func checkCount(of elements: [Element]) throws(InputFault) {
        guard elements.count > FieldType.maximumElements else { return }
        for (field, elements) in Dictionary(grouping: elements, by: \.field)
        where elements.count > FieldType.maximumElements {
            throw InputFault(
                field: field,
                "\(field) has \(elements.count) elements; at most "
                    + "\(FieldType.maximumElements) are taken at once")
        }
    }

    /// The edits that make a new record: only statements that say something, so that the rest can conflict with nobody's.
    public var editsOfNew: [RecordEdit] {
        var edits: [RecordEdit] = []
        for statement in kind.statements where isSaid(statement) {
            let value = statement.positions.map { newValue(at: $0) }
            edits.append(.set(statement: statement.name, value: value))
        }
        if !unknown.isEmpty { edits += editsOfUnknown }
        for element in added { edits.append(.add(element)) }
        return edits.isEmpty ? [.create] : edits
    }

    /// Whether a new record says anything by a statement.
    func isSaid(_ statement: Kind.Statement) -> Bool {
        statement.positions.contains { !(values[position: $0] ?? .null).isNull }
    }

    /// The value of a field of a new record, whose statement is said.
    ///
    /// - Parameter position: of the field among those of the kind.
    func newValue(at position: Int) -> Value {
        values[position: position] ?? kind.fields[position].standard ?? .null
    }

    /// The edits that add a deleted key again: everything that is not given is null (DESIGN.md section 4).
    ///
    /// - Parameter state: what the record held when it was deleted, fields that this version does not know among it.
    public func editsOverDeleted(_ state: RecordState) -> [RecordEdit] {
        RecordContent(self).editsOverDeleted(state, kind: kind)
    }
}
