import GRDB
import TallyCore

/// Which changesets of the log are asked for.
public struct ChangesetFilter: Sendable {
    public var author: String?
    public var machine: String?
    /// Those written then or later.
    public var since: Timestamp?
    /// Those that edit records of the kind.
    public var kind: String?

    public init(
        author: String? = nil, machine: String? = nil, since: Timestamp? = nil, kind: String? = nil
    ) {
        self.author = author
        self.machine = machine
        self.since = since
        self.kind = kind
    }

    /// Whether a person is asked for, and it is not this one.
    public func excludes(authorOf info: RevisionInfo) -> Bool {
        author.map { !$0.hasSameBytes(as: info.author) } ?? false
            || machine.map { !$0.hasSameBytes(as: info.machine) } ?? false
    }
}

extension DatasetAccess {
    /// The changesets that a filter lets through, the latest to arrive first.
    ///
    /// - Complexity: O(changesets of the author) or O(changesets since), whichever is asked for; with neither,
    ///   O(changesets back to where the limit is reached). No line is read.
    public func changesets(_ filter: ChangesetFilter, limit: Int) throws -> [RevisionInfo] {
        // The index is named: without statistics SQLite would as soon walk the whole log backwards.
        let index =
            filter.since != nil
            ? " INDEXED BY tally_log_at"
            : filter.author != nil ? " INDEXED BY tally_log_author" : ""
        var conditions: [String] = []
        if filter.author != nil { conditions.append("l.author = ?1") }
        if filter.machine != nil { conditions.append("l.machine = ?2") }
        if filter.since != nil { conditions.append("l.at >= ?3") }
        if filter.kind != nil { conditions.append("instr(l.kinds, ',' || ?4 || ',') > 0") }
        let condition = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let sql = try SQL(
            """
            SELECT \(RevisionIndex.columns) FROM tally_log l\(index) \
            JOIN tally_replica r ON r.id = l.replica\(condition) ORDER BY l.position DESC LIMIT ?5
            """, in: db
        )
        let bounds: [(Int32, String?)] = [
            (1, filter.author), (2, filter.machine), (4, filter.kind),
        ]
        for (position, text) in bounds where text != nil { sql.bind(position, text) }
        if let since = filter.since { sql.bind(3, Int(since.milliseconds)) }
        var infos: [RevisionInfo] = []
        try sql.bind(5, limit).forEach { infos.append(try RevisionIndex.read($0)) }
        return infos
    }

    /// A filter for the person that is meant by `text`: an author, or `author@machine` where no author has that name.
    public func filter(author text: String?) throws -> ChangesetFilter {
        guard let text else { return ChangesetFilter() }
        let isAuthor =
            try SQL("SELECT 1 FROM tally_log WHERE author = ? LIMIT 1", in: db).bind(1, text)
            .first { _ in true } ?? false
        guard !isAuthor, let at = text.lastIndex(of: "@") else {
            return ChangesetFilter(author: text)
        }
        return ChangesetFilter(
            author: String(text[..<at]), machine: String(text[text.index(after: at)...]))
    }

    /// Who wrote the last changeset of each replica, sorted.
    public var latestAuthors: [String] { Set(replicas.rows.values.map(\.author)).sorted() }
}
