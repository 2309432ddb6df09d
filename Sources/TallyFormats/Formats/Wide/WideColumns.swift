import TallyCore

/// What the columns of a table with a column a flow are, by their names or by the user's word.
struct WideColumns {
    /// A column of figures.
    struct Figure {
        let flow: String
        /// The field that it gives.
        let field: String
        let column: Int
    }

    let figures: [Figure]
    /// Parts of the key but flow and period.
    let keys: [(name: String, column: Int)]
    let period: PeriodColumns
    /// Columns that are called as fields of trade are.
    let fields: [(name: String, column: Int)]
    /// Columns that are left out since the user says for all rows what they would say.
    let overruled: [(name: String, column: Int)]
    let unread: UnreadColumns
    /// Whether a column of values has the currency in its name.
    let saysUSD: Bool

    /// The columns of flows: what they are called under `--map`, the flow, and the field that they give.
    static let flows: [(name: String, flow: String, field: String)] = [
        ("exports", "X", "value"), ("imports", "M", "value"),
        ("exports_kg", "X", "net_weight_kg"), ("imports_kg", "M", "net_weight_kg"),
    ]

    /// What columns are called, in lower case without spaces and signs; the first that is there counts.
    private static let names: [String: [String]] = [
        "exports": [
            "exports", "export", "exportsusd", "exportusd", "exportvalue", "exp", "수출", "수출액",
            "수출금액",
            "수출금액usd",
        ],
        "imports": [
            "imports", "import", "importsusd", "importusd", "importvalue", "imp", "수입", "수입액",
            "수입금액",
            "수입금액usd",
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
        "product": ["product", "hscode", "hs", "hs코드", "품목코드", "cmdcode", "commoditycode"],
    ]

    static func fits(_ header: TableHeader) -> Bool {
        func has(_ name: String) -> Bool { !candidates(name, header).isEmpty }
        return (has("exports") || has("imports")) && has("period")
    }

    /// - Throws: `FormatError` for columns of which it is not clear which is meant.
    init(
        _ header: TableHeader, _ options: ImportOptions, fields known: [Kind.Field]
    ) throws(FormatError) {
        let given = options.columns
        try Self.check(options, header)
        func column(_ name: String) -> Int? {
            given[name].flatMap { header.index($0) } ?? Self.candidates(name, header).first
        }
        var figures: [Figure] = []
        for (name, flow, field) in Self.flows {
            let candidates = Self.candidates(name, header)
            if given[name] == nil, candidates.count > 1 {
                let columns = candidates.map { Quoted.short(header.names[$0]) }
                throw FormatError(
                    "several columns may hold \(name): \(columns.joined(separator: ", "))",
                    location: "row 1", hint: "Say which: --map \(name)=COLUMN")
            }
            if let column = column(name) {
                figures.append(Figure(flow: flow, field: field, column: column))
            }
        }
        guard figures.contains(where: { $0.field == "value" }) else {
            throw FormatError(
                "no column is known to hold exports or imports", location: "row 1",
                hint: "Name it: --map exports=COLUMN, or --map imports=COLUMN")
        }
        if Set(figures.map(\.column)).count < figures.count {
            throw FormatError(
                "one column is to hold two figures", location: "row 1",
                hint: "Say with --map which column holds which: exports=COLUMN, imports=COLUMN")
        }
        self.figures = figures
        saysUSD = figures.contains { Self.plain(header.names[$0.column]).hasSuffix("usd") }
        period = try PeriodColumns(
            header, column("period"), isNamed: given["period"] != nil, order: options.dates)
        var (keys, overruled): ([(name: String, column: Int)], [(name: String, column: Int)]) =
            ([], [])
        for name in ["reporter", "partner", "product"] {
            guard let column = column(name) else { continue }
            // What the user says comes before a column of which only the name is a guess.
            let isGuess = given[name] == nil && Self.plain(header.names[column]) != name
            if isGuess, options.constants[name] != nil {
                overruled.append((name, column))
            } else {
                keys.append((name, column))
            }
        }
        (self.keys, self.overruled) = (keys, overruled)
        var used = Set(figures.map(\.column) + keys.map(\.column) + period.columns)
        fields = known.compactMap { field in
            guard let column = header.index(field.name), !used.contains(column) else { return nil }
            return (field.name, column)
        }
        used.formUnion(fields.map(\.column))
        try header.checkUnique(used)
        unread = UnreadColumns(header, read: used.union(overruled.map(\.column)))
    }

    private static func candidates(_ name: String, _ header: TableHeader) -> [Int] {
        let plain = header.names.map(Self.plain)
        return (names[name] ?? []).compactMap { plain.firstIndex(of: $0) }
    }

    private static func plain(_ name: String) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber }
    }

    private static func check(
        _ options: ImportOptions, _ header: TableHeader
    ) throws(FormatError) {
        for (name, column) in options.columns.sorted(by: { $0.key < $1.key }) {
            guard names[name] != nil else {
                throw FormatError(
                    "\(options.subject(column: column, of: name)) names nothing that a table with a column a flow has",
                    hint:
                        "It has \(names.keys.sorted().joined(separator: ", ")), and columns that are called as "
                        + "fields of trade.")
            }
            guard header.index(column) != nil else {
                throw header.missing(column, options.blame("map", name))
            }
        }
    }
}
