import TallyCore
import TallyStore

/// Tables with a column a flow, as customs and statistical offices publish them: a period, perhaps a partner and a
/// product, and what was exported and imported.
///
/// What the table leaves unsaid (`reporter`, often `partner`, the `source`, the unit of the figures) is given for all rows.
struct WideFormat: ImportFormat {
    static let name = "wide"

    /// The columns of flows: what they are called under `--map`, the flow, and the field that they give.
    static let flows: [(field: String, flow: String, gives: String)] = [
        ("exports", "X", "value"), ("imports", "M", "value"),
        ("exports_kg", "X", "net_weight_kg"), ("imports_kg", "M", "net_weight_kg"),
    ]

    /// What columns are called, in lower case without spaces and signs; the first that is there counts.
    private static let names: [String: [String]] = [
        "exports": [
            "exports", "export", "exportsusd", "exportusd", "exportvalue", "exp", "수출", "수출액",
            "수출금액", "수출금액usd",
        ],
        "imports": [
            "imports", "import", "importsusd", "importusd", "importvalue", "imp", "수입", "수입액",
            "수입금액", "수입금액usd",
        ],
        "exports_kg": ["exportskg", "exportweight", "수출중량", "수출중량kg"],
        "imports_kg": ["importskg", "importweight", "수입중량", "수입중량kg"],
        "period": [
            "period", "date", "month", "time", "timeperiod", "yearmonth", "yymm", "year", "월", "년월",
            "연월",
            "기간", "시점", "년도", "연도", "년", "m",
        ],
        "partner": [
            "partner", "partneriso", "iso3c", "iso3", "iso2", "iso", "countrycode", "국가코드",
            "country",
            "partnername", "국가명", "국가",
        ],
        "reporter": ["reporter", "reporteriso"],
        "product": ["product", "hscode", "hs", "hs코드", "cmdcode", "commoditycode"],
    ]

    let kind: Kind
    private let rows: TradeRows
    private var numbers: NumberCells
    private let figures: [Figure]
    private let keys: [(name: String, column: Int)]
    private let period: PeriodColumns
    private let classification: String
    private let others: [(name: String, column: Int)]
    private(set) var notKept: [String: Int] = [:]
    private(set) var remarks: [String] = []

    private struct Figure {
        let flow: String
        let field: String
        let column: Int
        let scale: Int
    }

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool {
        func has(_ field: String) -> Bool { column(field, header, [:]) != nil }
        return (has("exports") || has("imports")) && has("period")
    }

    init(_ header: TableHeader, _ context: MappingContext) throws {
        let options = context.options
        kind = try context.tradeKind(for: Self.name)
        try Self.checkMap(options.columns, header)
        func column(_ field: String) -> Int? { Self.column(field, header, options.columns) }
        figures = Self.flows.compactMap { name, flow, field in
            column(name).map {
                Figure(
                    flow: flow, field: field, column: $0,
                    scale: field == "value" ? options.scale ?? 0 : 0)
            }
        }
        guard figures.contains(where: { $0.field == "value" }) else {
            throw FormatError(
                "no column is known to hold exports or imports", location: "row 1",
                hint: "Name it: --map exports=COLUMN, or --map imports=COLUMN")
        }
        // What the user says comes before a column that only its name tells.
        keys = ["reporter", "partner", "product"].compactMap { name in
            options.constants[name] != nil && options.columns[name] == nil
                ? nil : column(name).map { (name, $0) }
        }
        period = try PeriodColumns(
            header, column("period"), isNamed: options.columns["period"] != nil)
        classification = options.classification ?? "HS"
        let used = Set(figures.map(\.column) + keys.map(\.column) + period.columns)
        let labels = Self.names.filter { $0.key == "partner" }.flatMap(\.value)
        try header.checkUnique(used)
        others = header.others(besides: used).filter { !labels.contains(Self.plain($0.name)) }
        numbers = header.numbers(options.decimalMark)
        var given = ["flow", "value", "net_weight_kg", "period"] + keys.map(\.name)
        if !given.contains("product"), options.constants["product"] == nil {
            given.append("product")
        }
        rows = try TradeRows(kind, given: given, source: nil, context)
        if options.scale == nil {
            remarks.append(
                "figures are taken as they stand; where they are in thousands or millions, say so with --scale"
            )
        }
        if keys.contains(where: { $0.name == "product" }), options.classification == nil {
            remarks.append(
                "products are HS:CODE here; --classification H6 (2022), H5 (2017) … names the edition"
            )
        }
    }

    private static func column(
        _ field: String, _ header: TableHeader, _ given: [String: String]
    ) -> Int? {
        if let name = given[field] { return header.index(name) }
        let plain = header.names.map(Self.plain)
        return names[field]?.lazy.compactMap { plain.firstIndex(of: $0) }.first
    }

    private static func plain(_ name: String) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber }
    }

    private static func checkMap(
        _ given: [String: String], _ header: TableHeader
    ) throws(FormatError) {
        for (field, column) in given.sorted(by: { $0.key < $1.key }) {
            guard names[field] != nil else {
                throw FormatError(
                    "--map \(field)=\(column) names nothing that a table with a column a flow has",
                    hint: "It has \(names.keys.sorted().joined(separator: ", ")).")
            }
            guard header.index(column) != nil else { throw header.missing(column) }
        }
    }

    mutating func read(_ cells: [String]) throws(InputFault) -> RowContent {
        var key: [(name: String, text: String)] = [("period", try period.read(cells))]
        for (name, column) in keys {
            key.append(
                (name, name == "product" ? product(cells[column]) : AreaCells.code(cells[column])))
        }
        if !key.contains(where: { $0.name == "product" }) { key.append(("product", "TOTAL")) }
        var byFlow: [(flow: String, fields: [(name: String, text: String)])] = []
        for figure in figures {
            let text = try numbers.plain(
                cells[figure.column], scale: figure.scale, field: figure.field)
            if text.isEmpty { continue }
            if let index = byFlow.firstIndex(where: { $0.flow == figure.flow }) {
                byFlow[index].fields.append((figure.field, text))
            } else {
                byFlow.append((figure.flow, [(figure.field, text)]))
            }
        }
        for (name, column) in others where !NumberCells.isMissing(cells[column]) {
            notKept[name, default: 0] += 1
        }
        if byFlow.isEmpty { return .skipped("rows without a figure") }
        var records: [RowRecord] = []
        for (flow, fields) in byFlow {
            records.append(try rows.record(key + [("flow", flow)] + fields))
        }
        return .records(records)
    }

    private func product(_ cell: String) -> String {
        let text = cell.trimmingSpaces
        return text == "TOTAL" || text.contains(":") ? text : "\(classification):\(text)"
    }
}

/// The period of a row, from one column or two: a year and a month, or a day and how many days from there (`10d`).
private struct PeriodColumns {
    private enum Form {
        case one(Int)
        case yearAndMonth(Int, Int)
        case dayAndLength(Int, Int)
    }

    private let form: Form

    /// - Parameter isNamed: whether the user has named the column.
    init(_ header: TableHeader, _ column: Int?, isNamed: Bool) throws(FormatError) {
        guard let column else {
            throw FormatError(
                "no column is known to hold the period", location: "row 1",
                hint: "Name it: --map period=COLUMN")
        }
        if isNamed {
            form = .one(column)
        } else if let year = header.index("year"), let month = header.index("month") {
            form = .yearAndMonth(year, month)
        } else if let day = header.index("date"), let length = header.index("period") {
            form = .dayAndLength(day, length)
        } else {
            form = .one(column)
        }
    }

    var columns: [Int] {
        switch form {
        case .one(let column): return [column]
        case .yearAndMonth(let a, let b), .dayAndLength(let a, let b): return [a, b]
        }
    }

    func read(_ cells: [String]) throws(InputFault) -> String {
        switch form {
        case .one(let column): return try PeriodCells.plain(cells[column], field: "period")
        case .yearAndMonth(let year, let month):
            let (year, month) = (cells[year].trimmingSpaces, cells[month].trimmingSpaces)
            if month.isEmpty { return try PeriodCells.plain(year, field: "period") }
            let isNumber = month.utf8.allSatisfy { (0x30...0x39).contains($0) }
            let padded = month.utf8.count == 1 ? "0" + month : month
            return try PeriodCells.plain(
                isNumber ? "\(year)-\(padded)" : "\(month) \(year)", field: "period")
        case .dayAndLength(let day, let length):
            let first = try PeriodCells.plain(cells[day], field: "period")
            let text = cells[length].trimmingSpaces
            if text.isEmpty { return first }
            guard text.hasSuffix("d"), let days = Int(text.dropLast()), days > 0 else {
                throw InputFault(
                    field: "period", "period \(JSONString.shown(text)) is no number of days, as 10d"
                )
            }
            return "\(first)/P\(days)D"
        }
    }
}
