import TallyCore

/// The formats that an import knows, and which of them a file is in.
public enum FormatCatalog {
    private static let formats: [any (ImportFormat & Sendable).Type] = [
        NativeFormat.self, JSONLinesFormat.self, ComtradeFormat.self, LegacyComtradeFormat.self,
        GDELTFormat.self, ICEWSFormat.self, PLOVERFormat.self, UCDPFormat.self, ACLEDFormat.self,
        ACLEDDeletedFormat.self, SDMXFormat.self, WideFormat.self, MappedFormat.self,
    ]

    public static var names: [String] { formats.map { $0.name } + ["sdmx-json"] }

    /// - Throws: `FormatError` for a file in none of them.
    static func mapping(
        for header: TableHeader, _ context: MappingContext
    ) throws -> (name: String, mapping: any RowMapping) {
        let format = try format(for: header, context)
        try check(context.options, for: format)
        let name = header.origin == .sdmxJSON ? "sdmx-json" : format.name
        return (name, try format.init(header, context))
    }

    /// Members that later objects of a file of JSON may have beside those by which its format is told.
    static func laterMembers(
        beside header: TableHeader, _ context: MappingContext
    ) -> [String] {
        // What is in no format is refused when all is known of it.
        guard let format = try? format(for: header, context) else { return [] }
        return format.laterMembers(beside: header)
    }

    /// An option that does nothing is one that somebody meant to do something.
    private static func check(
        _ options: ImportOptions, for format: any ImportFormat.Type
    ) throws(FormatError) {
        var given: [(option: String, name: String, kind: ReadingOptions)] = []
        if !options.columns.isEmpty { given.append(("map", "list of columns", .columns)) }
        if options.scale != nil { given.append(("scale", "scale", .scale)) }
        if options.decimalMark != nil { given.append(("decimal", "decimal mark", .decimal)) }
        if options.classification != nil {
            given.append(("classification", "classification", .classification))
        }
        if options.dates != nil { given.append(("dates", "order of dates", .dates)) }
        if options.keepUnknown, format.name != JSONLinesFormat.name {
            throw FormatError(
                "--keep-unknown is for JSON lines of Tally's own, and the file is in the format "
                    + format.name, hint: "Leave it away.")
        }
        for (option, name, kind) in given where !format.options.contains(kind) {
            throw FormatError(
                "\(options.subject(option, called: name)) does nothing for a file in the format "
                    + format.name,
                hint: options.mending(option)
                    ?? "Leave it away, or name the columns yourself: --format mapped --map FIELD=COLUMN"
            )
        }
    }

    private static func format(
        for header: TableHeader, _ context: MappingContext
    ) throws(FormatError) -> any ImportFormat.Type {
        if let name = context.options.format {
            // Both are read as one table.
            if name == "sdmx-json" { return SDMXFormat.self }
            if let format = formats.first(where: { $0.name == name }) { return format }
            throw FormatError(
                "there is no format \(Quoted.short(name))\(context.options.blame("format"))",
                hint: "The formats are \(names.joined(separator: ", ")).")
        }
        let columns = context.options.columns
        if !columns.isEmpty {
            if SDMXFormat.fits(header, context) { return SDMXFormat.self }
            return WideColumns.flows.contains { columns[$0.name] != nil }
                ? WideFormat.self : MappedFormat.self
        }
        if let format = formats.first(where: { $0.fits(header, context) }) { return format }
        // Tally's own names what it misses, where there is something of it.
        let fields = Set(context.kinds.all.flatMap { $0.key + $0.fields }.map(\.name))
        let known = header.names.count { fields.contains($0.lowercased()) }
        if known * 2 >= header.names.count || context.options.kind != nil {
            return NativeFormat.self
        }
        throw FormatError(
            "no format is known that has the columns "
                + header.names.prefix(12).map { Quoted.short($0) }
                .joined(separator: ", "),
            location: "row 1",
            hint: GDELTColumns.hint(for: header)
                ?? "The first row must name the columns. Say which hold the fields, as in --map period=COLUMN --map value=COLUMN "
                + "(figures) or --map date=COLUMN --map title=COLUMN (events), and what is the same in every row, as in "
                + "--set reporter=KOR or --set type=visit. The fields are shown by: tally kinds")
    }
}
