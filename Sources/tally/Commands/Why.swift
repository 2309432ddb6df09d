import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal

struct Why: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Why a field holds what it holds: who wrote it, from what, over whom.",
        discussion: "Example: tally why trade/KOR/CHN/X/TOTAL/2023/kosis value")

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The record: KIND/KEY; a prefix of an id is enough.")
    var record: String

    @Argument(help: "The field.")
    var field: String

    func run(_ context: CommandContext) throws {
        try context.withDataset(readOnly: true) { dataset in
            try dataset.read { access in
                let view = try access.existing(try access.address(record))
                try check(view, access)
                let sheet = try ReasonSheet(field, of: view, in: access)
                if context.isJSON {
                    context.print("why", sheet.json)
                } else {
                    sheet.print(context)
                }
            }
        }
    }

    private func check(_ view: RecordView, _ access: DatasetAccess) throws {
        let kind = access.kinds[view.address.kind]
        if kind?.isKeyField(field) == true {
            throw StoreError(
                .badInput, "\(field) is part of the key of \(view.address)",
                hint: "It names the record. See who added that: tally history \(view.address)")
        }
        let unknown = view.unknownFields(of: kind)
        let names =
            (kind?.fields.map(\.name) ?? []) + unknown.values.keys.sorted()
            + unknown.sets.keys.sorted()
        guard names.contains(field) else {
            throw StoreError(
                .badInput,
                "\(JSONString.quoted(field)) is no field of \(view.address.kind)",
                hint: Suggestion.question(for: field, among: names)
                    ?? "The fields are \(names.joined(separator: ", ")).")
        }
    }
}
