import GRDB
import TallyCore

/// What the log says of a revision, without its line.
public struct RevisionInfo: Sendable, Hashable {
    public let position: Int
    public let revision: Revision
    public let hash: ChangesetHash
    public let at: Timestamp
    public let author: String
    public let machine: String
    public let message: String?
    public let group: Changeset.Group?
    public let isImport: Bool
    public let rowCount: Int
    public let byteCount: Int
}

/// Revisions by position in the log and positions by revision, read when asked for and kept for the access.
///
/// Not Sendable: it belongs to one access to the database.
final class RevisionIndex {
    private let db: Database
    private var byPosition: [Int: RevisionInfo] = [:]
    private var positions: [Revision: Int] = [:]

    /// More than this many are forgotten, so that memory does not grow with the log.
    private static let maximumKept = 50_000

    init(_ db: Database) {
        self.db = db
    }

    static let columns = """
        l.position, r.replica, l.seq, l.hash, l.at, l.author, l.machine, l.message, l.group_id, \
        l.group_part, l.group_last, l.is_import, l.row_count, l.byte_count
        """
    static let select =
        "SELECT \(columns) FROM tally_log l JOIN tally_replica r ON r.id = l.replica"

    static func read(_ row: SQL) throws -> RevisionInfo {
        guard let replica = ReplicaID(row.text(1)), let hash = ChangesetHash(bytes: row.blob(3)),
            row.integer(2) >= 1
        else {
            throw StoreError(damage: "Row \(row.integer(0)) of tally_log cannot be read")
        }
        let group = row.optionalText(8).map {
            Changeset.Group(id: $0, part: row.integer(9), isLast: row.integer(10) == 1)
        }
        return RevisionInfo(
            position: row.integer(0), revision: Revision(replica, row.integer(2)), hash: hash,
            at: Timestamp(milliseconds: Int64(row.integer(4))), author: row.text(5),
            machine: row.text(6), message: row.optionalText(7), group: group,
            isImport: row.integer(11) == 1, rowCount: row.integer(12), byteCount: row.integer(13))
    }

    func info(at position: Int) throws -> RevisionInfo {
        if let info = byPosition[position] { return info }
        let found = try SQL(Self.select + " WHERE l.position = ?", in: db).bind(1, position)
            .first(Self.read)
        guard let info = found else {
            throw StoreError(damage: "The log has no changeset at position \(position)")
        }
        keep(info)
        return info
    }

    func info(of revision: Revision) throws -> RevisionInfo {
        try info(at: try position(of: revision))
    }

    func revision(at position: Int) throws -> Revision { try info(at: position).revision }

    func position(of revision: Revision) throws -> Int {
        if let position = positions[revision] { return position }
        guard let info = try find(revision) else {
            throw StoreError(damage: "The log has no changeset \(revision)")
        }
        return info.position
    }

    /// - Returns: nil when the log does not hold the revision.
    func find(_ revision: Revision) throws -> RevisionInfo? {
        if let position = positions[revision] { return byPosition[position] }
        let info = try SQL(Self.select + " WHERE r.replica = ? AND l.seq = ?", in: db)
            .bind(1, revision.replica.text).bind(2, revision.seq).first(Self.read)
        if let info { keep(info) }
        return info
    }

    func keep(_ info: RevisionInfo) {
        if byPosition.count >= Self.maximumKept {
            byPosition.removeAll(keepingCapacity: true)
            positions.removeAll(keepingCapacity: true)
        }
        byPosition[info.position] = info
        positions[info.revision] = info.position
    }

    /// The times of the revisions of a record, for its verdicts.
    func times(of state: RecordState) throws -> RevisionTimes {
        var times: [Revision: Timestamp] = [:]
        for revision in state.revisions { times[revision] = try info(of: revision).at }
        let known = times
        return { revision in
            guard let time = known[revision] else {
                preconditionFailure("a verdict asks only for the record's own revisions")
            }
            return time
        }
    }
}
