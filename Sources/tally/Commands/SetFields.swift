import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct SetFields: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change fields of a record.",
        discussion: """
            Fields that only mean something together are kept together: a figure that is changed without giving
            released has none.
            Example: tally set trade/KOR/CHN/X/TOTAL/2023/motie value=124817682000 status=A -m "customs figure"
            Example: tally set event/0192f0c1 actors+=USA tags-=draft
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The record: KIND/KEY; a prefix of an id is enough.")
    var record: String

    @Argument(parsing: .remaining, help: Assignment.help)
    var assignments: [Assignment]

    @Option(name: .shortAndLong, help: "Why: kept with the change.")
    var message: String?

    func run(_ context: CommandContext) throws {
        try context.withDataset { dataset in
            var address: RecordAddress?
            var settled: [Conflict] = []
            let written = try dataset.write(at: context.workplace(), Authoring(message: message)) {
                editor in
                let found = try editor.reading.address(record)
                address = found
                let view = try editor.reading.existing(found)
                let kind = try editor.reading.kinds.required(found.kind)
                let input = try RecordInput(assignments, kind: kind, current: view.row?.sets ?? [:])
                settled = try edit(view, input, editor)
            }
            guard let address else { return }
            try WriteReport(address: address, written: written).print("set", "Changed", context)
            for conflict in settled {
                context.output.note(
                    "This settles the conflict \(conflict.id) over \(conflict.statement).")
            }
        }
    }

    /// - Returns: the conflicts that the change settles.
    private func edit(
        _ view: RecordView, _ input: RecordInput, _ editor: DatasetEditor
    ) throws -> [Conflict] {
        let current = view.row?.values ?? [:]
        try input.check(beside: current)
        var edits: [RecordEdit] = []
        var settled: [Conflict] = []
        for (statement, value) in input.statements(beside: current) {
            let conflict = view.conflicts.first { $0.statement == statement.name }
            let before = statement.fields.map { current[$0] ?? .null }
            // A conflicted statement is always written: whoever sets it has decided.
            if value == before, conflict == nil { continue }
            if let conflict { settled.append(conflict) }
            edits.append(.set(statement: statement.name, value: value))
        }
        let held = view.row?.sets ?? [:]
        edits += input.added.filter { held[$0.field]?.contains($0.text) != true }.map { .add($0) }
        edits += input.removed.filter { held[$0.field]?.contains($0.text) == true }.map {
            .remove($0)
        }
        try editor.edit(view.address, edits)
        return settled
    }
}

extension DatasetAccess {
    /// The record, which must be there.
    ///
    /// - Throws: `StoreError` saying whether it never was or was deleted.
    func existing(_ address: RecordAddress) throws -> RecordView {
        let view = try view(address)
        if view.isGone {
            throw StoreError(
                .noRecord, "\(address) was deleted",
                hint: "Bring it back with: tally restore \(address)")
        }
        guard view.isVisible else {
            throw StoreError(
                .noRecord, "There is no record \(address)",
                hint: "See what there is with: tally list \(address.kind)")
        }
        return view
    }
}
