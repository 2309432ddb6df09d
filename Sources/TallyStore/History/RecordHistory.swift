import TallyCore
import TallyWire

/// What the log says of one record: every changeset that edited it, in order of arrival, which is causal.
public struct RecordHistory: Sendable {
    public struct Entry: Sendable {
        public let info: RevisionInfo
        public let coverage: Coverage
        /// What the changeset does to this record; never empty.
        public let edits: [RecordEdit]

        public var revision: Revision { info.revision }
    }

    public let address: RecordAddress
    public let entries: [Entry]

    /// How many entries of histories are held at once: some 30 MB of figures.
    public static let stepsAtOnce = 40_000

    /// The state that the changesets for which `isIncluded` holds come to.
    ///
    /// - Complexity: O(edits of the record).
    public func state(_ isIncluded: (Entry) -> Bool = { _ in true }) -> RecordState {
        var state = RecordState()
        for entry in entries where isIncluded(entry) {
            for edit in entry.edits { state.apply(edit, by: entry.coverage) }
        }
        return state
    }

    /// What an import last wrote to a statement; nil where none has.
    public func lastImported(_ statement: String) -> [Value]? {
        entries.reversed().lazy.filter(\.info.isImport)
            .compactMap { $0.edits.lazy.compactMap { $0.values(of: statement).last }.last }.first
    }
}

extension DatasetAccess {
    /// - Complexity: O(rows of the changesets that edited the record); no other line is read. Of the replicas that wrote them
    ///   the index of what they had seen is read once.
    public func history(of address: RecordAddress) throws -> RecordHistory {
        try histories(of: [address])[0]
    }

    /// The histories of several records, in their order. A changeset is read once, however many of them it edited.
    ///
    /// - Complexity: O(rows of the changesets that edited them), and once the index of what their replicas had seen up to the
    ///   last of these; memory for all that they say of these records.
    public func histories(of addresses: [RecordAddress]) throws -> [RecordHistory] {
        var wanted: [Int: Set<RecordAddress>] = [:]
        for address in addresses {
            for position in try positions(of: address) {
                wanted[position, default: []].insert(address)
            }
        }
        var entries: [RecordAddress: [RecordHistory.Entry]] = [:]
        for (position, records) in wanted.sorted(by: { $0.key < $1.key }) {
            let info = try revisions.info(at: position)
            let coverage = try coverage(of: info.revision)
            for (address, edits) in try edits(of: records, at: position) {
                entries[address, default: []].append(
                    RecordHistory.Entry(info: info, coverage: coverage, edits: edits))
            }
        }
        return addresses.map { RecordHistory(address: $0, entries: entries[$0] ?? []) }
    }

    /// What a changeset does to some records.
    ///
    /// - Complexity: O(bytes of the line); the rows of other records are passed over unread.
    func edits(
        of records: Set<RecordAddress>, at position: Int
    ) throws -> [RecordAddress: [RecordEdit]] {
        guard let bytes = try log.line(at: position) else {
            throw StoreError(damage: "The log has no changeset at position \(position)")
        }
        do throws(LineFault) {
            return try ChangesetLine.edits(of: records, inChecked: bytes, kinds: kinds)
                .edits(of: records, kinds: kinds)
        } catch { throw unreadable(position, error) }
    }
}

extension [Edit] {
    /// What the edits do to some records.
    ///
    /// - Complexity: O(rows).
    fileprivate func edits(
        of records: Set<RecordAddress>, kinds: KindCatalog
    ) -> [RecordAddress: [RecordEdit]] {
        var result: [RecordAddress: [RecordEdit]] = [:]
        for edit in self {
            let plan = EditPlan(edit, kind: kinds[edit.kind])
            for row in edit.rows {
                let address = RecordAddress(kind: edit.kind, key: row.key)
                guard records.contains(address) else { continue }
                result[address, default: []] += plan.recordEdits(of: row)
            }
        }
        return result
    }
}
