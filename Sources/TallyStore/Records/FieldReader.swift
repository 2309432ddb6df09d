import TallyCore

/// Reads a few fields of records of one kind by their keys: of a record, or of all that share the first parts of a key.
///
/// Prepared once for many records. Not Sendable: it lives inside one access to the database.
///
/// - Complexity: O(log records) a record, through the key.
public struct FieldReader {
    private let kind: Kind
    private let fields: [String]
    private let sharedCount: Int
    private let one: SQL
    private let shared: SQL

    /// - Parameters:
    ///   - fields: of the kind, none of them a set.
    ///   - sharedCount: how many parts of the key `records(sharing:limit:)` is given.
    /// - Throws: `StoreError` where another tool has dropped or rebuilt the table.
    public init(
        _ fields: [String], of kind: Kind, sharing sharedCount: Int, in access: DatasetAccess
    ) throws {
        precondition(sharedCount < kind.key.count, "records differ in a part of the key")
        (self.kind, self.fields, self.sharedCount) = (kind, fields, sharedCount)
        let table = try access.records.readableTable(kind)
        one = try SQL(table.select(fields, sharing: kind.key.count), in: access.db)
        shared = try SQL(table.select(fields, sharing: sharedCount), in: access.db)
    }

    /// The fields of a record as everybody sees it.
    ///
    /// - Returns: nil where there is no visible record.
    public func values(of key: RecordKey) throws -> [Value]? {
        guard key.count == kind.key.count else { return nil }
        return try one.binding(key) { one in
            try one.bind(Int32(key.count + 1), 1).first { values($0, from: 0) }
        }
    }

    /// The records whose keys begin with `parts`, in the order of the key: what their keys end in, and the fields.
    public func records(
        sharing parts: [String], limit: Int
    ) throws -> [(rest: [String], values: [Value])] {
        precondition(parts.count == sharedCount, "as many parts as were prepared for")
        for (index, part) in parts.enumerated() { shared.bind(Int32(index + 1), part) }
        shared.bind(Int32(parts.count + 1), limit)
        var found: [(rest: [String], values: [Value])] = []
        let restCount = Int32(kind.key.count - sharedCount)
        try shared.forEach { row in
            found.append(((0..<restCount).map { row.text($0) }, values(row, from: restCount)))
        }
        return found
    }

    private func values(_ row: SQL, from first: Int32) -> [Value] {
        fields.indices.map { RecordTable.value(row.value(first + Int32($0))) }
    }
}
