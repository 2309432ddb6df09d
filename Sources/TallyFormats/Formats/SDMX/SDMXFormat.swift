import TallyCore
import TallyStore

/// Trade from an SDMX data message: SDMX-CSV 1.0 and 2.x, SDMX-JSON, or the CSV of a publisher's portal.
///
/// A row is one observation. Under `ACTION` I and A (and none) a row with a figure or a status is the whole statement; under
/// M an empty cell says nothing, under R it takes the value away; D is in ``deletion(_:)``.
struct SDMXFormat: ImportFormat, FigureMapping {
    static let name = "sdmx-csv"
    static let options: ReadingOptions = [.columns, .scale, .decimal, .classification]

    let kind: Kind
    let rows: TradeRows
    let columns: SDMXColumns
    let dataflow: SDMXDataflow
    let components: SDMXComponents
    var numbers: NumberCells
    let options: ImportOptions
    private(set) var notKept: [String: Int] = [:]
    /// Components that no field holds.
    let unread: [String]
    /// The structure that the first row names.
    private let structure: String
    private var onlyMeasure: String?

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool {
        let columns = SDMXColumns(header)
        return header.origin == .sdmxJSON || columns.has("OBS_VALUE") && columns.has("TIME_PERIOD")
            || columns.has("STRUCTURE_ID") || columns.has("DATAFLOW") && columns.ids.count > 1
    }

    init(_ header: TableHeader, _ context: MappingContext) throws {
        kind = try context.tradeKind(for: Self.name)
        if let value = header.index("OBS_VALUE") { try header.checkUnique([value]) }
        columns = SDMXColumns(header)
        options = context.options
        structure =
            header.first.count == header.names.count ? columns.structure(in: header.first) : ""
        dataflow = SDMXDataflow.of(structure, columns)
        components = try SDMXComponents(dataflow, columns, context.options)
        numbers = header.numbers(context.options.decimalMark)
        var given = components.given(by: dataflow, columns)
        try Self.check(given, columns, constants: options.constants)
        // What is of no product is of all.
        if !given.contains("product"), options.constants["product"] == nil {
            given.append("product")
        }
        if options.scale != nil, let mult = components.mult {
            throw FormatError(
                "\(options.subject("scale", called: "scale")) is against the file, which gives the unit of its values by \(mult)",
                hint: "Leave it away.")
        }
        if options.classification != nil, dataflow.source != nil,
            dataflow.classification("0") != nil
        {
            throw FormatError(
                "\(options.subject("classification", called: "classification")) does nothing here: the dataflow says the classification of its products",
                hint: "Leave it away.")
        }
        rows = try TradeRows(kind, given: given, source: dataflow.source, context)
        let read =
            dataflow.fields.map(\.id) + [dataflow.sourceComponent ?? ""] + dataflow.levels.map(\.id)
            + dataflow.details.flatMap(\.ids) + components.all
        unread = columns.ids.filter { !read.contains($0) && !Self.aboutRow.contains($0) }
    }

    private static func check(
        _ given: [String], _ columns: SDMXColumns, constants: [String: String]
    ) throws(FormatError) {
        let missing = ["reporter", "partner", "flow", "period", "value"].filter {
            !given.contains($0) && constants[$0] == nil
        }
        guard let first = missing.first else { return }
        let ids = columns.ids.prefix(16).joined(separator: ", ")
        throw FormatError(
            "the observations are not of trade: nothing says the \(missing.joined(separator: ", "))",
            location: "row 1",
            hint: (ids.isEmpty ? "" : "Its components are \(ids). ")
                + "Name one that does: --map \(first)=COMPONENT, or say it for all: "
                + "--set \(first)=CODE")
    }

    /// Components that say nothing of a figure that a record should hold.
    private static let aboutRow: Set<String> = [
        "FREQ", "FREQUENCY", "TIME_PERIOD", "OBS_VALUE", "LAST UPDATE", "UNIT_MULT", "SCALE",
        "DECIMALS", "DECIMALS_DISPLAYED", "PRECISION", "ADJUSTMENT", "PRODUCT_TYPE",
        "METHODOLOGY_TYPE",
        "TIME_FORMAT",
    ]

    var remarks: [String] {
        var remarks = numbers.remarks
        if let onlyMeasure, !onlyMeasure.isEmpty {
            remarks.append(
                "the figures are those of \(components.measure ?? "") \(Quoted.short(onlyMeasure))")
        }
        if components.unit == nil, dataflow.unit == nil,
            dataflow.measures.values.allSatisfy({ $0.unit == nil }),
            options.constants["unit"] == nil
        {
            remarks.append(
                "the file does not say the unit of its values: USD is taken; --set unit=EUR says another"
            )
        }
        return remarks
    }

    func figures(in cells: [String]) -> [String] { [columns.value("OBS_VALUE", in: cells)] }

    mutating func read(_ cells: [String]) throws(InputFault) -> RowContent {
        func value(_ id: String?) -> String { id.map { columns.value($0, in: cells) } ?? "" }
        let action = try action(value("ACTION"))
        try checkStructure(cells)
        if action == .delete { return try deletion(cells) }
        if let skipped = otherSeries(cells) { return .skipped(skipped) }
        let code = value(components.measure)
        if dataflow.measures.isEmpty { try checkMeasure(code) }
        guard let measure = dataflow.measure(code) else {
            return .skipped(Self.reason(ofMeasure: code))
        }
        let flow = measure.flow ?? self.flow(value(components.flow))
        if SDMXDataflow.derivedFlows.contains(flow) {
            return .skipped("rows of balances")
        }
        let keyTexts = try key(cells, flow: flow)
        let parts = details(cells)
        if !parts.isEmpty {
            return .detail(
                of: try rows.record(keyTexts).key, part: parts.joined(separator: ", "))
        }
        let figure = try figure(cells, measure)
        if measure.field == "value", measure.unit == nil { try checkUnit(value(components.unit)) }
        let fields = statement(cells, measure, figure: figure)
        let others = try others(cells)
        let hasStatus = measure.field != "net_weight_kg" && !value(components.status).isEmpty
        let isEmpty = figure.isEmpty && !hasStatus && others.allSatisfy(\.text.isEmpty)
        if isEmpty, action != .replace {
            return .skipped("rows without a figure")
        }
        // Under M an empty cell says nothing; else the row is the whole statement.
        let given = (fields + others).filter { action != .merge || !$0.text.isEmpty }
        try checkScale(cells)
        for id in unread where !columns.value(id, in: cells).isEmpty {
            notKept[id, default: 0] += 1
        }
        var record = try rows.record(keyTexts + given, part: dataflow.part(of: measure, in: kind))
        if measure.field == "net_weight_kg", let id = components.status, !value(id).isEmpty {
            notKept[id, default: 0] += 1
        }
        // What is replaced by nothing need not be made.
        record.needsRecord = isEmpty
        return .records([record])
    }

    static func reason(ofMeasure code: String) -> String {
        "rows of a measure that no field holds (\(Quoted.short(code)))"
    }

    // MARK: Parts of a row

    private enum Action { case append, merge, replace, delete }

    private func action(_ text: String) throws(InputFault) -> Action {
        switch text.uppercased() {
        case "", "I", "A": return .append
        case "M": return .merge
        case "R": return .replace
        case "D": return .delete
        default:
            throw InputFault(
                field: "ACTION", "ACTION \(Quoted.short(text)) is not known",
                hint: "It is I, A, M, R or D.")
        }
    }

    private func checkStructure(_ cells: [String]) throws(InputFault) {
        let other = columns.structure(in: cells)
        guard other != structure else { return }
        throw InputFault(
            field: "",
            "it is of the dataflow \(Quoted.short(other)), the first row of \(Quoted.short(structure))",
            hint: "Get each dataflow as a file of its own.")
    }

    /// Of publishers that are not known, one file can have figures of one sort.
    private mutating func checkMeasure(_ code: String) throws(InputFault) {
        if let onlyMeasure, onlyMeasure != code {
            throw InputFault(
                field: "value",
                "it is of the measure \(Quoted.short(code)), rows before it of \(Quoted.short(onlyMeasure))",
                hint: "Get each measure as a file of its own.")
        }
        onlyMeasure = code
    }
}
