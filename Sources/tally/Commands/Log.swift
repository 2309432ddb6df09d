import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Log: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Who changed what, when and why; latest first.",
        discussion: """
            Example: tally log --limit 20
            Example: tally log --author mina --since yesterday
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Option(name: [.customShort("n"), .long], help: "At most this many changesets.")
    var limit = 100

    @Option(help: "Only what this person wrote: NAME or NAME@MACHINE.")
    var author: String?

    @Option(help: "Only from then on: 2023-05-01, 2023-05-01T12:00, today, yesterday, 2h, 3d, 1w.")
    var since: String?

    @Option(help: "Only changes to records of this kind.")
    var kind: String?

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit \(limit) is less than 1.") }
    }

    func run(_ context: CommandContext) throws {
        let start = try since.map { try context.since($0) }
        try context.withDataset(readOnly: true) { dataset in
            var (infos, isMore, names): ([RevisionInfo], Bool, [String]) = ([], false, [])
            var totals: [String: (changesets: Int, rows: Int)] = [:]
            try dataset.read { access in
                var filter = try access.filter(author: author, kind: kind)
                filter.since = start
                infos = try access.changesets(filter, limit: limit + 1)
                isMore = infos.count > limit
                infos = Array(infos.prefix(limit))
                names = access.latestAuthors
                for id in Set(infos.compactMap(\.group?.id)) {
                    totals[id] = try access.groupTotals(id)
                }
            }
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
                // The limit may have cut a deed of several changesets: what it did is told whole.
                let total =
                    info.group.flatMap { totals[$0.id] }
                    ?? (deed.count, deed.reduce(0) { $0 + $1.rowCount })
                let parts = total.changesets > 1 ? " (\(total.changesets) changesets)" : ""
                table.append([
                    Table.Cell(info.revision.short, .yellow),
                    Table.Cell(TimeText.age(of: info.at.milliseconds, nowMs: context.nowMs)),
                    Table.Cell(ValueText.name(info)),
                    Table.Cell(FigureText.grouped(total.rows)),
                    Table.Cell((info.message ?? "") + parts),
                ])
            }
            context.output.page(table)
            if infos.isEmpty {
                context.output.note(nothing(start, names, context))
            } else if isMore {
                context.output.note("There are more: tally log --limit N")
            }
        }
    }

    private func nothing(
        _ start: Timestamp?, _ authors: [String], _ context: CommandContext
    ) -> String {
        if author == nil, start == nil, kind == nil { return "Nothing has been written yet" }
        let by = author.map { " by \(Printable.line($0))" } ?? ""
        let of = kind.map { " of kind \(Printable.line($0))" } ?? ""
        let when =
            start.map { start in
                let ahead = start.milliseconds > context.nowMs ? ", which lies ahead" : ""
                return " since \(TimeText.dateAndTime(start.milliseconds, clock: .system))\(ahead)"
            } ?? ""
        let question = author.flatMap { author in
            authors.contains(author) ? nil : Suggestion.question(for: author, among: authors)
        }
        return "Nothing has been written\(of)\(by)\(when)" + (question.map { ". \($0)" } ?? "")
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
