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
    /// The date of the row first, by which names of former states are known.
    private let columns: [(reader: CellReader, column: Int)]
    private let dating: Kind.Field?
    private let constants: RowConstants
    private let classification: String?
    private let isKeyDerived: Bool
    private var unread: UnreadColumns
    private var names = PartyNames()
    private var ids = UnknownCodes()

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool { false }

    init(_ header: TableHeader, _ context: MappingContext) throws {
        let options = context.options
        let kind = try context.kind ?? Self.kind(options, context.kinds)
        var columns: [(reader: CellReader, column: Int)] = []
        let dating = kind.field("date") ?? kind.field("period")
        func order(_ name: String) -> (Int, String) { (name == dating?.name ? 0 : 1, name) }
        for (name, column) in options.columns.sorted(by: { order($0.key) < order($1.key) }) {
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
            columns.append((CellReader(field, scale: scale, order: options.dates), index))
        }
        let names = columns.map(\.reader.field.name)
        let constants = try context.constants(of: kind, besides: names)
        let known = names + constants.fields
        let missing = kind.key.map(\.name).filter { !known.contains($0) }
        isKeyDerived =
            !missing.isEmpty && kind.key.count == 1
            && kind.derivedKey?.fields.allSatisfy(known.contains) == true
        if let first = missing.first, !isKeyDerived {
            throw Self.missing(first, of: kind, beside: known)
        }
        self.kind = kind
        self.dating = dating
        self.columns = columns
        self.constants = constants
        classification = options.classification
        let used = Set(columns.map(\.column))
        try header.checkUnique(used)
        unread = UnreadColumns(header, read: used)
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

    /// Where nothing gives a part of the key, and not all of what makes one either.
    private static func missing(
        _ part: String, of kind: Kind, beside known: [String]
    ) -> FormatError {
        guard let rule = kind.derivedKey,
            let name = rule.fields.first(where: { !known.contains($0) }),
            let field = kind.field(name)
        else {
            return FormatError(
                "nothing gives the \(part), which is part of the key of \(kind.name)",
                hint:
                    "Name its column: --map \(part)=COLUMN, or say what holds for all: --set \(part)=VALUE"
            )
        }
        let codes = field.codes.map { "; the codes are shown by: tally codes \($0)" } ?? ""
        return FormatError(
            "nothing gives the \(name): without an \(part), "
                + "\(rule.fields.joined(separator: ", ")) tell one \(kind.name) from another",
            hint:
                "Name its column: --map \(name)=COLUMN, or say what holds for all: --set \(name)=VALUE\(codes)"
        )
    }

    var notKept: [String: Int] { unread.byName }

    var remarks: [String] {
        let isGiven =
            columns.contains { $0.reader.field.name == "unit" }
            || constants.fields.contains("unit")
        let strange = ids.remarks(RecordID.others)
        let remarks = numbers.remarks + names.remarks + strange
        guard kind.field("unit")?.standard != nil, !isGiven else { return remarks }
        return remarks + ["values are taken in USD; --set unit=EUR says another"]
    }

    func figures(in cells: [String]) -> [String] {
        columns.filter { $0.reader.field.type == .number }.map { cells[$0.column] }
    }

    mutating func read(_ cells: [String]) throws(InputFault) -> RowContent {
        var (input, parts) = (constants.input, constants.parts)
        for (reader, column) in columns {
            var cell = cells[column]
            if reader.field.type == .product { cell = try product(cell) }
            try reader.read(cell, at: date(input, parts), &numbers, into: &input, &parts)
        }
        let key = try key(of: input, parts)
        unread.count(cells)
        names.note(input.added)
        if kind.derivedKey != nil, !RecordID.isOne(key.parts[0]) { ids.note(key.parts[0]) }
        return .records([RowRecord(kind: kind, key: key, change: .put(input))])
    }

    /// What the row says so far of its time.
    private func date(_ input: RecordInput, _ parts: KeyParts) -> String? {
        guard let name = dating?.name else { return nil }
        return kind.isKeyField(name) ? parts[name] : input.values[name]?.text
    }

    private func key(
        of input: RecordInput, _ parts: KeyParts
    ) throws(InputFault) -> RecordKey {
        guard let rule = kind.derivedKey else { return try input.key(parts) }
        guard isKeyDerived else {
            // A publisher's own id means something only beside its name.
            guard let id = parts[kind.key[0].name], !RecordID.isOne(id) else {
                return try input.key(parts)
            }
            if columns.count > 1, saysNothing(input) {
                throw InputFault(
                    field: kind.key[0].name,
                    "the row says nothing of \(Quoted.short(id)): all its other cells are empty",
                    hint:
                        "Is it one of totals? Take it out of the file, or leave it out with --skip-bad."
                )
            }
            guard let source = input.values[rule.prefix]?.text else { return try input.key(parts) }
            return RecordKey([try FieldInput(kind.key[0]).keyPart("\(source):\(id)")])
        }
        let dates = columns.map(\.reader.field).filter {
            $0.type == .date && rule.digest.contains($0.name)
        }
        for date in dates where (input.values[date.name] ?? .null).isNull {
            throw InputFault(
                field: date.name, "\(date.name) is missing",
                hint: "It is part of what tells one \(kind.name) from another; "
                    + "--skip-bad leaves such rows out.")
        }
        return try input.derivedKey()
    }

    /// Whether the row says no more than holds for all.
    private func saysNothing(_ input: RecordInput) -> Bool {
        input.values.allSatisfy { $1.isNull || constants.input.values[$0] != nil }
            && input.added == constants.input.added
    }

    private func product(_ cell: String) throws(InputFault) -> String {
        let text = cell.trimmingSpaces
        guard let classification, text != "TOTAL", !text.contains(":") else { return text }
        return try ProductCells.product(text, in: classification)
    }
}

extension Kind.DerivedKey {
    /// All that a key is made of.
    fileprivate var fields: [String] { digest + [prefix] }
}
