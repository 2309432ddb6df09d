import TallyCore
import TallyStore

/// How the columns of a file in Tally's own CSV stand to the fields of a kind: the header names the fields.
struct NativeHeader {
    let kind: Kind
    private let columns: [(name: String, input: FieldInput)]
    /// Fields that are the same for every row.
    private let constants: [String: String]
    private let isKeyDerived: Bool

    /// - Throws: `FormatError` naming the column that is unknown, missing or there twice.
    init(_ cells: [String], kinds: KindCatalog, kindName: String?, constants: [String: String])
        throws
    {
        let names = cells.map { $0.filter { $0 != " " }.lowercased() }
        let kind = try Self.kind(of: names, kinds: kinds, kindName: kindName, constants: constants)
        var columns: [(name: String, input: FieldInput)] = []
        for (name, cell) in zip(names, cells) {
            guard let field = kind.field(name) else {
                throw FormatError(
                    "the column \(JSONString.shown(cell)) is no field of \(kind.name)",
                    location: "row 1",
                    hint: Suggestion.question(
                        for: name, among: (kind.key + kind.fields).map(\.name))
                        ?? "See the fields with: tally kinds \(kind.name)")
            }
            if columns.contains(where: { $0.name == name }) {
                throw FormatError("the column \(name) stands twice", location: "row 1")
            }
            columns.append((name, FieldInput(field)))
        }
        let missing = kind.key.map(\.name).filter { !names.contains($0) && constants[$0] == nil }
        isKeyDerived = !missing.isEmpty && kind.derivedKey != nil && kind.key.count == 1
        if !missing.isEmpty, !isKeyDerived {
            throw FormatError(
                "the column \(missing[0]) is missing; it is part of the key of \(kind.name)",
                location: "row 1",
                hint: missing[0] == "source" ? "Give it for the whole file: --source NAME" : nil)
        }
        self.kind = kind
        self.columns = columns
        self.constants = constants.filter { kind.field($0.key) != nil && !names.contains($0.key) }
    }

    private static func kind(
        of names: [String], kinds: KindCatalog, kindName: String?, constants: [String: String]
    ) throws -> Kind {
        if let kindName {
            if let kind = kinds[kindName] { return kind }
            throw FormatError(
                "there is no kind \(JSONString.shown(kindName))",
                hint: "The kinds are \(kinds.all.map(\.name).joined(separator: ", ")).")
        }
        // The kind of which the header names the whole key, or what its key is derived from.
        let fitting = kinds.all.filter { kind in
            kind.key.allSatisfy { names.contains($0.name) || constants[$0.name] != nil }
                || kind.derivedKey.map { $0.digest.allSatisfy(names.contains) } == true
        }
        let best = fitting.max { a, b in
            func known(_ kind: Kind) -> Int { names.count { kind.field($0) != nil } }
            return known(a) < known(b)
        }
        if let best { return best }
        let keys = kinds.all.map { "\($0.name): \($0.key.map(\.name).joined(separator: ", "))" }
        throw FormatError(
            "the header \(JSONString.shown(names.prefix(12).joined(separator: ","))) has the key of no kind",
            location: "row 1", hint: "The key columns are, \(keys.joined(separator: "; ")).")
    }

    /// - Throws: `InputFault`.
    func read(_ row: [String]) throws(InputFault) -> (key: RecordKey, input: RecordInput) {
        guard row.count == columns.count else {
            throw InputFault(
                field: "", "it has \(row.count) cells, the header has \(columns.count)",
                hint: "Is there a comma too many, or a quote missing?")
        }
        var input = RecordInput(kind: kind)
        var parts: [String: String] = [:]
        for (cell, column) in zip(row, columns) {
            try read(cell, column.input, into: &input, &parts)
        }
        for (name, text) in constants {
            guard let field = kind.field(name) else { continue }
            try read(text, FieldInput(field), into: &input, &parts)
        }
        if isKeyDerived { return (try derivedKey(of: input), input) }
        return (RecordKey(kind.key.map { parts[$0.name] ?? "" }), input)
    }

    private func read(
        _ cell: String, _ field: FieldInput, into input: inout RecordInput,
        _ parts: inout [String: String]
    ) throws(InputFault) {
        let name = field.field.name
        if kind.isKeyField(name) {
            parts[name] = try field.keyPart(cell)
        } else if field.field.type == .set {
            for element in ElementList.split(cell) {
                let element = Element(field: name, text: try field.element(element))
                if !input.added.contains(element) { input.added.append(element) }
            }
        } else {
            input.values[name] = try field.value(cell)
        }
    }

    private func derivedKey(of input: RecordInput) throws(InputFault) -> RecordKey {
        guard let rule = kind.derivedKey else {
            preconditionFailure("the key is derived by a rule")
        }
        guard let prefix = input.values[rule.prefix]?.text else {
            throw InputFault(
                field: rule.prefix,
                "\(rule.prefix) is missing, and there is no \(kind.key[0].name)",
                hint: "Give it for the whole file: --\(rule.prefix) NAME")
        }
        return RecordKey([
            DerivedKey.text(prefix: prefix, digest: rule.digest.map { input.values[$0] })
        ])
    }
}
