import TallyCore
import TallyStore
import TallyWire

/// Writes the records of a dataset as text, in an order that depends on nothing but what they are.
///
/// Kinds by name, records by key; the provisional winner stands for a statement in conflict. Settings only when asked for.
public enum RecordExport {
    /// The kinds that an export without a choice holds: all but the settings.
    public static func kinds(of catalog: KindCatalog) -> [Kind] {
        catalog.all.filter { $0.name != "setting" }
    }

    /// One kind as CSV: key fields, then the fields, all of them; elements of a set separated by `;`.
    ///
    /// - Returns: how many records there are.
    @discardableResult
    public static func csv(
        _ kind: Kind, from access: DatasetAccess, where condition: String? = nil,
        write: (String) throws -> Void
    ) throws -> Int {
        let fields = kind.key + kind.fields
        try write(DelimitedWriter.row(fields.map(\.name)))
        return try forEachRow(of: kind, from: access, where: condition) { row in
            let cells =
                row.key.parts
                + kind.fields.map { field in
                    field.type == .set
                        ? ElementList.join(row.sets[field.name] ?? [])
                        : row.values[field.name]?.plain ?? ""
                }
            try write(DelimitedWriter.row(cells))
        }
    }

    /// One kind as JSON lines: a flat object a record, `kind` first, key fields, then the fields that have a value, set
    /// fields as sorted arrays; last, sorted by name, fields that this version does not know, with their nulls.
    ///
    /// - Returns: how many records there are.
    @discardableResult
    public static func jsonLines(
        _ kind: Kind, from access: DatasetAccess, where condition: String? = nil,
        write: (String) throws -> Void
    ) throws -> Int {
        let beyond = Set(try access.recordsBeyondSchema())
        return try forEachRow(of: kind, from: access, where: condition) { row in
            var members: [JSONValue.Member] = [.init("kind", .string(kind.name))]
            for (field, part) in zip(kind.key, row.key.parts) {
                members.append(.init(field.name, .string(part)))
            }
            for field in kind.fields {
                if let value = row.values[field.name] {
                    members.append(.init(field.name, value.json))
                } else if let elements = row.sets[field.name], !elements.isEmpty {
                    members.append(.init(field.name, .array(elements.map(JSONValue.string))))
                }
            }
            let address = RecordAddress(kind: kind.name, key: row.key)
            if beyond.contains(address) {
                members += unknown(try access.view(address), kind: kind)
            }
            try write(JSONValue.object(members).text + "\n")
        }
    }

    /// The records of kinds that this version does not know: `kind`, `key` as an array, then the fields.
    public static func unknownKinds(
        from access: DatasetAccess, write: (String) throws -> Void
    ) throws {
        for address in try access.recordsBeyondSchema() where access.kinds[address.kind] == nil {
            let members: [JSONValue.Member] = [
                .init("kind", .string(address.kind)),
                .init("key", .array(address.key.parts.map(JSONValue.string))),
            ]
            let view = try access.view(address)
            try write(JSONValue.object(members + unknown(view, kind: nil)).text + "\n")
        }
    }

    /// The formats of others, by name, with the kind of their records.
    public static let published = formats.map { (name: $0.name, kind: $0.kind) }

    private static let formats: [any (PublishedFormat & Sendable).Type] = [
        SDMXExport.self, ComtradeExport.self, PLOVERExport.self,
    ]

    /// One kind in a format of others, which may have no place for some of it.
    ///
    /// - Parameter name: one of ``published``.
    /// - Throws: `FormatError` for records that cannot stand in one file, before anything is written.
    public static func write(
        _ kind: Kind, as name: String, from access: DatasetAccess,
        where condition: String? = nil, write: (String) throws -> Void
    ) throws -> ExportReport {
        guard var format = formats.first(where: { $0.name == name })?.init() as? any PublishedFormat
        else { preconditionFailure("there is no format \(name)") }
        try forEachRow(of: kind, from: access, where: condition) { try format.check($0) }
        if !format.header.isEmpty { try write(format.header) }
        try forEachRow(of: kind, from: access, where: condition) { row in
            if let text = format.text(of: row) { try write(text) }
        }
        return format.report
    }

    private static func unknown(_ view: RecordView, kind: Kind?) -> [JSONValue.Member] {
        // With their nulls: some may mean something only together, and an import must write these together.
        let values = view.unknownValues(of: kind).map { JSONValue.Member($0.key, $0.value.json) }
        let sets = view.unknownFields(of: kind).sets.map { field, elements in
            JSONValue.Member(field, .array(elements.map(JSONValue.string)))
        }
        return (values + sets).sorted { $0.name < $1.name }
    }

    /// - Returns: how many records there are.
    @discardableResult
    static func forEachRow(
        of kind: Kind, from access: DatasetAccess, where condition: String?,
        _ body: (RecordRow) throws -> Void
    ) throws -> Int {
        var count = 0
        func take(_ row: RecordRow) throws {
            try body(row)
            count += 1
        }
        if let condition {
            try access.forEachRow(of: kind, where: condition, take)
        } else {
            try access.forEachRow(of: kind, take)
        }
        return count
    }
}
