/// What became of the rows of an import.
public struct ImportReport: Sendable, Equatable {
    public var new = 0
    public var changed = 0
    public var unchanged = 0
    /// Left as a person last wrote them, in part or whole; a record that was changed beside it counts there too.
    public var kept = 0
    /// Left deleted.
    public var deleted = 0
    /// Left in conflict, in part or whole; a record that was changed beside it counts there too.
    public var conflicted = 0
    public var skipped = 0
    /// By row, at most `maximumListed` of them.
    public var refused: [Refusal] = []
    public var refusedCount = 0
    /// What a person is told of rows that were taken, at most `maximumListed` of them.
    public var remarks: [String] = []

    public static let maximumListed = 1000

    public struct Refusal: Sendable, Equatable {
        /// The number of the row, the header being row 1.
        public let row: Int
        public let reason: String
        public let hint: String?
    }

    public init() {}

    mutating func remark(_ text: String) {
        if remarks.count < Self.maximumListed { remarks.append(text) }
    }

    mutating func refuse(row: Int, _ reason: String, hint: String?) {
        refusedCount += 1
        if refused.count < Self.maximumListed {
            refused.append(Refusal(row: row, reason: reason, hint: hint))
        }
    }
}

/// What an import may do beside adding and updating.
public struct ImportOptions: Sendable {
    /// Replace what a person last wrote.
    public var overwrite = false
    /// Bring back records that were deleted.
    public var restore = false
    /// Settle conflicts with what the file says.
    public var resolve = false
    /// Leave bad rows out; otherwise one refuses the import.
    public var skipBad = false

    public init() {}
}
