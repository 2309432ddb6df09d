import TallyCore

/// What one changeset did to one record, against what its author saw.
public struct HistoryStep: Sendable {
    public let entry: RecordHistory.Entry
    /// nil where everybody saw the same before and after it, as when a value was written once more.
    public let difference: RecordDifference?
    /// The conflicts that its author had before them and that it settled.
    public let settled: [Conflict]
    /// Whether others had written meanwhile what the author had not seen.
    public let isConcurrent: Bool
}

extension RecordHistory {
    /// The state that the author of an entry had before them when they wrote it.
    ///
    /// - Complexity: O(edits of the record).
    public func stateSeen(by entry: Entry) -> RecordState {
        state { entry.coverage.covers($0.revision) }
    }
}

extension DatasetAccess {
    /// What each changeset did to the record, in order of arrival.
    ///
    /// - Complexity: O(changesets that edited the record) where each had seen those before it; else their square. Only
    ///   `history(of:)` reads lines.
    public func steps(of history: RecordHistory) throws -> [HistoryStep] {
        var known = RecordState()
        return try history.entries.enumerated().map { index, entry in
            let earlier = history.entries[..<index]
            let isConcurrent = !earlier.allSatisfy { entry.coverage.covers($0.revision) }
            let before = isConcurrent ? history.stateSeen(by: entry) : known
            var after = before
            for edit in entry.edits {
                after.apply(edit, by: entry.coverage)
                known.apply(edit, by: entry.coverage)
            }
            let old = try view(history.address, in: before)
            let new = try view(history.address, in: after)
            let open = Set(new.conflicts.map(\.statement))
            return HistoryStep(
                entry: entry, difference: try difference(from: old, to: new, by: entry.info),
                settled: old.conflicts.filter { !open.contains($0.statement) },
                isConcurrent: isConcurrent)
        }
    }
}
