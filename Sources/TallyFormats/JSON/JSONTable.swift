import TallyCore
import TallyStore

/// A JSON file as a table: an array of objects, alone or under the name `data` (UN Comtrade), `dataset` (its API of
/// before 2022) or `Result` (UCDP), an object a line, or an SDMX-JSON data message.
///
/// The members of the first thousand objects are the columns, and those that the format of these declares; a later object
/// with another member ends the reading. Objects of Tally's own, whose first member is `kind`, differ too much for that:
/// each stands whole, as JSON, in one column.
final class JSONTable {
    let columns: [String]
    /// How many of them, at the end, the format declares and none of the first objects has.
    let declared: Int
    let origin: TableHeader.Origin
    /// The number that a row would have before the first one: lines are counted from 1; the objects of an array are, as the
    /// rows of a table below its header, from 2.
    let rowBefore: Int
    /// How many rows the file says that it has, and how many there are; nil where it does not say, and before its end.
    var counts: (said: Int, read: Int)? {
        origin == .json ? counter.said.map { ($0, counter.read) } : nil
    }
    private let counter = RowCounter()
    private let nextRow: () throws -> Row?

    /// The cells, and how many blank lines stand before them.
    typealias Row = (cells: [String], blankLines: Int)
    private typealias Object = (object: [JSONNode.Member], blankLines: Int)

    private static let maximumRowBytes = 4 * 1024 * 1024

    /// The column of objects of Tally's own.
    static let record = "record"

    /// - Parameters:
    ///   - isSplit: whether objects of Tally's own are to be read by their members too.
    ///   - further: which members later objects may have beside those of the first.
    init(
        _ text: PeekedSource, isSplit: Bool = false,
        further: (TableHeader) -> [String] = { _ in [] }
    ) throws {
        if JSONLines.begin(text) {
            let lines = JSONLines(text.next)
            (columns, declared, nextRow) = try Self.table(lines.next, isSplit, further) {
                FormatError(
                    $0, location: "line \(lines.line)",
                    hint: "Have an object that has it stand among the first.")
            }
            (origin, rowBefore) = (.json, 0)
            return
        }
        rowBefore = 1
        let counter = counter
        let scanner = JSONScanner(text.next)
        var isInObject = false
        if try scanner.take("{") {
            isInObject = true
            if let message = try Self.findRows(scanner, counter) {
                let table = try SDMXJSONTable(message)
                (columns, declared, origin) = (table.columns, 0, .sdmxJSON)
                let rows = table.rows
                nextRow = { try rows().map { ($0, 0) } }
                return
            }
        } else {
            try scanner.expect("[")
        }
        var (isFirst, isAtEnd) = (true, false)
        func nextObject() throws -> Object? {
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
            return (object, 0)
        }
        (columns, declared, nextRow) = try Self.table(nextObject, isSplit, further) {
            scanner.fault($0)
        }
        origin = .json
    }

    /// The columns of objects, and what gives their cells.
    private static func table(
        _ nextObject: @escaping () throws -> Object?, _ isSplit: Bool,
        _ further: (TableHeader) -> [String], fault: @escaping (String) -> FormatError
    ) throws -> (columns: [String], declared: Int, next: () throws -> Row?) {
        // Members may be left out where they say nothing: the columns are those of the first objects together.
        var waiting: [Object] = []
        var names: [String] = []
        var positions: [String: Int] = [:]
        var size = 0
        while waiting.count < objectsForColumns, size < sizeForColumns,
            let next = try nextObject()
        {
            if names.isEmpty, !isSplit, isOwn(next.object) {
                return ([record], 0, whole(next, then: nextObject))
            }
            for member in next.object where positions[member.name] == nil {
                positions[member.name] = names.count
                names.append(member.name)
            }
            guard names.count <= DelimitedReader.maximumCells else {
                throw fault("its objects have more than \(DelimitedReader.maximumCells) members")
            }
            size += next.object.reduce(0) { $0 + $1.value.cell.utf8.count }
            waiting.append(next)
        }
        guard let first = waiting.first else { throw FormatError("the JSON holds no rows") }
        let shown = names.count
        if waiting.count == objectsForColumns || size >= sizeForColumns {
            let cells = names.map { name in
                first.object.first { $0.name == name }?.value.cell ?? ""
            }
            for name in further(TableHeader(names, origin: .json, first: cells)) {
                positions[name] = names.count
                names.append(name)
            }
        }
        waiting.reverse()
        let next: () throws -> Row? = { [names, positions, looked = waiting.count] in
            guard let (object, blankLines) = try waiting.popLast() ?? nextObject() else {
                return nil
            }
            var cells = [String](repeating: "", count: names.count)
            for member in object {
                guard let position = positions[member.name] else {
                    throw fault(
                        "the member \(Quoted.short(member.name)) is in none of the first "
                            + "\(looked) objects")
                }
                cells[position] = member.value.cell
            }
            return (cells, blankLines)
        }
        return (names, names.count - shown, next)
    }

    /// So many objects are looked at for the columns.
    private static let objectsForColumns = 1000
    /// Or objects of so many bytes together.
    private static let sizeForColumns = 8 << 20

    func next() throws -> Row? { try nextRow() }

    /// Whether the text of a member `error` says that something failed.
    static func saysFailure(_ text: String) -> Bool {
        !["", "[]", "{}", "0", "false"].contains(text)
    }

    private static func isOwn(_ object: [JSONNode.Member]) -> Bool {
        object.first.map { $0.name == "kind" && $0.value.string != nil } == true
    }

    private static func whole(
        _ first: Object, then nextObject: @escaping () throws -> Object?
    ) -> () throws -> Row? {
        var waiting: Object? = first
        return {
            defer { waiting = nil }
            guard let (object, blankLines) = try waiting ?? nextObject() else { return nil }
            return ([JSONNode.object(object).cell], blankLines)
        }
    }

    /// Reads what stands behind the array, so that a file that was cut, or that says that something failed, is not taken for
    /// whole.
    private static func readRest(_ scanner: JSONScanner, _ counter: RowCounter) throws {
        while let name = try scanner.nextName(isFirst: false) {
            if arrays.contains(name) {
                throw scanner.fault("rows stand in it twice")
            }
            if try checkError(name, scanner) || counter.take(name, scanner) { continue }
            try scanner.skip()
        }
    }

    /// The members in which publishers put their rows; `Result` is of UCDP's.
    static let arrays: Set<String> = ["data", "dataset", "Result"]

    /// Reads a member that says whether something failed.
    ///
    /// - Returns: whether it was one.
    private static func checkError(_ name: String, _ scanner: JSONScanner) throws -> Bool {
        guard name == "error" || name == "errors" else { return false }
        let text = try scanner.value(maximumBytes: maximumRowBytes).cell
        if saysFailure(text) {
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
            guard !names.contains(name), names.count < 1000 else {
                throw scanner.fault(
                    "the member \(Quoted.short(name)) stands twice, or there are too many")
            }
            names.append(name)
            if arrays.contains(name), try scanner.take("[") { return nil }
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
                "Rows are an array of objects, alone or under data, dataset or Result, or an SDMX-JSON message."
        )
    }
}
