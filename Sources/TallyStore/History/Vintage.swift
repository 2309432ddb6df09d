import TallyCore

/// A figure that a statement has had, with the date under which its source published it.
public struct Vintage: Sendable {
    public let statement: Kind.Statement
    /// The values of the fields of the statement.
    public let content: [Value]
    /// Who brought it first.
    public let info: RevisionInfo
    /// Whether it is what everybody sees.
    public let isInForce: Bool

    /// The vintage; null for a figure without one, as a person types it.
    public var date: Value { statement.vintage.map { content[$0] } ?? .null }
}

extension DatasetAccess {
    /// Every figure that the statements with a vintage have ever had, by date of the vintage, then by time; those without
    /// a date come last.
    ///
    /// A figure that several brought stands once, with the first of them.
    ///
    /// - Complexity: O(edits of the record).
    public func vintages(
        of history: RecordHistory, where isIncluded: (RecordHistory.Entry) -> Bool
    ) throws -> [Vintage] {
        let statements = (kinds[history.address.kind]?.statements ?? []).filter {
            $0.vintage != nil
        }
        let view = try view(history.address, in: history.state(isIncluded))
        return try statements.flatMap { statement in
            let winner = try verdict(of: statement, in: view)?.winner.content
            var first: [[Value]: RevisionInfo] = [:]
            for entry in history.entries where isIncluded(entry) {
                for content in entry.edits.flatMap({ $0.values(of: statement.name) })
                where first[content].map({ $0.at > entry.info.at }) ?? true {
                    if content.contains(where: { !$0.isNull }) { first[content] = entry.info }
                }
            }
            return first.map { content, info in
                Vintage(
                    statement: statement, content: content, info: info,
                    isInForce: content == winner)
            }.sorted { a, b in
                let dates = [a.date, b.date].map { $0.isNull ? "\u{7F}" : $0.plain }
                if !dates[0].hasSameBytes(as: dates[1]) {
                    return dates[0].precedesInBytes(dates[1])
                }
                return (a.info.at, a.info.position) < (b.info.at, b.info.position)
            }
        }
    }
}

extension RecordEdit {
    /// The values that the edit writes to a statement: one, several where it puts versions back, none where it is of
    /// something else.
    func values(of name: String) -> [[Value]] {
        switch self {
        case .set(name, let value): return [value]
        case .reopen(name, let versions): return versions
        default: return []
        }
    }
}
