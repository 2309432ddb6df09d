import GRDB
import TallyCore

/// Which open conflicts are meant; every condition that is there has to hold.
public struct ConflictFilter: Sendable, Equatable {
    public var kind: String?
    /// A field of the statement, or `-` for a deletion beside an edit.
    public var field: String?
    /// Who wrote one of the sides, and on which machine it was written.
    public var author: String?
    public var machine: String?
    /// That side is of this moment or later.
    public var since: Timestamp?
    /// The user's own SQL, over the columns of the kind, `author`, `at` and `field`.
    public var condition: String?

    public init(
        kind: String? = nil, field: String? = nil, author: String? = nil, machine: String? = nil,
        since: Timestamp? = nil, condition: String? = nil
    ) {
        self.kind = kind
        self.field = field
        self.author = author
        self.machine = machine
        self.since = since
        self.condition = condition
    }

    public var isEmpty: Bool { self == ConflictFilter() }

    fileprivate var namesWriters: Bool { author != nil || machine != nil || since != nil }
}

extension DatasetAccess {
    /// The open conflicts that a filter means, sorted by record and statement.
    ///
    /// - Throws: `StoreError`: `noRecord` for a field that no kind has; `fault` and SQLite's words for a
    ///   condition that is no SQL over any of the kinds.
    /// - Complexity: O(open conflicts), and a look-up each where there is a condition.
    public func conflicts(_ filter: ConflictFilter) throws -> [Conflict] {
        let chosen = try filter.condition.map { try places(of: kinds(meant: filter), where: $0) }
        if chosen == nil { _ = try kinds(meant: filter) }
        return try conflicts().filter { conflict in
            if let kind = filter.kind, conflict.record.kind != kind { return false }
            if let field = filter.field, !isOver(field, conflict) { return false }
            if let chosen, !chosen.contains(ConflictPlace(conflict)) { return false }
            return try filter.namesWriters
                ? conflict.sides.contains { try isMeant($0, filter) } : true
        }
    }

    private func isMeant(_ side: Conflict.Side, _ filter: ConflictFilter) throws -> Bool {
        try side.revisions.contains { revision in
            let info = try info(of: revision)
            return filter.author.map { info.author.hasSameBytes(as: $0) } ?? true
                && filter.machine.map { info.machine.hasSameBytes(as: $0) } ?? true
                && filter.since.map { info.at >= $0 } ?? true
        }
    }

    private func isOver(_ field: String, _ conflict: Conflict) -> Bool {
        field == conflict.statement
            || kinds.statement(conflict.statement, ofKind: conflict.record.kind).fields
                .contains(field)
    }

    /// The kinds that can have such a conflict.
    private func kinds(meant filter: ConflictFilter) throws -> [Kind] {
        let named = filter.kind.map { kinds[$0].map { [$0] } ?? [] } ?? kinds.all
        guard let field = filter.field, field != Conflict.existenceName else { return named }
        let having = named.filter { $0.field(field) != nil }
        guard having.isEmpty else { return having }
        let whose = filter.kind.map { "\($0) has no field" } ?? "No kind has a field"
        throw StoreError(
            .noRecord, "\(whose) \(JSONString.quoted(field))",
            hint: Suggestion.question(
                for: field, among: Set(named.flatMap { kind in kind.fields.map(\.name) }))
                ?? "See the fields with: tally kinds")
    }

    private struct ConflictPlace: Hashable {
        let kind: String
        let key: String
        let statement: String

        init(_ conflict: Conflict) {
            kind = conflict.record.kind
            key = conflict.record.key.json
            statement = conflict.statement
        }

        init(kind: String, key: String, statement: String) {
            self.kind = kind
            self.key = key
            self.statement = statement
        }
    }

    /// Where the condition holds. A kind that lacks a column which the condition names has no such record; a condition that
    /// no kind understands is wrong.
    private func places(of kinds: [Kind], where condition: String) throws -> Set<ConflictPlace> {
        var places: Set<ConflictPlace> = []
        var faults: [StoreError] = []
        for kind in kinds {
            do {
                let sql = try records.readableTable(kind).selectConflicts(where: condition)
                try reading(condition: condition) {
                    try SQL(sql, in: db).forEach { row in
                        places.insert(
                            ConflictPlace(
                                kind: kind.name, key: row.text(0), statement: row.text(1)))
                    }
                }
            } catch let error as StoreError where error.message.contains("no such column") {
                faults.append(error)
            }
        }
        guard faults.count == kinds.count else { return places }
        // What no kind has is more likely the mistake than what one of them lacks.
        let isOfNone = { (fault: StoreError) in
            !kinds.contains { kind in
                (kind.key + kind.fields).contains { fault.message.hasSuffix("column: \($0.name)") }
            }
        }
        if let fault = faults.first(where: isOfNone) ?? faults.first { throw fault }
        return places
    }
}
