import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// One conflict in detail: the value before, and each side with its author, time and message.
struct ConflictSheet {
    private let conflict: Conflict
    private let fields: [String]
    private let before: [Value]?
    private let infos: [RevisionInfo]
    private let record: RecordView

    init(_ conflict: Conflict, before: [Value]?, _ access: DatasetAccess) throws {
        self.conflict = conflict
        self.before = before
        fields = access.kinds.statement(conflict.statement, ofKind: conflict.record.kind).fields
        infos = try conflict.sides.map { try access.info(of: $0.revision) }
        record = try access.view(conflict.record)
    }

    func text(_ context: CommandContext, all: Bool) -> String {
        let titles = zip(conflict.sides, infos).map { side, info in
            let when = TimeText.moment(info.at.milliseconds, nowMs: context.nowMs, clock: .system)
            return "\(side.letter) \(ValueText.name(info)) \(when)"
        }
        var table = Table(
            [Table.Column(""), .text("before", minimumWidth: 16)]
                + titles.map { .text($0, minimumWidth: 16) }, uppercasesTitles: false)
        var hidden = 0
        for row in rows(all: all, hidden: &hidden) { table.append(row.map { Table.Cell($0) }) }
        table.append(
            [Table.Cell(""), Table.Cell("")]
                + infos.map { Table.Cell($0.message.map { "“\($0)”" } ?? "", .dim) })
        var text = Printable.line(conflict.record.text) + "\n" + context.output.rendered(table)
        if hidden > 0 { text += "\(FigureText.count(hidden, "unchanged field")) hidden (--all)\n" }
        text +=
            "Settle it with: tally resolve \(conflict.id) --take \(conflict.sides.last?.letter ?? "A")\n"
        return text
    }

    private func rows(all: Bool, hidden: inout Int) -> [[String]] {
        if conflict.statement == Conflict.existenceName {
            return existenceRows(all: all, hidden: &hidden)
        }
        var rows: [[String]] = []
        for (index, field) in fields.enumerated() {
            let old = before?[index]
            let sides = conflict.sides.map { side -> Value in
                if case .values(let values) = side.content { return values[index] }
                return .null
            }
            let isSame = sides.allSatisfy { $0 == sides[0] } && (before == nil || old == sides[0])
            if isSame, !all {
                hidden += 1
                continue
            }
            rows.append(
                [field, before == nil ? "" : ValueText.of(old)]
                    + sides.map { before != nil && $0 == old ? "·" : ValueText.of($0) })
        }
        return rows
    }

    /// Beside a deletion: what the record holds now.
    private func existenceRows(all: Bool, hidden: inout Int) -> [[String]] {
        let state = conflict.sides.map { side -> String in
            side.content == .existence(.deleted) ? "deleted" : "kept, and edited:"
        }
        var rows = [["record", "there"] + state]
        let present = conflict.sides.first { $0.content == .existence(.present) }?.revisions ?? []
        for (field, value) in (record.row?.values ?? [:]).sorted(by: { $0.key < $1.key }) {
            let isEdited = record.state.statements.contains { name, statement in
                (name == field || statement.versions.isEmpty)
                    && statement.versions.contains { present.contains($0.revision) }
            }
            if !isEdited, !all {
                hidden += 1
                continue
            }
            rows.append(
                [field, ""]
                    + conflict.sides.map {
                        $0.content == .existence(.present) ? ValueText.of(value) : ""
                    })
        }
        return rows
    }
}

enum ConflictText {
    /// Where an open conflict is shown.
    static func pointer(_ conflict: Conflict) -> String {
        let what =
            conflict.statement == Conflict.existenceName ? "its deletion" : conflict.statement
        return "In conflict over \(what): tally conflicts \(conflict.id)"
    }
}
