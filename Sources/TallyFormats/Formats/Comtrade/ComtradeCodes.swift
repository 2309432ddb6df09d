import TallyCore
import TallyStore

/// The codes of UN Comtrade, new and old, as those of Tally.
enum ComtradeCodes {
    /// - Parameters:
    ///   - number: Comtrade's number of the area, which is M49 for most.
    ///   - iso: what its ISO column has, padded with spaces for those that are no ISO codes.
    static func area(number: String, iso: String, field: String) throws(InputFault) -> String {
        // The number is the code; the other column is for people, and empty for some.
        let areas = AreaCodes.shipped
        let named = areas.area(comtradeISO: iso)
        if let area = areas.area(comtrade: number) ?? named {
            // The columns of others were taken for these, or a program has moved cells.
            if let named, named.code != area.code, iso.trimmingSpaces != "A79" {
                throw InputFault(
                    field: field,
                    "\(field) \(Quoted.short(number)) is \(area.code), and \(Quoted.short(iso)) stands beside it",
                    hint: "Have columns been exchanged? Get the file once more.")
            }
            return area.code
        }
        let shown = [number, iso].filter { !$0.isEmpty }.joined(separator: " ")
        throw InputFault(
            field: field,
            "\(field) \(Quoted.short(shown)) is no area of UN Comtrade that is known",
            hint: "Look for it with: tally codes area TEXT")
    }

    /// A number of M49 as Comtrade writes it, without zeros before it.
    static func number(m49 number: String) -> String { Int(number).map(String.init) ?? number }

    /// Old files write numbers or words.
    static func flow(_ text: String) -> String {
        (CodeIndex.flow.entry(comtrade: text) ?? CodeIndex.flow.entry(name: text))?.code ?? text
    }

    /// `2023` of annual files, `202312` of monthly ones.
    static func period(_ text: String, frequency: String) throws(InputFault) -> String {
        let period = try PeriodCells.plain(text, field: "period")
        guard frequency.isEmpty || frequency == "A" || frequency == "M",
            frequency != "A" || period.utf8.count == 4, frequency != "M" || period.utf8.count == 7
        else {
            throw InputFault(
                field: "period",
                "period \(Quoted.short(text)) does not go with the frequency \(Quoted.short(frequency))"
            )
        }
        return period
    }

    /// Both empty where there is no quantity: the unit is -1 (N/A), in old files 1 (No Quantity).
    static func quantity(
        _ text: String, unitCode: String, unit: String
    ) -> (number: String, unit: String) {
        let none: Set<String> = ["-1", "1", "N/A", "No Quantity", ""]
        let isNone = unitCode.isEmpty ? none.contains(unit) : none.contains(unitCode)
        if isNone || NumberCells.isMissing(text) { return ("", "") }
        return (text, CodeIndex.quantityUnit.entry(comtrade: unitCode)?.code ?? unit)
    }

    /// What a row says of its figures; of what the file has no column for (nil) it says nothing.
    static func figures(
        value: String, quantity: (number: String, unit: String)?, isEstimated: Bool,
        weight: String?
    ) -> [(name: String, text: String)] {
        var fields = [("value", value), ("unit", value.isEmpty ? "" : "USD")]
        if let quantity {
            fields += [
                ("quantity", quantity.number), ("quantity_unit", quantity.unit),
                ("quantity_status", isEstimated && !quantity.number.isEmpty ? "E" : ""),
            ]
        }
        if let weight { fields.append(("net_weight_kg", weight)) }
        return fields
    }

    /// Whether a code says "all of them": procedure C00, transport, second partner, mode of supply 0.
    static func isTotal(_ code: String) -> Bool {
        code.isEmpty || code == "C00" || code == "W00" || Double(code) == 0
    }

    static func isTrue(_ cell: String) -> Bool {
        ["true", "1"].contains(cell.trimmingSpaces.lowercased())
    }

    /// The flag of old files: 2 for a quantity that is estimated, 4 for a net weight, 6 for both.
    static func isQuantityEstimated(flag: String) -> Bool { flag == "2" || flag == "6" }

    /// Whether a cell that no field holds says nothing either.
    static func saysNothing(_ cell: String) -> Bool {
        let cell = cell.trimmingSpaces
        return cell.isEmpty || Double(cell) == 0 || cell.lowercased() == "false"
    }
}
