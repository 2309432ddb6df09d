import TallyCore
import TallyStore

/// Reads the cells of tables that were not made for Tally, field by field: areas by any code or name, periods and numbers
/// as people write them, flows by name, actors that are areas by name.
struct CellReader {
    let field: Kind.Field
    private let input: FieldInput
    /// Ten to this power is the unit of the numbers.
    private let scale: Int
    private let order: DateOrder?

    init(_ field: Kind.Field, scale: Int = 0, order: DateOrder? = nil) {
        self.field = field
        self.scale = scale
        self.order = order
        input = FieldInput(field)
    }

    /// - Parameter date: of the row, by which a name of a former state is known.
    func read(
        _ cell: String, at date: String?, _ numbers: inout NumberCells,
        into input: inout RecordInput, _ parts: inout KeyParts
    ) throws(InputFault) {
        try self.input.read(try plain(cell, at: date, &numbers), into: &input, &parts)
    }

    /// The cell as Tally writes it.
    func plain(
        _ cell: String, at date: String?, _ numbers: inout NumberCells
    ) throws(InputFault) -> String {
        switch field.type {
        case .number: return try numbers.plain(cell, scale: scale, field: field.name)
        case .date where NumberCells.isMissing(cell): return ""
        case .period, .date: return try PeriodCells.plain(cell, field: field.name, order: order)
        case .area: return AreaCells.code(cell, at: date)
        case .code:
            let text = cell.trimmingSpaces
            guard field.codes == "flow" else { return text }
            let flow = CodeIndex.flow
            return flow[text]?.code ?? flow.entry(name: text)?.code ?? text
        case .set where Self.areAreas(field.name):
            return ElementList.join(ElementList.split(cell).map { Self.party($0, at: date) })
        default: return cell
        }
    }

    /// Whether elements of a field are areas, where they are names of one.
    static func areAreas(_ field: String) -> Bool { ["actors", "targets"].contains(field) }

    /// An actor or target: the code of the area where it is the name of one, else the text as it is.
    ///
    /// - Parameter date: of what is said; nil for today.
    static func party(_ element: String, at date: String? = nil) -> String {
        let name = element.trimmingSpaces
        return area(name: name)?.code(named: name, at: date) ?? element
    }

    /// By a name; by two or three letters, of a code or an abbreviation (US, UK, EU), only in capitals: BEN is Benin, and
    /// Ben a person. Not by ISO 3166 alpha-2: IN and NO are words.
    private static func area(name: String) -> CodeList.Entry? {
        let areas = AreaCodes.shipped
        guard let area = areas.area(name: name) ?? areas.area(name: AreaCells.turned(name))
        else { return nil }
        if name.count <= 3 {
            return name.utf8.allSatisfy { (0x41...0x5a).contains($0) } ? area : nil
        }
        let lower = name.lowercased()
        return lower == area.code.lowercased() && lower != area.name.lowercased() ? nil : area
    }
}
