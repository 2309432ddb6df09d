import GRDB
import TallyCore
import TallyWire
import TallyZstd

/// The lines of a log that may be damaged, as far as they can be read, in order of position.
///
/// Rows are scanned as long as that goes; where a scan fails, each position behind is looked up by itself until one is
/// found, from where the scan goes on. Positions only grow, so that pages that lead in a circle end it too. Not Sendable:
/// it lives inside one access to the database.
///
/// - Complexity: O(log), and a look-up for each position that cannot be read.
final class LogSalvage {
    enum Piece {
        case line(position: Int, bytes: [UInt8], member: String?)
        case unreadable(ClosedRange<Int>)
    }

    /// The last position that the log has, or can have.
    let end: Int
    private let db: Database
    private var position = 0
    private var scan: SQL?
    /// A line that was found behind what cannot be read.
    private var pending: Piece?

    /// - Parameter byteCount: the size of the file.
    init(_ db: Database, byteCount: Int) {
        self.db = db
        end = Self.lastPosition(db, byteCount: byteCount)
    }

    /// Every line has a position, and positions have no holes: whichever table can still be read says how many there are.
    private static func lastPosition(_ db: Database, byteCount: Int) -> Int {
        let sources = [
            "SELECT max(position) FROM tally_log", "SELECT sum(seq) FROM tally_replica",
            "SELECT max(position) FROM tally_log INDEXED BY sqlite_autoindex_tally_log_1",
        ]
        let known = sources.compactMap { sql in
            (try? SQL(sql, in: db).first { $0.optionalInteger(0) }) ?? nil
        }
        // No row is smaller than its hash and its signature.
        let most = byteCount / 96
        return min(known.max() ?? most, most)
    }

    /// - Returns: nil at the end.
    /// - Throws: only for what is no damage: an interruption of SQLite, no memory.
    func next() throws -> Piece? {
        if let piece = pending {
            pending = nil
            return piece
        }
        guard position < end else { return nil }
        do {
            let scan = try self.scan ?? Self.rows("> ?1 ORDER BY position", position, in: db)
            self.scan = scan
            guard try scan.step() else { return gap(upTo: end) }
            return found(try Self.read(scan, after: position, upTo: end))
        } catch is Disorder {
        } catch let error as DatabaseError {
            try Self.checkIsDamage(error)
        }
        scan?.reset()
        scan = nil
        return try lookUp()
    }

    private func lookUp() throws -> Piece {
        for candidate in (position + 1)...end {
            do {
                let row = try Self.rows("= ?1", candidate, in: db)
                defer { row.reset() }
                if try row.step() {
                    return found(try Self.read(row, after: candidate - 1, upTo: candidate))
                }
            } catch is Disorder {
            } catch let error as DatabaseError {
                try Self.checkIsDamage(error)
            }
        }
        return gap(upTo: end)
    }

    private struct Row {
        let position: Int
        /// nil when it cannot be unpacked.
        let bytes: [UInt8]?
        let member: String?
    }

    private struct Disorder: Error {}

    private static func rows(_ condition: String, _ position: Int, in db: Database) throws -> SQL {
        try SQL("SELECT position, line, member FROM tally_log WHERE position \(condition)", in: db)
            .bind(1, position)
    }

    private static func read(_ row: SQL, after position: Int, upTo end: Int) throws -> Row {
        let found = row.integer(0)
        guard found > position, found <= end else { throw Disorder() }
        let bytes = try? Zstd.decompress(row.blob(1), limit: Changeset.maximumLineBytes)
        return Row(position: found, bytes: bytes, member: row.optionalText(2))
    }

    private func found(_ row: Row) -> Piece {
        let before = position
        guard let bytes = row.bytes else { return gap(upTo: row.position) }
        position = row.position
        let line = Piece.line(position: row.position, bytes: bytes, member: row.member)
        if row.position == before + 1 { return line }
        pending = line
        return .unreadable((before + 1)...(row.position - 1))
    }

    private func gap(upTo last: Int) -> Piece {
        defer { position = last }
        return .unreadable((position + 1)...last)
    }

    private static func checkIsDamage(_ error: DatabaseError) throws {
        switch error.resultCode {
        case .SQLITE_INTERRUPT, .SQLITE_BUSY: throw error
        default: return
        }
    }
}
