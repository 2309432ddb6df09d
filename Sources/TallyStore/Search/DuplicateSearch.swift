import TallyCore

/// Two records that may be one.
public struct LikelyDuplicate: Sendable, Equatable {
    /// The one that says more; of two that say as much the one whose key comes first.
    public let keep: RecordAddress
    public let duplicate: RecordAddress
    public let reason: Reason

    public enum Reason: Sendable, Equatable {
        /// The same title but for case and punctuation, within ``TitleDuplicates/nearDays`` days.
        case title
        /// Dates that can be the same, and titles that share most of their words.
        case date
        /// The same web page in a set field, on the same day.
        case page(String)
        /// Keys that differ in the spelling of this part, and figures that agree.
        case spelling(field: String)
    }
}

extension DatasetAccess {
    /// Records of a kind of which two may be one, sorted.
    ///
    /// The rule follows the description of the kind. Where a key can be derived from what the record says (an event), a
    /// record is known by its title and date: see ``TitleDuplicates``. Else (trade) it is known by its key: see
    /// ``SpellingDuplicates``.
    ///
    /// - Parameter check: called now and then; what it throws ends the search.
    /// - Complexity: of the first rule O(records) memory; records are compared within blocks only.
    public func likelyDuplicates(
        of kind: Kind, check: () throws -> Void = {}
    ) throws -> [LikelyDuplicate] {
        let found: [LikelyDuplicate]
        if var search = TitleDuplicates(kind) {
            try forEachRow(of: kind) { search.take($0) }
            found = try search.pairs(check)
        } else {
            found = try SpellingDuplicates.searches(of: kind).flatMap { rule in
                var rule = rule
                try forEachRow(of: kind, orderedBy: rule.order) { rule.take($0) }
                return rule.found
            }
        }
        return found.sorted { ($0.keep, $0.duplicate) < ($1.keep, $1.duplicate) }
    }

    private func forEachRow(
        of kind: Kind, orderedBy fields: [String], _ body: (RecordRow) throws -> Void
    ) throws {
        let table = try records.readableTable(kind)
        try SQL(table.selectAll(orderedBy: fields), in: db)
            .forEach { try body(RecordTable.readRow($0, table: table)) }
    }
}

extension LikelyDuplicate {
    /// - Parameter weights: how much each says.
    init(
        _ a: RecordKey, _ b: RecordKey, weights: (Int, Int), of kind: Kind, _ reason: Reason
    ) {
        let isFirst = weights.0 == weights.1 ? a < b : weights.0 > weights.1
        keep = RecordAddress(kind: kind.name, key: isFirst ? a : b)
        duplicate = RecordAddress(kind: kind.name, key: isFirst ? b : a)
        self.reason = reason
    }
}

extension RecordRow {
    /// How many fields say something.
    var weight: Int { values.count + sets.values.filter { !$0.isEmpty }.count }
}
