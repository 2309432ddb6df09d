/// As what a record is counted; a record that several rows give is counted once.
struct OutcomeCount: OptionSet {
    let rawValue: UInt32

    static let new = Self(rawValue: 1)
    static let changed = Self(rawValue: 2)
    static let unchanged = Self(rawValue: 4)
    static let kept = Self(rawValue: 8)
    static let deleted = Self(rawValue: 16)
    static let conflicted = Self(rawValue: 32)
    static let removed = Self(rawValue: 64)

    init(rawValue: UInt32) { self.rawValue = rawValue }

    init(_ outcome: RecordImporter.Outcome) {
        switch outcome.what {
        case .new: self = .new
        case .changed: self = .changed
        case .unchanged: self = .unchanged
        case .kept: self = .kept
        case .deleted: self = .deleted
        case .conflicted: self = .conflicted
        case .removed: self = .removed
        }
        if outcome.keptBeside { insert(.kept) }
        if outcome.conflictedBeside { insert(.conflicted) }
    }

    /// Beside anything else a part that is unchanged is not counted; a new record does not change besides.
    var counted: Self {
        if contains(.new) { return subtracting([.changed, .unchanged]) }
        return self == .unchanged ? self : subtracting(.unchanged)
    }
}

extension ImportReport {
    mutating func count(_ outcomes: OutcomeCount, by step: Int = 1) {
        let counted = outcomes.counted
        if counted.rawValue.nonzeroBitCount > 1 { countedTwice += step }
        if counted.contains(.new) { new += step }
        if counted.contains(.changed) { changed += step }
        if counted.contains(.unchanged) { unchanged += step }
        if counted.contains(.kept) { kept += step }
        if counted.contains(.deleted) { deleted += step }
        if counted.contains(.conflicted) { conflicted += step }
        if counted.contains(.removed) { removed += step }
    }
}
