import TallyCore
import TallyStore
import TallyWire

/// How a file is to be read, kept for the next one like it as the setting `map.NAME`.
///
/// The value is a JSON object: `header` (the names of the columns), and what was given: `format`, `kind`, `columns`,
/// `constants`, `scale`, `decimal`, `dates`, `classification`, `encoding`.
public struct SavedMap: Equatable, Sendable {
    public let name: String
    let header: [String]
    private let value: JSONValue

    static let kind = "setting"
    static let prefix = SavedMapInput.prefix

    /// - Throws: `FormatError` for a name that is no name of a map.
    public static func check(name: String) throws(FormatError) {
        guard Shape.isSource(name) else {
            throw FormatError(
                "\(Quoted.short(name)) is no name for a saved map",
                hint: "Use lower-case letters, digits, dots and dashes, as in kosis-monthly.")
        }
    }

    public static func address(of name: String) -> RecordAddress {
        RecordAddress(kind: kind, key: RecordKey([prefix + name]))
    }

    /// - Parameter shown: the decimal mark that the figures of the file have shown.
    init(name: String, header: TableHeader, options: ImportOptions, shown: DecimalMark?) {
        self.name = name
        self.header = header.shown
        func object(_ texts: [String: String]) -> JSONValue {
            .object(
                texts.sorted { $0.key < $1.key }.map {
                    JSONValue.Member($0.key, .string($0.value))
                })
        }
        var members: [JSONValue.Member] = [
            .init("header", .array(header.shown.map(JSONValue.string)))
        ]
        func add(_ name: String, _ text: String?) {
            if let text { members.append(.init(name, .string(text))) }
        }
        add("format", options.format)
        add("kind", options.kind)
        if !options.columns.isEmpty { members.append(.init("columns", object(options.columns))) }
        // The next file has another vintage.
        let constants = options.constants.filter { $0.key != "released" }
        if !constants.isEmpty { members.append(.init("constants", object(constants))) }
        if let scale = options.scale { members.append(.init("scale", .number(Double(scale)))) }
        add("decimal", options.decimalMark?.rawValue)
        add("dates", options.dates?.rawValue)
        // Another delimiter goes with another way to write numbers.
        if options.decimalMark == nil, let shown, let delimiter = header.delimiter {
            add("shown", shown.rawValue)
            add("delimiter", delimiter)
        }
        add("classification", options.classification)
        add("encoding", options.encoding?.rawValue)
        value = .object(members)
    }

    /// - Throws: `FormatError` for a setting that is no map that this version can read.
    init(named name: String, value text: String) throws(FormatError) {
        let reason = SavedMapInput.fault(in: text)
        guard reason == nil, let value = try? JSONValue(parsing: Array(text.utf8)) else {
            throw FormatError(
                "the setting \(Self.prefix)\(name) is no map that can be read: \(reason ?? "")",
                hint: "Save it anew with an import: --save-map \(name)")
        }
        self.name = name
        header = value["header"]?.array?.compactMap(\.string) ?? []
        self.value = value
    }

    /// The names of columns, whatever their order and case.
    static func unordered(_ header: [String]) -> [String] {
        header.map { $0.lowercased() }.sorted()
    }

    var text: String { value.text }

    /// The decimal mark that the figures of the first file have shown, for a file with the same delimiter.
    func shownMark(for header: TableHeader) -> DecimalMark? {
        guard let delimiter = value["delimiter"]?.string, delimiter == header.delimiter else {
            return nil
        }
        return value["shown"]?.string.flatMap { DecimalMark(rawValue: $0) }
    }

    /// The options with what the map says, where they say nothing themselves.
    ///
    /// A constant of the map that is empty in the options is left away.
    ///
    /// - Throws: `FormatError` for an encoding that this version does not know.
    func applied(to options: ImportOptions) throws(FormatError) -> ImportOptions {
        var (options, share) = (options, MapShare(name: name))
        func text(_ name: String) -> String? { value[name]?.string }
        func fill<Option>(_ option: String, _ own: inout Option?, _ said: Option?) {
            guard own == nil, let said else { return }
            own = said
            share.options.insert(option)
        }
        func fill(_ option: String, _ own: inout [String: String], _ member: String) {
            for said in value[member]?.object ?? [] where own[said.name] == nil {
                own[said.name] = said.value.string
                share.options.formUnion([option, "\(option) \(said.name)"])
            }
        }
        let left = (value["constants"]?.object ?? []).map(\.name).filter {
            options.constants[$0] == ""
        }
        fill("map", &options.columns, "columns")
        fill("set", &options.constants, "constants")
        for name in left { options.constants[name] = nil }
        fill("format", &options.format, text("format"))
        fill("kind", &options.kind, text("kind"))
        fill("scale", &options.scale, value["scale"]?.number.flatMap { Int(exactly: $0) })
        fill("decimal", &options.decimalMark, text("decimal").flatMap { DecimalMark(rawValue: $0) })
        fill("dates", &options.dates, text("dates").flatMap { DateOrder(rawValue: $0) })
        fill("classification", &options.classification, text("classification"))
        let encoding = text("encoding").flatMap { TextEncoding(rawValue: $0) }
        if let name = text("encoding"), encoding == nil, options.encoding == nil {
            throw FormatError(
                "there is no encoding \(Quoted.short(name)), which the saved map \(Quoted.short(self.name)) names",
                hint: "Name the encoding of the file: --encoding utf-8")
        }
        fill("encoding", &options.encoding, encoding)
        options.share = share
        return options
    }
}

extension DatasetAccess {
    /// The map that the dataset keeps under a name; nil where there is none.
    func savedMap(named name: String) throws -> SavedMap? {
        let view = try view(SavedMap.address(of: name))
        guard view.isVisible, let text = view.row?.values["value"]?.text else { return nil }
        if let conflict = view.conflicts.first {
            throw FormatError(
                "the saved map \(Quoted.short(name)) is in conflict",
                hint: "Settle it first: tally conflicts \(conflict.id.text)")
        }
        return try SavedMap(named: name, value: text)
    }

    /// The maps that were saved for files with these columns, by name: in this order and case, or, where there is none, in
    /// any.
    ///
    /// - Parameter further: columns that may stand beside those of a map.
    func savedMaps(
        for header: [String], further: ([String]) -> [String]
    ) throws -> [SavedMap] {
        guard let kind = kinds[SavedMap.kind] else { return [] }
        func fits(_ map: SavedMap) -> Bool {
            let further = Set(further(map.header))
            return SavedMap.unordered(header.filter { !further.contains($0) })
                == SavedMap.unordered(map.header)
        }
        var maps: [SavedMap] = []
        try forEachRow(of: kind) { row in
            let name = row.key.parts[0]
            if name.hasPrefix(SavedMap.prefix), let text = row.values["value"]?.text,
                let map = try? SavedMap(
                    named: String(name.dropFirst(SavedMap.prefix.count)), value: text),
                fits(map)
            {
                maps.append(map)
            }
        }
        let same = maps.filter { $0.header == header }
        return same.isEmpty ? maps : same
    }
}
