import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Delete: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete records; tally restore brings them back.",
        discussion: "Example: tally delete event/0192f0c1 -m \"entered twice\"")

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The records: KIND/KEY; a prefix of an id is enough.")
    var records: [String]

    @Option(name: .shortAndLong, help: "Why: kept with the change.")
    var message: String?

    func run(_ context: CommandContext) throws {
        try context.withDataset { dataset in
            let deed = try RecordDeed.run(records, dataset, context, message) { access, address in
                _ = try access.existing(address)
                return .delete
            }
            deed.print("delete", "Deleted", context)
        }
    }
}

struct Restore: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring deleted records back as they were.",
        discussion: "Example: tally restore event/0192f0c1")

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The records: KIND/KEY; a prefix of an id is enough.")
    var records: [String]

    @Option(name: .shortAndLong, help: "Why: kept with the change.")
    var message: String?

    func run(_ context: CommandContext) throws {
        try context.withDataset { dataset in
            let deed = try RecordDeed.run(records, dataset, context, message) { access, address in
                let view = try access.view(address)
                if view.isUnknown {
                    throw StoreError(.noRecord, "There never was a record \(address)")
                }
                // What is there already is left alone; beside a deletion it is said that it stays.
                return view.state.existence.contains { $0.content == .deleted } ? .restore : nil
            }
            deed.print("restore", "Restored", context)
        }
    }
}

/// One thing done to several records in one changeset.
struct RecordDeed {
    private var addresses: [RecordAddress] = []
    private var written = Written()

    /// - Parameter edit: what to do to a record; nil for nothing.
    static func run(
        _ records: [String], _ dataset: Dataset, _ context: CommandContext, _ message: String?,
        edit: (DatasetAccess, RecordAddress) throws -> RecordEdit?
    ) throws -> RecordDeed {
        var deed = RecordDeed()
        deed.written = try dataset.write(at: context.workplace(), Authoring(message: message)) {
            editor in
            for text in records {
                let address = try editor.reading.address(text)
                guard !deed.addresses.contains(address) else { continue }
                guard let edit = try edit(editor.reading, address) else { continue }
                try editor.edit(address, [edit])
                deed.addresses.append(address)
            }
        }
        return deed
    }

    func print(_ command: String, _ verb: String, _ context: CommandContext) {
        if context.isJSON {
            context.print(
                command,
                [
                    .init("records", .array(addresses.map { .string($0.text) })),
                    .init(
                        "revision", written.revisions.last.map { .string($0.description) } ?? .null),
                ])
        } else if let revision = written.revisions.last {
            let what =
                addresses.count == 1
                ? "\(addresses[0])" : FigureText.count(addresses.count, "record")
            context.output.print("\(verb) \(Printable.line(what))  (\(revision.short))")
        } else {
            context.output.print("Nothing to do")
        }
        context.note(written)
    }
}
