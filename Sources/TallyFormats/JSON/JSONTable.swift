import TallyCore
import TallyStore

/// A JSON file as a table: an array of objects, alone or under the name `data` (UN Comtrade) or `dataset` (its API of
/// before 2022), or an SDMX-JSON data message.
///
/// The members of the first thousand objects are the columns; a later object with another member ends the reading.
final class JSONTable {
    let columns: [String]
    let origin: TableHeader.Origin
    /// How many rows the file says that it has, and how many there are; nil where it does not say, and before its end.
    var counts: (said: Int, read: Int)? {
        origin == .json ? counter.said.map { ($0, counter.read) } : nil
    }
    private let counter: RowCounter
    private let nextCells: () throws -> [String]?

    private static let maximumRowBytes = 4 * 1024 * 1024

    init(_ source: @escaping ByteSource) throws {
        let scanner = JSONScanner(source)
        let counter = RowCounter()
        self.counter = counter
        var isInObject = false
        if try scanner.take("{") {
            isInObject = true
            if let message = try Self.findRows(scanner, counter) {
                let table = try SDMXJSONTable(message)
                (columns, origin) = (table.columns, .sdmxJSON)
                nextCells = table.rows
                return
            }
        } else {
            try scanner.expect("[")
        }
        var (isFirst, isAtEnd) = (true, false)
        func nextObject() throws -> [JSONNode.Member]? {
            if isAtEnd { return nil }
            if try scanner.take("]") {
                isAtEnd = true
                if isInObject { try Self.readRest(scanner, counter) }
                try scanner.expectEnd()
                return nil
            }
            if !isFirst { try scanner.expect(",") }
            isFirst = false
            guard let object = try scanner.value(maximumBytes: Self.maximumRowBytes).object else {
                throw scanner.fault("expected an object")
            }
            counter.read += 1
            return object
        }
        // Members may be left out where they say nothing: the columns are those of the first objects together.
        var waiting: [[JSONNode.Member]] = []
        var names: [String] = []
        var positions: [String: Int] = [:]
        while waiting.count < Self.objectsForColumns, let object = try nextObject() {
            if names.isEmpty, object.first?.name == "kind" { throw Self.lines }
            for member in object where positions[member.name] == nil {
                positions[member.name] = names.count
                names.append(member.name)
            }
            waiting.append(object)
        }
        if waiting.isEmpty { throw FormatError("the JSON holds no rows") }
        (columns, origin) = (names, .json)
        waiting.reverse()
        nextCells = { [positions] in
            guard let object = try waiting.popLast() ?? nextObject() else { return nil }
            var cells = [String](repeating: "", count: names.count)
            for member in object {
                guard let position = positions[member.name] else {
                    throw scanner.fault(
                        "the member \(Quoted.short(member.name)) is in none of the first "
                            + "\(Self.objectsForColumns) objects")
                }
                cells[position] = member.value.cell
            }
            return cells
        }
    }

    /// So many objects are looked at for the columns.
    private static let objectsForColumns = 1000

    func next() throws -> [String]? { try nextCells() }

    /// Tally's own, whose records are of several kinds.
    private static let lines = FormatError(
        "the file holds JSON lines, which cannot be imported yet",
        hint: "Write it as CSV, a kind a file: tally export --kind trade -o trade.csv")

    /// Reads what stands behind the array, so that a file that was cut, or that says that something failed, is not taken for
    /// whole.
    private static func readRest(_ scanner: JSONScanner, _ counter: RowCounter) throws {
        while let name = try scanner.nextName(isFirst: false) {
            if name == "data" || name == "dataset" {
                throw scanner.fault("rows stand in it twice")
            }
            if try checkError(name, scanner) || counter.take(name, scanner) { continue }
            try scanner.skip()
        }
    }

    /// Reads a member that says whether something failed.
    ///
    /// - Returns: whether it was one.
    private static func checkError(_ name: String, _ scanner: JSONScanner) throws -> Bool {
        guard name == "error" || name == "errors" else { return false }
        let text = try scanner.value(maximumBytes: maximumRowBytes).cell
        if !["", "[]", "{}", "0", "false"].contains(text) {
            throw FormatError(
                "the publisher says that something failed: \(Quoted.short(text))",
                hint: "Get the file once more.")
        }
        return true
    }

    /// Goes to the first object of the array.
    ///
    /// - Returns: the whole message where it is one of SDMX-JSON.
    private static func findRows(
        _ scanner: JSONScanner, _ counter: RowCounter
    ) throws -> JSONNode? {
        var members: [JSONNode.Member] = []
        var names: [String] = []
        while let name = try scanner.nextName(isFirst: names.isEmpty) {
            names.append(name)
            if name == "kind" { throw lines }
            if name == "data" || name == "dataset", try scanner.take("[") { return nil }
            if try checkError(name, scanner) || counter.take(name, scanner) { continue }
            if SDMXJSONTable.members.contains(name) {
                members.append(
                    JSONNode.Member(
                        name: name,
                        value: try scanner.value(maximumBytes: SDMXJSONTable.maximumBytes)))
            } else {
                try scanner.skip()
            }
        }
        if members.contains(where: { $0.name == "dataSets" || $0.name == "data" }) {
            try scanner.expectEnd()
            return .object(members)
        }
        throw FormatError(
            "the JSON has no rows that are known: its members are "
                + names.prefix(8).map(Quoted.short).joined(separator: ", "),
            hint:
                "Rows are an array of objects, alone or under data or dataset, or an SDMX-JSON message."
        )
    }
}
