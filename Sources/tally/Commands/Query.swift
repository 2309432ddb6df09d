import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Query: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Ask the dataset in SQL; nothing is written.",
        discussion: """
            The tables are trade, event and setting; tally_conflict, the open conflicts; tally_log, the changesets; and \
            tally_refused, what was set back of edits by other tools.
            Example: tally query "SELECT sum(CASE flow WHEN 'X' THEN value ELSE -value END) AS balance FROM trade \
            WHERE reporter='KOR' AND partner='CHN' AND period='2023' AND product='TOTAL' AND source='kosis'"
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "One SQL statement.")
    var sql: String

    func run(_ context: CommandContext) throws {
        try context.withDataset(readOnly: true) { dataset in
            var columns: [String] = []
            var rows: [[SQLValue]] = []
            try dataset.query(sql, columns: { columns = $0 }, row: { rows.append($0) })
            if context.isJSON {
                context.print(
                    "query",
                    [
                        .init("columns", .array(columns.map(JSONValue.string))),
                        .init("rows", .array(rows.map { .array($0.map(\.json)) })),
                    ])
                return
            }
            var table = Table(
                columns.enumerated().map { index, name in
                    let isNumber = !rows.isEmpty && rows.allSatisfy { $0[index].isNumberOrNull }
                    return isNumber ? .number(name) : .text(name, minimumWidth: 12)
                }, uppercasesTitles: false)
            for row in rows { table.append(row.map { Table.Cell($0.text) }) }
            context.output.page(table)
            if rows.isEmpty { context.output.note("No rows") }
        }
    }
}

extension SQLValue {
    fileprivate var isNumberOrNull: Bool {
        switch self {
        case .null, .integer, .real: return true
        case .text, .blob: return false
        }
    }

    fileprivate var text: String {
        switch self {
        case .null: return ""
        case .integer(let integer): return FigureText.grouped(integer)
        case .real(let number): return FigureText.grouped(number)
        case .text(let text): return text
        case .blob(let bytes): return "(\(FigureText.bytes(bytes.count)))"
        }
    }

    fileprivate var json: JSONValue {
        switch self {
        case .null: return .null
        case .integer(let integer): return .number(Double(integer))
        case .real(let number): return number.isFinite ? .number(number) : .null
        case .text(let text): return .string(text)
        case .blob(let bytes):
            return .string(String(decoding: Base64URL.encode(bytes), as: UTF8.self))
        }
    }
}
