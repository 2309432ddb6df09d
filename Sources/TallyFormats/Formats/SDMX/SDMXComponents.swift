import TallyCore

/// Which component of the file is what.
struct SDMXComponents {
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

    /// The fields of a record of trade that the file gives by these components, or its dataflow says.
    func given(by dataflow: SDMXDataflow, _ columns: SDMXColumns) -> [String] {
        let measures = dataflow.measures.values
        var given: [String] = []
        func add(_ field: String, _ isGiven: Bool) { if isGiven { given.append(field) } }
        add("period", columns.has("TIME_PERIOD"))
        add("reporter", reporter != nil)
        add("partner", partner != nil)
        add("flow", flow != nil || measures.contains { $0.flow != nil })
        add("source", dataflow.sourceComponent.map(columns.has) ?? false)
        add("product", !products.isEmpty || dataflow.product.isEmpty)
        given += dataflow.fields.filter { columns.has($0.id) }.map(\.field)
        guard columns.has("OBS_VALUE") else { return given }
        given.append("value")
        add("unit", unit != nil || dataflow.unit != nil || measures.contains { $0.unit != nil })
        add("status", status != nil)
        add("confidentiality", confidentiality != nil)
        add(
            "valuation",
            valuation != nil || dataflow.valuation != nil
                || measures.contains { $0.valuation != nil })
        return given + measures.map(\.field).filter { !given.contains($0) }
    }
}
