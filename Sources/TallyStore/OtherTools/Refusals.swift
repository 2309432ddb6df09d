import GRDB
import TallyCore
import TallySchema
import TallyWire

/// A row that another tool wrote and that is not valid: set back, and kept in `tally_refused` as it was typed.
public struct RefusedRow: Sendable, Equatable {
    public let kind: String
    /// The address; nil for a row without a whole key.
    public let record: String?
    public let reason: String
}

/// `tally_refused`: what another tool typed and what could not be taken. Local to this file, never synced.
struct RefusalTable {
    let access: DatasetAccess

    /// - Parameters:
    ///   - typed: the columns as the other tool left them.
    ///   - at: nil for now, by the clock of the machine.
    func insert(
        _ row: RefusedRow, typed: [(column: String, value: SQLValue)], at: Timestamp?
    ) throws {
        try access.db.execute(sql: TallySchema.refusals)
        let json = JSONValue.object(typed.map { JSONValue.Member($0.column, $0.value.json) })
        try SQL(
            """
            INSERT INTO tally_refused (at, kind, record, reason, typed)
            VALUES (coalesce(?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), ?, ?, ?, ?)
            """, in: access.db
        ).bind(1, at?.text).bind(2, row.kind).bind(3, row.record).bind(4, row.reason)
            .bind(5, json.text).run()
    }
}

extension DatasetAccess {
    /// How many rows stand in `tally_refused`; none where somebody dropped it.
    public func refusedCount() throws -> Int {
        guard try db.tableExists("tally_refused") else { return 0 }
        return try SQL("SELECT count(*) FROM tally_refused", in: db).first { $0.integer(0) } ?? 0
    }
}

extension SQLValue {
    /// As JSON; bytes and numbers that JSON has no form for as SQL writes them.
    fileprivate var json: JSONValue {
        switch self {
        case .null: return .null
        case .integer(let integer):
            let number = Double(integer)
            return Int64(exactly: number) == integer ? .number(number) : .string(String(integer))
        case .real(let number): return number.isFinite ? .number(number) : .string("\(number)")
        case .text(let text): return .string(text)
        case .blob(let bytes):
            let digits = bytes.map { byte in
                let hex = String(byte, radix: 16)
                return byte < 16 ? "0" + hex : hex
            }
            return .string("x'\(digits.joined())'")
        }
    }
}
