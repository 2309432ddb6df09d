import ArgumentParser
import TallyCore
import TallyReports
import TallyStore
import TallyTerminal
import TallyWire

/// What stands first in a list of conflicts.
enum ConflictOrder: String, ExpressibleByArgument, CaseIterable {
    case age, gap, record
}

/// Open conflicts as a table, those of one record together.
struct ConflictList {
    private var lines: [Line]
    private let isChoice: Bool

    var conflicts: [Conflict] { lines.map(\.conflict) }

    private struct Line {
        let conflict: Conflict
        let sides: String
        let since: Timestamp
        let stake: ConflictStake?
        /// Whether there is a hint.
        var isMarked = false

        /// `! 116 bn USD · 99.9 %`; without the share where it is to be short.
        func gap(isShort: Bool) -> String {
            let gap = stake.map { isShort ? StakeText.amount($0) : StakeText.of($0) }
            return [isMarked ? "!" : nil, gap].compactMap(\.self).joined(separator: " ")
        }
    }

    /// - Parameter isChoice: whether there may be others.
    init(
        _ conflicts: [Conflict], _ access: DatasetAccess, _ order: ConflictOrder,
        isChoice: Bool = false
    ) throws {
        self.isChoice = isChoice
        let lines = try conflicts.map { conflict in
            let infos = try conflict.sides.map { try access.info(of: $0.revision) }
            let sides = try zip(conflict.sides, infos).map { side, info in
                try Self.text(side, info, conflict, access)
            }
            return Line(
                conflict: conflict, sides: sides.joined(separator: " · "),
                since: infos.map(\.at).max() ?? Timestamp(milliseconds: 0),
                stake: conflict.stake(in: access.kinds))
        }
        self.lines = Self.sorted(lines, by: order)
    }

    /// Marks those of which something is worth a look.
    ///
    /// - Complexity: a few look-ups by key each, and only for figures.
    mutating func mark(_ reader: HintReader) throws {
        for index in lines.indices {
            lines[index].isMarked = try reader.hasHints(on: lines[index].conflict)
        }
    }

    /// Records by the one of their lines that weighs most; within one, as they came: by statement.
    private static func sorted(_ lines: [Line], by order: ConflictOrder) -> [Line] {
        if order == .record { return lines }
        var groups: [(weight: (Int, Double), lines: Range<Int>)] = []
        for (index, line) in lines.enumerated() {
            let own = order == .age ? (0, Double(line.since.milliseconds)) : weight(line.stake)
            if let last = groups.last,
                lines[last.lines.lowerBound].conflict.record == line.conflict.record
            {
                let most = own > last.weight ? own : last.weight
                groups[groups.count - 1] = (most, last.lines.lowerBound..<(index + 1))
            } else {
                groups.append((own, index..<(index + 1)))
            }
        }
        groups.sort { a, b in
            a.weight == b.weight
                ? a.lines.lowerBound < b.lines.lowerBound : a.weight > b.weight
        }
        return groups.flatMap { lines[$0.lines] }
    }

    /// Dollars before other units, and those before what has no figure: amounts of different units are not compared.
    private static func weight(_ stake: ConflictStake?) -> (Int, Double) {
        guard let stake else { return (0, 0) }
        return stake.unit == "USD" ? (2, stake.gap) : (1, stake.share)
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
            let edited = "\(side.letter) \(Printable.line(info.author)) edited"
            // Nothing is left where what was edited then has been edited anew since.
            return what.isEmpty ? edited : "\(edited) \(what)"
        }
    }

    /// - Parameter title: what stands above; nil for how many are open.
    func text(_ context: CommandContext, title: String? = nil) -> String {
        guard !lines.isEmpty else {
            return isChoice ? "No open conflicts of that kind\n" : "No open conflicts\n"
        }
        let records = Set(lines.map(\.conflict.record)).count
        let title =
            title
            ?? "\(FigureText.count(lines.count, "open conflict")) in \(FigureText.count(records, "record")) (sync goes on)\n"
        let table = table(context, recordFirst: false)
        let isWide = table.naturalWidth <= context.output.terminal.outputWidth ?? .max
        let marked = lines.contains(where: \.isMarked)
        return title
            + context.output.rendered(isWide ? table : self.table(context, recordFirst: true))
            + (marked ? "! worth a look: tally conflicts ID says why\n" : "")
    }

    /// Where a line is not wide enough, a record stands above its conflicts.
    private func table(_ context: CommandContext, recordFirst: Bool) -> Table {
        let record = Table.Column("record")
        let hasGap = lines.contains { $0.stake != nil || $0.isMarked }
        let others =
            [
                Table.Column("what"), Table.Column("field"),
                .text("sides", minimumWidth: 14, maximumLines: 5),
            ]
            + (hasGap ? [.number("gap")] : []) + [Table.Column("since")]
        var table = Table(
            (recordFirst ? [record, Table.Column("id")] : [Table.Column("id"), record]) + others)
        table.foldsFirstColumn = recordFirst
        var above: RecordAddress?
        for line in lines {
            let id = Table.Cell(line.conflict.id.text, .yellow)
            let isSame = line.conflict.record == above
            above = line.conflict.record
            let name = Table.Cell(isSame ? "" : line.conflict.record.text)
            let rest =
                [line.conflict.what.rawValue, line.conflict.statement, line.sides]
                + (hasGap ? [line.gap(isShort: recordFirst)] : [])
                + [TimeText.age(of: line.since.milliseconds, nowMs: context.nowMs)]
            table.append((recordFirst ? [name, id] : [id, name]) + rest.map { Table.Cell($0) })
        }
        return table
    }
}

enum StakeText {
    /// `82.3 M USD · 0.07 %`
    static func of(_ stake: ConflictStake) -> String {
        "\(amount(stake)) · \(FigureText.percent(stake.share))"
    }

    static func amount(_ stake: ConflictStake) -> String {
        FigureText.short(stake.gap) + (stake.unit.map { " " + Printable.line($0) } ?? "")
    }
}
