import TallyCore
import TallyStore

/// Which record a row is of, and which series.
extension SDMXFormat {
    func flow(_ text: String) -> String {
        dataflow.ownFlows[text] ?? SDMXDataflow.flows[text.uppercased()] ?? text
    }

    func key(
        _ cells: [String], flow: String
    ) throws(InputFault) -> [(name: String, text: String)] {
        var key: [(name: String, text: String)] = []
        if let id = components.reporter {
            key.append(("reporter", SDMXCodes.area(columns.value(id, in: cells))))
        }
        if let id = components.partner {
            key.append(("partner", SDMXCodes.area(columns.value(id, in: cells))))
        }
        if !flow.isEmpty || options.constants["flow"] == nil { key.append(("flow", flow)) }
        if !components.products.isEmpty || options.constants["product"] == nil {
            key.append(("product", try product(cells)))
        }
        let period = try PeriodCells.plain(
            columns.value("TIME_PERIOD", in: cells), field: "period")
        if let id = columns.first(of: SDMXFrequency.components) {
            try SDMXFrequency.check(columns.value(id, in: cells), id: id, period: period)
        }
        key.append(("period", period))
        if !dataflow.variants.isEmpty || dataflow.sourceComponent != nil,
            let source = try source(cells)
        {
            key.append(("source", source))
        }
        return key
    }

    /// The source of a row: of series that are published beside each other each has its own.
    func source(_ cells: [String]) throws(InputFault) -> String? {
        if let id = dataflow.sourceComponent, columns.has(id) {
            return columns.value(id, in: cells)
        }
        if let given = options.constants["source"] { return given }
        for (id, sources) in dataflow.variants where columns.has(id) {
            let code = columns.value(id, in: cells)
            guard let source = sources[code] else {
                throw InputFault(
                    field: "source", "\(id) \(Quoted.short(code)) is no series that is known",
                    hint: "Known are \(sources.keys.sorted().joined(separator: ", ")).")
            }
            return source
        }
        return dataflow.source
    }

    /// Of several classifications the one counts in which the row is no total.
    func product(_ cells: [String]) throws(InputFault) -> String {
        if dataflow.sourceComponent != nil, let id = components.products.first {
            return SDMXCodes.product(id: columns.value(id, in: cells))
        }
        let codes = components.products.map { columns.value($0, in: cells) }.filter { !$0.isEmpty }
        let parts = codes.filter { !SDMXCodes.isTotal(product: $0) }
        if parts.count > 1 {
            throw InputFault(
                field: "product",
                "the row is of two products at once: \(parts.map(Quoted.short).joined(separator: ", "))",
                hint: "Ask for the data by one classification.")
        }
        let code = parts.first ?? codes.first ?? (components.products.isEmpty ? "_T" : "")
        let standard = options.classification ?? dataflow.classification(code)
        return try SDMXCodes.product(code, standard: standard)
    }

    /// Why a row is of another series than that of plain values; nil where it is of that.
    func otherSeries(_ cells: [String]) -> String? {
        for level in dataflow.levels where columns.has(level.id) {
            let code = columns.value(level.id, in: cells)
            if !level.kept.contains(code) {
                return "rows of another series (\(level.id) \(Quoted.short(code)))"
            }
        }
        return nil
    }

    /// What a row is a part of a total by.
    func details(_ cells: [String]) -> [String] {
        dataflow.details.filter { detail in
            detail.ids.contains {
                columns.has($0) && !detail.totals.contains(columns.value($0, in: cells))
            }
        }.map(\.name)
    }
}
