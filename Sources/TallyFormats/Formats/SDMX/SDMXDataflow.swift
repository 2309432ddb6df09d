import TallyCore

/// What the components of a dataflow of trade are for Tally.
///
/// The first of ``all`` that a file fits is taken; the last one knows the usual ids alone.
struct SDMXDataflow: Sendable {
    /// The publisher as a source; nil where only the user can say it.
    var source: String?
    /// What the id of the structure holds, agency and version left away.
    var structure: @Sendable (String) -> Bool = { _ in false }
    /// Told by its components where the file names no structure.
    var components: [String] = []

    var reporter = ["REPORTER", "REF_AREA", "REPORTING_AREA", "COUNTRY", "DECLARANT", "GEO"]
    var partner = [
        "PARTNER", "COUNTERPART_AREA", "COUNTERPART_AREA_1", "COUNTERPART_COUNTRY", "VIS_AREA",
    ]
    var flow = ["TRADE_FLOW", "FLOW", "STK_FLOW", "FLOW_CODE"]
    /// Flows that only this publisher calls so.
    var ownFlows: [String: String] = [:]
    var product = [
        "PRODUCT", "PRODUCT_HS", "PRODUCT_CPA", "COMMODITY", "COMMODITY_1", "COMM_HS2017",
        "PRODUCTCODE", "SITC06", "PRODUCT_NC", "CMD_CODE",
    ]
    /// Of which classification a code without a prefix is; nil where only the user can say it.
    var classification: @Sendable (String) -> String? = { _ in nil }
    /// What is measured, and by that often flow, valuation and unit.
    var measure = ["INDICATORS", "INDICATOR", "INDIC_ET", "MEASURE"]
    var measures: [String: Measure] = [:]
    /// Components whose value says that the row is a part, by what it is called, with the values of the whole.
    var details: [(name: String, ids: [String], totals: Set<String>)] = [
        (
            "transport",
            ["TRANSPORT", "TRANSPORT_MODE", "MODE_OF_TRANSPORT", "TRANSPORT_MODE_BORDER"],
            anyTotal
        ),
        ("customs procedure", ["CUSTOMS_PROC", "CUSTOMS_PROCEDURE", "STAT_PROCEDURE"], anyTotal),
        ("second partner", ["COUNTERPART_AREA_2", "PARTNER_2"], anyTotal),
        ("second product", ["COMMODITY_2"], anyTotal),
    ]
    /// Components whose other values are other series, which are left out.
    var levels: [(id: String, kept: Set<String>)] = [
        ("TRANSFORMATION", ["", "N", "_Z", "LEVEL"]), ("ADJUSTMENT", ["", "N", "NSA", "_Z"]),
        ("SEASONAL_ADJUST", ["", "N", "NSA", "_Z"]), ("PRICE_BASE", ["", "V", "_Z"]),
    ]
    /// Series that are published beside each other, told apart by their source.
    var variants: [String: [String: String]] = [:]
    var valuation: String?
    var unit: String?
    var mult = ["UNIT_MULT"]
    /// The component that says who publishes.
    var sourceComponent: String?
    /// Components that hold fields of a record beside its figure and what is said of that.
    var fields: [(id: String, field: String)] = []

    /// What the figure of a row is.
    struct Measure: Sendable {
        var field: String
        var flow: String?
        var valuation: String?
        var unit: String?
        /// Ten to this power times what the file says.
        var scale = 0

        static func value(_ unit: String? = nil, valuation: String? = nil) -> Measure {
            Measure(field: "value", valuation: valuation, unit: unit)
        }
    }

    /// What a code of the component ``measure`` says; nil where no field holds it.
    func measure(_ code: String) -> Measure? { measures.isEmpty ? .value() : measures[code] }

    /// Which part of a record a row gives; nil where a row gives a whole one.
    func part(of measure: Measure, in kind: Kind) -> RowRecord.Part? {
        guard measures.values.contains(where: { $0.field != "value" }) else { return nil }
        func fields(_ measure: Measure) -> [String] {
            kind.statement(of: measure.field)?.fields ?? [measure.field]
        }
        return RowRecord.Part(
            name: measure.field, fields: Set(fields(measure)),
            all: Dictionary(
                measures.values.map { ($0.field, Set(fields($0))) }, uniquingKeysWith: { a, _ in a }
            ))
    }

    /// How publishers write that a row is of all of a dimension.
    private static let anyTotal: Set<String> = [
        "", "_T", "_Z", "T", "TOTAL", "0", "W0", "W00", "T_TOTAL", "C_TOTAL", "HS_TOTAL",
    ]

    /// Flows that are not called as Tally calls them.
    static let flows: [String: String] = [
        // UNSD:CL_TRADE_FLOW
        "M1": "FM", "M2": "RM", "M3": "MIP", "M4": "MOP", "M5": "MIF", "X1": "DX", "X2": "RX",
        "X3": "XIP", "X4": "XOP", "X5": "XIF",
        // STK_FLOW of Eurostat, TRADE_FLOW of the IMF
        "IMP": "M", "EXP": "X", "MG": "M", "XG": "X", "IMPORTS": "M", "EXPORTS": "X",
        "IMPORT": "M", "EXPORT": "X",
    ]

    /// CXT_EU_FLUX; others number flows otherwise.
    static let comextFlows = ["1": "M", "2": "X", "3": "RX"]

    /// Flows and measures that are computed from others: balances, and what is no flow.
    static let derivedFlows: Set<String> = ["TB", "B", "BAL", "BAL_RT", "TBG"]

    /// The dataflow of ``SDMXExport``.
    static let own = "TALLY:TRADE(1.0)"

    static let all: [SDMXDataflow] = [
        SDMXDataflow(
            structure: { $0.hasPrefix("TALLY:TRADE") }, reporter: ["REPORTER"],
            partner: ["PARTNER"], flow: ["FLOW"], product: ["PRODUCT"], levels: [],
            sourceComponent: "SOURCE",
            fields: [
                ("RELEASED", "released"), ("QUANTITY", "quantity"),
                ("QUANTITY_UNIT", "quantity_unit"), ("QUANTITY_STATUS", "quantity_status"),
                ("NET_WEIGHT_KG", "net_weight_kg"), ("COMMENT_OBS", "note"),
            ]),
        // UNSD:IMTS(1.2), the global structure for merchandise trade.
        SDMXDataflow(
            source: "unsd", structure: { $0.hasPrefix("UNSD:IMTS") },
            components: ["COMMODITY_1", "COUNTERPART_AREA_1", "TRADE_FLOW"],
            reporter: ["REF_AREA"], partner: ["COUNTERPART_AREA_1"], flow: ["TRADE_FLOW"],
            product: ["COMMODITY_1"], measure: ["MEASURE"],
            measures: [
                "V_CIF": .value(valuation: "CIF"), "V_FOB": .value(valuation: "FOB"),
                "QTY": Measure(field: "quantity"), "W_N": Measure(field: "net_weight_kg"),
            ],
            details: [
                ("second product", ["COMMODITY_2"], ["", "_Z", "_T", "HS_TOTAL"]),
                ("second partner", ["COUNTERPART_AREA_2"], ["", "_Z", "_T", "W0"]),
                ("transport", ["TRANSPORT_MODE_BORDER"], ["", "_Z", "_T", "T_TOTAL"]),
                ("customs procedure", ["CUSTOMS_PROC"], ["", "_Z", "_T", "C_TOTAL"]),
                ("national product", ["COMMODITY_CUSTOM_BREAKDOWN"], ["", "_Z", "_T", "0"]),
            ]),
        // OECD balanced trade; figures in millions of dollars, imports brought to FOB.
        SDMXDataflow(
            source: "oecd-bimts", structure: { $0.contains("DF_BIMTS") },
            components: ["PRODUCT_HS", "ADJUSTMENT", "COUNTERPART_AREA", "TRADE_FLOW"],
            product: ["PRODUCT_HS", "PRODUCT_CPA"], levels: [],
            variants: ["ADJUSTMENT": ["B": "oecd-bimts", "B_ADJ_RX": "oecd-bimts-rx"]],
            valuation: "FOB"),
        // OECD monthly trade.
        SDMXDataflow(
            source: "oecd", structure: { $0.contains("DF_IMTS") }),
        // OECD transport and insurance costs: margins in per cent, whose unit is refused.
        SDMXDataflow(
            source: "oecd-itic", structure: { $0.contains("DF_ITIC") },
            product: ["COMM_HS2017"], classification: { _ in "H5" },
            measures: ["C_F": Measure(field: "value", flow: "M", valuation: "CIF")]),
        // Eurostat Comext by SITC, and by HS and CN.
        SDMXDataflow(
            source: "eurostat",
            structure: { $0.contains(":DS-018995") || $0.contains(":DS-059331") },
            ownFlows: comextFlows, classification: { _ in "S4" }, measures: comextMeasures),
        SDMXDataflow(
            source: "eurostat",
            structure: { $0.contains(":DS-045409") || $0.contains(":DS-059341") },
            components: ["REPORTER", "PARTNER", "PRODUCT", "FLOW", "INDICATORS"],
            ownFlows: comextFlows, classification: { $0.utf8.count > 6 ? "CN" : "HS" },
            measures: comextMeasures),
        // Eurostat's long series (ext_lt_…), in millions of euros.
        SDMXDataflow(
            source: "eurostat", structure: { $0.uppercased().contains(":EXT_LT") },
            components: ["INDIC_ET", "SITC06", "PARTNER", "GEO"], reporter: ["GEO"],
            classification: { _ in "S4" }, measure: ["INDIC_ET"],
            measures: [
                "MIO_IMP_VAL": Measure(field: "value", flow: "M", unit: "EUR", scale: 6),
                "MIO_EXP_VAL": Measure(field: "value", flow: "X", unit: "EUR", scale: 6),
            ]),
        // IMF, formerly the Direction of Trade Statistics. The API gives dollars and says SCALE beside them; the portal gives
        // figures in SCALE.ID.
        SDMXDataflow(
            source: "imf", structure: { $0.contains(":IMTS") || $0.contains(":DOT") },
            components: ["COUNTRY", "COUNTERPART_COUNTRY", "INDICATOR"], flow: [], product: [],
            measure: ["INDICATOR"],
            measures: [
                "XG_FOB_USD": imfExport, "MG_CIF_USD": imfImport("CIF"),
                "MG_FOB_USD": imfImport("FOB"), "TXG_FOB_USD": imfExport,
                "TMG_CIF_USD": imfImport("CIF"), "TMG_FOB_USD": imfImport("FOB"),
            ],
            unit: "USD"),
        // World Bank WITS, trade statistics, in thousands of dollars.
        SDMXDataflow(
            source: "wits", structure: { $0.contains("WBG_WITS") },
            components: ["REPORTER", "PARTNER", "PRODUCTCODE", "INDICATOR"], flow: [],
            classification: { _ in "WITS" },
            measures: [
                "XPRT-TRD-VL": Measure(field: "value", flow: "X", unit: "USD", scale: 3),
                "MPRT-TRD-VL": Measure(field: "value", flow: "M", unit: "USD", scale: 3),
            ]),
        SDMXDataflow(structure: { _ in true }),
    ]

    private static let comextMeasures: [String: Measure] = [
        "VALUE_IN_EUROS": .value("EUR"), "VALUE_EUR": .value("EUR"),
        "QUANTITY_IN_100KG": Measure(field: "net_weight_kg", scale: 2),
        "QUANTITY_KG": Measure(field: "net_weight_kg"),
        "SUPPLEMENTARY_QUANTITY": Measure(field: "quantity"),
        "SUP_QUANTITY": Measure(field: "quantity"),
    ]

    private static let imfExport = Measure(
        field: "value", flow: "X", valuation: "FOB", unit: "USD")

    private static func imfImport(_ valuation: String) -> Measure {
        Measure(field: "value", flow: "M", valuation: valuation, unit: "USD")
    }

    /// - Parameter id: of the structure; empty where the file names none.
    static func of(_ id: String, _ columns: SDMXColumns) -> SDMXDataflow {
        let found = all.first { flow in
            if !id.isEmpty { return flow.structure(id) }
            return !flow.components.isEmpty && flow.components.allSatisfy(columns.has)
        }
        return found ?? all[all.count - 1]
    }
}
