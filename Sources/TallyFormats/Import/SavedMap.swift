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
    static let prefix = "map."

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
        self.header = header.names
        func object(_ texts: [String: String]) -> JSONValue {
            .object(
                texts.sorted { $0.key < $1.key }.map {
                    JSONValue.Member($0.key, .string($0.value))
                })
        }
        var members: [JSONValue.Member] = [
            .init("header", .array(header.names.map(JSONValue.string)))
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

    /// - Returns: nil for a setting that is no map that this version can read.
    init?(setting name: String, value text: String) {
        guard name.hasPrefix(Self.prefix), let value = try? JSONValue(parsing: Array(text.utf8)),
            let header = value["header"]?.array?.compactMap(\.string)
        else { return nil }
        self.name = String(name.dropFirst(Self.prefix.count))
        self.header = header
        self.value = value
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
    func applied(to options: ImportOptions) -> ImportOptions {
        func texts(_ name: String) -> [String: String] {
            let members = value[name]?.object ?? []
            return Dictionary(
                members.compactMap { member in member.value.string.map { (member.name, $0) } },
                uniquingKeysWith: { first, _ in first })
        }
        var options = options
        options.format = options.format ?? value["format"]?.string
        options.kind = options.kind ?? value["kind"]?.string
        options.columns.merge(texts("columns")) { own, _ in own }
        options.constants.merge(texts("constants")) { own, _ in own }
        options.scale = options.scale ?? value["scale"]?.number.flatMap { Int(exactly: $0) }
        options.decimalMark =
            options.decimalMark ?? value["decimal"]?.string.flatMap { DecimalMark(rawValue: $0) }
        options.dates = options.dates ?? value["dates"]?.string.flatMap { DateOrder(rawValue: $0) }
        options.classification = options.classification ?? value["classification"]?.string
        options.encoding =
            options.encoding ?? value["encoding"]?.string.flatMap { TextEncoding(rawValue: $0) }
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
        guard let map = SavedMap(setting: SavedMap.prefix + name, value: text) else {
            throw FormatError(
                "the setting map.\(name) is no map that can be read",
                hint: "Save it anew with an import: --save-map \(name)")
        }
        return map
    }

    /// The maps that were saved for files with these columns, by name.
    func savedMaps(for header: [String]) throws -> [SavedMap] {
        guard let kind = kinds[SavedMap.kind] else { return [] }
        var maps: [SavedMap] = []
        try forEachRow(of: kind) { row in
            if row.key.parts[0].hasPrefix(SavedMap.prefix), let text = row.values["value"]?.text,
                let map = SavedMap(setting: row.key.parts[0], value: text), map.header == header
            {
                maps.append(map)
            }
        }
        return maps
    }
}
