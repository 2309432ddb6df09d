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
}

extension DatasetAccess {
    /// - Complexity: O(rows of the changesets that edited the record); the rest of the log is not read.
    public func history(of address: RecordAddress) throws -> RecordHistory {
        try histories(of: [address])[0]
    }

    /// The histories of several records, in their order. A changeset is read once, however many of them it edited.
    ///
    /// - Complexity: O(rows of the changesets that edited them); memory for all that they say of these records.
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
            for (address, edits) in try changeset(at: position).edits(of: records, kinds: kinds) {
                entries[address, default: []].append(
                    RecordHistory.Entry(info: info, coverage: coverage, edits: edits))
            }
        }
        return addresses.map { RecordHistory(address: $0, entries: entries[$0] ?? []) }
    }
}

extension Changeset {
    /// What the changeset does to some records.
    ///
    /// - Complexity: O(rows).
    func edits(
        of records: Set<RecordAddress>, kinds: KindCatalog
    ) -> [RecordAddress: [RecordEdit]] {
        var result: [RecordAddress: [RecordEdit]] = [:]
        for edit in edits {
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
