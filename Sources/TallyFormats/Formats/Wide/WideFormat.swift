import TallyCore
import TallyStore

/// Tables with a column a flow, as customs and statistical offices publish them: a period, perhaps a partner and a
/// product, and what was exported and imported.
///
/// What the table leaves unsaid (`reporter`, often `partner`, the `source`, the unit of the figures) is given for all rows.
struct WideFormat: ImportFormat, FigureMapping {
    static let name = "wide"
    static let options: ReadingOptions = .all

    let kind: Kind
    private let rows: TradeRows
    private let columns: WideColumns
    var numbers: NumberCells
    private let readers: [(reader: CellReader, column: Int)]
    private let scale: Int
    private let classification: String
    private var unread: UnreadColumns
    private let heading: [String]

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool {
        WideColumns.fits(header)
    }

    init(_ header: TableHeader, _ context: MappingContext) throws {
        let options = context.options
        kind = try context.tradeKind(for: Self.name)
        // What is said of a quantity means nothing without it.
        let quantity = kind.statement(of: "quantity")?.fields ?? []
        let known =
            kind.fields.filter { $0.type != .number && !quantity.contains($0.name) }
            + kind.key.filter { $0.name == "source" }
        columns = try WideColumns(header, options, fields: known)
        unread = columns.unread
        readers = columns.fields.compactMap { name, column in
            known.first { $0.name == name }.map { (CellReader($0, order: options.dates), column) }
        }
        numbers = header.numbers(options.decimalMark)
        scale = options.scale ?? 0
        classification = options.classification ?? "HS"
        var given = ["flow", "value", "net_weight_kg", "period"] + columns.keys.map(\.name)
        given += columns.fields.map(\.name)
        if !given.contains("product"), options.constants["product"] == nil {
            given.append("product")
        }
        rows = try TradeRows(kind, given: given, source: nil, context)
        heading = Self.remarks(columns, header, options)
    }

    /// What is assumed of the whole table.
    private static func remarks(
        _ columns: WideColumns, _ header: TableHeader, _ options: ImportOptions
    ) -> [String] {
        var remarks: [String] = []
        let hasUnit =
            options.constants["unit"] != nil || columns.fields.contains { $0.name == "unit" }
        var ways: [String] = []
        if !hasUnit, !columns.saysUSD { ways.append("--set unit=JPY") }
        if options.scale == nil { ways.append("--scale thousand") }
        if !ways.isEmpty {
            let how = options.scale == nil ? " as they stand" : ""
            let unit = hasUnit || columns.saysUSD ? "" : "\(how.isEmpty ? "" : ",") in USD"
            remarks.append(
                "figures are taken\(how)\(unit); where that is wrong, say so as in \(ways.joined(separator: " "))"
            )
        }
        if columns.figures.contains(where: { $0.field == "net_weight_kg" }) {
            remarks.append("weights are taken in kilograms")
        }
        if columns.keys.contains(where: { $0.name == "product" }), options.classification == nil {
            remarks.append(
                "products are HS:CODE here; --classification H6 (2022), H5 (2017) … names the edition"
            )
        }
        for (name, column) in columns.overruled {
            remarks.append(
                "the column \(Quoted.short(header.names[column])) is left out, since --set says the \(name)"
            )
        }
        return remarks
    }

    var notKept: [String: Int] { unread.byName }

    var remarks: [String] { heading + numbers.remarks }

    func figures(in cells: [String]) -> [String] { columns.figures.map { cells[$0.column] } }

    mutating func read(_ cells: [String]) throws(InputFault) -> RowContent {
        let period = try columns.period.read(cells)
        var common: [(name: String, text: String)] = [("period", period)]
        for (name, column) in columns.keys {
            let cell = cells[column]
            common.append(
                (name, name == "product" ? try product(cell) : AreaCells.code(cell, at: period)))
        }
        if !common.contains(where: { $0.name == "product" }) { common.append(("product", "TOTAL")) }
        for (reader, column) in readers {
            common.append(
                (reader.field.name, try reader.plain(cells[column], at: period, &numbers)))
        }
        var flows: [(flow: String, fields: [(name: String, text: String)])] = []
        for figure in columns.figures {
            let text = try numbers.plain(
                cells[figure.column], scale: figure.field == "value" ? scale : 0,
                field: figure.field)
            if text.isEmpty { continue }
            if let index = flows.firstIndex(where: { $0.flow == figure.flow }) {
                flows[index].fields.append((figure.field, text))
            } else {
                flows.append((figure.flow, [(figure.field, text)]))
            }
        }
        if flows.isEmpty {
            unread.count(cells)
            return .skipped("rows without a figure")
        }
        var records: [RowRecord] = []
        for (flow, fields) in flows {
            records.append(try rows.record(common + [("flow", flow)] + fields))
        }
        unread.count(cells)
        return .records(records)
    }

    private func product(_ cell: String) throws(InputFault) -> String {
        let text = cell.trimmingSpaces
        return text == "TOTAL" || text.contains(":")
            ? text : try ProductCells.product(text, in: classification)
    }
}
