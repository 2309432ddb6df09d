import TallyCore
import TallyWire

extension DatasetAccess {
    /// For each conflict the latest version of its statement that all sides cover, read from the history of the records;
    /// none where no side saw a value before.
    ///
    /// Every changeset is read once, however many of the conflicts it touched.
    ///
    /// - Complexity: O(changesets that edited the records).
    public func before(_ conflicts: [Conflict]) throws -> [ConflictID: [Value]] {
        var coverages: [Revision: Coverage] = [:]
        var wanted: [Int: [(conflict: Conflict, sides: [Coverage])]] = [:]
        for conflict in conflicts where conflict.statement != Conflict.existenceName {
            let sides = try conflict.sides.flatMap(\.revisions).map { revision in
                let coverage = try coverages[revision] ?? coverage(of: revision)
                coverages[revision] = coverage
                return coverage
            }
            for position in try positions(of: conflict.record) {
                wanted[position, default: []].append((conflict, sides))
            }
        }
        var latest: [ConflictID: (value: [Value], info: RevisionInfo)] = [:]
        for (position, group) in wanted.sorted(by: { $0.key < $1.key }) {
            let info = try revisions.info(at: position)
            let covered = group.filter { $0.sides.allSatisfy { $0.covers(info.revision) } }
            guard !covered.isEmpty else { continue }
            let edits = try edits(
                of: Set(covered.map(\.conflict.record)), at: position)
            for (conflict, _) in covered {
                guard let value = edits[conflict.record]?.latestValue(of: conflict.statement)
                else { continue }
                if let other = latest[conflict.id]?.info,
                    (other.at, other.revision.replica) > (info.at, info.revision.replica)
                {
                    continue
                }
                latest[conflict.id] = (value, info)
            }
        }
        return latest.mapValues(\.value)
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
