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
        try context.withDataset(readOnly: true) { dataset in
            let infos = try dataset.read { try $0.latestChangesets(limit: limit) }
            if context.isJSON {
                context.print("log", [.init("changesets", .array(infos.map(\.json)))])
                return
            }
            var table = Table([
                Table.Column("revision"), Table.Column("when"), Table.Column("by"), .number("rows"),
                .text("message", minimumWidth: 16),
            ])
            for deed in Self.deeds(infos) {
                guard let info = deed.first else { continue }
                let parts = deed.count > 1 ? " (\(deed.count) changesets)" : ""
                table.append([
                    Table.Cell(info.revision.short, .yellow),
                    Table.Cell(TimeText.age(of: info.at.milliseconds, nowMs: context.nowMs)),
                    Table.Cell(ValueText.name(info)),
                    Table.Cell(FigureText.grouped(deed.reduce(0) { $0 + $1.rowCount })),
                    Table.Cell((info.message ?? "") + parts),
                ])
            }
            context.output.page(table)
            if infos.isEmpty { context.output.note("Nothing has been written yet") }
        }
    }

    /// Changesets of one group are one deed.
    private static func deeds(_ infos: [RevisionInfo]) -> [[RevisionInfo]] {
        var deeds: [[RevisionInfo]] = []
        for info in infos {
            if let group = info.group, deeds.last?.last?.group?.id == group.id {
                deeds[deeds.count - 1].append(info)
            } else {
                deeds.append([info])
            }
        }
        return deeds
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
