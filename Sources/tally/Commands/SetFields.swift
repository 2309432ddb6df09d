import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct SetFields: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change fields of a record, or of all records that meet a condition.",
        discussion: """
            Fields that only mean something together are kept together: a figure that is changed without giving \
            released has none. --where is SQL over the columns, and over author and at: who last wrote the record, \
            and when. All records are changed, or none is; a conflict over what is set is settled by it, and counted.
            Example: tally set trade/KOR/CHN/X/TOTAL/2023/motie value=124817682000 status=A -m "customs figure"
            Example: tally set event/0192f0c1 actors+=USA tags-=draft
            Example: tally set trade --where "source = 'motie' AND period = '2023'" status=A --dry-run
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The record: KIND/KEY, a prefix of an id is enough; with --where, the kind.")
    var record: String

    @Argument(parsing: .remaining, help: Assignment.help)
    var assignments: [Assignment]

    @Option(
        name: .customLong("where"),
        help: "Change every record of the kind for which this SQL condition holds.")
    var condition: String?

    @Flag(help: "Say what would become what, and do nothing.")
    var dryRun = false

    @Option(name: .shortAndLong, help: "Why: kept with the change.")
    var message: String?

    func validate() throws {
        if condition != nil, record.utf8.contains(UInt8(ascii: "/")) {
            throw ValidationError("--where goes with a kind, as trade; \(record) is one record.")
        }
    }

    func run(_ context: CommandContext) throws {
        if let condition {
            let set = SetWhere(
                kind: record, condition: condition, assignments: assignments, message: message)
            return try set.run(dryRun: dryRun, context)
        }
        try context.withDataset(readOnly: dryRun) { dataset in
            try checkNamesOneRecord(dataset.kinds)
            if dryRun {
                try dataset.checkNothingWaits()
                let change = try dataset.read(change)
                let set = ChangeSummary(change)
                return ChangeReport(summary: set, written: nil, of: nil).print(context)
            }
            var change: RecordChange?
            let written = try dataset.write(at: context.workplace(), Authoring(message: message)) {
                editor in
                let own = try self.change(in: editor.reading)
                try editor.edit(own.address, own.edits)
                change = own
            }
            guard let change else { return }
            try WriteReport(address: change.address, written: written, kinds: dataset.kinds)
                .print("set", "Changed", context)
            for conflict in change.settled { context.output.note(conflict.settledLine) }
            guard !written.revisions.isEmpty else { return }
            let fields = Set(assignments.map(\.field))
            context.noteHints(on: [(change.address, fields)], in: dataset)
        }
    }

    private func change(in access: DatasetAccess) throws -> RecordChange {
        let view = try access.existing(try access.address(record))
        let kind = try access.kinds.required(view.address.kind)
        return try RecordChange(
            RecordInput(assignments, kind: kind, current: view.row?.sets ?? [:]), to: view,
            in: access.kinds)
    }

    /// A record has a slash; a kind alone would mean all of its records, which is never meant by the way.
    private func checkNamesOneRecord(_ kinds: KindCatalog) throws {
        guard kinds[record] != nil else { return }
        throw Failure.usage(
            "\(record) is a kind; which of its records?",
            hint: "Say --where SQL, as in --where \"period = '2023'\"; all of them: --where 1")
    }
}
