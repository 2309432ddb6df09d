import GRDB
import TallyCore

/// A moment of the history: which changesets had been written, or had come to a copy, by then.
///
/// The state of a record at a moment is what its changesets of that moment come to under the policies that hold now:
/// `history.state { moment.contains($0.info) }` (DESIGN.md section 14).
public enum HistoryMoment: Sendable {
    /// All that the copy of a revision had integrated when it wrote it, and the revision itself.
    case revision(Coverage)
    /// The changesets whose `at` is not later.
    case time(Timestamp)
    /// What somebody is known to hold.
    case vector(RevisionVector)
    /// Everything in the file.
    case now

    /// - Complexity: O(1).
    public func contains(_ info: RevisionInfo) -> Bool {
        switch self {
        case .revision(let coverage):
            return info.revision == coverage.revision || coverage.covers(info.revision)
        case .time(let time): return info.at <= time
        case .vector(let vector): return vector.contains(info.revision)
        case .now: return true
        }
    }

    /// The vector of all that the moment contains; nil for a time, which has none.
    fileprivate func vector(now: RevisionVector) -> RevisionVector? {
        switch self {
        case .revision(let coverage):
            var vector = coverage.seen
            vector[coverage.revision.replica] = coverage.revision.seq
            return vector
        case .time: return nil
        case .vector(let vector): return vector
        case .now: return now
        }
    }
}

extension DatasetAccess {
    /// The positions of the changesets that are in exactly one of two moments, in order.
    ///
    /// - Parameter kind: only those that edit records of the kind; nil for any.
    /// - Complexity: O(result) for two times, for two revisions or vectors, and for either and now. For a time and a
    ///   revision O(changesets since the earlier of the two). No line is read.
    func positions(
        between a: HistoryMoment, and b: HistoryMoment, kind: String? = nil
    ) throws -> [Int] {
        let now = vector
        var positions: Set<Int> = []
        switch (a.vector(now: now), b.vector(now: now)) {
        case (let x?, let y?):
            for row in replicas.rows.values {
                let seqs = [x[row.replica], y[row.replica]].sorted()
                try collect(of: row, after: seqs[0], to: seqs[1], kind, into: &positions) { _ in
                    true
                }
            }
        case (nil, let vector?): try collect(beyond: vector, a, kind, into: &positions)
        case (let vector?, nil): try collect(beyond: vector, b, kind, into: &positions)
        case (nil, nil):
            guard case .time(let x) = a, case .time(let y) = b else { break }
            try collect(after: min(x, y), to: max(x, y), kind, into: &positions) { _ in true }
        }
        return positions.sorted()
    }

    /// Those that are in a vector or in a time, not in both.
    private func collect(
        beyond vector: RevisionVector, _ moment: HistoryMoment, _ kind: String?,
        into positions: inout Set<Int>
    ) throws {
        guard case .time(let time) = moment else { return }
        try collect(after: time, to: nil, kind, into: &positions) { vector.contains($0.revision) }
        for row in replicas.rows.values {
            let known = vector[row.replica]
            try collect(of: row, after: known, to: row.head.seq, kind, into: &positions) {
                $0.at <= time
            }
        }
    }

    private func collect(
        after first: Timestamp, to last: Timestamp?, _ kind: String?,
        into positions: inout Set<Int>,
        where isIn: (RevisionInfo) -> Bool
    ) throws {
        let sql = try SQL(RevisionIndex.select + Self.ofKind + "l.at > ?2 AND l.at <= ?3", in: db)
            .bind(1, kind).bind(2, Int(first.milliseconds))
            .bind(3, last.map { Int($0.milliseconds) } ?? .max)
        try sql.forEach { row in
            let info = try RevisionIndex.read(row)
            if isIn(info) { positions.insert(info.position) }
        }
    }

    private func collect(
        of replica: ReplicaRow, after first: Int, to last: Int, _ kind: String?,
        into positions: inout Set<Int>, where isIn: (RevisionInfo) -> Bool
    ) throws {
        guard first < last else { return }
        let sql = try SQL(
            RevisionIndex.select + Self.ofKind + "l.replica = ?2 AND l.seq > ?3 AND l.seq <= ?4",
            in: db
        ).bind(1, kind).bind(2, replica.id).bind(3, first).bind(4, last)
        try sql.forEach { row in
            let info = try RevisionIndex.read(row)
            if isIn(info) { positions.insert(info.position) }
        }
    }

    private static let ofKind = " WHERE (?1 IS NULL OR instr(l.kinds, ',' || ?1 || ',') > 0) AND "
}
