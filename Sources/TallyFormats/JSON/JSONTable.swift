import TallyCore
import TallyStore

/// A JSON file as a table: an array of objects, alone or under the name `data` (UN Comtrade) or `dataset` (its API of
/// before 2022), or an SDMX-JSON data message.
///
/// The members of the first object are the columns; members that only later objects have are not read.
final class JSONTable {
    let columns: [String]
    let origin: TableHeader.Origin
    private let nextCells: () throws -> [String]?

    private static let maximumRowBytes = 4 * 1024 * 1024

    init(_ source: @escaping ByteSource) throws {
        let scanner = JSONScanner(source)
        if try scanner.take("{") {
            if let message = try Self.findRows(scanner) {
                let table = try SDMXJSONTable(message)
                (columns, origin) = (table.columns, .sdmxJSON)
                nextCells = table.rows
                return
            }
        } else {
            try scanner.expect("[")
        }
        var (isFirst, isAtEnd) = (true, false)
        func nextObject() throws -> [(name: String, value: JSONNode)]? {
            if isAtEnd { return nil }
            if try scanner.take("]") {
                isAtEnd = true
                return nil
            }
            if !isFirst { try scanner.expect(",") }
            isFirst = false
            guard let object = try scanner.value(maximumBytes: Self.maximumRowBytes).object else {
                throw scanner.fault("expected an object")
            }
            return object
        }
        guard let first = try nextObject() else {
            throw FormatError("the JSON holds no rows")
        }
        let names = first.map(\.name)
        if names.first == "kind" { throw Self.lines }
        (columns, origin) = (names, .json)
        let positions = Dictionary(
            names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { a, _ in a })
        var waiting: [(name: String, value: JSONNode)]? = first
        nextCells = {
            let object = try waiting ?? nextObject()
            waiting = nil
            return object.map { members in
                var cells = [String](repeating: "", count: names.count)
                for member in members {
                    if let position = positions[member.name] { cells[position] = member.value.cell }
                }
                return cells
            }
        }
    }

    func next() throws -> [String]? { try nextCells() }

    /// Tally's own, whose records are of several kinds.
    private static let lines = FormatError(
        "the file holds JSON lines, which cannot be imported yet",
        hint: "Write it as CSV, a kind a file: tally export --kind trade -o trade.csv")

    /// Goes to the first object of the array.
    ///
    /// - Returns: the whole message where it is one of SDMX-JSON.
    private static func findRows(_ scanner: JSONScanner) throws -> JSONNode? {
        var members: [(name: String, value: JSONNode)] = []
        var names: [String] = []
        while let name = try scanner.nextName(isFirst: names.isEmpty) {
            names.append(name)
            if name == "kind" { throw lines }
            if name == "data" || name == "dataset", try scanner.take("[") { return nil }
            if SDMXJSONTable.members.contains(name) {
                members.append((name, try scanner.value(maximumBytes: SDMXJSONTable.maximumBytes)))
            } else {
                try scanner.skip()
            }
        }
        if members.contains(where: { $0.name == "dataSets" || $0.name == "data" }) {
            return .object(members)
        }
        throw FormatError(
            "the JSON has no rows that are known: its members are "
                + names.prefix(8).map(JSONString.shown).joined(separator: ", "),
            hint:
                "Rows are an array of objects, alone or under data or dataset, or an SDMX-JSON message."
        )
    }
}
