import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Kinds: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "kinds",
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
