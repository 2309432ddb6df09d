import TallyCore

/// Why a field of a record holds what it holds.
public struct ValueReason: Sendable {
    /// A value of the whole statement, and who wrote it.
    public struct Stated: Sendable {
        public let content: [Value]
        public let info: RevisionInfo
    }

    /// A side of a conflict, under its letter.
    public struct Side: Sendable {
        public let letter: String
        public let stated: Stated
    }

    public let statement: Kind.Statement
    /// The value that everybody sees.
    public let now: Stated
    /// What its author saw in force before; where that was a conflict, what all its sides had seen. nil for the first value.
    public let replaced: Stated?
    /// The side of the conflict that writing the value has settled; nil where there was none, or no side had the value.
    public let taken: Side?
    /// The other sides of that conflict, by letter.
    public let overruled: [Side]
    /// The policy that settled concurrent versions; nil where there were none.
    public let policy: Policy?
    /// The versions that the policy has beaten.
    public let beaten: [Stated]
    /// The open conflict over the statement, of which the value is the provisional winner.
    public let conflict: Conflict?
}

extension DatasetAccess {
    /// - Returns: nil where nobody has written the statement that the field is of.
    /// - Complexity: O(rows of the changesets that edited the record).
    public func reason(of field: String, in view: RecordView) throws -> ValueReason? {
        let statement = kinds.statement(field, ofKind: view.address.kind)
        guard let verdict = try verdict(of: statement, in: view) else { return nil }
        let history = try history(of: view.address)
        let entry = history.entries.first { $0.revision == verdict.winner.revision }
        let before = try entry.flatMap { entry in
            try self.verdict(
                of: statement, in: self.view(view.address, in: history.stateSeen(by: entry)))
        }
        let sides =
            before?.isConflict == true
            ? try before?.sides.enumerated().map { index, side in
                ValueReason.Side(
                    letter: SideLetter.text(of: index), stated: try stated(side.latest))
            } ?? [] : []
        return ValueReason(
            statement: statement, now: try stated(verdict.winner),
            replaced: sides.isEmpty
                ? try before.map { try stated($0.winner) }
                : latest(of: statement.name, before: before?.sides ?? [], in: history),
            taken: sides.first { $0.stated.content == verdict.winner.content },
            overruled: sides.filter { $0.stated.content != verdict.winner.content },
            policy: verdict.beaten.isEmpty
                ? nil : policy(of: statement, kind: view.address.kind),
            beaten: try verdict.beaten.map(stated),
            conflict: view.conflicts.first { $0.statement == statement.name })
    }

    /// The latest value of a statement that all sides of a conflict had seen.
    private func latest(
        of statement: String, before sides: [Side<[Value]>], in history: RecordHistory
    ) -> ValueReason.Stated? {
        let revisions = Set(sides.flatMap { $0.versions.map(\.revision) })
        var before = ValueBefore(
            statement,
            sides: history.entries.filter { revisions.contains($0.revision) }.map(\.coverage))
        for entry in history.entries { before.add(entry.edits, by: entry.info) }
        return before.latest
    }

    private func stated(_ version: Version<[Value]>) throws -> ValueReason.Stated {
        ValueReason.Stated(content: version.content, info: try info(of: version.revision))
    }

    /// The elements of a set field, each with who added it last.
    ///
    /// - Complexity: O(elements ever in the record).
    public func elements(
        of field: String, in view: RecordView
    ) throws -> [(element: String, info: RevisionInfo)] {
        try view.state.elements(of: field).compactMap { text in
            let versions = view.state.elements[Element(field: field, text: text)] ?? []
            return try versions.filter(\.content).map { try info(of: $0.revision) }
                .max { ($0.at, $0.revision.replica) < ($1.at, $1.revision.replica) }
                .map { (text, $0) }
        }
    }
}
