import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Changes: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "changes",
        abstract: "The records that have changed since: what each field was, what it is, by whom.",
        discussion: """
            WHEN is 2023-05-01, 2023-05-01T12:00, today, yesterday, or how long ago: 90m, 2h, 3d, 1w.
            Example: tally changes --since yesterday
            Example: tally changes --since 1w --author jun --kind trade
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Option(help: "WHEN: from then on.")
    var since: String

    @Option(help: "Only what this person wrote, of what stands now: NAME or NAME@MACHINE.")
    var author: String?

    @Option(help: "Only records of this kind.")
    var kind: String?

    func run(_ context: CommandContext) throws {
        let start = try context.since(since, orRevision: "tally diff")
        let name = TimeText.dateAndTime(start.milliseconds, clock: .system)
        try context.withDataset(readOnly: true) { dataset in
            let list = try dataset.read { access in
                let filter = try access.filter(author: author, kind: kind)
                var list = DifferenceList("changes", [.init("since", .string(start.text))], context)
                let before = Timestamp(milliseconds: start.milliseconds - 1)
                try access.compare(.time(before), .now, kind: kind) { differences in
                    list.append(
                        author == nil
                            ? differences : differences.compactMap { $0.limited(to: filter) })
                }
                return list
            }
            let ahead = start.milliseconds > context.nowMs ? ", which lies ahead" : ""
            list.finish("since \(name)", nothing: "Nothing has changed since \(name)\(ahead)")
        }
    }
}
