import TallyCore
import TallyFormats
import TallyStore
import TallyTerminal

/// Lets somebody fill in the form of a record until it can be read, or they give up.
struct EditSession {
    /// The form as it is given.
    let form: String
    let view: RecordView
    let kind: Kind
    let kinds: KindCatalog
    let draft: DraftFile
    let editor: Editor
    let output: Output

    /// Marks the lines at the top that say what was wrong.
    private static let mark = "#!"

    /// - Returns: nil when nothing was changed.
    /// - Throws: `Failure` that names the file, which is kept, once there is something of the user's in it.
    func changes() throws -> FormChanges? {
        var given = Array(form.utf8)
        try draft.write(given)
        while true {
            do {
                try editor.edit(path: draft.path)
            } catch {
                let isUntouched = (try? draft.read()) == given
                if !isUntouched { throw Failure(error).keeping(draft) }
                draft.remove()
                throw error
            }
            do {
                given = try draft.read()
                let changes = try FormChanges(
                    FormReader.answers(given, kind: kind), of: view, kind: kind, in: kinds)
                return changes.isEmpty ? nil : changes
            } catch let fault as FormFault {
                try askForMore(fault)
                given = marked(given, fault)
                try draft.write(given)
            } catch {
                throw Failure(error).keeping(draft)
            }
        }
    }

    /// Returns when somebody wants to go on.
    private func askForMore(_ fault: FormFault) throws {
        let failure = Failure(
            "bad-input", "The text cannot be taken: \(fault.text); nothing was written",
            hint: fault.hint, exitCode: 65)
        do {
            let lines = [fault.text, fault.hint, "Open the editor again?"].compactMap { $0 }
            let question = Printable.block(lines.joined(separator: "\n"))
            if try Question.ask(question, on: output) == true { return }
        } catch {
            throw Failure(error).keeping(draft)
        }
        throw failure.keeping(draft)
    }

    /// The text as it was given, with what is wrong in comments at its top in the place of earlier ones.
    private func marked(_ text: [UInt8], _ fault: FormFault) -> [UInt8] {
        let mark = Array(Self.mark.utf8)
        // The mark of UTF-8 that some editors put first means nothing further down.
        let text = text.starts(with: [0xef, 0xbb, 0xbf]) ? text[3...] : text[...]
        let lines = text.split(separator: 0x0a, omittingEmptySubsequences: false)
        let own = lines.filter { !$0.starts(with: mark) }
        // The number is that of the line as it will stand.
        let removed = lines.count - own.count
        let notes = ([fault.message] + (fault.hint.map { [$0] } ?? []))
            .flatMap { $0.split(separator: "\n").map(String.init) }
        let line = fault.line.map { "line \($0 - removed + notes.count): " } ?? ""
        let top = notes.enumerated().map { index, note in
            Array("\(Self.mark) \(index == 0 ? line : "")\(Printable.line(note))".utf8)[...]
        }
        return Array((top + own).joined(separator: [0x0a]))
    }
}
