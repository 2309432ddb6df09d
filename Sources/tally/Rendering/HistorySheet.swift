import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// The history of a record: what each changeset did to it, the latest first.
struct HistorySheet {
    private let view: RecordView
    private let steps: [HistoryStep]
    /// Who deleted the record, where it is gone.
    private let deletion: RevisionInfo?

    init(_ view: RecordView, in access: DatasetAccess) throws {
        self.view = view
        steps = try access.steps(of: access.history(of: view.address)).reversed()
        deletion = try view.isGone ? access.writer(of: Conflict.existenceName, in: view) : nil
    }

    var json: [JSONValue.Member] {
        [
            .init("record", .string(view.address.text)), .init("kind", .string(view.address.kind)),
            .init("key", .array(view.address.key.parts.map(JSONValue.string))),
            .init("deleted", .bool(view.isGone)),
            .init("changesets", .array(steps.map(json))),
        ]
    }

    private func json(_ step: HistoryStep) -> JSONValue {
        let fields = (step.difference?.fields ?? []).map { field in
            JSONValue.object([
                .init("field", .string(field.name)), .init("before", field.before.json),
                .init("after", field.after.json),
                .init("settled", .array(sides(field, step).map(\.json))),
            ])
        }
        let what = step.difference?.what.rawValue ?? "unchanged"
        return .object(
            (step.entry.info.json.object ?? []) + [
                .init("what", .string(what)), .init("concurrent", .bool(step.isConcurrent)),
                .init("fields", .array(fields)),
            ])
    }

    /// The values among which a changeset settled a conflict.
    private func sides(_ field: RecordDifference.Field, _ step: HistoryStep) -> [Value] {
        let conflict = step.settled.first { $0.statement == field.name }
        return (conflict?.sides ?? []).compactMap { side in
            if case .values(let values) = side.content { return values.first }
            return nil
        }
    }

    func text(_ context: CommandContext) -> String {
        var title = Printable.line(view.address.text)
        if let deletion { title += "  deleted by \(ValueText.signature(deletion, context))" }
        var table = Table(
            [
                Table.Column("revision"), Table.Column("when"), Table.Column("by"),
                Table.Column("what"), .text("before", minimumWidth: 12),
                .text("after", minimumWidth: 12), .text("why", minimumWidth: 12),
            ], indent: 2)
        for step in steps {
            let info = step.entry.info
            let when = TimeText.moment(
                info.at.milliseconds, nowMs: context.nowMs, clock: .system)
            for (index, row) in rows(step).enumerated() {
                let isFirst = index == 0
                table.append([
                    Table.Cell(isFirst ? info.revision.short : "", .yellow),
                    Table.Cell(isFirst ? when : ""),
                    Table.Cell(isFirst ? ValueText.name(info) : ""), Table.Cell(row.what),
                    Table.Cell(row.before), Table.Cell(row.after),
                    Table.Cell(isFirst ? info.message ?? "" : "", .dim),
                ])
            }
        }
        return title + "\n" + context.output.rendered(table)
    }

    private func rows(_ step: HistoryStep) -> [(what: String, before: String, after: String)] {
        guard let difference = step.difference else { return [("unchanged", "", "")] }
        if difference.what == .deleted { return [("deleted", "", "")] }
        let deed = difference.what == .changed ? [] : [(difference.what.rawValue, "", "")]
        return deed
            + difference.fields.map { field in
                var (before, after) = DifferenceText.cells(field)
                let sides = sides(field, step)
                if !sides.isEmpty {
                    before = sides.map { ValueText.of($0) }.joined(separator: " | ")
                }
                return (field.name, before, after)
            }
    }
}
