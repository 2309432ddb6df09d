import GRDB
import TallyCore
import TallyWire

/// Loads and saves records: the row of the kind, `tally_state`, `tally_touch` and `tally_conflict` together.
///
/// Not Sendable: it belongs to one access to the database.
final class RecordTable {
    let db: Database
    let kinds: KindCatalog
    let revisions: RevisionIndex
    var policies: PolicyTable
    let touched: TouchedKinds
    private var tables: [String: KindTable] = [:]
    /// Prepared once for the access: looking a statement up by its text costs as much as running it.
    private var statements: [String: Statements] = [:]

    private struct Statements {
        let select, upsert, delete: SQL
    }
    private let stateText: StateText
    /// How many records this access has saved.
    private(set) var savedCount = 0
    private var countChanges: [String: Int] = [:]
    /// The states that a list of conflicts has read, until they are saved: most will be settled next.
    private var listed: [RecordAddress: RecordState] = [:]
    private static let maximumListed = 50_000
    /// Whether anything of a kind stands in `tally_state`, as far as it was asked.
    private var hasStates: [String: Bool] = [:]

    /// - Parameter touched: the kinds of which other tools have written rows that are not taken yet.
    init(
        _ db: Database, kinds: KindCatalog, revisions: RevisionIndex, policies: PolicyTable,
        touched: TouchedKinds = .none
    ) {
        self.db = db
        self.kinds = kinds
        self.revisions = revisions
        self.policies = policies
        self.touched = touched
        stateText = StateText(revisions: revisions)
    }

    func table(_ kind: String) -> KindTable? {
        if let known = tables[kind] { return known }
        guard let described = kinds[kind] else { return nil }
        let table = KindTable(described, isEditedElsewhere: touched.edited.contains(kind))
        tables[kind] = table
        return table
    }

    /// The table of a kind, to be read whole.
    ///
    /// - Throws: `StoreError` when another tool has dropped or rebuilt it.
    func readableTable(_ kind: Kind) throws(StoreError) -> KindTable {
        try touched.checkReadable(kind.name)
        return table(kind.name) ?? KindTable(kind)
    }

    private func prepared(_ table: KindTable) throws -> Statements {
        if let known = statements[table.kind.name] { return known }
        let new = Statements(
            select: try SQL(table.selectOne, in: db), upsert: try SQL(table.upsert, in: db),
            delete: try SQL(table.delete, in: db))
        statements[table.kind.name] = new
        return new
    }

    // MARK: Loading

    /// - Parameter withRow: whether the row is wanted also where the versions do not stand in it.
    func load(_ address: RecordAddress, withRow: Bool = true) throws -> StoredRecord {
        if !withRow, let state = listed[address] {
            try touched.checkReadable(address.kind)
            return StoredRecord(state: state, place: .state)
        }
        let row = try row(of: address)
        if let table = table(address.kind), let row, row.rev != 0 {
            let revision = try revisions.revision(at: abs(row.rev))
            return StoredRecord(
                state: RowState(table: table).state(of: row, revision: revision),
                place: .row(position: abs(row.rev)), row: row)
        }
        guard let state = try loadState(address) else {
            return StoredRecord(state: RecordState(), place: .nowhere)
        }
        return StoredRecord(state: state, place: .state, row: row)
    }

    /// The row of a visible record; nil where there is none.
    func row(of address: RecordAddress) throws -> RecordRow? {
        guard let table = table(address.kind) else { return nil }
        return try row(of: address, in: table)
    }

    private func row(of address: RecordAddress, in table: KindTable) throws -> RecordRow? {
        guard address.key.count == table.kind.key.count else { return nil }
        try touched.checkReadable(table.kind.name)
        return try prepared(table).select.binding(address.key) { sql in
            try sql.first { try Self.readRow($0, table: table) }
        }
    }

    private func loadState(_ address: RecordAddress) throws -> RecordState? {
        try SQL("SELECT state FROM tally_state WHERE kind = ? AND key = ?", in: db)
            .bind(1, address.kind).bind(2, address.key.json)
            .first { try stateText.read($0.text(0), of: address) }
    }

    static func readRow(_ row: SQL, table: KindTable) throws -> RecordRow {
        var values: [String: Value] = [:]
        var sets: [String: [String]] = [:]
        for (index, field) in table.kind.fields.enumerated() {
            let column = Int32(table.kind.key.count + index)
            if row.isNull(column) {
                continue
            } else if field.type == .set {
                sets[field.name] = try elements(row.text(column))
            } else {
                values[field.name] = value(row.value(column))
            }
        }
        let rev = row.integer(Int32(table.columns.count))
        return RecordRow(key: row.key(table.kind.key.count), values: values, sets: sets, rev: rev)
    }

    static func value(_ value: SQLValue) -> Value {
        switch value {
        case .null: return .null
        case .integer(let integer): return .number(Double(integer))
        case .real(let number): return .number(number)
        case .text(let text): return .text(text)
        case .blob(let bytes): return .text(String(decoding: bytes, as: UTF8.self))
        }
    }

    private static func elements(_ text: String) throws -> [String] {
        guard let array = try? JSONValue(parsing: Array(text.utf8)).array else {
            throw StoreError(
                .damaged, "A set is no JSON array: \(text.prefix(80))",
                hint: "Put back the last value of that cell, as a JSON array of texts.")
        }
        return array.compactMap(\.string)
    }

    // MARK: Saving

    /// Writes what has become of a record that the changeset at `position` edited.
    func save(
        _ address: RecordAddress, from old: StoredRecord, to state: RecordState,
        touchedAt position: Int
    ) throws {
        savedCount += 1
        listed[address] = nil
        if state.isVisible != old.state.isVisible, table(address.kind) != nil {
            countChanges[address.kind, default: 0] += state.isVisible ? 1 : -1
        }
        let rowState = table(address.kind).map { RowState(table: $0) }
        let rev = try rowState?.rev(of: state, position: revisions.position(of:)) ?? nil
        if let table = table(address.kind) {
            if state.isVisible {
                try writeRow(address, state, rev: rev ?? 0, table: table)
            } else if old.state.isVisible {
                try deleteRow(address, table: table)
            }
        }
        if rev == nil {
            try SQL(
                "INSERT OR REPLACE INTO tally_state (kind, key, state) VALUES (?, ?, ?)", in: db
            ).bind(1, address.kind).bind(2, address.key.json).bind(3, stateText.write(state)).run()
            hasStates[address.kind] = true
        } else if old.place == .state {
            try SQL("DELETE FROM tally_state WHERE kind = ? AND key = ?", in: db)
                .bind(1, address.kind).bind(2, address.key.json).run()
        }
        try touch(address, from: old, at: position, isInRow: rev != nil)
        try saveConflicts(of: address, from: old.state, to: state)
    }

    /// How the rows of an edit by the changeset at `position` become records that were not there; nil where they need more
    /// than a row each.
    func insertion(of edit: Edit, at position: Int) throws -> RowInsertion? {
        guard let table = table(edit.kind), !touched.isTouched(edit.kind) else { return nil }
        return try RowInsertion(of: edit, into: table, at: position, in: self)
    }

    /// Whether something is known of a record beside its row.
    func hasState(_ address: RecordAddress) throws -> Bool {
        if listed[address] != nil { return true }
        return try SQL("SELECT 1 FROM tally_state WHERE kind = ? AND key = ?", in: db)
            .bind(1, address.kind).bind(2, address.key.json).first { _ in true } ?? false
    }

    /// Whether nothing of a kind is there or was ever deleted.
    func isEmpty(_ kind: Kind) throws -> Bool {
        guard !touched.isTouched(kind.name), let table = table(kind.name) else { return false }
        let hasRows = try SQL("SELECT 1 FROM \(table.kind.name.sqlName) LIMIT 1", in: db)
            .first { _ in true }
        return try hasRows == nil && !hasStates(of: kind.name)
    }

    func hasStates(of kind: String) throws -> Bool {
        if let known = hasStates[kind] { return known }
        let isAny =
            try SQL("SELECT 1 FROM tally_state WHERE kind = ? LIMIT 1", in: db)
            .bind(1, kind).first { _ in true } ?? false
        hasStates[kind] = isAny
        return isAny
    }

    /// A record of a kind was written that was not there.
    func noteInsertion(of kind: String) {
        savedCount += 1
        countChanges[kind, default: 0] += 1
    }

    /// How many more records of each kind are visible than when it was asked last.
    func takeCountChanges() -> [String: Int] {
        defer { countChanges = [:] }
        return countChanges
    }

    /// Notes that the changeset at `position` edited the record.
    private func touch(
        _ address: RecordAddress, from old: StoredRecord, at position: Int, isInRow: Bool
    ) throws {
        // A record of one changeset is found through its row; the index starts with the second.
        if old.place == .nowhere, isInRow { return }
        let sql = try SQL(
            "INSERT OR IGNORE INTO tally_touch (kind, key, position) VALUES (?, ?, ?)", in: db)
        let key = address.key.json
        if case .row(let first) = old.place {
            try sql.bind(1, address.kind).bind(2, key).bind(3, first).run()
        }
        try sql.bind(1, address.kind).bind(2, key).bind(3, position).run()
    }

    private func writeRow(
        _ address: RecordAddress, _ state: RecordState, rev: Int, table: KindTable
    ) throws {
        let values = try winners(of: state, kind: table.kind)
        let sql = try prepared(table).upsert
        sql.bind(address.key)
        for (index, field) in table.kind.fields.enumerated() {
            let position = Int32(table.kind.key.count + index + 1)
            if field.type == .set {
                let elements = state.elements(of: field.name)
                sql.bind(position, elements.isEmpty ? nil : RecordKey(elements).json)
                continue
            }
            sql.bind(position, values[field.name] ?? .null)
        }
        try sql.bind(Int32(table.columns.count + 1), rev).run()
    }

    private func deleteRow(_ address: RecordAddress, table: KindTable) throws {
        try prepared(table).delete.binding(address.key) { try $0.run() }
    }

    /// The value of each field of a kind: that of the provisional winner where there is a conflict.
    func winners(of state: RecordState, kind: Kind) throws -> [String: Value] {
        var values: [String: Value] = [:]
        var times: RevisionTimes?
        for (name, statementState) in state.statements {
            guard let statement = kind.statement(of: name) else { continue }
            let content: [Value]
            if statementState.versions.count == 1 {
                content = statementState.versions[0].content
            } else {
                let known = try times ?? revisions.times(of: state)
                times = known
                let policy = policies.policy(of: statement, kind: kind.name)
                let verdict = statementState.verdict(of: statement, policy: policy, at: known)
                content = verdict?.winner.content ?? []
            }
            for (field, value) in zip(statement.fields, content) { values[field] = value }
        }
        return values
    }

    // MARK: Conflicts

    func conflicts(of address: RecordAddress, _ state: RecordState) throws -> [Conflict] {
        guard Self.mayConflict(state) else { return [] }
        return state.conflicts(
            of: address, in: kinds, policies: policies, at: try revisions.times(of: state))
    }

    /// Which record a row of a table beside those of the kinds is of.
    static func address(kind: String, key: String) throws -> RecordAddress {
        guard let parts = RecordKey(json: key) else {
            throw StoreError(damage: "\(JSONString.quoted(key)) is no key of a record of \(kind)")
        }
        return RecordAddress(kind: kind, key: parts)
    }

    /// The records with open conflicts, in no order: what has several versions stands in no row.
    func statesInConflict() throws -> [(address: RecordAddress, state: RecordState)] {
        let isWritable = !db.configuration.readonly
        var found: [(RecordAddress, RecordState)] = []
        try SQL(
            """
            SELECT s.kind, s.key, s.state FROM (SELECT DISTINCT kind, key FROM tally_conflict) c
            CROSS JOIN tally_state s ON s.kind = c.kind AND s.key = c.key
            """, in: db
        ).forEach { row in
            let address = try Self.address(kind: row.text(0), key: row.text(1))
            let state = try stateText.read(row.text(2), of: address)
            found.append((address, state))
            if isWritable, listed.count < Self.maximumListed { listed[address] = state }
        }
        return found
    }

    private static func mayConflict(_ state: RecordState) -> Bool {
        state.existence.count > 1 || state.statements.values.contains { $0.versions.count > 1 }
    }

    private func saveConflicts(
        of address: RecordAddress, from old: RecordState, to state: RecordState
    ) throws {
        if Self.mayConflict(old) {
            try SQL("DELETE FROM tally_conflict WHERE kind = ? AND key = ?", in: db)
                .bind(1, address.kind).bind(2, address.key.json).run()
        }
        for conflict in try conflicts(of: address, state) {
            for side in conflict.sides {
                try insert(side, of: conflict)
            }
        }
    }

    private func insert(_ side: Conflict.Side, of conflict: Conflict) throws {
        let info = try revisions.info(of: side.revision)
        let statement = kinds.statement(conflict.statement, ofKind: conflict.record.kind)
        let sql = try SQL(
            """
            INSERT INTO tally_conflict (id, what, kind, record, field, side, value, author, \
            machine, at, replica, seq, deleted, key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, in: db)
        sql.bind(1, conflict.id.text).bind(2, conflict.what.rawValue).bind(3, conflict.record.kind)
        sql.bind(4, conflict.record.text).bind(5, conflict.statement).bind(6, side.letter)
        sql.bind(7, side.content.json(of: statement)?.plainText)
        sql.bind(8, info.author).bind(9, info.machine).bind(10, info.at.text)
        sql.bind(11, info.revision.replica.text).bind(12, info.revision.seq)
        sql.bind(13, side.content == .existence(.deleted) ? 1 : 0)
        try sql.bind(14, conflict.record.key.json).run()
    }
}

extension Conflict.Content {
    /// A value as JSON: an object where the statement has several fields; nil for existence.
    public func json(of statement: Kind.Statement) -> JSONValue? {
        guard case .values(let values) = self else { return nil }
        if statement.fields.count == 1 { return values[0].json }
        return .object(
            zip(statement.fields, values).map { JSONValue.Member($0, $1.json) })
    }
}

extension Value {
    public var json: JSONValue {
        switch self {
        case .null: return .null
        case .number(let number): return .number(number)
        case .text(let text): return .string(text)
        case .opaque(let json): return (try? JSONValue(parsing: Array(json.utf8))) ?? .string(json)
        }
    }
}

extension JSONValue {
    /// Text as it is, anything else as JSON; nil for null.
    fileprivate var plainText: String? {
        switch self {
        case .null: return nil
        case .string(let text): return text
        default: return text
        }
    }
}
