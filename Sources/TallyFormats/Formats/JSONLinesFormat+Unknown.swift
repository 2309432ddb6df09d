import TallyCore
import TallyStore
import TallyWire

/// What this version does not know, taken as it is: records of kinds, and fields, of a newer one.
extension JSONLinesFormat {
    /// A record of a kind of which nothing is known but the names of its fields; its key is an array.
    ///
    /// - Returns: nil where nothing is its key, or its name cannot be one of a kind.
    func unknownKind(
        _ name: String, _ members: [JSONNode.Member]
    ) throws(InputFault) -> RowRecord? {
        guard Kind.isName(name),
            let nodes = members.first(where: { $0.name == "key" })?.value.array,
            (1...RecordKey.maximumParts).contains(nodes.count)
        else { return nil }
        let key = nodes.indices.map { Kind.Field(name: "key\($0)", type: .identifier) }
        let kind = Kind(name: name, key: key, fields: [])
        var parts: [String] = []
        for (field, node) in zip(key, nodes) {
            parts.append(try FieldInput(field).keyPart(try Self.plain(node, "key")))
        }
        var input = RecordInput(kind: kind)
        for member in members where member.name != "kind" && member.name != "key" {
            try Self.keep(member, in: &input)
        }
        return RowRecord(kind: kind, key: RecordKey(parts), change: .put(input))
    }

    static func keep(
        _ member: JSONNode.Member, in input: inout RecordInput
    ) throws(InputFault) {
        guard Kind.isName(member.name) else {
            throw InputFault(
                field: member.name, "\(Quoted.short(member.name)) is no name of a field")
        }
        func field(_ type: FieldType) -> FieldInput {
            FieldInput(Kind.Field(name: member.name, type: type))
        }
        switch member.value {
        case .null, .string, .number:
            let type: FieldType = if case .number = member.value { .number } else { .text }
            input.unknown[member.name] = try field(type).value(plain(member.value, member.name))
        case .array: try readSet(member.value, field(.set), into: &input)
        case .bool, .object: input.unknown[member.name] = try opaque(member)
        }
    }

    /// As readers of lines keep it: compact, and no deeper than goes into a line.
    private static func opaque(_ member: JSONNode.Member) throws(InputFault) -> Value {
        let text = member.value.cell
        guard text.utf8.count <= FieldType.maximumTextBytes, member.value.depth <= maximumDepth,
            let value = try? JSONValue(parsing: Array(text.utf8))
        else {
            throw InputFault(
                field: member.name,
                "\(Quoted.short(member.name)) is longer than 64 KiB, deeper than \(maximumDepth) levels, or no JSON that is kept"
            )
        }
        return .opaque(value.text)
    }

    /// A line has a few levels of its own around a value.
    private static var maximumDepth: Int { JSONReader.maximumDepth / 2 }
}
