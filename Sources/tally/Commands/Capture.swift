import ArgumentParser
import TallyStore
import TallyTerminal
import TallyWire

struct Capture: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture",
        abstract:
            "Take edits made with another tool as a changeset; any change and any sync does so too.",
        discussion: """
            The tables trade, event and setting are open to every SQLite tool: sqlite3, pandas, Datasette, DB Browser.
            Example: sqlite3 korea.tally "UPDATE trade SET note = 'checked' WHERE source = 'kosis'"
                     tally capture -m "checked against the yearbook"
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Option(name: .shortAndLong, help: "Why: kept with the change.")
    var message: String?

    @Flag(help: "The edits are yours, though somebody else wrote the file last.")
    var mine = false

    func run(_ context: CommandContext) throws {
        try context.withDataset { dataset in
            let captured = try dataset.capture(
                at: context.workplace(), message: message, isMine: mine)
            if context.isJSON { return context.print("capture", captured.json) }
            if captured.isEmpty {
                context.output.print("Nothing waits: no other tool has changed a record")
            }
            context.tellCaptured(by: dataset, isResult: true)
        }
    }
}
