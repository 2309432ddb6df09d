import TallyStore

/// What becomes of several records: counts, and the first few changes to show.
struct ChangeSummary {
    private(set) var changed = 0
    /// Were so already.
    private(set) var unchanged = 0
    private(set) var settled = 0
    private(set) var shown: [RecordChange] = []

    private static let shownCount = 20

    init() {}

    init(_ change: RecordChange) { count(change) }

    mutating func count(_ change: RecordChange) {
        settled += change.settled.count
        guard !change.edits.isEmpty else {
            unchanged += 1
            return
        }
        changed += 1
        if shown.count < Self.shownCount { shown.append(change) }
    }
}
