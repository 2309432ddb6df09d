import GRDB
import StoreTestSupport
import TallySimulator

/// Transactions, checkpoints and a close on one SQLite file, with what was acknowledged.
struct DiskWorkload {
    let path: String
    var journal = "wal"
    var synchronous = "FULL"

    static let transactions = 8

    /// How many transactions were acknowledged, and whether one more was on its way.
    private(set) var acknowledged = 0
    private(set) var isInFlight = false

    init(path: String, journal: String = "wal", synchronous: String = "FULL") {
        self.path = path
        self.journal = journal
        self.synchronous = synchronous
    }

    /// The rows after so many transactions: each adds two that fill a page, changes one of before and deletes one.
    static func rows(after transactions: Int) -> [String] {
        var rows: [Int: Int] = [:]
        for number in stride(from: 1, through: transactions, by: 1) {
            rows[2 * number] = number
            rows[2 * number + 1] = number
            if number > 1 { rows[2 * number - 2] = number }
            if number > 2 { rows[2 * number - 3] = nil }
        }
        return rows.sorted { $0.key < $1.key }.map { "\($0.key): \(text($0.value))" }
    }

    private static func text(_ number: Int) -> String {
        String(repeating: "\(number % 10)", count: 3000)
    }

    private static func transaction(_ number: Int, in db: Database) throws {
        if number == 1 { try db.execute(sql: "CREATE TABLE notes (id INTEGER PRIMARY KEY, text)") }
        for id in [2 * number, 2 * number + 1] {
            try db.execute(sql: "INSERT INTO notes VALUES (?, ?)", arguments: [id, text(number)])
        }
        try db.execute(
            sql: "UPDATE notes SET text = ? WHERE id = ?",
            arguments: [text(number), number > 1 ? 2 * number - 2 : 0])
        try db.execute(
            sql: "DELETE FROM notes WHERE id = ?", arguments: [number > 2 ? 2 * number - 3 : 0])
    }

    /// Runs until the end or the first error.
    mutating func run() throws {
        let queue = try open()
        defer { try? queue.close() }
        for number in 1...Self.transactions {
            isInFlight = true
            try queue.write { try Self.transaction(number, in: $0) }
            acknowledged = number
            isInFlight = false
            if number % 3 == 0, journal == "wal" {
                try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
            }
        }
        try queue.close()
    }

    func open() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.prepareDatabase { [journal, synchronous] db in
            try db.execute(
                sql: "PRAGMA journal_mode = \(journal); PRAGMA synchronous = \(synchronous)")
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Nil when the file is whole, and holds what was acknowledged or also what was in flight.
    func fault() throws -> String? {
        do {
            let queue = try open()
            defer { try? queue.close() }
            let (integrity, rows) = try queue.read { db in
                let integrity = try String.fetchAll(db, sql: "PRAGMA integrity_check")
                guard try db.tableExists("notes") else { return (integrity, [String]()) }
                return (
                    integrity,
                    try String.fetchAll(
                        db, sql: "SELECT ifnull(id || ': ' || text, '') FROM notes ORDER BY id")
                )
            }
            guard integrity == ["ok"] else { return "not whole: \(integrity)" }
            let wanted = [acknowledged] + (isInFlight ? [acknowledged + 1] : [])
            guard wanted.contains(where: { Self.rows(after: $0) == rows }) else {
                let found = (0...Self.transactions).first { Self.rows(after: $0) == rows }
                return "\(acknowledged) acknowledged, found \(found.map(String.init) ?? "others")"
            }
            return nil
        } catch let error as DatabaseError {
            return "\(error)"
        }
    }
}
