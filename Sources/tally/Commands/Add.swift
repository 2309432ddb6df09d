import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Add: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a record.",
        discussion: """
            Key fields are given like the others; an event gets an id when none is given.
            Example: tally add trade reporter=KOR partner=CHN flow=X product=TOTAL period=2023 source=motie value=124.8e9
            Example: tally add event date=2023-09-23 type=meeting title="Han meets Xi" actors="KOR;CHN"
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "trade, event, or another kind.")
    var kind: String

    @Argument(parsing: .remaining, help: Assignment.help)
    var assignments: [Assignment] = []

    @Option(name: .shortAndLong, help: "Why: kept with the change.")
    var message: String?

    func run(_ context: CommandContext) throws {
        try context.withDataset { dataset in
            let kind = try dataset.kinds.required(self.kind)
            let workplace = try context.workplace()
            let key = try key(of: kind, workplace)
            let rest = assignments.filter { !kind.isKeyField($0.field) }
            let input = try RecordInput(rest, kind: kind)
            let address = RecordAddress(kind: kind.name, key: key)
            let written = try dataset.write(at: workplace, Authoring(message: message)) { editor in
                let view = try editor.reading.view(address)
                if view.isVisible {
                    throw StoreError(
                        .badInput, "\(address) is there already; it was left as it is",
                        hint: "Change it with: tally set \(address) field=value")
                }
                try input.check(of: address, beside: [:], in: dataset.kinds)
                try editor.edit(
                    address, view.isGone ? input.editsOverDeleted(view.state) : input.editsOfNew)
            }
            try WriteReport(address: address, written: written, kinds: dataset.kinds)
                .print("add", "Added", context)
            context.noteHints(on: [(address, Set(input.values.names))], in: dataset)
        }
    }

    private func key(of kind: Kind, _ workplace: Workplace) throws -> RecordKey {
        RecordKey(
            try kind.key.map { field in
                let given = assignments.filter { $0.field == field.name }
                if given.count > 1 {
                    throw InputFault(field: field.name, "\(field.name) is given twice")
                }
                if let text = given.first?.text { return try FieldInput(field).keyPart(text) }
                guard field.type == .identifier, kind.derivedKey != nil else {
                    return try FieldInput(field).keyPart("")
                }
                return UUIDText.ordered(at: workplace.clock(), workplace.randomBytes(16))
            })
    }
}

extension KindCatalog {
    /// - Throws: `Failure` naming the kinds there are.
    func required(_ name: String) throws -> Kind {
        if let kind = self[name] { return kind }
        throw Failure(
            "bad-input", "There is no kind \(JSONString.quoted(name))",
            hint: hint(for: name), exitCode: 65)
    }
}

/// What a command that wrote one changeset says.
struct WriteReport {
    let address: RecordAddress
    let written: Written
    let kinds: KindCatalog

    func print(_ command: String, _ verb: String, _ context: CommandContext) throws {
        if context.isJSON {
            context.print(
                command,
                [
                    .init("record", .string(address.text)),
                    .init(
                        "revision", written.revisions.last.map { .string($0.description) } ?? .null),
                ])
        } else if let revision = written.revisions.last {
            context.output.print("\(verb) \(Printable.line(address.text))  (\(revision.short))")
        } else {
            context.output.print("Nothing to change: \(Printable.line(address.text)) is so already")
        }
        context.note(written)
        if !written.revisions.isEmpty { context.noteRemark(on: address, in: kinds) }
    }
}

extension CommandContext {
    /// What a setting that was just written does not do.
    func noteRemark(on record: RecordAddress, in kinds: KindCatalog) {
        guard let remark = PolicyInput.remark(on: record, in: kinds) else { return }
        output.note(Printable.line("\(record.text): \(remark)"))
    }
}
