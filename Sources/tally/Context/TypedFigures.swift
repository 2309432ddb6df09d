import TallyCore
import TallyReports
import TallyStore
import TallyTerminal

extension CommandContext {
    private static var shownHintCount: Int { 5 }

    /// Says, after the write, what is worth a look about figures that somebody has just typed.
    ///
    /// - Parameter typed: records that were written, each with the fields that were typed.
    func noteHints(on typed: [(record: RecordAddress, fields: Set<String>)], in dataset: Dataset) {
        guard !output.isQuiet, !typed.isEmpty else { return }
        // It is by the way: what was written stands, whether or not its neighbours can be read.
        let found = try? dataset.read { access in
            let reader = HintReader(access)
            return try typed.flatMap { record, fields in
                try reader.hints(on: record, typed: fields).map { (record, HintText.of($0)) }
            }
        }
        guard let found, !found.isEmpty else { return }
        for (record, text) in found.prefix(Self.shownHintCount) {
            let place = typed.count > 1 ? "\(Printable.line(record.text)): " : ""
            output.note("\(HintText.title) \(place)\(text)")
        }
        let rest = found.count - Self.shownHintCount
        if rest > 0 { output.note("and \(FigureText.grouped(rest)) more") }
    }

    /// The same of the conflicts that were settled by a typed value.
    func noteHints(on plan: [Resolution], in dataset: Dataset) {
        noteHints(
            on: plan.filter { !$0.typed.isEmpty }.map { ($0.conflict.record, $0.typed) },
            in: dataset)
    }
}
