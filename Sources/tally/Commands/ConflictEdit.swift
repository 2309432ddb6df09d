import TallyCore
import TallyFormats
import TallyStore
import TallyTerminal
import TallyWire

/// Lets somebody write the value that settles a conflict in an editor.
struct ConflictEdit {
    private let conflict: Conflict
    private let session: EditSession

    /// - Throws: `StoreError` for a conflict of which there is no value to write; `Failure` where there is no editor.
    init(_ conflict: Conflict, _ dataset: Dataset, _ context: CommandContext) throws {
        self.conflict = conflict
        guard conflict.statement != Conflict.existenceName else {
            throw StoreError(
                .badInput, "\(conflict.id) (\(conflict.record)) is over a deletion",
                hint: "Settle it with --delete or --keep.")
        }
        let kind = try dataset.kinds.required(conflict.record.kind)
        let editor = try context.editor(orElse: "tally resolve ID --set field=value")
        let (view, form) = try dataset.read { access in
            let view = try access.view(conflict.record)
            return (view, try Self.form(conflict, view, kind, access, context))
        }
        session = EditSession(
            form: form, view: view, kind: kind, kinds: dataset.kinds,
            draft: try DraftFile(folder: context.variable("TMPDIR")), editor: editor,
            output: context.output)
    }

    private static func form(
        _ conflict: Conflict, _ view: RecordView, _ kind: Kind, _ access: DatasetAccess,
        _ context: CommandContext
    ) throws -> String {
        let names = access.kinds.statement(conflict.statement, ofKind: kind.name).fields
        let before = try access.before([conflict])[conflict.id]
        let sides = try conflict.sides.map { side in
            let info = try access.info(of: side.revision)
            let message = info.message.map { "  “\(Printable.line($0))”" } ?? ""
            return (
                "\(side.letter) \(ValueText.signature(info, context))", message, side.content
            )
        }
        let fields = names.enumerated().map { index, name in
            let old = before?[index]
            let values = sides.map { $0.2.value(at: index) }
            // What nobody disputes needs no note.
            guard Set(values + (before == nil ? [] : [old ?? .null])).count > 1 else {
                return (field: name, notes: [String]())
            }
            let notes = zip(sides, values).map { side, value in
                "\(side.0)  \(ValueText.of(value))" + (index == 0 ? side.1 : "")
            }
            return (
                field: name, notes: (before == nil ? [] : ["before  \(ValueText.of(old))"]) + notes
            )
        }
        return RecordForm.text(of: view, kind: kind, fields: fields)
    }

    /// Opens the editor, and settles the conflict by what is written there.
    ///
    /// - Returns: nil when nothing was changed.
    /// - Throws: `Settlement.Stale` and others; the text is kept where it is not written.
    func settle(note: String?, _ context: CommandContext) throws -> Settlement? {
        guard let changes = try session.changes() else {
            session.draft.remove()
            return nil
        }
        do {
            let settlement = try Settlement(of: [conflict], note: note, context) {
                try $0.set(changes.input, in: $1)
            }
            session.draft.remove()
            return settlement
        } catch is Settlement.Stale {
            throw Failure(
                "changed",
                "The sides of \(conflict.id) are no longer those that were shown; nothing was written",
                hint: "Look again with: tally conflicts \(conflict.id)", exitCode: 1
            ).keeping(session.draft)
        } catch {
            throw Failure(error).keeping(session.draft)
        }
    }
}
