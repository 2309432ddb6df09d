import GRDB
import TallyCore

/// What the copy of a revision had integrated when it wrote it: the `seen` of its replica's changesets up to it.
///
/// Of each replica the vector of the revision that was asked for last is kept, and goes on from there: histories ask in the
/// order of the log. Memory is O(replicas²).
///
/// Not Sendable: it belongs to one access to the database.
final class CoverageIndex {
    private let db: Database
    private var latest: [ReplicaID: Coverage] = [:]
    /// How many rows have been read so far.
    private(set) var readCount = 0

    init(_ db: Database) {
        self.db = db
    }

    /// - Complexity: O(changesets of the replica that named something as seen, after the one that was asked for last); all up
    ///   to the revision when it is an earlier one. No line is read.
    func coverage(of revision: Revision, by replica: ReplicaRow) throws -> Coverage {
        if replica.head.seq == revision.seq { return Coverage(of: revision, seen: replica.seen) }
        var (seen, last) = (RevisionVector(), 0)
        if let known = latest[revision.replica], known.revision.seq <= revision.seq {
            if known.revision == revision { return known }
            (seen, last) = (known.seen, known.revision.seq)
        }
        try SQL(
            "SELECT seen FROM tally_log WHERE replica = ? AND seq > ? AND seq <= ? AND seen <> ''",
            in: db
        ).bind(1, replica.id).bind(2, last).bind(3, revision.seq).forEach { row in
            readCount += 1
            if let names = RevisionVector(row.text(0)) { seen.merge(names) }
        }
        let coverage = Coverage(of: revision, seen: seen)
        latest[revision.replica] = coverage
        return coverage
    }
}
