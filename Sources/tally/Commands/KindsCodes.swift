import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Kinds: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the kinds of records and their fields.",
        discussion: "Example: tally kinds trade")

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "One kind; all when none is given.")
    var kind: String?

    func run(_ context: CommandContext) throws {
        let catalog = KindCatalog.shipped
        let kinds = try kind.map { [try catalog.required($0)] } ?? catalog.all
        if context.isJSON {
            context.print("kinds", [.init("kinds", .array(kinds.map(Self.json)))])
            return
        }
        for (index, kind) in kinds.enumerated() {
            if index > 0 { context.output.print() }
            context.output.print(kind.name)
            var table = Table(
                [Table.Column("field"), Table.Column("type"), Table.Column("codes"), .text("")],
                indent: 2)
            for field in kind.key + kind.fields {
                let label = (kind.isKeyField(field.name) ? "key: " : "") + field.label
                table.append([
                    Table.Cell(field.name), Table.Cell(field.type.rawValue),
                    Table.Cell(field.codes ?? ""), Table.Cell(label),
                ])
            }
            context.output.print(table)
            for statement in kind.statements where statement.fields.count > 1 {
                context.output.print("  together: \(statement.fields.joined(separator: ", "))")
            }
        }
    }

    private static func json(_ kind: Kind) -> JSONValue {
        func fields(_ fields: [Kind.Field]) -> JSONValue {
            .array(
                fields.map { field in
                    [
                        "name": .string(field.name), "type": .string(field.type.rawValue),
                        "codes": field.codes.map(JSONValue.string) ?? .null,
                        "label": .string(field.label),
                    ]
                })
        }
        return [
            "name": .string(kind.name), "key": fields(kind.key), "fields": fields(kind.fields),
            "statements": .array(
                kind.statements.map { statement in
                    [
                        "fields": .array(statement.fields.map(JSONValue.string)),
                        "policy": .string(statement.policy.rawValue),
                    ]
                }),
        ]
    }
}

struct Codes: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look up codes: areas, flows, currencies, event types …",
        discussion: "Example: tally codes area korea")

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "A code list; all lists when none is given.")
    var list: String?

    @Argument(help: "Part of a code or a name.")
    var text: String?

    func run(_ context: CommandContext) throws {
        guard let list else { return printLists(context) }
        guard let codes = CodeList.named(list) else {
            throw Failure(
                "no-record", "There is no code list \(JSONString.quoted(list))",
                hint: "The lists are \(CodeList.names.joined(separator: ", ")).", exitCode: 66)
        }
        let entries = text.map { codes.entries(holding: $0) } ?? codes.entries
        if context.isJSON {
            context.print(
                "codes",
                [
                    .init("list", .string(codes.name)), .init("source", .string(codes.source)),
                    .init("date", .string(codes.date)),
                    .init(
                        "codes",
                        .array(
                            entries.map { ["code": .string($0.code), "name": .string($0.name)] })),
                ])
            return
        }
        var table = Table([Table.Column("code"), .text("name"), .text("also")])
        for entry in entries {
            table.append([
                Table.Cell(entry.code), Table.Cell(entry.name),
                Table.Cell(entry.aliases.joined(separator: "; "), .dim),
            ])
        }
        context.output.page(table)
        if entries.isEmpty {
            context.output.note("Nothing in \(list) holds \(JSONString.quoted(text ?? ""))")
        }
    }

    private func printLists(_ context: CommandContext) {
        let lists = CodeList.names.compactMap(CodeList.named)
        if context.isJSON {
            context.print("codes", [.init("lists", .array(lists.map { .string($0.name) }))])
            return
        }
        var table = Table([Table.Column("list"), .number("codes"), .text("what")])
        for list in lists {
            table.append([
                Table.Cell(list.name), Table.Cell(FigureText.grouped(list.entries.count)),
                Table.Cell(list.title),
            ])
        }
        context.output.print(table)
    }
}
