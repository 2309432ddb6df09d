import TallyCore
import TallyStore

/// Tally's own JSON lines, as `export` writes them: `kind`, the key fields, fields that have a value, sets as arrays.
///
/// Lines of several kinds may stand in one file. Where a line gives one field of a statement, those that it does not give
/// are null, since an export leaves them out; statements and elements of which it says nothing stay as they are.
struct JSONLinesFormat: ImportFormat {
    static let name = "jsonl"
    static let options: ReadingOptions = []

    /// Of what a file holds, where that is said; lines name their own.
    let kind: Kind
    private let kinds: KindCatalog
    private let isOfOneKind: Bool
    private let keepsUnknown: Bool
    private let constants: [String: String]
    private let inputs: [String: [String: FieldInput]]

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool {
        header.names == [JSONTable.record]
            && header.first.first?.hasPrefix("{\"kind\":") == true
    }

    init(_ header: TableHeader, _ context: MappingContext) throws {
        guard header.names == [JSONTable.record], let first = context.kinds.all.first else {
            throw FormatError(
                "the file holds no JSON lines of Tally's own",
                hint: "Each line is an object, and its first member is kind.")
        }
        kinds = context.kinds
        let asked = try context.kind
        kind = asked ?? first
        isOfOneKind = asked != nil
        keepsUnknown = context.options.keepUnknown
        constants = context.options.constants
        let fields = asked.map { [$0] } ?? kinds.all
        for name in constants.keys.sorted() where !fields.contains(where: { $0.field(name) != nil })
        {
            throw FormatError(
                "--set names \(Quoted.short(name)), which is no field of any kind",
                hint: "See the fields with: tally kinds")
        }
        inputs = Dictionary(
            uniqueKeysWithValues: kinds.all.map { kind in
                let fields = kind.key + kind.fields
                return (
                    kind.name,
                    Dictionary(uniqueKeysWithValues: fields.map { ($0.name, FieldInput($0)) })
                )
            })
    }

    func read(_ cells: [String]) throws(InputFault) -> RowContent {
        guard let members = (try? JSONNode(parsing: Array(cells[0].utf8)))?.object else {
            throw InputFault(field: JSONTable.record, "the record is no JSON object")
        }
        let name = members.first { $0.name == "kind" }?.value.string ?? ""
        if isOfOneKind, name != self.kind.name {
            return .skipped("records of another kind than \(self.kind.name)")
        }
        guard let kind = kinds[name], let inputs = inputs[name] else {
            if keepsUnknown, let record = try unknownKind(name, members) {
                return .records([record])
            }
            throw InputFault(
                field: "kind", "there is no kind \(Quoted.short(name))",
                hint: kinds.hint(for: name)
                    + " A newer version of Tally may have others: --keep-unknown takes them as they are."
            )
        }
        var input = RecordInput(kind: kind)
        var parts = KeyParts(of: kind)
        for member in members where member.name != "kind" {
            if let field = inputs[member.name] {
                try Self.read(member.value, field, into: &input, &parts)
            } else if keepsUnknown {
                try Self.keep(member, in: &input)
            } else {
                throw Self.unknown(member.name, kind)
            }
        }
        let named = kind.statements.filter { statement in
            statement.fields.contains { input.values[$0] != nil }
        }
        try add(constants, inputs, members, to: &input, &parts)
        for statement in kind.statements where statement.fields.count > 1 {
            // Neither a value nor a vintage stands alone.
            let isNamed = named.contains { $0.name == statement.name }
            for field in statement.fields {
                input.values[field] = isNamed ? input.values[field] ?? .null : nil
            }
        }
        let isDerived = kind.key.count == 1 && kind.derivedKey != nil && parts.isEmpty
        let key = isDerived ? try input.derivedKey() : try input.key(parts)
        return .records([RowRecord(kind: kind, key: key, change: .put(input))])
    }

    static func read(
        _ node: JSONNode, _ field: FieldInput, into input: inout RecordInput,
        _ parts: inout KeyParts
    ) throws(InputFault) {
        let name = field.field.name
        if field.field.type == .set {
            try readSet(node, field, into: &input)
        } else if input.kind.isKeyField(name) {
            parts[name] = try field.keyPart(try plain(node, name))
        } else {
            input.values[name] = try field.value(try plain(node, name))
        }
    }

    static func readSet(
        _ node: JSONNode, _ field: FieldInput, into input: inout RecordInput
    ) throws(InputFault) {
        let name = field.field.name
        for node in node.array ?? [node] {
            if case .null = node { continue }
            try input.add(Element(field: name, text: try field.element(try plain(node, name))))
        }
    }

    /// What is said of all records, where the record has such a field.
    private func add(
        _ constants: [String: String], _ inputs: [String: FieldInput],
        _ members: [JSONNode.Member], to input: inout RecordInput, _ parts: inout KeyParts
    ) throws(InputFault) {
        for (name, text) in constants.sorted(by: { $0.key < $1.key }) {
            guard let field = inputs[name] else { continue }
            if members.contains(where: { $0.name == name }) {
                // A source may be given for records that have one and records that have none.
                if name == "source" { continue }
                throw InputFault(
                    field: name, "--set names \(name), which the record gives itself",
                    hint: "Leave it away, or change the records afterwards: tally set")
            }
            try field.read(text, into: &input, &parts)
        }
    }

    static func plain(_ node: JSONNode, _ field: String) throws(InputFault) -> String {
        guard node.array == nil, node.object == nil else {
            throw InputFault(
                field: field, "\(field) holds \(Quoted.short(node.cell)), and is one value",
                hint: "Only sets are written as arrays.")
        }
        return node.cell
    }

    private static func unknown(_ name: String, _ kind: Kind) -> InputFault {
        InputFault(
            field: name, "\(Quoted.short(name)) is no field of \(kind.name)",
            hint: Suggestion.question(for: name, among: (kind.key + kind.fields).map(\.name))
                ?? "Where a newer version of Tally has it, --keep-unknown takes it as it is.")
    }
}
