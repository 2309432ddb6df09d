import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal

struct History: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "All that was ever done to a record: who, when, where, why, instead of what.",
        discussion: "Example: tally history trade/KOR/CHN/X/TOTAL/2023/kosis")

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The record, deleted or not: KIND/KEY; a prefix of an id is enough.")
    var record: String

    func run(_ context: CommandContext) throws {
        try context.withDataset(readOnly: true) { dataset in
            let (view, sheet) = try dataset.read { access in
                let address = try access.address(record)
                var view = try access.view(address)
                if view.isUnknown { view = try access.existing(address) }
                return (view, try HistorySheet(view, in: access))
            }
            if context.isJSON { return context.print("history", sheet.json) }
            // Shown when the file is no longer being read: a pager may stay open for hours.
            context.output.page(sheet.text(context))
            for conflict in view.conflicts {
                context.output.note(ConflictText.pointer(conflict))
            }
        }
    }
}
