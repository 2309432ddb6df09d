import TallyCore
import TallyStore

/// Trade in the 47 columns that UN Comtrade gives since 2022.
///
/// What Tally does not know of a row (whether its classification is the original one, who aggregated it) is left empty. There
/// is no column for the source, so all records are of one.
///
/// Source: https://uncomtrade.org/docs/ (data items; reference tables).
struct ComtradeExport: PublishedFormat {
    static let name = "comtrade"
    static let kind = "trade"

    private(set) var report = ExportReport()
    private var source: String?

    private static let columns = [
        "typeCode", "freqCode", "refPeriodId", "refYear", "refMonth", "period", "reporterCode",
        "reporterISO", "reporterDesc", "flowCode", "flowDesc", "partnerCode", "partnerISO",
        "partnerDesc", "partner2Code", "partner2ISO", "partner2Desc", "classificationCode",
        "classificationSearchCode", "isOriginalClassification", "cmdCode", "cmdDesc", "aggrLevel",
        "isLeaf", "customsCode", "customsDesc", "mosCode", "motCode", "motDesc", "qtyUnitCode",
        "qtyUnitAbbr", "qty", "isQtyEstimated", "altQtyUnitCode", "altQtyUnitAbbr", "altQty",
        "isAltQtyEstimated", "netWgt", "isNetWgtEstimated", "grossWgt", "isGrossWgtEstimated",
        "cifvalue", "fobvalue", "primaryValue", "legacyEstimationFlag", "isReported",
        "isAggregate",
    ]

    var header: String { DelimitedWriter.row(Self.columns) }

    mutating func check(_ record: RecordRow) throws(FormatError) {
        let source = TradeKey(record.key).source
        if let first = self.source, first != source {
            throw FormatError(
                "the records are of several sources (\(first), \(source)), for which UN Comtrade has no column",
                hint: "Choose one: --where \"source = '\(first)'\"")
        }
        self.source = source
    }

    mutating func text(of record: RecordRow) -> String? {
        do {
            let row = try row(of: record)
            let status = record.values["quantity_status"]?.text
            report.note(
                record,
                unwritten: [
                    "status", "confidentiality", "released", "note", "tags", "citations",
                ] + (status == "E" ? [] : ["quantity_status"]))
            // What is read back is of this source, unless --source names another.
            if TradeKey(record.key).source != Self.name { report.leaveUnwritten("source") }
            return DelimitedWriter.row(Self.columns.map { row[$0] ?? "" })
        } catch {
            report.leaveOut(error.reason)
            return nil
        }
    }

    private struct NoPlace: Error {
        let reason: String
    }

    private func row(of record: RecordRow) throws(NoPlace) -> [String: String] {
        let key = TradeKey(record.key)
        func text(_ field: String) -> String { record.values[field]?.plain ?? "" }
        let value = text("value")
        guard value.isEmpty || text("unit") == "USD" else {
            throw NoPlace(reason: "values that are not in USD")
        }
        var row = [
            "flowCode": key.flow, "flowDesc": CodeIndex.flow[key.flow]?.name ?? key.flow,
            "customsCode": "C00", "customsDesc": "TOTAL CPC", "mosCode": "0", "motCode": "0",
            "motDesc": "TOTAL MOT", "partner2Code": "0", "partner2ISO": "W00",
            "partner2Desc": "World", "altQtyUnitCode": "-1", "altQtyUnitAbbr": "N/A",
            "primaryValue": value, "netWgt": text("net_weight_kg"),
        ]
        func add(_ more: [String: String]) { row.merge(more) { _, new in new } }
        add(try period(key.period))
        add(try area(key.reporter, "reporter"))
        add(try area(key.partner, "partner"))
        add(try product(key.product))
        add(try quantity(text("quantity"), text("quantity_unit"), text("quantity_status")))
        switch text("valuation") {
        case "CIF": row["cifvalue"] = value
        case "FOB": row["fobvalue"] = value
        default: break
        }
        return row
    }

    /// The month of annual rows is 52.
    private func period(_ period: String) throws(NoPlace) -> [String: String] {
        let parts = period.split(separator: "-").map(String.init)
        let isYear = period.utf8.count == 4
        guard isYear || (period.utf8.count == 7 && Int(parts[1]) != nil), let year = parts.first
        else { throw NoPlace(reason: "periods that are neither years nor months") }
        let month = isYear ? "01" : parts[1]
        return [
            "freqCode": isYear ? "A" : "M", "refPeriodId": year + month + "01", "refYear": year,
            "refMonth": isYear ? "52" : String(Int(month) ?? 0),
            "period": isYear ? year : year + month,
        ]
    }

    private func area(_ code: String, _ role: String) throws(NoPlace) -> [String: String] {
        guard let area = AreaCodes.shipped[code],
            let number = area.comtrade.first ?? area.m49.map(ComtradeCodes.number(m49:))
        else { throw NoPlace(reason: "areas that UN Comtrade has no number for") }
        return [
            "\(role)Code": number, "\(role)ISO": area.comtradeISO ?? area.code,
            "\(role)Desc": area.name,
        ]
    }

    private func product(_ product: String) throws(NoPlace) -> [String: String] {
        let parts = product.split(separator: ":", maxSplits: 1).map(String.init)
        let (scheme, code) = parts.count == 2 ? (parts[0], parts[1]) : ("HS", parts[0])
        // H0 to H6, HS, S1 to S4, B4 and B5, EB.
        guard scheme.utf8.count == 2, let family = scheme.first, "HSBE".contains(family) else {
            throw NoPlace(reason: "products of classifications that UN Comtrade has not")
        }
        let search = family == "H" ? "HS" : family == "S" && scheme != "SS" ? "SS" : scheme
        return [
            "typeCode": family == "E" ? "S" : "C", "classificationCode": scheme,
            "classificationSearchCode": search, "cmdCode": code,
            "cmdDesc": ProductName(of: product).map { $0.isExact ? $0.name : "" } ?? "",
            "aggrLevel": code == "TOTAL" ? "0" : String(code.utf8.count),
        ]
    }

    private func quantity(
        _ quantity: String, _ unit: String, _ status: String
    ) throws(NoPlace) -> [String: String] {
        if quantity.isEmpty { return ["qtyUnitCode": "-1", "qtyUnitAbbr": "N/A"] }
        return [
            "qtyUnitCode": CodeIndex.quantityUnit[unit]?.comtrade.first ?? "",
            "qtyUnitAbbr": unit, "qty": quantity,
            "isQtyEstimated": status == "E" ? "true" : "false",
        ]
    }
}
