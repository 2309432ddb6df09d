import TallyCore
import TallyStore

/// Trade as SDMX-CSV 2.0, of the dataflow `TALLY:TRADE(1.0)`, which the import knows again.
///
/// A row is one observation: dimensions, the figure, its attributes by the ids of cross-domain concepts where there are
/// such. Products are ids as in `HS22_850760`, the total `_T`.
///
/// Source: https://github.com/sdmx-twg/sdmx-csv (data message, field guide 2.0); SDMX 3.0 section 6, time formats; codes of
/// CL_FREQ 2.1.
struct SDMXExport: PublishedFormat {
    static let name = "sdmx-csv"
    static let kind = "trade"

    private(set) var report = ExportReport()

    private static let fields = [
        "value", "unit", "valuation", "status", "confidentiality", "released", "quantity",
        "quantity_unit", "quantity_status", "net_weight_kg", "note",
    ]

    var header: String {
        DelimitedWriter.row([
            "STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "REPORTER", "PARTNER", "FLOW",
            "PRODUCT", "SOURCE", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "VALUATION",
            "OBS_STATUS", "CONF_STATUS", "RELEASED", "QUANTITY", "QUANTITY_UNIT",
            "QUANTITY_STATUS", "NET_WEIGHT_KG", "COMMENT_OBS",
        ])
    }

    mutating func text(of record: RecordRow) -> String? {
        let key = TradeKey(record.key)
        report.note(record, unwritten: ["tags", "citations"])
        return DelimitedWriter.row(
            [
                "dataflow", SDMXDataflow.own, "I", SDMXFrequency.code(of: key.period) ?? "_O",
                key.reporter, key.partner, key.flow, SDMXCodes.id(ofProduct: key.product),
                key.source, key.period,
            ] + Self.fields.map { record.values[$0]?.plain ?? "" })
    }
}
