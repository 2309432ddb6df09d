import TallyCore
import TallyWire

extension DatasetAccess {
    /// For each conflict the latest version of its statement that all sides cover, read from the history of the records;
    /// none where no side saw a value before.
    ///
    /// Every changeset is read once, however many of the conflicts it touched.
    ///
    /// - Complexity: O(changesets that edited the records), and once the index of what the replicas of their sides had seen.
    public func before(_ conflicts: [Conflict]) throws -> [ConflictID: [Value]] {
        let conflicts = conflicts.filter { $0.statement != Conflict.existenceName }
        let revisions = Set(conflicts.flatMap { $0.sides.flatMap(\.revisions) })
        var coverages: [Revision: Coverage] = [:]
        // In the order of each replica's log, in which they are found without going back.
        for revision in revisions.sorted(by: { $0.seq < $1.seq }) {
            coverages[revision] = try coverage(of: revision)
        }
        var asked = conflicts.map { conflict in
            ValueBefore(
                conflict.statement,
                sides: conflict.sides.flatMap(\.revisions).compactMap { coverages[$0] })
        }
        var wanted: [Int: [Int]] = [:]
        for (index, conflict) in conflicts.enumerated() {
            for position in try positions(of: conflict.record) {
                wanted[position, default: []].append(index)
            }
        }
        for (position, indices) in wanted.sorted(by: { $0.key < $1.key }) {
            let info = try self.revisions.info(at: position)
            let covered = indices.filter { asked[$0].isAfter(info.revision) }
            guard !covered.isEmpty else { continue }
            let edits = try edits(of: Set(covered.map { conflicts[$0].record }), at: position)
            for index in covered {
                asked[index].add(edits[conflicts[index].record] ?? [], by: info)
            }
        }
        var result: [ConflictID: [Value]] = [:]
        for (conflict, before) in zip(conflicts, asked) {
            if let latest = before.latest { result[conflict.id] = latest.content }
        }
        return result
    }
}

/// The latest value of a statement that all sides of a conflict over it had seen.
struct ValueBefore {
    private let statement: String
    private let sides: [Coverage]
    /// nil where no side saw a value before.
    private(set) var latest: ValueReason.Stated?

    /// - Parameter sides: of all revisions in conflict, those that say the same among them.
    init(_ statement: String, sides: [Coverage]) {
        (self.statement, self.sides) = (statement, sides)
    }

    /// Whether all sides had seen the revision.
    func isAfter(_ revision: Revision) -> Bool { sides.allSatisfy { $0.covers(revision) } }

    /// Takes in what a changeset did to the record, in order of arrival.
    mutating func add(_ edits: [RecordEdit], by info: RevisionInfo) {
        guard isAfter(info.revision), let value = edits.latestValue(of: statement) else { return }
        if let other = latest?.info,
            (other.at, other.revision.replica) > (info.at, info.revision.replica)
        {
            return
        }
        latest = ValueReason.Stated(content: value, info: info)
    }
}

extension [RecordEdit] {
    /// What the edits write to a statement; of several versions that are put back the last that is not there already.
    fileprivate func latestValue(of statement: String) -> [Value]? {
        flatMap { $0.values(of: statement) }.reduce(into: [[Value]]()) { distinct, value in
            if !distinct.contains(value) { distinct.append(value) }
        }.last
    }
}
