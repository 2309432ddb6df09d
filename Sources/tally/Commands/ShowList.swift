import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Show: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a record: its fields, who wrote each, and when.",
        discussion: """
            Example: tally show trade/KOR/CHN/X/TOTAL/2023/kosis
            Example: tally show trade/KOR/CHN/X/TOTAL/2023/kosis --at 2023-05-01
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The record: KIND/KEY; a prefix of an id is enough.")
    var record: String

    @Flag(help: "Show fields without a value too, and what a policy has settled.")
    var all = false

    @Option(help: "As it was: at a revision of tally log, or at the end of a day or minute.")
    var at: String?

    @Flag(help: "Every figure that it has had, by the date under which it was published.")
    var vintages = false

    func run(_ context: CommandContext) throws {
        try context.withDataset(readOnly: true) { dataset in
            try dataset.read { access in
                let address = try access.address(record)
                let moment = try at.map { try context.moment($0, in: access) }
                let view = try access.existing(address, at: moment, context)
                let time = moment.map { [JSONValue.Member("at", .string($0.id))] } ?? []
                if vintages {
                    let list = try VintageList(address, at: moment, in: access)
                    if context.isJSON { return context.print("show-vintages", list.json + time) }
                    list.print(context, at: moment)
                } else {
                    let sheet = try RecordSheet(view, in: access)
                    if context.isJSON { return context.print("show", sheet.json + time) }
                    sheet.print(context, all: all, at: moment)
                }
                if let moment, moment.isAhead {
                    context.output.note("\(moment.name) lies ahead: this is what is known now")
                }
            }
        }
    }
}

struct List: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the records of a kind.",
        discussion: """
            --where is SQL over the columns, and over author and at: who last wrote the record, and when.
            Example: tally list trade --where "partner = 'CHN' AND period = '2023'"
            Example: tally list event --where "author = 'mina' AND at >= '2026-11-01'"
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "trade, event, setting, or another kind.")
    var kind: String

    @Option(name: .customLong("where"), help: "An SQL condition over the columns, author and at.")
    var condition: String?

    func run(_ context: CommandContext) throws {
        try context.withDataset(readOnly: true) { dataset in
            let kind = try dataset.kinds.required(self.kind)
            var rows: [RecordRow] = []
            try UserSQL.reporting(condition) {
                try dataset.read { access in
                    try access.forEachRow(of: kind, where: condition ?? "1") { rows.append($0) }
                }
            }
            if context.isJSON {
                context.print(
                    "list",
                    [
                        .init("kind", .string(kind.name)),
                        .init("records", .array(rows.map { $0.json(of: kind) })),
                    ])
            } else {
                let printed = RecordTable(rows, of: kind).printed(
                    within: context.output.terminal.outputWidth)
                context.output.page(printed.table)
                context.output.note(FigureText.count(rows.count, "record"))
                if !printed.names.isEmpty {
                    context.output.printDim(printed.names, maximumLines: 4)
                }
            }
        }
    }
}

/// SQL that a user wrote as part of a command.
enum UserSQL {
    /// - Throws: what SQLite says of it, as bad input.
    ///
    /// - Parameter condition: nil when the user wrote none.
    static func reporting<Result>(_ condition: String?, _ body: () throws -> Result) throws
        -> Result
    {
        do {
            return try body()
        } catch let error as StoreError where error.code == .fault && condition != nil {
            throw StoreError(
                .sql, "--where: \(error.message)",
                hint: "It is SQL over the columns, author and at, as in "
                    + "\"period = '2023' AND value > 1e9\".")
        }
    }
}

extension RecordRow {
    /// A flat object: key fields, then the fields that have a value.
    func json(of kind: Kind) -> JSONValue {
        var members = zip(kind.key, key.parts).map { JSONValue.Member($0.name, .string($1)) }
        for field in kind.fields {
            if let value = values[field.name] {
                members.append(.init(field.name, value.json))
            } else if let elements = sets[field.name], !elements.isEmpty {
                members.append(.init(field.name, .array(elements.map(JSONValue.string))))
            }
        }
        return .object(members)
    }
}
