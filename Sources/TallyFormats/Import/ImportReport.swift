import TallyCore

/// What came of a file that was read into a dataset.
public protocol FileReport {
    init()
    /// Rows that cannot be taken.
    var refusedCount: Int { get }
    /// Whether rows were refused and no other says anything of a record.
    var isAllRefused: Bool { get }
}

/// What became of the rows of an import.
public struct ImportReport: FileReport, Sendable, Equatable {
    /// The name of the format in which the file was read.
    public var format = ""
    /// What the text was written in; nil for nothing but ASCII.
    public var encoding: TextEncoding?
    /// The saved map by which it was read.
    public var map: String?
    /// Rows read, the header and empty ones not counted.
    public var rows = 0

    public var new = 0
    public var changed = 0
    public var unchanged = 0
    /// Left as a person last wrote them, in part or whole; a record that was changed beside it counts there too.
    public var kept = 0
    /// Of those kept, how many since the dataset has what was released later, under the policy `vintage`.
    public var later = 0
    /// Left deleted.
    public var deleted = 0
    /// Left in conflict, in part or whole; a record that was changed beside it counts there too.
    public var conflicted = 0
    /// Records that were changed in part, and in part kept or left in conflict, and count as each.
    public var countedTwice = 0
    /// Deleted because the file says so.
    public var removed = 0
    /// Rows that say more of a record that another row has brought.
    public var joined = 0

    /// Rows that are left out for what they are, by reason.
    public var skipped: [String: Int] = [:]
    /// What the file has and a record has no field for, by column.
    public var notKept: [String: Int] = [:]

    /// By row, at most `maximumListed` of them.
    public var refused: [Refusal] = []
    public var refusedCount = 0
    /// Of the refused rows those whose key another row has given, which in a file of their own stand alone.
    public var doubled = 0
    /// What a person is told of rows that were taken, at most `maximumListed` of them.
    public var remarks: [String] = []
    /// Some of what happened, at most `maximumSamples` of each sort.
    public var samples: [Sample] = []
    /// Kept figures of which the source says something else than what was last taken from it, at most `maximumListed` of them.
    public var revised: [Sample] = []
    public var revisedCount = 0

    public static let maximumListed = 1000
    public static let maximumReasons = 100
    public static let maximumSamples = 5

    public struct Refusal: Sendable, Equatable {
        /// The number of the row, the header being row 1.
        public let row: Int
        public let reason: String
        public let hint: String?
    }

    /// One record and what became of it.
    public struct Sample: Sendable, Equatable {
        public let what: What
        public let record: RecordAddress
        public let row: Int
        public let fields: [Field]

        public enum What: String, Sendable, CaseIterable {
            case new, changed, kept, conflicted, deleted, removed, unchanged
        }

        public struct Field: Sendable, Equatable {
            public let name: String
            /// What the record has, or had.
            public let before: Value
            /// What the file says.
            public let after: Value
        }
    }

    public init() {}

    public var skippedCount: Int { skipped.values.reduce(0, +) }

    /// Whether rows were refused and no other row says anything of a record.
    public var isAllRefused: Bool {
        let taken = [new, changed, unchanged, kept, deleted, conflicted, removed, joined]
        return refusedCount > 0 && taken.allSatisfy { $0 == 0 }
    }

    mutating func remark(_ text: String) {
        if remarks.count < Self.maximumListed { remarks.append(text) }
    }

    mutating func refuse(row: Int, _ reason: String, hint: String?) {
        refusedCount += 1
        if refused.count < Self.maximumListed {
            refused.append(Refusal(row: row, reason: reason, hint: hint))
        }
    }

    mutating func skip(_ reason: String, by step: Int = 1) {
        // A file that gives a reason of its own for every row does not fill the memory.
        let isKnown = skipped[reason] != nil || skipped.count < Self.maximumReasons
        skipped[isKnown ? reason : "rows for still other reasons", default: 0] += step
    }

    func hasRoom(for what: Sample.What) -> Bool {
        // Of what changes nothing two say enough.
        samples.count { $0.what == what } < (what == .unchanged ? 2 : Self.maximumSamples)
    }
}
