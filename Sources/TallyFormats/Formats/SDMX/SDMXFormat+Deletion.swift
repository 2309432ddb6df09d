import TallyCore
import TallyStore

/// What a row under `ACTION` D takes away.
///
/// Values that are marked (with `-` or anything else); where none is marked, what the row is of: its part of a record, the
/// record, or, where dimensions are empty, all that match.
extension SDMXFormat {
    func deletion(_ cells: [String]) throws(InputFault) -> RowContent {
        let code = components.measure.map { columns.value($0, in: cells) } ?? ""
        // Without one the row is of all parts of its record.
        let measure = dataflow.measure(code)
        if measure == nil, !code.isEmpty { return .skipped(Self.reason(ofMeasure: code)) }
        if let skipped = otherSeries(cells) { return .skipped(skipped) }
        if !details(cells).isEmpty { return .skipped("deletions of rows of detail") }
        if let id = unread.first(where: { !columns.value($0, in: cells).isEmpty }) {
            throw InputFault(
                field: "ACTION",
                "ACTION D names \(Quoted.short(id)) \(Quoted.short(columns.value(id, in: cells))), "
                    + "which no record has",
                hint:
                    "What is a part there may not take away the whole; leave the column away where it is none."
            )
        }
        let flow =
            measure?.flow ?? self.flow(components.flow.map { columns.value($0, in: cells) } ?? "")
        let part = measure.flatMap { dataflow.part(of: $0, in: kind) }
        let field = measure?.field ?? "value"
        let statement = kind.statement(of: field)?.fields.filter { $0 != "released" } ?? [field]
        let marked = marked(cells, field).filter(statement.contains)
        if isWild(cells, flow: flow) {
            guard marked.isEmpty, part == nil else {
                throw InputFault(
                    field: "ACTION", "ACTION D takes single values away from all that match",
                    hint: "Name every record of which values are to go in a row of its own.")
            }
            return .deletion(where: try pattern(cells, flow: flow))
        }
        let taken = marked.isEmpty ? statement : marked
        var record = try rows.record(
            try key(cells, flow: flow) + taken.map { ($0, "") }, part: part)
        record.needsRecord = true
        if marked.isEmpty, part == nil { record.change = .delete }
        return .records([record])
    }

    private func marked(_ cells: [String], _ field: String) -> [String] {
        let components: [(name: String, id: String?)] = [
            (field, "OBS_VALUE"), ("unit", components.unit), ("status", components.status),
            ("valuation", components.valuation), ("confidentiality", components.confidentiality),
        ]
        return components.filter { component in
            component.id.map { !columns.value($0, in: cells).isEmpty } ?? false
        }.map(\.name)
    }

    private func isWild(_ cells: [String], flow: String) -> Bool {
        let dimensions = [components.reporter, components.partner, "TIME_PERIOD"].compactMap { $0 }
        return flow.isEmpty || dimensions.contains { columns.value($0, in: cells).isEmpty }
            || !components.products.isEmpty
                && components.products.allSatisfy { columns.value($0, in: cells).isEmpty }
    }

    /// Which records a row means that leaves dimensions empty; the source never is: others' figures are not this publisher's
    /// to delete.
    private func pattern(
        _ cells: [String], flow: String
    ) throws(InputFault) -> @Sendable (RecordKey) -> Bool {
        func area(_ id: String?) -> String? {
            let text = id.map { columns.value($0, in: cells) } ?? ""
            return text.isEmpty ? nil : SDMXCodes.area(text)
        }
        var known: [String: String] = options.constants
        known["source"] = try source(cells)
        known["reporter"] = area(components.reporter) ?? known["reporter"]
        known["partner"] = area(components.partner) ?? known["partner"]
        if !flow.isEmpty { known["flow"] = flow }
        if components.products.isEmpty {
            known["product"] = known["product"] ?? "TOTAL"
        } else if components.products.contains(where: { !columns.value($0, in: cells).isEmpty }) {
            known["product"] = try product(cells)
        }
        let period = columns.value("TIME_PERIOD", in: cells)
        if !period.isEmpty { known["period"] = try PeriodCells.plain(period, field: "period") }
        // With nil for what may be anything.
        var pattern: [String?] = []
        for field in kind.key {
            guard let text = known[field.name] else {
                pattern.append(nil)
                continue
            }
            pattern.append(try FieldInput(field).keyPart(text))
        }
        let frequency = columns.first(of: SDMXFrequency.components).map {
            columns.value($0, in: cells).uppercased()
        }
        let position = kind.key.firstIndex { $0.type == .period }
        return { [pattern] key in
            guard zip(pattern, key.parts).allSatisfy({ $0 == nil || $0 == $1 }) else {
                return false
            }
            guard let frequency, !frequency.isEmpty, let position else { return true }
            return SDMXFrequency.code(of: key.parts[position]) == frequency
        }
    }
}
