import TallyCore
import TallyStore

/// Tally's own table: the header names the fields of a kind; elements of a set are separated by `;`.
struct NativeFormat: ImportFormat {
    static let name = "csv"
    static let options: ReadingOptions = []

    let kind: Kind
    private var columns: [ColumnInput]
    private let constants: RowConstants
    private let isKeyDerived: Bool

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool {
        (try? Self(header, context)) != nil
    }

    /// - Throws: `FormatError` naming the column that is unknown, missing or there twice.
    init(_ header: TableHeader, _ context: MappingContext) throws {
        let cells = header.names
        let given = context.options.constants
        let names = cells.map { $0.filter { $0 != " " }.lowercased() }
        let kind = try Self.kind(of: names, context)
        var columns: [ColumnInput] = []
        for (name, cell) in zip(names, cells) {
            guard let field = kind.field(name) else {
                throw FormatError(
                    "the column \(Quoted.short(cell)) is no field of \(kind.name)",
                    location: "row 1",
                    hint: Suggestion.question(
                        for: name, among: (kind.key + kind.fields).map(\.name))
                        ?? "See the fields with: tally kinds \(kind.name)")
            }
            if columns.contains(where: { $0.input.field.name == name }) {
                throw FormatError("the column \(name) stands twice", location: "row 1")
            }
            columns.append(ColumnInput(field, of: kind))
        }
        let missing = kind.key.map(\.name).filter { !names.contains($0) && given[$0] == nil }
        isKeyDerived = !missing.isEmpty && kind.derivedKey != nil && kind.key.count == 1
        if !missing.isEmpty, !isKeyDerived {
            throw FormatError(
                "the column \(missing[0]) is missing; it is part of the key of \(kind.name)",
                location: "row 1",
                hint: missing[0] == "source"
                    ? "Give it for the whole file: --source NAME"
                    : "Give it for the whole file: --set \(missing[0])=VALUE")
        }
        self.kind = kind
        self.columns = columns
        constants = try context.constants(of: kind, besides: names)
    }

    private static func kind(of names: [String], _ context: MappingContext) throws -> Kind {
        let kinds = context.kinds
        if let kind = try context.kind { return kind }
        let given = context.options.constants
        // The kind of which the header names the whole key, or what its key is derived from.
        let fitting = kinds.all.filter { kind in
            kind.key.allSatisfy { names.contains($0.name) || given[$0.name] != nil }
                || kind.derivedKey.map { $0.digest.allSatisfy(names.contains) } == true
        }
        let best = fitting.max { a, b in
            func known(_ kind: Kind) -> Int { names.count { kind.field($0) != nil } }
            return known(a) < known(b)
        }
        if let best { return best }
        let keys = kinds.all.map { "\($0.name): \($0.key.map(\.name).joined(separator: ", "))" }
        throw FormatError(
            "the header \(Quoted.short(names.prefix(12).joined(separator: ","))) has the key of no kind",
            location: "row 1",
            hint:
                "The key columns are, \(keys.joined(separator: "; ")). Name the columns that hold them: "
                + "--map FIELD=COLUMN, and what is the same in every row: --set FIELD=VALUE")
    }

    mutating func read(_ cells: [String]) throws(InputFault) -> RowContent {
        var (input, parts) = (constants.input, constants.parts)
        for (index, cell) in cells.enumerated() {
            try columns[index].read(cell, into: &input, &parts)
        }
        let key = isKeyDerived ? try input.derivedKey() : try input.key(parts)
        return .records([RowRecord(kind: kind, key: key, change: .put(input))])
    }
}
