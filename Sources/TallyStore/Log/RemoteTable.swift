import GRDB
import TallyCore

/// Where a file syncs with, and how far that has come. Local to the file.
public struct Remote: Sendable, Equatable {
    public let name: String
    public let url: String
    /// How far the last pull came.
    public let cursor: String?
    /// What the other side was known to hold at the last sync.
    public let vector: RevisionVector?
    public let lastSync: Timestamp?
    /// Why the last pull stopped before its end.
    public let halt: String?

    /// The log that the cursor is of.
    public let epoch: String?

    /// A hub, not a file.
    public var isHub: Bool { Self.isHub(url) }

    /// Whether an address is a hub's; any other is a path.
    public static func isHub(_ address: String) -> Bool { address.contains("://") }

    /// Saved under a name by a person; others are only remembered by their address.
    public var isNamed: Bool { name != url }
}

extension DatasetAccess {
    public func remotes() throws -> [Remote] {
        var remotes: [Remote] = []
        try SQL(
            "SELECT name, url, cursor, vector, last_sync, halt, epoch FROM tally_remote ORDER BY name",
            in: db
        )
        .forEach { row in
            remotes.append(
                Remote(
                    name: row.text(0), url: row.text(1), cursor: row.optionalText(2),
                    vector: row.optionalText(3).flatMap { RevisionVector($0) },
                    lastSync: row.optionalInteger(4).map {
                        Timestamp(milliseconds: Int64($0))
                    }, halt: row.optionalText(5), epoch: row.optionalText(6)))
        }
        return remotes
    }

    public func remote(named name: String) throws -> Remote? {
        try remotes().first { $0.name == name }
    }

    /// Saves a remote; one of that name is replaced, and its cursor forgotten when the address is another.
    public func saveRemote(_ name: String, url: String) throws {
        try SQL(
            """
            INSERT INTO tally_remote (name, url) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET
            epoch = NULL, cursor = NULL, vector = NULL, last_sync = NULL, halt = NULL, url = excluded.url
            WHERE url <> excluded.url
            """, in: db
        ).bind(1, name).bind(2, url).run()
    }

    /// Remembers how far a pull has come.
    ///
    /// - Parameter remote: a saved name, or an address that is no name.
    public func setCursor(_ cursor: String, epoch: String, remote: String) throws {
        try SQL(
            """
            INSERT INTO tally_remote (name, url, epoch, cursor) VALUES (?1, ?1, ?2, ?3)
            ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, cursor = excluded.cursor
            """, in: db
        ).bind(1, remote).bind(2, epoch).bind(3, cursor).run()
    }

    func setVector(_ vector: RevisionVector, remote: String) throws {
        try SQL("UPDATE tally_remote SET vector = ? WHERE name = ?", in: db)
            .bind(1, vector.text).bind(2, remote).run()
    }

    /// Notes that a sync has ended.
    ///
    /// - Parameters:
    ///   - vector: what the other side is now known to hold.
    ///   - halt: why the pull stopped before its end, where it did.
    public func noteSync(
        remote: String, at time: Timestamp, vector: RevisionVector, halt: String?
    ) throws {
        try SQL(
            """
            INSERT INTO tally_remote (name, url, vector, last_sync, halt) VALUES (?1, ?1, ?2, ?3, ?4)
            ON CONFLICT (name) DO UPDATE SET vector = excluded.vector,
            last_sync = excluded.last_sync, halt = excluded.halt
            """, in: db
        ).bind(1, remote).bind(2, vector.text).bind(3, Int(time.milliseconds)).bind(4, halt).run()
    }

    /// How many changesets here the remote was not known to hold at the last sync.
    public func unpushedCount(to remote: Remote) -> Int {
        let known = remote.vector ?? RevisionVector()
        return replicas.rows.values.reduce(0) { $0 + max(0, $1.head.seq - known[$1.replica]) }
    }

    /// Those of the heads that are in the log, by seq and hash.
    public func verified(_ heads: [ReplicaID: Head]) throws -> [ReplicaID: Head] {
        try heads.filter { try has($0.value, of: $0.key) }
    }

    /// Whether the log holds that changeset of a replica, by seq and hash; then it holds all before it.
    public func has(_ head: Head, of replica: ReplicaID) throws -> Bool {
        let own = replicas.rows[replica]?.head
        if own == head { return true }
        guard let own, own.seq > head.seq else { return false }
        return try revisions.find(Revision(replica, head.seq))?.hash == head.hash
    }

    public func allConflictIDs() throws -> Set<String> {
        var ids: Set<String> = []
        try SQL("SELECT DISTINCT id FROM tally_conflict", in: db).forEach { ids.insert($0.text(0)) }
        return ids
    }

    /// The name that the dataset was given.
    public func name() throws -> String { try meta("name") ?? "" }
}

extension DatasetAccess {
    /// The replica that wrote here last, whether or not this machine may write as it.
    public func writingReplica() throws -> ReplicaID? {
        try meta("replica").flatMap { ReplicaID($0) }
    }
}
