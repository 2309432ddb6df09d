import TallyCore
import TallyStore

/// Any table of which the user says which column holds which field.
///
/// The other columns are counted as not kept.
struct MappedFormat: ImportFormat, FigureMapping {
    static let name = "mapped"
    static let options: ReadingOptions = .all

    let kind: Kind
    var numbers: NumberCells
    private let columns: [(reader: CellReader, column: Int)]
    private let constants: [(input: FieldInput, text: String)]
    private let classification: String?
    private let isKeyDerived: Bool
    private let others: [(name: String, column: Int)]
    private(set) var notKept: [String: Int] = [:]

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool { false }

    init(_ header: TableHeader, _ context: MappingContext) throws {
        let options = context.options
        let kind = try context.kind ?? Self.kind(options, context.kinds)
        var columns: [(reader: CellReader, column: Int)] = []
        for (name, column) in options.columns.sorted(by: { $0.key < $1.key }) {
            guard let field = kind.field(name) else {
                throw FormatError(
                    "\(options.sayer(of: "map", name)) names \(Quoted.short(name)), which is no field of "
                        + kind.name,
                    hint: Suggestion.question(
                        for: name, among: (kind.key + kind.fields).map(\.name))
                        ?? "See the fields with: tally kinds \(kind.name)")
            }
            guard let index = header.index(column) else {
                throw header.missing(column, options.blame("map", name))
            }
            let scale = field.name == "value" ? options.scale ?? 0 : 0
            columns.append((CellReader(field, scale: scale), index))
        }
        let names = columns.map(\.reader.field.name)
        let given = try context.constants(of: kind, besides: names)
        let known = names + given.map(\.field.name)
        let missing = kind.key.map(\.name).filter { !known.contains($0) }
        isKeyDerived =
            !missing.isEmpty && kind.key.count == 1
            && kind.derivedKey.map { $0.digest.allSatisfy(known.contains) } == true
        if let first = missing.first, !isKeyDerived {
            throw FormatError(
                "nothing gives the \(first), which is part of the key of \(kind.name)"
                    + (kind.derivedKey.map {
                        "; without one, \($0.digest.joined(separator: ", ")) make it"
                    } ?? ""),
                hint:
                    "Name its column: --map \(first)=COLUMN, or say what holds for all: --set \(first)=VALUE"
            )
        }
        self.kind = kind
        self.columns = columns
        constants = given.map { (FieldInput($0.field), $0.text) }
        classification = options.classification
        let used = Set(columns.map(\.column))
        try header.checkUnique(used)
        others = header.others(besides: used)
        numbers = header.numbers(options.decimalMark)
    }

    /// The kind that knows most of the fields that are named.
    private static func kind(
        _ options: ImportOptions, _ kinds: KindCatalog
    ) throws(FormatError) -> Kind {
        let names = Array(options.columns.keys) + Array(options.constants.keys)
        func known(_ kind: Kind) -> Int { names.count { kind.field($0) != nil } }
        // Settings are not read from tables of others, unless they are asked for.
        guard
            let best = kinds.all.filter({ $0.name != SavedMap.kind }).max(by: {
                known($0) < known($1)
            }), known(best) > 0
        else {
            throw FormatError(
                "\(options.sayer(of: "map")) names no field of any kind",
                hint: "See the fields with: tally kinds")
        }
        return best
    }

    var remarks: [String] {
        let isGiven =
            columns.contains { $0.reader.field.name == "unit" }
            || constants.contains { $0.input.field.name == "unit" }
        guard kind.field("unit")?.standard != nil, !isGiven else { return numbers.remarks }
        return numbers.remarks + ["values are taken in USD; --set unit=EUR says another"]
    }

    func figures(in cells: [String]) -> [String] {
        columns.filter { $0.reader.field.type == .number }.map { cells[$0.column] }
    }

    mutating func read(_ cells: [String]) throws(InputFault) -> RowContent {
        var input = RecordInput(kind: kind)
        var parts: [String: String] = [:]
        for (field, text) in constants { try field.read(text, into: &input, &parts) }
        for (reader, column) in columns {
            var cell = cells[column]
            if reader.field.type == .product { cell = try product(cell) }
            try reader.read(cell, &numbers, into: &input, &parts)
        }
        for (name, column) in others where !NumberCells.isMissing(cells[column]) {
            notKept[name, default: 0] += 1
        }
        let key = isKeyDerived ? try input.derivedKey() : try input.key(parts)
        return .records([RowRecord(kind: kind, key: key, change: .put(input))])
    }

    private func product(_ cell: String) throws(InputFault) -> String {
        let text = cell.trimmingSpaces
        guard let classification, text != "TOTAL", !text.contains(":") else { return text }
        return try ProductCells.product(text, in: classification)
    }
}
