import TallyCore
import TallyWire

/// What became of the rows of a sheet that was exported, edited and brought back.
public struct EditedReport: FileReport, Sendable, Equatable {
    public var kind = ""
    public var encoding: TextEncoding?
    /// Rows read, the header and empty ones not counted.
    public var rows = 0

    // MARK: Records

    public var new = 0
    public var changed = 0
    public var unchanged = 0
    /// Rows that say what an earlier row says.
    public var skipped = 0
    /// Deleted by others, and left so.
    public var deleted = 0
    /// Deleted because their rows are gone.
    public var removed = 0
    /// Those whose rows are gone, where that can be told by name; at most `ImportReport.maximumListed` of them.
    public var missing: [RecordAddress] = []
    public var missingCount = 0

    // MARK: Statements and elements

    /// The conflicts that arise: what the sheet changed, others have changed to something else.
    public var conflicts: [ConflictID] = []
    /// What others have changed to something else, and a policy settles.
    public var settled = 0
    /// What others have changed to the same.
    public var same = 0
    /// Left in conflict.
    public var conflicted = 0
    /// Left as it has become since, because it had been written before, by this sheet or by others.
    public var replaced = 0
    /// Records that have changed since the export in what the sheet has as it was exported, and stay so.
    public var stayed = 0

    /// Cells that were taken for untouched though a program has written them otherwise, by field.
    public var rewritten: [String: Int] = [:]
    /// Cells in columns that are no field of the kind, by column.
    public var notKept: [String: Int] = [:]
    public var refused: [ImportReport.Refusal] = []
    public var refusedCount = 0
    public var remarks: [String] = []
    /// Rows whose key was changed and whose record has no row any more; at most `ImportReport.maximumListed` of them.
    public var moved: [Move] = []
    /// Some of what happened, at most `ImportReport.maximumSamples` of each sort.
    public var samples: [Sample] = []

    public struct Move: Sendable, Equatable {
        public let row: Int
        public let from: RecordAddress
        public let to: RecordAddress
        /// What differs, as `partner=MEX`.
        public let parts: [String]
    }

    public struct Sample: Sendable, Equatable {
        public let what: What
        public let record: RecordAddress
        /// nil of a record whose row is gone.
        public let row: Int?
        public let fields: [Field]

        public enum What: String, Sendable, CaseIterable {
            case new, changed, beside, conflicted, replaced, deleted, removed, stayed, rewritten
        }

        public struct Field: Sendable, Equatable {
            public let name: String
            /// What the record has, or had.
            public let before: Value
            /// What the file says.
            public let after: Value
            public let outcome: ThreeWay.Outcome
        }
    }

    public init() {}

    /// Whether rows were refused and no other row says anything of a record.
    public var isAllRefused: Bool {
        refusedCount > 0 && [new, changed, unchanged, deleted, removed].allSatisfy { $0 == 0 }
    }

    mutating func refuse(row: Int, _ reason: String, hint: String?) {
        refusedCount += 1
        if refused.count < ImportReport.maximumListed {
            refused.append(.init(row: row, reason: reason, hint: hint))
        }
    }

    mutating func remark(_ text: String) {
        if remarks.count < ImportReport.maximumListed { remarks.append(text) }
    }

    /// - Parameter conflicts: those that arise.
    mutating func count(_ decision: SheetMerge.Decision, _ conflicts: [Conflict], row: Int?) {
        same += decision.outcomes.count { $0 == .same }
        conflicted += decision.outcomes.count { $0 == .left }
        replaced += decision.outcomes.count { $0 == .replaced }
        self.conflicts += conflicts.map(\.id)
        if conflicts.isEmpty { settled += decision.beside.count }
        let what: Sample.What?
        if decision.edits.contains(.delete) || decision.beside.contains(.delete) {
            removed += 1
            what = decision.beside.isEmpty ? .removed : .beside
        } else if decision.isNew {
            new += 1
            what = .new
        } else if !decision.beside.isEmpty || !decision.edits.isEmpty {
            changed += 1
            what = decision.beside.isEmpty ? .changed : .beside
        } else if decision.isLeftDeleted {
            deleted += 1
            what = .deleted
        } else {
            unchanged += row == nil ? 0 : 1
            what =
                decision.outcomes.contains(.left)
                ? .conflicted : decision.outcomes.contains(.replaced) ? .replaced : nil
        }
        if let what { sample(what, decision.address, row: row, decision.fields) }
        if !decision.staying.isEmpty {
            stayed += 1
            sample(.stayed, decision.address, row: row, decision.staying)
        }
    }

    /// Notes cells that were taken for untouched, of a row that was taken.
    mutating func note(rewritten fields: [Sample.Field], of record: RecordAddress, row: Int) {
        if fields.isEmpty { return }
        for field in fields { rewritten[field.name, default: 0] += 1 }
        sample(.rewritten, record, row: row, fields)
    }

    private mutating func sample(
        _ what: Sample.What, _ record: RecordAddress, row: Int?, _ fields: [Sample.Field]
    ) {
        guard samples.count(where: { $0.what == what }) < ImportReport.maximumSamples else {
            return
        }
        samples.append(Sample(what: what, record: record, row: row, fields: fields))
    }
}
