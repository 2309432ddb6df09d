import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Log: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Who changed what, when and why; latest first.",
        discussion: "Example: tally log --limit 20")

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Option(name: [.customShort("n"), .long], help: "At most this many changesets.")
    var limit = 100

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit \(limit) is less than 1.") }
    }

    func run(_ context: CommandContext) throws {
        try context.withDataset { dataset in
            let infos = try dataset.read { try $0.latestChangesets(limit: limit) }
            if context.isJSON {
                context.print("log", [.init("changesets", .array(infos.map(\.json)))])
                return
            }
            var table = Table([
                Table.Column("revision"), Table.Column("when"), Table.Column("by"), .number("rows"),
                .text("message", minimumWidth: 16),
            ])
            for info in infos {
                let part = info.group.map { " (part \($0.part))" } ?? ""
                table.append([
                    Table.Cell(info.revision.short, .yellow),
                    Table.Cell(TimeText.age(of: info.at.milliseconds, nowMs: context.nowMs)),
                    Table.Cell(ValueText.name(info)), Table.Cell(FigureText.grouped(info.rowCount)),
                    Table.Cell((info.message ?? "") + part),
                ])
            }
            context.output.page(table)
            if infos.isEmpty { context.output.note("Nothing has been written yet") }
        }
    }
}

extension RevisionInfo {
    var json: JSONValue {
        [
            "revision": .string(revision.description), "replica": .string(revision.replica.text),
            "seq": .number(Double(revision.seq)), "hash": .string(hash.text),
            "at": .string(at.text),
            "author": .string(author), "machine": .string(machine),
            "message": message.map(JSONValue.string) ?? .null, "import": .bool(isImport),
            "group": group.map { .string($0.id) } ?? .null, "rows": .number(Double(rowCount)),
        ]
    }
}
