import TallyCore
import TallyStore

/// Trade from an SDMX data message: SDMX-CSV 1.0 and 2.x, SDMX-JSON, or the CSV of a publisher's portal.
///
/// A row is one observation. Under `ACTION` I and A (and none) a row with a figure or a status is the whole statement; under
/// M an empty cell says nothing, under R it takes the value away; D is in ``deletion(_:)``.
struct SDMXFormat: ImportFormat, FigureMapping {
    static let name = "sdmx-csv"
    static let options: ReadingOptions = .all

    let kind: Kind
    let rows: TradeRows
    let columns: SDMXColumns
    let dataflow: SDMXDataflow
    let components: Components
    var numbers: NumberCells
    let options: ImportOptions
    private(set) var notKept: [String: Int] = [:]
    /// Components that no field holds.
    private let unread: [String]
    /// The structure that the first row names.
    private let structure: String
    private var onlyMeasure: String?

    /// Which component of the file is what.
    struct Components {
        let reporter, partner, flow, measure: String?
        let products: [String]
        let unit, status, confidentiality, valuation, mult: String?

        var all: [String] {
            [reporter, partner, flow, measure, unit, status, confidentiality, valuation, mult]
                .compactMap { $0 } + products
        }

        init(
            _ dataflow: SDMXDataflow, _ columns: SDMXColumns, _ options: ImportOptions
        ) throws(FormatError) {
            // Components that the user names, by field.
            let given = options.columns
            let known = ["reporter", "partner", "flow", "product"]
            for (field, id) in given.sorted(by: { $0.key < $1.key }) {
                guard known.contains(field), columns.has(id.uppercased()) else {
                    throw FormatError(
                        "\(options.subject(column: id, of: field)) names no component of the file",
                        hint:
                            "A component may be named for \(known.joined(separator: ", ")); there are "
                            + columns.ids.prefix(16).joined(separator: ", "))
                }
            }
            func component(_ field: String, _ ids: [String]) -> String? {
                given[field]?.uppercased() ?? columns.first(of: ids)
            }
            reporter = component("reporter", dataflow.reporter)
            partner = component("partner", dataflow.partner)
            flow = component("flow", dataflow.flow)
            products =
                given["product"].map { [$0.uppercased()] } ?? dataflow.product.filter(columns.has)
            measure = columns.first(of: dataflow.measure)
            unit = columns.first(of: ["UNIT_MEASURE", "CURRENCY", "UNIT"])
            status = columns.first(of: ["OBS_STATUS", "OBS_FLAG", "STATUS"])
            confidentiality = columns.first(of: ["CONF_STATUS", "OBS_CONF"])
            valuation = columns.first(of: ["VALUATION"])
            mult = columns.first(of: dataflow.mult + (columns.isPortal ? ["SCALE"] : []))
        }
    }

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
        components = try Components(dataflow, columns, context.options)
        numbers = header.numbers(context.options.decimalMark)
        var given: [String] = []
        if columns.has("OBS_VALUE") { given.append("value") }
        if columns.has("TIME_PERIOD") { given.append("period") }
        if components.reporter != nil { given.append("reporter") }
        if components.partner != nil { given.append("partner") }
        let hasFlow = components.flow != nil || dataflow.measures.values.contains { $0.flow != nil }
        if hasFlow { given.append("flow") }
        if !components.products.isEmpty || dataflow.product.isEmpty { given.append("product") }
        let missing = ["reporter", "partner", "flow", "period", "value"].filter {
            !given.contains($0) && context.options.constants[$0] == nil
        }
        if !missing.isEmpty {
            let ids = columns.ids.prefix(16).joined(separator: ", ")
            throw FormatError(
                "the observations are not of trade: nothing says the \(missing.joined(separator: ", "))",
                location: "row 1",
                hint: (ids.isEmpty ? "" : "Its components are \(ids). ")
                    + "Name one that does: --map \(missing[0])=COMPONENT, or say it for all: "
                    + "--set \(missing[0])=CODE")
        }
        if components.products.isEmpty, !given.contains("product"),
            context.options.constants["product"] == nil
        {
            given.append("product")
        }
        if given.contains("value") {
            let says = dataflow.measures.values
            if components.unit != nil || dataflow.unit != nil
                || says.contains(where: { $0.unit != nil })
            {
                given.append("unit")
            }
            if components.status != nil { given.append("status") }
            if components.confidentiality != nil { given.append("confidentiality") }
            let valuations = says.contains { $0.valuation != nil }
            if components.valuation != nil || dataflow.valuation != nil || valuations {
                given.append("valuation")
            }
            given += says.map(\.field).filter { !given.contains($0) }
        }
        if options.classification != nil, dataflow.source != nil,
            dataflow.classification("0") != nil
        {
            throw FormatError(
                "\(options.subject("classification", called: "classification")) does nothing here: the dataflow says the classification of its products",
                hint: "Leave it away.")
        }
        rows = try TradeRows(kind, given: given, source: dataflow.source, context)
        let read = dataflow.levels.map(\.id) + dataflow.details.flatMap(\.ids) + components.all
        unread = columns.ids.filter { !read.contains($0) && !Self.aboutRow.contains($0) }
    }

    /// Components that say nothing of a figure that a record should hold.
    private static let aboutRow: Set<String> = [
        "FREQ", "FREQUENCY", "TIME_PERIOD", "OBS_VALUE", "LAST UPDATE", "UNIT_MULT", "SCALE",
        "DECIMALS",
        "DECIMALS_DISPLAYED", "PRECISION", "ADJUSTMENT", "PRODUCT_TYPE", "METHODOLOGY_TYPE",
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
        let measure: SDMXDataflow.Measure
        if dataflow.measures.isEmpty {
            try checkMeasure(code)
            measure = .value()
        } else if let known = dataflow.measures[code] {
            measure = known
        } else {
            return .skipped("rows of a measure that no field holds (\(Quoted.short(code)))")
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
        let hasStatus = measure.field != "net_weight_kg" && !value(components.status).isEmpty
        if figure.isEmpty, action != .replace, !hasStatus {
            return .skipped("rows without a figure")
        }
        // Under M, what is said without a figure is said of the figure that there is; else the row is the whole statement.
        let given = action == .merge && figure.isEmpty ? fields.filter { !$0.text.isEmpty } : fields
        try checkScale(cells)
        for id in unread where !columns.value(id, in: cells).isEmpty {
            notKept[id, default: 0] += 1
        }
        var record = try rows.record(keyTexts + given, part: dataflow.part(of: measure, in: kind))
        if measure.field == "net_weight_kg", let id = components.status, !value(id).isEmpty {
            notKept[id, default: 0] += 1
        }
        // What is replaced by nothing need not be made.
        record.needsRecord = figure.isEmpty && !hasStatus
        return .records([record])
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

    func flow(_ text: String) -> String {
        dataflow.ownFlows[text] ?? SDMXDataflow.flows[text.uppercased()] ?? text
    }

    func key(
        _ cells: [String], flow: String
    ) throws(InputFault) -> [(name: String, text: String)] {
        var key: [(name: String, text: String)] = []
        if let id = components.reporter {
            key.append(("reporter", SDMXCodes.area(columns.value(id, in: cells))))
        }
        if let id = components.partner {
            key.append(("partner", SDMXCodes.area(columns.value(id, in: cells))))
        }
        if !flow.isEmpty || options.constants["flow"] == nil { key.append(("flow", flow)) }
        if !components.products.isEmpty || options.constants["product"] == nil {
            key.append(("product", try product(cells)))
        }
        let period = try PeriodCells.plain(
            columns.value("TIME_PERIOD", in: cells), field: "period")
        if let id = columns.first(of: ["FREQ", "FREQUENCY"]) {
            try SDMXFrequency.check(columns.value(id, in: cells), id: id, period: period)
        }
        key.append(("period", period))
        if !dataflow.variants.isEmpty, let source = try source(cells) {
            key.append(("source", source))
        }
        return key
    }

    /// The source of a row: of series that are published beside each other each has its own.
    func source(_ cells: [String]) throws(InputFault) -> String? {
        if let given = options.constants["source"] { return given }
        for (id, sources) in dataflow.variants where columns.has(id) {
            let code = columns.value(id, in: cells)
            guard let source = sources[code] else {
                throw InputFault(
                    field: "source", "\(id) \(Quoted.short(code)) is no series that is known",
                    hint: "Known are \(sources.keys.sorted().joined(separator: ", ")).")
            }
            return source
        }
        return dataflow.source
    }

    /// Of several classifications the one counts in which the row is no total.
    func product(_ cells: [String]) throws(InputFault) -> String {
        let codes = components.products.map { columns.value($0, in: cells) }.filter { !$0.isEmpty }
        let parts = codes.filter { !SDMXCodes.isTotal(product: $0) }
        if parts.count > 1 {
            throw InputFault(
                field: "product",
                "the row is of two products at once: \(parts.map(Quoted.short).joined(separator: ", "))",
                hint: "Ask for the data by one classification.")
        }
        let code = parts.first ?? codes.first ?? (components.products.isEmpty ? "_T" : "")
        let standard = options.classification ?? dataflow.classification(code)
        return try SDMXCodes.product(code, standard: standard)
    }

    /// Why a row is of another series than that of plain values; nil where it is of that.
    func otherSeries(_ cells: [String]) -> String? {
        for level in dataflow.levels where columns.has(level.id) {
            let code = columns.value(level.id, in: cells)
            if !level.kept.contains(code) {
                return "rows of another series (\(level.id) \(Quoted.short(code)))"
            }
        }
        return nil
    }

    /// What a row is a part of a total by.
    func details(_ cells: [String]) -> [String] {
        dataflow.details.filter { detail in
            detail.ids.contains {
                columns.has($0) && !detail.totals.contains(columns.value($0, in: cells))
            }
        }.map(\.name)
    }

    private mutating func figure(
        _ cells: [String], _ measure: SDMXDataflow.Measure
    ) throws(InputFault) -> String {
        let mult = components.mult.map { columns.value($0, in: cells) } ?? ""
        // Some write the label too: 6: Millions.
        guard let power = mult.isEmpty ? 0 : Int(mult.prefix { $0 != ":" }),
            (-12...15).contains(power)
        else {
            throw InputFault(
                field: measure.field, "the multiplier \(Quoted.short(mult)) is no power of ten",
                hint: "UNIT_MULT is 0, 3, 6 or another whole number.")
        }
        var scale = (measure.field == "value" ? options.scale : nil) ?? (power + measure.scale)
        if measure.field == "net_weight_kg" { scale += try weightScale(cells) }
        return try numbers.plain(
            columns.value("OBS_VALUE", in: cells), scale: scale, field: measure.field)
    }

    /// Ten to this power kilograms are the unit of a weight.
    private func weightScale(_ cells: [String]) throws(InputFault) -> Int {
        let unit = components.unit.map { columns.value($0, in: cells).uppercased() } ?? ""
        switch unit {
        case "", "KG", "_Z", "_X", "USD", "EUR": return 0
        case "T", "TN", "TNE", "TON": return 3
        case "GR", "G": return -3
        default:
            throw InputFault(
                field: "net_weight_kg", "the unit \(Quoted.short(unit)) is no weight that is known",
                hint: "Known are KG, TN and GR.")
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

    /// A scale of a publisher that is not known may have been applied or not.
    private func checkScale(_ cells: [String]) throws(InputFault) {
        guard dataflow.source == nil, components.mult == nil, options.scale == nil else { return }
        let scale = columns.value("SCALE", in: cells)
        guard !["", "0", "Units"].contains(scale) else { return }
        throw InputFault(
            field: "value", "SCALE \(Quoted.short(scale)) may be applied already, or not",
            hint: "Say the unit of the values: --scale million, or --scale 1 where it is applied.")
    }

    /// Shares, indices and growth are published in the same form, with a unit that is no currency.
    private func checkUnit(_ text: String) throws(InputFault) {
        let unit = SDMXCodes.unit(text)
        guard !unit.isEmpty, CodeList.named("currency")?[unit] == nil else { return }
        throw InputFault(
            field: "unit",
            "the unit \(Quoted.short(text)) is no currency: the figure is no value of trade",
            hint:
                "Shares, indices and growth have no field; leave them out when you ask for the data."
        )
    }

    private func statement(
        _ cells: [String], _ measure: SDMXDataflow.Measure, figure: String
    ) -> [(name: String, text: String)] {
        func value(_ id: String?) -> String { id.map { columns.value($0, in: cells) } ?? "" }
        let flag = value(components.status)
        let status = components.status.map { _ in ("status", SDMXCodes.status(flag)) }
        let unit = SDMXCodes.unit(value(components.unit))
        switch measure.field {
        case "value":
            let valuation = measure.valuation ?? dataflow.valuation
            let currency = measure.unit ?? dataflow.unit
            // Of what the file has no component for, it says nothing.
            return [("value", figure)]
                + (components.unit != nil || currency != nil
                    ? [("unit", currency ?? unit)] : [])
                + (components.valuation != nil || valuation != nil
                    ? [("valuation", valuation ?? value(components.valuation))] : [])
                + (status.map { [$0] } ?? [])
                + (components.confidentiality != nil || flag.contains("c")
                    ? [
                        (
                            "confidentiality",
                            SDMXCodes.confidentiality(value(components.confidentiality), flag: flag)
                        )
                    ] : [])
        case "quantity":
            return [("quantity", figure)]
                + (components.unit != nil ? [("quantity_unit", unit)] : [])
                + (status.map { [("quantity_status", $0.1)] } ?? [])
        default: return [(measure.field, figure)]
        }
    }
}
