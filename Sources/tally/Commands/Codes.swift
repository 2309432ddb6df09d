import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Codes: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "codes",
        abstract: "Look up codes: areas, flows, products, currencies, event types …",
        discussion: """
            Codes, names and numbers of Comtrade, M49 and ISO are searched, the likeliest shown first. Where nothing is found \
            the exit code is 1.
            Example: tally codes area korea
            Example: tally codes area 842
            Example: tally codes hs accumulators
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "A code list; all lists when none is given.")
    var list: String?

    @Argument(help: "A code or number, or part of a name; all codes when none is given.")
    var text: [String] = []

    func run(_ context: CommandContext) throws {
        guard let list else { return printLists(context) }
        guard let codes = CodeList.named(list) ?? CodeList.named(list.lowercased()) else {
            throw Failure(
                "no-record", "There is no code list \(JSONString.quoted(list))",
                hint: Suggestion.hint(
                    for: list, among: CodeList.names,
                    all: "The lists are \(CodeList.names.joined(separator: ", "))."),
                exitCode: 66)
        }
        let text = text.joined(separator: " ")
        var entries = codes.search(text)
        let wider = entries.isEmpty ? codes.entry(above: text) : nil
        if let wider { entries = [wider] }
        let near = entries.isEmpty ? codes.near(text) : []
        if context.isJSON {
            context.print(
                "codes",
                [
                    .init("list", .string(codes.name)), .init("title", .string(codes.title)),
                    .init("source", .string(codes.source)), .init("date", .string(codes.date)),
                    .init("note", .string(codes.note)),
                    .init("codes", .array(entries.map(\.json))),
                    .init("wider", .bool(wider != nil)),
                    .init("near", .array(near.map(\.json))),
                ])
            if entries.isEmpty { throw Self.nothing }
            return
        }
        if entries.isEmpty {
            context.output.note(
                "Nothing in \(codes.name) is or holds \(JSONString.quoted(text))"
                    + (near.isEmpty
                        ? ""
                        : "; near it: "
                            + near.map { "\($0.code) (\($0.name))" }.joined(separator: ", ")))
            throw Self.nothing
        }
        context.output.page(CodeTable(entries).table)
        let all = FigureText.grouped(codes.entries.count)
        if let wider {
            context.output.note("\(codes.name) ends above \(text), which is in \(wider.code)")
        } else if entries.count == codes.entries.count {
            context.output.note("\(all) codes")
        } else {
            context.output.note("\(FigureText.grouped(entries.count)) of \(all) codes")
        }
        if context.output.terminal.isOutputTerminal {
            context.output.printDim(
                "\(codes.date): \(codes.source)", maximumLines: text.isEmpty ? 8 : 2)
        }
    }

    /// As grep ends where it finds nothing.
    private static var nothing: Failure { .silent(exitCode: 1) }

    private func printLists(_ context: CommandContext) {
        let lists = CodeList.names.compactMap(CodeList.named)
        if context.isJSON {
            context.print(
                "codes",
                [
                    .init("lists", .array(lists.map { .string($0.name) })),
                    .init(
                        "details",
                        .array(
                            lists.map { list in
                                [
                                    "list": .string(list.name), "title": .string(list.title),
                                    "source": .string(list.source), "date": .string(list.date),
                                    "codes": .number(Double(list.entries.count)),
                                ]
                            })),
                ])
            return
        }
        var table = Table([
            Table.Column("list"), .number("codes"), Table.Column("date"),
            .text("what", maximumLines: 3),
        ])
        for list in lists {
            table.append([
                Table.Cell(list.name), Table.Cell(FigureText.grouped(list.entries.count)),
                Table.Cell(list.date), Table.Cell(list.title),
            ])
        }
        context.output.print(table)
    }
}
