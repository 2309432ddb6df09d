import TallyCore
import TallyStore
import TallyWire

/// The history of a record: what each changeset did to it, the latest first.
struct HistorySheet {
    let view: RecordView
    let steps: [HistoryStep]
    /// Who deleted the record, where it is gone.
    let deletion: RevisionInfo?

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
    func sides(_ field: RecordDifference.Field, _ step: HistoryStep) -> [Value] {
        let conflict = step.settled.first { $0.statement == field.name }
        return (conflict?.sides ?? []).compactMap { side in
            if case .values(let values) = side.content { return values.first }
            return nil
        }
    }
}
