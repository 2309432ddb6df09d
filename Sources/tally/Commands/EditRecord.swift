import ArgumentParser
import TallyCore
import TallyFormats
import TallyStore
import TallyTerminal
import TallyWire

struct EditRecord: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change a record in your text editor.",
        discussion: """
            Opens $VISUAL or $EDITOR on a file with the fields, one a line, which says how to fill it in. Only what you \
            change is written. Others may write meanwhile; where they changed what you changed, nothing is written, and \
            your text is kept.
            Example: tally edit event/0192f0c1
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The record: KIND/KEY; a prefix of an id is enough.")
    var record: String

    @Option(name: .shortAndLong, help: "Why: kept with the change.")
    var message: String?

    func run(_ context: CommandContext) throws {
        // The file is closed while somebody types: others may write it.
        let (old, kinds) = try context.withDataset(readOnly: true) { dataset in
            try dataset.read { access in
                let view = try access.existing(try access.address(record))
                return (view, access.kinds)
            }
        }
        let editor = try context.editor(orElse: "tally set RECORD field=value")
        let kind = try kinds.required(old.address.kind)
        let draft = try DraftFile(folder: context.variable("TMPDIR"))
        let session = EditSession(
            form: RecordForm.text(of: old, kind: kind), view: old, kind: kind, kinds: kinds,
            draft: draft, editor: editor, output: context.output)
        guard let changes = try session.changes() else {
            draft.remove()
            if context.isJSON {
                return try WriteReport(address: old.address, written: Written(), kinds: kinds)
                    .print("edit", "Changed", context)
            }
            return context.output.print("Nothing was changed")
        }
        do {
            try write(changes, old, context)
        } catch {
            throw Failure(error).keeping(draft)
        }
        draft.remove()
    }

    private func write(
        _ changes: FormChanges, _ old: RecordView, _ context: CommandContext
    ) throws {
        try context.withDataset { dataset in
            var change: RecordChange?
            let written = try dataset.write(at: context.workplace(), Authoring(message: message)) {
                editor in
                let now = try editor.reading.existing(old.address)
                let overtaken = changes.overtaken(since: old, by: now)
                if !overtaken.isEmpty { throw Self.overtaken(overtaken, old.address) }
                let own = try RecordChange(
                    changes.input, to: now, in: editor.reading.kinds)
                try editor.edit(own.address, own.edits)
                change = own
            }
            try WriteReport(address: old.address, written: written, kinds: dataset.kinds)
                .print("edit", "Changed", context)
            for conflict in change?.settled ?? [] { context.output.note(conflict.settledLine) }
            if let change { noteVintage(change, changes.input, context) }
            guard !written.revisions.isEmpty else { return }
            context.noteHints(
                on: [(old.address, Set(changes.input.values.names))], in: dataset)
        }
    }

    private static func overtaken(
        _ statements: [FormChanges.Overtaken], _ address: RecordAddress
    ) -> Failure {
        let texts = statements.map { statement in
            zip(statement.statement.fields, zip(statement.before, statement.now))
                .filter { $0.1.0 != $0.1.1 }
                .map { "\($0) was \(ValueText.of($1.0)) and is \(ValueText.of($1.1))" }
                .joined(separator: ", ")
        }
        let what = zip(statements, texts).map { $1.isEmpty ? $0.statement.name : $1 }
        return Failure(
            "changed",
            "\(address) was changed meanwhile: \(what.joined(separator: ", ")); nothing was written",
            hint: "Look at it with tally show \(ShellWord.quoted(address)), then edit it again.",
            exitCode: 1)
    }

    /// A figure that is changed without giving its vintage has none: said, since the line stood in the file.
    private func noteVintage(
        _ change: RecordChange, _ input: RecordInput, _ context: CommandContext
    ) {
        for field in change.fields where input.values[field.name] == nil {
            guard case .value(let before) = field.before, field.after == .value(.null) else {
                continue
            }
            context.output.note(
                "\(field.name) \(ValueText.of(before)) was taken away, since the figure is another; "
                    + "where it still holds: tally set \(ShellWord.quoted(change.address)) "
                    + "\(field.name)=\(ShellWord.quoted(before.plain))")
        }
    }
}

extension Failure {
    /// The same, with the place where somebody's text is.
    func keeping(_ draft: DraftFile) -> Failure {
        var failure = self
        let place = "Your text is kept in \(draft.path)"
        failure.hint = hint.map { "\($0)\n\(place)" } ?? place
        return failure
    }
}
