import TallyCore

/// What a capture took of the edits that other tools had made.
public struct Captured: Sendable, Equatable {
    public var added = 0
    public var changed = 0
    public var deleted = 0
    public var refused: [RefusedRow] = []
    /// How many were refused; `refused` names the first of them.
    public var refusedCount = 0
    /// Conflicts that the edits settled: a change to a statement in conflict counts as its resolution.
    public var settled: [Conflict] = []
    public var settledCount = 0
    public var rebuilt: [RebuiltTable] = []
    /// The changesets that hold the edits, and one line for the user when the file goes on as a new replica.
    public var written = Written()

    public init() {}

    /// Nothing is to be told.
    public var isEmpty: Bool {
        added + changed + deleted + refusedCount == 0 && rebuilt.isEmpty
            && written.revisions.isEmpty
    }

    private static let maximumNamed = 100

    mutating func refuse(_ row: RefusedRow) {
        refusedCount += 1
        if refused.count < Self.maximumNamed { refused.append(row) }
    }

    mutating func settle(_ conflicts: [Conflict]) {
        settledCount += conflicts.count
        settled += conflicts.prefix(max(0, Self.maximumNamed - settled.count))
    }
}

/// A table of a kind that another tool had dropped, made anew or left without its triggers, and that was put back.
public struct RebuiltTable: Sendable, Equatable {
    public let kind: String
    public let what: What
    /// Where the table is kept as the other tool made it, when it had columns that no field stands for.
    public let keptAs: String?
    /// What somebody had made on the table and is gone: UNIQUE indices, by which a row that is written takes others with
    /// it, and triggers.
    public let dropped: [String]
    /// How many rows the other tool had read before the record was changed here: they are left as they are, and refused
    /// where they say something else.
    public internal(set) var staleCount = 0

    public init(kind: String, what: What, keptAs: String? = nil, dropped: [String] = []) {
        self.kind = kind
        self.what = what
        self.keptAs = keptAs
        self.dropped = dropped
    }

    public enum What: Sendable, Equatable {
        /// Its rows were compared with the log.
        case compared
        /// It was not there, or could not be read: its rows are those of the log.
        case missing
        /// It held no row: its rows are those of the log.
        case empty
        /// It had not all columns of the key, so that its rows could not be told: they are those of the log.
        case withoutKey
    }
}
