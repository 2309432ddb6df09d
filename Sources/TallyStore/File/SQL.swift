import GRDB
import GRDBSQLite
import TallyCore

/// A prepared statement that is bound and stepped directly.
///
/// GRDB prepares, caches and owns it; the loops over records step it themselves, which saves boxing each value.
/// Not Sendable: it lives and dies inside one access to the database.
struct SQL {
    private let statement: Statement
    private let raw: OpaquePointer

    init(_ sql: String, in db: Database) throws {
        // A statement whose rows are being read must not be reset under the reader: a loop within it gets its own.
        let cached = try db.cachedStatement(sql: sql)
        let isBusy = sqlite3_stmt_busy(cached.sqliteStatement) != 0
        statement = isBusy ? try db.makeStatement(sql: sql) : cached
        raw = statement.sqliteStatement
        sqlite3_reset(raw)
        sqlite3_clear_bindings(raw)
    }

    // MARK: Binding, by position from 1

    // SQLITE_TRANSIENT: SQLite copies the bytes (https://www.sqlite.org/c3ref/c_static.html).
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    @discardableResult
    func bind(_ position: Int32, _ text: String) -> Self {
        var text = text
        text.withUTF8 { bind(position, utf8: $0) }
        return self
    }

    @discardableResult
    func bind(_ position: Int32, _ text: String?) -> Self {
        if let text { bind(position, text) } else { bindNull(position) }
        return self
    }

    @discardableResult
    func bind(_ position: Int32, _ integer: Int) -> Self {
        check(sqlite3_bind_int64(raw, position, Int64(integer)))
        return self
    }

    @discardableResult
    func bind(_ position: Int32, _ integer: Int?) -> Self {
        if let integer { bind(position, integer) } else { bindNull(position) }
        return self
    }

    @discardableResult
    func bind(_ position: Int32, _ number: Double) -> Self {
        check(sqlite3_bind_double(raw, position, number))
        return self
    }

    @discardableResult
    func bind(_ position: Int32, _ bytes: [UInt8]) -> Self {
        check(
            bytes.withUnsafeBytes {
                $0.isEmpty
                    ? sqlite3_bind_zeroblob(raw, position, 0)
                    : sqlite3_bind_blob(
                        raw, position, $0.baseAddress, Int32($0.count), Self.transient)
            })
        return self
    }

    /// Binds the parts of a key, from position 1.
    @discardableResult
    func bind(_ key: RecordKey) -> Self {
        var position: Int32 = 0
        key.forEachPart {
            position += 1
            bind(position, utf8: $0)
        }
        return self
    }

    /// Binds the parts of a key, from position 1, for as long as `body` runs: they need not be copied.
    func binding<Result>(_ key: RecordKey, _ body: (Self) throws -> Result) rethrows -> Result {
        try key.withComparedBytes { bytes in
            var position: Int32 = 0
            RecordKey.forEachPart(of: bytes) { part, isStatic in
                position += 1
                bind(position, utf8: part, isStatic: isStatic)
            }
            defer { clearBindings() }
            return try body(self)
        }
    }

    /// - Parameter isStatic: whether the text stays where it is until something else is bound, so that it need not be copied.
    func bind(_ position: Int32, utf8: UnsafeBufferPointer<UInt8>, isStatic: Bool = false) {
        utf8.withMemoryRebound(to: CChar.self) {
            if let start = $0.baseAddress {
                let keeping = isStatic ? nil : Self.transient
                check(sqlite3_bind_text(raw, position, start, Int32($0.count), keeping))
            } else {
                // An empty buffer may have no address, for which SQLite would bind NULL.
                check(sqlite3_bind_text(raw, position, "", 0, Self.transient))
            }
        }
    }

    @discardableResult
    func bind(_ position: Int32, _ value: Value) -> Self {
        switch value {
        case .null: bindNull(position)
        case .number(let number): bind(position, number)
        case .text(let text), .opaque(let text): bind(position, text)
        }
    }

    @discardableResult
    func bindNull(_ position: Int32) -> Self {
        check(sqlite3_bind_null(raw, position))
        return self
    }

    func clearBindings() {
        sqlite3_clear_bindings(raw)
    }

    private func check(_ code: Int32) {
        precondition(code == SQLITE_OK, "binding failed with \(code)")
    }

    // MARK: Stepping

    /// - Returns: whether there is a row.
    /// - Throws: `DatabaseError`.
    func step() throws -> Bool {
        switch sqlite3_step(raw) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let message = sqlite3_db_handle(raw).map { String(cString: sqlite3_errmsg($0)) }
            sqlite3_reset(raw)
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code), message: message, sql: statement.sql)
        }
    }

    /// Runs to the end, result unread, and is ready for the next run.
    func run() throws {
        while try step() {}
        sqlite3_reset(raw)
    }

    func reset() {
        sqlite3_reset(raw)
    }

    /// Calls `body` for each row.
    func forEach(_ body: (Self) throws -> Void) throws {
        defer { reset() }
        while try step() { try body(self) }
    }

    /// The result of `body` for the first row; nil where there is none.
    func first<Result>(_ body: (Self) throws -> Result) throws -> Result? {
        defer { reset() }
        return try step() ? try body(self) : nil
    }

    // MARK: Columns, by position from 0

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(raw, column) == SQLITE_NULL }

    func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(raw, column)) }

    func text(_ column: Int32) -> String {
        guard let pointer = sqlite3_column_text(raw, column) else { return "" }
        let count = Int(sqlite3_column_bytes(raw, column))
        return String(decoding: UnsafeBufferPointer(start: pointer, count: count), as: UTF8.self)
    }

    /// The texts of the columns from 0 on, as a key.
    func key(_ count: Int) -> RecordKey {
        var key = RecordKey(reserving: 8 * count)
        for column in 0..<Int32(count) {
            guard let pointer = sqlite3_column_text(raw, column) else {
                key.append("")
                continue
            }
            key.append(
                UnsafeRawBufferPointer(
                    start: pointer, count: Int(sqlite3_column_bytes(raw, column))))
        }
        return key
    }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    func optionalInteger(_ column: Int32) -> Int? { isNull(column) ? nil : integer(column) }

    func blob(_ column: Int32) -> [UInt8] {
        guard let pointer = sqlite3_column_blob(raw, column) else { return [] }
        return Array(
            UnsafeRawBufferPointer(start: pointer, count: Int(sqlite3_column_bytes(raw, column))))
    }

    /// Whatever SQLite holds there: a number as a double, a blob as text.
    func value(_ column: Int32) -> SQLValue {
        switch sqlite3_column_type(raw, column) {
        case SQLITE_NULL: return .null
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(raw, column))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(raw, column))
        case SQLITE_BLOB: return .blob(blob(column))
        default: return .text(text(column))
        }
    }

    /// The same, but that text which is not UTF-8 is given as its bytes.
    func typedValue(_ column: Int32) -> SQLValue {
        guard case .text = value(column), let pointer = sqlite3_column_text(raw, column) else {
            return value(column)
        }
        let bytes = UnsafeBufferPointer(
            start: pointer, count: Int(sqlite3_column_bytes(raw, column)))
        return String(validating: bytes, as: UTF8.self).map(SQLValue.text) ?? .blob(Array(bytes))
    }

    var columnCount: Int32 { sqlite3_column_count(raw) }
}

/// A value as SQLite holds it.
public enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

extension String {
    /// A name as SQL takes it, whatever is in it.
    var sqlName: String {
        "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            + "\""
    }
}
