import TallyCore
import TallyStore

/// The figure of a row, and what is said of it.
extension SDMXFormat {
    mutating func figure(
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

    /// Fields that have components of their own.
    mutating func others(
        _ cells: [String]
    ) throws(InputFault) -> [(name: String, text: String)] {
        var others: [(name: String, text: String)] = []
        for (id, field) in dataflow.fields where columns.has(id) {
            let text = columns.value(id, in: cells)
            let isNumber = kind.field(field)?.type == .number
            others.append((field, isNumber ? try numbers.plain(text, field: field) : text))
        }
        return others
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

    /// A scale of a publisher that is not known may have been applied or not.
    func checkScale(_ cells: [String]) throws(InputFault) {
        guard dataflow.source == nil, components.mult == nil, options.scale == nil else { return }
        let scale = columns.value("SCALE", in: cells)
        guard !["", "0", "Units"].contains(scale) else { return }
        throw InputFault(
            field: "value", "SCALE \(Quoted.short(scale)) may be applied already, or not",
            hint: "Say the unit of the values: --scale million, or --scale 1 where it is applied.")
    }

    /// Shares, indices and growth are published in the same form, with a unit that is no currency.
    func checkUnit(_ text: String) throws(InputFault) {
        let unit = SDMXCodes.unit(text)
        guard !unit.isEmpty, CodeList.named("currency")?[unit] == nil else { return }
        throw InputFault(
            field: "unit",
            "the unit \(Quoted.short(text)) is no currency: the figure is no value of trade",
            hint:
                "Shares, indices and growth have no field; leave them out when you ask for the data."
        )
    }

    func statement(
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
