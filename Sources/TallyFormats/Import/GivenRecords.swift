import TallyCore
import TallyStore

/// Which records the rows of a file have given so far: each as a whole, or part by part by several rows.
///
/// A record in parts is one deed and counts once. Of a record that is brought back, what it held in the parts that are
/// still to come is taken away only when the file has ended without them.
///
/// - Complexity: O(1) per record; see ``RowLedger`` for its memory.
struct GivenRecords {
    private var ledger = RowLedger()
    private var hasParts = false
    /// Of records that are brought back in parts: what takes away what they held in parts that have not come.
    private var restored: [RecordAddress: [(part: String, edit: RecordEdit)]] = [:]

    func has(_ hashes: Hashes) -> Bool {
        ledger.entry(hashes.whole) != nil || ledger.entry(hashes.inParts) != nil
    }

    /// The earlier row that gives the record, or the same part of it, and whether it says the same.
    func earlier(
        _ record: RecordAddress, isPart: Bool, _ mark: Mark
    ) -> (row: Int, isSame: Bool)? {
        // As a whole by one row and in parts by another says two things of one record.
        if isPart || hasParts {
            let hashes = Hashes(record)
            let other = ledger.entry(isPart ? hashes.whole : hashes.inParts)
            if let other { return (other.row, false) }
        }
        return ledger.entry(mark.record).map { ($0.row, $0.content == mark.content) }
    }

    /// What of a record its row says: what is of no part comes from the first row of the record.
    func limited(_ record: RowRecord) -> RowRecord {
        guard let part = record.part, case .put(var input) = record.change else { return record }
        let isFirst = !isJoined(record)
        input.values = input.values.filter { name, _ in
            part.fields.contains(name)
                || (isFirst && !part.all.values.contains { $0.contains(name) })
        }
        if !isFirst { input.added = [] }
        var limited = record
        limited.change = .put(input)
        return limited
    }

    /// The edits that the row of a record makes.
    ///
    /// Earlier rows have created the record or brought it back, which shows only when a line of the log is full; what
    /// later rows may say of one that is brought back waits for them.
    mutating func edits(
        of outcome: RecordImporter.Outcome, _ record: RowRecord
    ) -> [RecordEdit] {
        guard let part = record.part else { return outcome.edits }
        if isJoined(record) {
            return outcome.edits.filter {
                fields(of: $0, record.kind).contains { part.fields.contains($0) }
            }
        }
        guard outcome.before.isGone else { return outcome.edits }
        var own: [RecordEdit] = []
        for edit in outcome.edits {
            let fields = fields(of: edit, record.kind)
            let other = part.all.first {
                $0.key != part.name && fields.contains(where: $0.value.contains)
            }
            if let other {
                restored[record.address, default: []].append((other.key, edit))
            } else {
                own.append(edit)
            }
        }
        return own
    }

    /// Notes what a row gives.
    ///
    /// - Returns: as what the record counts now, and as what it did after earlier rows.
    mutating func note(
        _ record: RowRecord, _ mark: Mark, _ outcomes: OutcomeCount, row: Int
    ) -> (now: OutcomeCount, before: OutcomeCount?) {
        note(mark, row: row)
        guard record.part != nil else { return (outcomes, nil) }
        let hashes = Hashes(record.address)
        hasParts = true
        let entry = ledger.entry(hashes.inParts)
        let before = entry.map { OutcomeCount(rawValue: $0.content) }
        let now = outcomes.union(before ?? [])
        ledger.note(hashes.inParts, content: now.rawValue, row: entry?.row ?? row)
        return (now, before)
    }

    /// Notes a record that a row gives as a whole.
    mutating func note(_ mark: Mark, row: Int) {
        ledger.note(mark.record, content: mark.content, row: row)
    }

    /// What takes away what records that were brought back held in parts that the file has not given.
    var leftOfRestored: [(record: RecordAddress, edits: [RecordEdit])] {
        restored.sorted { $0.key < $1.key }.map { address, edits in
            let hashes = Hashes(address)
            return (address, edits.filter { ledger.entry(hashes.part($0.part)) == nil }.map(\.edit))
        }
    }

    /// Whether a part of the record was taken from an earlier row.
    func isJoined(_ record: RowRecord) -> Bool {
        record.part != nil && ledger.entry(Hashes(record.address).inParts) != nil
    }

    private func fields(of edit: RecordEdit, _ kind: Kind) -> [String] {
        guard case .set(let statement, _) = edit else { return [] }
        return kind.statement(of: statement)?.fields ?? [statement]
    }

    /// How the ledger knows what a row says: which record, or part of one, and what of it.
    struct Mark {
        let record: UInt64
        let content: UInt32

        init(_ record: RowRecord) {
            self.record = Hashes(record.address).own(of: record)
            content = UInt32(truncatingIfNeeded: RowLedger.hash(record.content))
        }
    }

    /// How the ledger knows a record: as a whole, as one in parts, and each part of it.
    struct Hashes {
        private let record: RecordAddress

        init(_ record: RecordAddress) {
            self.record = record
        }

        var whole: UInt64 { RowLedger.hash(record) }
        var inParts: UInt64 { part("") }

        func part(_ name: String) -> UInt64 {
            RowLedger.hash(PartOfRecord(record: record, part: name))
        }

        func own(of record: RowRecord) -> UInt64 { record.part.map { part($0.name) } ?? whole }

        private struct PartOfRecord: Hashable {
            let record: RecordAddress
            let part: String
        }
    }
}
