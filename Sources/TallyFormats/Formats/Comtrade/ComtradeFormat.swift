import TallyCore
import TallyStore

/// Trade as UN Comtrade gives it since 2022: 47 columns from the web or its API, as CSV or JSON, or the few that a program
/// has kept of them.
///
/// Rows of detail (by customs procedure, transport, second partner, mode of supply) are parts of a row of totals. The
/// value is `primaryValue`; which valuation that is, `cifvalue` and `fobvalue` tell. What is estimated of a quantity is
/// its status, never that of the value.
///
/// Source: https://uncomtrade.org/docs/ (data items; reference tables).
struct ComtradeFormat: ImportFormat {
    static let name = "comtrade"
    static let options: ReadingOptions = [.classification]

    let kind: Kind
    private let rows: TradeRows
    private let columns: Columns
    private let standardClassification: String
    private(set) var notKept: [String: Int] = [:]
    private(set) var remarks: [String] = []

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool {
        header.has("period", "flowCode", "cmdCode", "primaryValue")
            && header.index(anyOf: ["reporterCode", "reporterISO"]) != nil
    }

    init(_ header: TableHeader, _ context: MappingContext) throws {
        guard Self.fits(header, context) else {
            throw FormatError(
                "the columns are not those of UN Comtrade", location: "row 1",
                hint: "It has reporterCode, flowCode, partnerCode, cmdCode, period, primaryValue.")
        }
        kind = try context.tradeKind(for: Self.name)
        try header.checkUnique(header.names.indices)
        columns = Columns(header)
        var given = ["reporter", "flow", "product", "period", "value", "unit"]
        if columns.partner != nil || columns.partnerISO != nil { given.append("partner") }
        if columns.cif != nil || columns.fob != nil { given.append("valuation") }
        if columns.quantity != nil { given += ["quantity", "quantity_unit", "quantity_status"] }
        if columns.weight != nil { given.append("net_weight_kg") }
        rows = try TradeRows(kind, given: given, source: "comtrade", context)
        standardClassification = context.options.classification ?? "HS"
        if columns.classification == nil, context.options.classification == nil {
            remarks.append(
                "the file does not say which edition of the HS its products are of; they are HS:CODE here "
                    + "(--classification H6 names one)")
        }
    }

    private struct Columns {
        let reporter, reporterISO, partner, partnerISO, flow, product, classification: Int?
        let period, frequency, type: Int?
        let value, cif, fob, quantity, unitCode, unit, isEstimated, weight, flag: Int?
        /// What makes a row one of detail, by what it is called; its total is `0`, `C00` or empty.
        let details: [(name: String, column: Int)]
        /// What no field holds: the column, and the cells that say nothing.
        let others: [(name: String, column: Int)]

        init(_ header: TableHeader) {
            reporter = header.index("reporterCode")
            reporterISO = header.index("reporterISO")
            partner = header.index("partnerCode")
            partnerISO = header.index("partnerISO")
            flow = header.index("flowCode")
            product = header.index("cmdCode")
            classification = header.index("classificationCode")
            period = header.index("period")
            frequency = header.index("freqCode")
            type = header.index("typeCode")
            value = header.index("primaryValue")
            cif = header.index("cifvalue")
            fob = header.index("fobvalue")
            quantity = header.index("qty")
            unitCode = header.index("qtyUnitCode")
            unit = header.index("qtyUnitAbbr")
            isEstimated = header.index("isQtyEstimated")
            weight = header.index("netWgt")
            flag = header.index("legacyEstimationFlag")
            details = [
                ("customs procedure", "customsCode"), ("transport", "motCode"),
                ("second partner", "partner2Code"), ("second partner", "prtner2Code"),
                ("mode of supply", "mosCode"),
            ].compactMap { name, column in header.index(column).map { (name, $0) } }
            // Some downloads misspell two names: prtner2Code, atlQty.
            others =
                ["altQty", "atlQty", "grossWgt", "isNetWgtEstimated"].compactMap { name in
                    header.index(name).map { (name, $0) }
                } + header.others(besides: []).filter { !Self.known.contains($0.name.lowercased()) }
        }

        /// The columns of Comtrade, and the first one that a program writes without a name.
        private static let known: Set<String> = Set(
            """
            typecode freqcode refperiodid refyear refmonth period reportercode reporteriso reporterdesc flowcode flowdesc
            partnercode partneriso partnerdesc partner2code prtner2code partner2iso partner2desc classificationcode
            classificationsearchcode isoriginalclassification cmdcode cmddesc aggrlevel isleaf customscode customsdesc
            moscode motcode motdesc qtyunitcode qtyunitabbr qty isqtyestimated altqtyunitcode altqtyunitabbr altqty
            atlqty isaltqtyestimated netwgt isnetwgtestimated grosswgt isgrosswgtestimated cifvalue fobvalue
            primaryvalue legacyestimationflag isreported isaggregate datasetcode
            """.split(whereSeparator: \.isWhitespace).map(String.init) + ["column 1"])
    }

    mutating func read(_ cells: [String]) throws(InputFault) -> RowContent {
        func cell(_ column: Int?) -> String { column.map { cells[$0].trimmingSpaces } ?? "" }
        var key: [(name: String, text: String)] = [
            (
                "reporter",
                try ComtradeCodes.area(
                    number: cell(columns.reporter), iso: cell(columns.reporterISO),
                    field: "reporter")
            ),
            ("flow", ComtradeCodes.flow(cell(columns.flow))),
            (
                "product",
                try product(
                    cell(columns.product), in: cell(columns.classification),
                    isService: cell(columns.type) == "S")
            ),
            (
                "period",
                try ComtradeCodes.period(cell(columns.period), frequency: cell(columns.frequency))
            ),
        ]
        if columns.partner != nil || columns.partnerISO != nil {
            let area = try ComtradeCodes.area(
                number: cell(columns.partner), iso: cell(columns.partnerISO), field: "partner")
            key.append(("partner", area))
        }
        let parts = columns.details.filter { !ComtradeCodes.isTotal(cell($0.column)) }.map(\.name)
        if !parts.isEmpty {
            let total = try rows.record(key)
            return .detail(of: total.key, part: parts.joined(separator: ", "))
        }
        let value = NumberCells.isMissing(cell(columns.value)) ? "" : cell(columns.value)
        let (valuation, other) = valuation(
            of: value, cif: cell(columns.cif), fob: cell(columns.fob))
        let quantity = ComtradeCodes.quantity(
            cell(columns.quantity), unitCode: cell(columns.unitCode), unit: cell(columns.unit))
        let weight = NumberCells.isMissing(cell(columns.weight)) ? "" : cell(columns.weight)
        if value.isEmpty, quantity.number.isEmpty, weight.isEmpty {
            return .skipped("rows without a figure")
        }
        let isEstimated =
            columns.isEstimated.map { ComtradeCodes.isTrue(cells[$0]) }
            ?? ComtradeCodes.isQuantityEstimated(flag: cell(columns.flag))
        var fields =
            key
            + ComtradeCodes.figures(
                value: value, quantity: columns.quantity == nil ? nil : quantity,
                isEstimated: isEstimated, weight: columns.weight == nil ? nil : weight)
        if columns.cif != nil || columns.fob != nil { fields.append(("valuation", valuation)) }
        let record = try rows.record(fields)
        if let other { notKept[other, default: 0] += 1 }
        for (name, column) in columns.others where !ComtradeCodes.saysNothing(cells[column]) {
            notKept[name, default: 0] += 1
        }
        return .records([record])
    }

    private func product(
        _ code: String, in classification: String, isService: Bool
    ) throws(InputFault) -> String {
        let classification = classification.isEmpty ? standardClassification : classification
        // The total of services is not that of goods.
        if code == "TOTAL", !isService { return code }
        return code == "TOTAL"
            ? "\(classification):\(code)" : try ProductCells.product(code, in: classification)
    }

    /// Which valuation the primary value is, and the column that holds another one beside it.
    private func valuation(
        of value: String, cif: String, fob: String
    ) -> (code: String, other: String?) {
        func figure(_ text: String) -> Double? { Double(text).flatMap { $0 == 0 ? nil : $0 } }
        guard let value = Double(value) else { return ("", nil) }
        let (cif, fob) = (figure(cif), figure(fob))
        if cif == value { return ("CIF", fob != nil && fob != value ? "fobvalue" : nil) }
        if fob == value { return ("FOB", cif != nil ? "cifvalue" : nil) }
        return ("", cif != nil ? "cifvalue" : fob != nil ? "fobvalue" : nil)
    }
}
