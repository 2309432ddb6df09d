import GRDB
import TallyCore
import TallyStore
import TallyWire

/// The members of a hub and their tokens: `DIR/hub.sqlite`.
///
/// Read anew for each request, so that a token made or revoked by another process counts at once.
public final class MemberStore: Sendable {
    public let path: String
    private let queue: DatabaseQueue

    /// A member as a token shows them.
    struct Member: Sendable, Equatable {
        let name: String
        let roles: [String: Role]
    }

    /// Opens the file, and makes it where there is none.
    ///
    /// - Throws: `StoreError`.
    public init(path: String) throws {
        self.path = path
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        queue = try Self.wrapped(path) {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            do {
                try Self.prepare(queue, path: path)
                return queue
            } catch {
                try? queue.close()
                throw error
            }
        }
    }

    /// `TALH`.
    private static let applicationID = 0x5441_4c48
    private static let format = 1

    private static func prepare(_ queue: DatabaseQueue, path: String) throws {
        try queue.writeWithoutTransaction { db in
            let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
            let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
            guard application == applicationID || tables == 0 else {
                throw StoreError(
                    .notADataset, "\(path) is an SQLite file of another program, not of a hub",
                    hint: "Nothing was changed. Name another folder with --data DIR.")
            }
            guard version <= format else {
                throw StoreError(
                    .newerFormat,
                    "\(path) is of format \(version); this version of tally-hub reads \(format)",
                    hint: "Nothing was changed. Install a newer version.")
            }
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            if version == format { return }
            try db.inTransaction(.immediate) {
                // Another process may have made the tables meanwhile.
                try db.execute(sql: tablesSQL)
                try db.execute(
                    sql: """
                        PRAGMA application_id = \(applicationID);
                        PRAGMA user_version = \(format);
                        """)
                return .commit
            }
        }
    }

    private static let tablesSQL = """
        -- A token of a member; hash is the SHA-256 of its text, in hexadecimal. Times are in milliseconds since 1970.
        CREATE TABLE IF NOT EXISTS token (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            hash TEXT NOT NULL UNIQUE,
            created INTEGER NOT NULL,
            revoked INTEGER
        ) STRICT;
        -- What a token may do with a dataset, which need not exist yet.
        CREATE TABLE IF NOT EXISTS token_role (
            token INTEGER NOT NULL REFERENCES token(id),
            dataset TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('reader', 'writer', 'admin')),
            revoked INTEGER,
            PRIMARY KEY (token, dataset)
        ) STRICT, WITHOUT ROWID;
        """

    /// Closes the file; the last to close leaves one file behind.
    public func close() { try? queue.close() }

    // MARK: Tokens

    /// Makes a token.
    ///
    /// - Parameter datasets: names; the datasets need not exist yet.
    public func createToken(
        name: String, datasets: [String], role: Role, at time: Timestamp,
        randomBytes: (Int) -> [UInt8] = Workplace.systemRandomBytes
    ) throws -> AccessToken {
        guard Shape.isLine(name, maximumBytes: 64), !name.contains(" ") else {
            throw StoreError(
                .badInput, "\(JSONValue.string(name).text) is no name of a member",
                hint: "A name has 1 to 64 bytes and no spaces: --name mina")
        }
        for dataset in datasets { try Self.check(dataset: dataset) }
        let token = AccessToken(randomBytes: randomBytes(AccessToken.randomByteCount))
        try write { db in
            try db.execute(
                sql: "INSERT INTO token (name, hash, created) VALUES (?, ?, ?)",
                arguments: [name, token.hash, time.milliseconds])
            let id = db.lastInsertedRowID
            for dataset in Set(datasets).sorted() {
                try db.execute(
                    sql: "INSERT INTO token_role (token, dataset, role) VALUES (?, ?, ?)",
                    arguments: [id, dataset, role.rawValue])
            }
        }
        return token
    }

    private static func check(dataset: String) throws(StoreError) {
        guard DatasetName.isValid(dataset) else {
            throw StoreError(
                .badInput, "\(JSONValue.string(dataset).text) is no name of a dataset",
                hint: "Names are 1 to 64 of a-z, 0-9 and -, not beginning with -: --dataset korea")
        }
    }

    /// Ends the tokens of a member, or what they may do with one dataset; a token with nothing left ends.
    ///
    /// - Returns: how many tokens were changed; 0 when there is none in force.
    public func revoke(name: String, dataset: String? = nil, at time: Timestamp) throws -> Int {
        if let dataset { try Self.check(dataset: dataset) }
        return try write { db in
            if let dataset {
                try db.execute(
                    sql: """
                        UPDATE token_role SET revoked = ? WHERE dataset = ? AND revoked IS NULL
                        AND token IN (SELECT id FROM token WHERE name = ? AND revoked IS NULL)
                        """, arguments: [time.milliseconds, dataset, name])
                let count = db.changesCount
                try db.execute(
                    sql: """
                        UPDATE token SET revoked = ? WHERE name = ? AND revoked IS NULL AND NOT EXISTS
                        (SELECT 1 FROM token_role WHERE token = token.id AND revoked IS NULL)
                        """, arguments: [time.milliseconds, name])
                return count
            }
            try db.execute(
                sql: "UPDATE token SET revoked = ? WHERE name = ? AND revoked IS NULL",
                arguments: [time.milliseconds, name])
            return db.changesCount
        }
    }

    /// A row of the list of tokens: one a token and dataset.
    public struct TokenRow: Sendable, Equatable {
        public let name: String
        public let dataset: String
        public let role: Role
        public let created: Timestamp
        public let revoked: Timestamp?
    }

    /// All tokens, sorted by name, dataset and time.
    public func tokens() throws -> [TokenRow] {
        try Self.wrapped(path) {
            try queue.read { db in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT name, dataset, role, created, coalesce(t.revoked, r.revoked) AS revoked
                        FROM token t JOIN token_role r ON r.token = t.id
                        ORDER BY name, dataset, created, t.id
                        """
                ).compactMap { row in
                    guard let role = Role(rawValue: row["role"]) else { return nil }
                    let revoked: Int64? = row["revoked"]
                    return TokenRow(
                        name: row["name"], dataset: row["dataset"], role: role,
                        created: Timestamp(milliseconds: row["created"]),
                        revoked: revoked.map { Timestamp(milliseconds: $0) })
                }
            }
        }
    }

    /// - Returns: nil when there is no such token in force.
    func member(token: String) throws -> Member? {
        let hash = AccessToken.hash(of: token)
        return try Self.wrapped(path) {
            try queue.read { db in
                let statement = try db.cachedStatement(
                    sql: """
                        SELECT t.name, r.dataset, r.role FROM token t
                        LEFT JOIN token_role r ON r.token = t.id AND r.revoked IS NULL
                        WHERE t.hash = ? AND t.revoked IS NULL
                        """)
                var name: String?
                var roles: [String: Role] = [:]
                for row in try Row.fetchAll(statement, arguments: [hash]) {
                    name = row[0]
                    let dataset: String? = row[1]
                    let role: String? = row[2]
                    if let dataset { roles[dataset] = role.flatMap { Role(rawValue: $0) } }
                }
                return name.map { Member(name: $0, roles: roles) }
            }
        }
    }

    // MARK: Access

    private func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try Self.wrapped(path) {
            try queue.writeWithoutTransaction { db in
                var result: Result?
                try db.inTransaction(.immediate) {
                    result = try body(db)
                    return .commit
                }
                guard let result else { preconditionFailure("what committed has run") }
                return result
            }
        }
    }

    private static func wrapped<Result>(_ path: String, _ body: () throws -> Result) throws
        -> Result
    {
        do {
            return try body()
        } catch let error as DatabaseError {
            let failure = StoreError(error, path: path)
            guard failure.code == .damaged else { throw failure }
            throw StoreError(.damaged, failure.message, hint: "Restore a backup of \(path).")
        }
    }
}
