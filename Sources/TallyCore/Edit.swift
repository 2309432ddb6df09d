/// The edits of a changeset that share kind, operation and fields.
public struct Edit: Sendable, Equatable {
    public let kind: String
    public let operation: Operation
    public var rows: [Row]

    public enum Operation: Sendable, Hashable {
        /// Sets whole statements; with no fields it only creates the record.
        case set(fields: [String])
        case add(field: String)
        case remove(field: String)
        case delete
        case restore
        /// Puts several versions of one statement back in force; only `undo` writes it.
        case reopen(fields: [String])

        /// The word on the wire.
        public var name: String {
            switch self {
            case .set: return "set"
            case .add: return "add"
            case .remove: return "remove"
            case .delete: return "delete"
            case .restore: return "restore"
            case .reopen: return "reopen"
            }
        }
    }

    /// One record's part.
    public struct Row: Sendable, Equatable {
        public let key: RecordKey
        /// `set`: the values in the order of the fields. `add`, `remove`: the elements. `reopen`: version after
        /// version, each in the order of the fields. Otherwise nothing.
        public let values: [Value]

        public init(key: RecordKey, values: [Value] = []) {
            self.key = key
            self.values = values
        }
    }

    public init(kind: String, operation: Operation, rows: [Row]) {
        self.kind = kind
        self.operation = operation
        self.rows = rows
    }
}

/// Where the fields of an edit stand in the statements of the kind.
///
/// Computed once per edit, used for every row.
public struct StatementLayout: Sendable {
    public struct Part: Sendable {
        public let statement: String
        /// For each field of the statement, its position among the fields of the edit.
        public let positions: [Int]

        public func value(of row: some RandomAccessCollection<Value>) -> [Value] {
            positions.map { row[row.index(row.startIndex, offsetBy: $0)] }
        }
    }

    public let parts: [Part]

    /// Why the fields of an edit make no whole statements.
    public enum Fault: Error, Equatable, Sendable {
        case repeated(field: String)
        case keyField(String)
        case setField(String)
        case partOfStatement(field: String, missing: String)
    }

    /// - Parameter kind: nil when the copy does not know the kind; each field is then a statement of its own, as is a
    ///   field that a known kind does not have.
    public init(fields: [String], of kind: Kind?) throws(Fault) {
        var positions: [String: Int] = [:]
        for (position, field) in fields.enumerated() {
            guard positions.updateValue(position, forKey: field) == nil else {
                throw .repeated(field: field)
            }
        }
        var parts: [Part] = []
        var done: Set<String> = []
        for field in fields where !done.contains(field) {
            if kind?.isKeyField(field) == true { throw .keyField(field) }
            if kind?.field(field)?.type == .set { throw .setField(field) }
            let statement = kind?.statement(of: field) ?? Kind.Statement(fields: [field])
            var own: [Int] = []
            for member in statement.fields {
                guard let position = positions[member] else {
                    throw .partOfStatement(field: field, missing: member)
                }
                own.append(position)
                done.insert(member)
            }
            parts.append(Part(statement: statement.name, positions: own))
        }
        self.parts = parts
    }
}

/// What the rows of an edit do to their records, one statement or element at a time.
public struct EditPlan: Sendable {
    private let operation: Edit.Operation
    private let layout: StatementLayout?

    /// - Precondition: the fields of the edit make whole statements of the kind; readers of lines check it.
    public init(_ edit: Edit, kind: Kind?) {
        operation = edit.operation
        switch edit.operation {
        case .set(let fields), .reopen(let fields):
            do throws(StatementLayout.Fault) {
                layout = try StatementLayout(fields: fields, of: kind)
            } catch { preconditionFailure("an edit of \(edit.kind) was not checked: \(error)") }
        default: layout = nil
        }
    }

    public func recordEdits(of row: Edit.Row) -> [RecordEdit] {
        let parts = layout?.parts ?? []
        switch operation {
        case .set:
            if parts.isEmpty { return [.create] }
            return parts.map { .set(statement: $0.statement, value: $0.value(of: row.values)) }
        case .reopen(let fields):
            return parts.map { part in
                let versions = stride(from: 0, to: row.values.count, by: fields.count).map {
                    part.value(of: row.values[$0..<($0 + fields.count)])
                }
                return .reopen(statement: part.statement, versions: versions)
            }
        case .add(let field):
            return row.values.compactMap(\.text).map { .add(Element(field: field, text: $0)) }
        case .remove(let field):
            return row.values.compactMap(\.text).map { .remove(Element(field: field, text: $0)) }
        case .delete: return [.delete]
        case .restore: return [.restore]
        }
    }
}
