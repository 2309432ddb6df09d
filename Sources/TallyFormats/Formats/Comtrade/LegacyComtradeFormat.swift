import TallyCore
import TallyStore

/// Trade as UN Comtrade gave it until 2022: 35 or 22 columns with names for people.
///
/// In files of its API the columns of the quantity are in another order than their names: where `Qty` is empty, the number
/// under `Alt Qty Unit` is the quantity.
struct LegacyComtradeFormat: ImportFormat {
    static let name = "comtrade-legacy"
    static let options: ReadingOptions = []

    let kind: Kind
    private let rows: TradeRows
    private let header: TableHeader
    private(set) var notKept: [String: Int] = [:]

    private static let details = [
        ("customs procedure", "Customs Proc. Code"), ("transport", "Mode of Transport Code"),
        ("second partner", "2nd Partner Code"),
    ]

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool {
        header.has(
            "Classification", "Period", "Trade Flow", "Reporter Code", "Partner Code",
            "Commodity Code", "Trade Value (US$)")
    }

    init(_ header: TableHeader, _ context: MappingContext) throws {
        guard Self.fits(header, context) else {
            throw FormatError(
                "the columns are not those of UN Comtrade before 2022", location: "row 1",
                hint:
                    "It has Classification, Period, Trade Flow, Reporter Code, …, Trade Value (US$)."
            )
        }
        kind = try context.tradeKind(for: Self.name)
        try header.checkUnique(header.names.indices)
        self.header = header
        rows = try TradeRows(
            kind,
            given: [
                "reporter", "partner", "flow", "product", "period", "value", "unit", "quantity",
                "quantity_unit", "quantity_status", "net_weight_kg",
            ], source: "comtrade", context)
    }

    mutating func read(_ cells: [String]) throws(InputFault) -> RowContent {
        func cell(_ name: String) -> String {
            header.index(name).map { cells[$0].trimmingSpaces } ?? ""
        }
        let code = cell("Commodity Code")
        let key: [(name: String, text: String)] = [
            (
                "reporter",
                try ComtradeCodes.area(
                    number: cell("Reporter Code"), iso: cell("Reporter ISO"), field: "reporter")
            ),
            (
                "partner",
                try ComtradeCodes.area(
                    number: cell("Partner Code"), iso: cell("Partner ISO"), field: "partner")
            ),
            ("flow", ComtradeCodes.flow(cell("Trade Flow"))),
            (
                "product",
                code == "TOTAL" ? code : try ProductCells.product(code, in: cell("Classification"))
            ),
            ("period", try ComtradeCodes.period(cell("Period"), frequency: "")),
        ]
        let parts = Self.details.filter { !ComtradeCodes.isTotal(cell($0.1)) }.map(\.0)
        if !parts.isEmpty {
            return .detail(of: try rows.record(key).key, part: parts.joined(separator: ", "))
        }
        let isShifted = cell("Qty").isEmpty && Double(cell("Alt Qty Unit")) != nil
        let quantity = ComtradeCodes.quantity(
            isShifted ? cell("Alt Qty Unit") : cell("Qty"), unitCode: cell("Qty Unit Code"),
            unit: cell("Qty Unit"))
        let isEstimated = ComtradeCodes.isQuantityEstimated(flag: cell("Flag"))
        let figures = [cell("Trade Value (US$)"), quantity.number, cell("Netweight (kg)")]
        if figures.allSatisfy(\.isEmpty) { return .skipped("rows without a figure") }
        let record = try rows.record(
            key
                + ComtradeCodes.figures(
                    value: cell("Trade Value (US$)"),
                    quantity: header.has("Qty") ? quantity : nil, isEstimated: isEstimated,
                    weight: header.has("Netweight (kg)") ? cell("Netweight (kg)") : nil))
        let others = [
            "Alt Qty", "Gross weight (kg)", "CIF Trade Value (US$)", "FOB Trade Value (US$)",
        ]
        for name in others where !ComtradeCodes.saysNothing(cell(name)) {
            notKept[name, default: 0] += 1
        }
        return .records([record])
    }
}
