import TallyCore
import TallyWire

/// Everything that a record shows, fields that this version does not know among it, so that another record can get it.
///
/// Only of a record without open conflicts: a conflict is of its record, and cannot be carried over.
public struct RecordContent: Sendable, Equatable {
    /// Known ones in the order of the kind, without those that are all null; then all of the others, by name. Those stand
    /// with their nulls, since this version cannot tell which of them only mean something together.
    public let statements: [Statement]
    /// Sorted.
    public let elements: [Element]

    public struct Statement: Sendable, Equatable {
        public let name: String
        public let value: [Value]

        var edit: RecordEdit { .set(statement: name, value: value) }
    }

    /// What somebody gives for a new record.
    init(_ input: RecordInput) {
        let known = input.statements(beside: [:]).map { statement, value in
            Statement(name: statement.name, value: value)
        }
        let unknown = input.unknown.map { Statement(name: $0.key, value: [$0.value]) }
        statements = known + unknown.sorted { $0.name.precedesInBytes($1.name) }
        elements = input.added
    }

    /// - Precondition: the record is visible and has no conflict.
    public init(_ view: RecordView, kind: Kind) {
        precondition(view.isVisible && view.conflicts.isEmpty, "\(view.address) has no one content")
        let values = view.row?.values ?? [:]
        let known = kind.statements.map { statement in
            Statement(
                name: statement.name, value: statement.fields.map { values[$0] ?? .null })
        }.filter { !$0.value.allSatisfy(\.isNull) }
        let unknown = view.state.statements.filter { kind.statement(of: $0.key) == nil }
            .compactMap { name, state in
                state.versions.last.map { Statement(name: name, value: $0.content) }
            }.sorted { $0.name.precedesInBytes($1.name) }
        statements = known + unknown
        elements = view.state.elements.filter { $0.value.contains(where: \.content) }.keys.sorted()
    }

    /// The edits that make a record of this content where there never was one.
    public var editsOfNew: [RecordEdit] {
        let edits = statements.map(\.edit) + elements.map { .add($0) }
        return edits.isEmpty ? [.create] : edits
    }

    /// The edits that make a record of this content over a deleted one: nothing that it held comes back.
    ///
    /// - Parameter state: what the record held when it was deleted.
    public func editsOverDeleted(_ state: RecordState, kind: Kind) -> [RecordEdit] {
        let own = Dictionary(uniqueKeysWithValues: statements.map { ($0.name, $0) })
        let known = kind.statements.map { statement in
            own[statement.name]
                ?? Statement(name: statement.name, value: statement.fields.map { _ in .null })
        }
        let names = Set(state.statements.keys).union(own.keys)
        let unknown = names.filter { kind.statement(of: $0) == nil }.sorted().map { name in
            own[name] ?? Statement(name: name, value: [.null])
        }
        let held = state.elements.filter { $0.value.contains(where: \.content) }.keys.sorted()
        return [.restore] + (known + unknown).map(\.edit)
            + held.filter { !elements.contains($0) }.map { .remove($0) }
            + elements.map { .add($0) }
    }
}

extension RecordView {
    /// - Throws: `StoreError` naming the open conflicts, when there are any.
    /// - Parameter deed: what cannot be done, as in `renamed`.
    public func requireNoConflict(toBe deed: String) throws(StoreError) {
        guard let first = conflicts.first else { return }
        let ids = conflicts.map(\.id.text)
        throw StoreError(
            .badInput,
            "\(address) cannot be \(deed) while it has \(ids.count == 1 ? "an open conflict" : "open conflicts"): "
                + ids.joined(separator: ", "),
            hint:
                "Settle it first: tally conflicts \(first.id), then tally resolve \(ids.joined(separator: " ")) --take RULE"
        )
    }
}
