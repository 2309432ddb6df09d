import TallyCore

/// What fields that a person gives do to a record as it is.
public struct RecordChange: Sendable {
    public let address: RecordAddress
    /// Empty when the record is so already.
    public let edits: [RecordEdit]
    /// The open conflicts that the change settles: whoever sets a conflicted statement has decided.
    public let settled: [Conflict]
    /// Fields whose value becomes another, in the order of the kind.
    public let fields: [Field]

    public struct Field: Sendable, Equatable {
        public let name: String
        public let before: FieldContent
        public let after: FieldContent
    }

    /// - Throws: `InputFault` when the record would break a rule between fields, or be a policy or a saved map that there is not.
    public init(
        _ input: RecordInput, to view: RecordView, in kinds: KindCatalog
    ) throws(InputFault) {
        let current = view.row?.values ?? [:]
        try input.check(of: view.address, beside: current, in: kinds)
        var edits: [RecordEdit] = []
        var settled: [Conflict] = []
        var after: [String: Value] = [:]
        for (statement, value) in input.statements(beside: current) {
            let conflict = view.conflicts.first { $0.statement == statement.name }
            let before = statement.fields.map { current[$0] ?? .null }
            if value == before, conflict == nil { continue }
            if let conflict { settled.append(conflict) }
            edits.append(.set(statement: statement.name, value: value))
            for (field, value) in zip(statement.fields, value) { after[field] = value }
        }
        let held = view.row?.sets ?? [:]
        // By bytes: two spellings of one text are two elements.
        let fields = Set((input.added + input.removed).map(\.field))
        let elements = Set(
            fields.flatMap { field in
                (held[field] ?? []).map { Element(field: field, text: $0) }
            })
        let added = input.added.filter { !elements.contains($0) }
        let removed = input.removed.filter(elements.contains)
        edits += added.map { .add($0) } + removed.map { .remove($0) }

        address = view.address
        self.edits = edits
        self.settled = settled
        self.fields = input.kind.fields.compactMap { field in
            if field.type == .set {
                let before = held[field.name] ?? []
                let set = Set(before.map { Element(field: field.name, text: $0) })
                    .union(added.filter { $0.field == field.name }).subtracting(removed)
                let now = set.sorted().map(\.text)
                return added.allSatisfy { $0.field != field.name }
                    && removed.allSatisfy { $0.field != field.name }
                    ? nil
                    : Field(
                        name: field.name, before: .elements(before), after: .elements(now))
            }
            let before = current[field.name] ?? .null
            guard let now = after[field.name], now != before else { return nil }
            return Field(name: field.name, before: .value(before), after: .value(now))
        }
    }
}
