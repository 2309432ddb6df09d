import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// The open conflicts as a table.
struct ConflictList {
    private let lines: [Line]

    private struct Line {
        let conflict: Conflict
        let sides: String
        let since: Timestamp
    }

    init(_ conflicts: [Conflict], _ access: DatasetAccess) throws {
        lines = try conflicts.map { conflict in
            let infos = try conflict.sides.map { try access.info(of: $0.revision) }
            let sides = try zip(conflict.sides, infos).map { side, info in
                try Self.text(side, info, conflict, access)
            }
            return Line(
                conflict: conflict, sides: sides.joined(separator: " · "),
                since: infos.map(\.at).max() ?? Timestamp(milliseconds: 0))
        }
    }

    /// `A mina@laptop`; beside a deletion `A jun deleted`, `B mina edited summary`.
    private static func text(
        _ side: Conflict.Side, _ info: RevisionInfo, _ conflict: Conflict, _ access: DatasetAccess
    ) throws -> String {
        switch side.content {
        case .values: return "\(side.letter) \(ValueText.name(info))"
        case .existence(.deleted): return "\(side.letter) \(Printable.line(info.author)) deleted"
        case .existence(.present):
            let state = try access.view(conflict.record).state
            let fields =
                state.statements.filter {
                    $0.value.versions.contains { $0.revision == side.revision }
                }.map(\.key)
                + state.elements.filter { $0.value.contains { $0.revision == side.revision } }.map(
                    \.key.field)
            let what = Set(fields).sorted().prefix(3).joined(separator: ", ")
            return "\(side.letter) \(Printable.line(info.author)) edited \(what)"
        }
    }

    func text(_ context: CommandContext) -> String {
        guard !lines.isEmpty else { return "No open conflicts\n" }
        let records = Set(lines.map(\.conflict.record)).count
        var table = Table([
            Table.Column("id"),
            Table.Column("record", isFlexible: true, minimumWidth: 34, cut: .middle),
            Table.Column("what"), Table.Column("field"), .text("sides", minimumWidth: 16),
            Table.Column("since"),
        ])
        for line in lines {
            table.append([
                Table.Cell(line.conflict.id.text, .yellow), Table.Cell(line.conflict.record.text),
                Table.Cell(line.conflict.what.rawValue), Table.Cell(line.conflict.statement),
                Table.Cell(line.sides),
                Table.Cell(TimeText.age(of: line.since.milliseconds, nowMs: context.nowMs)),
            ])
        }
        let title =
            "\(FigureText.count(lines.count, "open conflict")) in \(FigureText.count(records, "record")) (sync goes on)\n"
        return title + context.output.rendered(table)
    }
}
