import TallyCore

/// What one record gets from another that speaks of the same thing: its blanks are filled and its sets joined.
///
/// Where both say something the first one's stays; what the other said instead is listed, so that nothing goes in
/// silence. Fields that this version does not know are taken together, and only where the first has none: which of them
/// mean something together is not known.
public struct RecordMerge: Sendable, Equatable {
    /// Of the record that is kept; empty when it says all already.
    public let edits: [RecordEdit]
    /// The fields that are filled, in the order of the kind, and the sets that grow.
    public let filled: [String]
    /// What the other record says and the kept one does not take.
    public let left: [Difference]

    public struct Difference: Sendable, Equatable {
        public let field: String
        public let kept: Value
        public let left: Value
    }

    /// - Precondition: both are visible, of this kind and without conflicts.
    /// - Throws: `InputFault` when the result breaks a rule between fields.
    public init(
        _ keep: RecordView, from other: RecordView, kind: Kind, in kinds: KindCatalog
    ) throws(InputFault) {
        let (own, given) = (
            RecordContent(keep, kind: kind), RecordContent(other, kind: kind)
        )
        let ownValues = Dictionary(uniqueKeysWithValues: own.statements.map { ($0.name, $0.value) })
        let hasUnknown = own.statements.contains {
            kind.statement(of: $0.name) == nil && !$0.value.allSatisfy(\.isNull)
        }
        var input = RecordInput(kind: kind)
        var edits: [RecordEdit] = []
        var filled: [String] = []
        var left: [Difference] = []
        for statement in given.statements {
            let fields = kind.statement(of: statement.name)?.fields ?? [statement.name]
            let isKnown = kind.statement(of: statement.name) != nil
            if isKnown ? ownValues[statement.name] == nil : !hasUnknown {
                edits.append(statement.edit)
                for (field, value) in zip(fields, statement.value) where !value.isNull {
                    filled.append(field)
                    if isKnown { input.values[field] = value }
                }
                continue
            }
            let kept = ownValues[statement.name] ?? fields.map { _ in .null }
            for (field, (kept, other)) in zip(fields, zip(kept, statement.value))
            where !other.isNull && other != kept {
                left.append(Difference(field: field, kept: kept, left: other))
            }
        }
        try input.check(of: keep.address, beside: keep.row?.values ?? [:], in: kinds)
        let added = given.elements.filter { !own.elements.contains($0) }
        for element in added where filled.last != element.field { filled.append(element.field) }
        self.edits = edits + added.map { .add($0) }
        self.filled = filled
        self.left = left
    }
}
