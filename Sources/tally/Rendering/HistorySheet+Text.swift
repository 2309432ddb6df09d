import TallyCore
import TallyStore
import TallyTerminal

extension HistorySheet {
    /// One table where the whole fits. Where it does not, a line a changeset, with its fields under it; what does not fit on
    /// that line stands under it too:
    ///
    /// ```
    ///   REVISION  WHEN   BY           WHY
    ///     WHAT    BEFORE           AFTER
    ///   bca5j2:3  10:15  mina@laptop  rounded from the press release
    ///     value   124,817,682,000  124,818,000,000
    /// ```
    func text(_ context: CommandContext) -> String {
        var title = Printable.line(view.address.text)
        if let deletion { title += "  deleted by \(ValueText.signature(deletion, context))" }
        let shown = steps.map { ShownStep($0, rows: rows($0), context) }
        let table = Self.table(shown)
        guard let width = context.output.terminal.outputWidth, table.naturalWidth > width else {
            return title + "\n" + context.output.rendered(table)
        }
        let color = context.output.terminal.colorsOutput
        return title + "\n" + Self.folded(shown, width: width, color: color)
    }

    private struct ShownStep {
        let revision: String
        let when: String
        let by: String
        let why: String
        let rows: [Row]

        init(_ step: HistoryStep, rows: [Row], _ context: CommandContext) {
            let info = step.entry.info
            revision = info.revision.short
            when = TimeText.moment(info.at.milliseconds, nowMs: context.nowMs, clock: .system)
            by = ValueText.name(info)
            why = Printable.line(info.message ?? "")
            self.rows = rows
        }
    }

    private struct Row {
        let what: String
        var before = ""
        var after = ""
        /// Whether it has figures: a cut one would be another.
        var hasFigures = false
    }

    private static func table(_ steps: [ShownStep]) -> Table {
        var table = Table(
            ["revision", "when", "by", "what", "before", "after", "why"].map { Table.Column($0) },
            indent: indent)
        for step in steps {
            for (index, row) in step.rows.enumerated() {
                let isFirst = index == 0
                table.append([
                    Table.Cell(isFirst ? step.revision : "", .yellow),
                    Table.Cell(isFirst ? step.when : ""), Table.Cell(isFirst ? step.by : ""),
                    Table.Cell(row.what), Table.Cell(row.before), Table.Cell(row.after),
                    Table.Cell(isFirst ? step.why : "", .dim),
                ])
            }
        }
        return table
    }

    private static let indent = 2
    /// Of one text; `--json` has it whole.
    private static let maximumLines = 5

    private static func folded(_ steps: [ShownStep], width: Int, color: Bool) -> String {
        let (heads, under) = heads(of: steps, width: width)
        let (headTitles, headRows) = heads.renderedRows(width: width, color: color)
        let (fieldTitles, fieldRows) = fields(of: steps).renderedRows(width: width, color: color)
        let margin = String(repeating: " ", count: 2 * indent)
        var text = headTitles + fieldTitles
        var next = fieldRows.makeIterator()
        for (step, (head, why)) in zip(steps, zip(headRows, under)) {
            text += head
            for line in why { text += margin + Style.dim.applied(to: line, color: color) + "\n" }
            for _ in step.rows { text += next.next() ?? "" }
        }
        return text
    }

    /// Who, when, and why where there is room behind it; else why in lines of its own.
    private static func heads(
        of steps: [ShownStep], width: Int
    ) -> (table: Table, under: [[String]]) {
        var table = Table(
            ["revision", "when", "by", "why"].map { Table.Column($0) }, indent: indent)
        func cells(_ step: ShownStep, _ why: String) -> [Table.Cell] {
            [
                Table.Cell(step.revision, .yellow), Table.Cell(step.when), Table.Cell(step.by),
                Table.Cell(why, .dim),
            ]
        }
        var probe = table
        for step in steps { probe.append(cells(step, "")) }
        let room = width - probe.naturalWidth + DisplayWidth.of("why")
        var under: [[String]] = []
        for step in steps {
            let fits = DisplayWidth.of(step.why) <= room
            table.append(cells(step, fits ? step.why : ""))
            let lines = DisplayWidth.wrapped(
                "“\(step.why)”", to: width - 2 * indent, maximumLines: maximumLines)
            under.append(fits ? [] : lines)
        }
        return (table, under)
    }

    private static func fields(of steps: [ShownStep]) -> Table {
        let rows = steps.flatMap(\.rows)
        func column(_ title: String, _ text: KeyPath<Row, String>) -> Table.Column {
            let figures = rows.filter(\.hasFigures).flatMap {
                $0[keyPath: text].split(separator: " ").map { DisplayWidth.of(String($0)) }
            }
            return .text(
                title, minimumWidth: max(12, figures.max() ?? 0), maximumLines: maximumLines)
        }
        var table = Table(
            [Table.Column("what"), column("before", \.before), column("after", \.after)],
            indent: 2 * indent)
        for row in rows {
            table.append([
                Table.Cell(row.what), Table.Cell(row.before), Table.Cell(row.after),
            ])
        }
        return table
    }

    private func rows(_ step: HistoryStep) -> [Row] {
        guard let difference = step.difference else { return [Row(what: "unchanged")] }
        if difference.what == .deleted { return [Row(what: "deleted")] }
        let deed = difference.what == .changed ? [] : [Row(what: difference.what.rawValue)]
        return deed
            + difference.fields.map { field in
                var (before, after) = DifferenceText.cells(field)
                let sides = sides(field, step)
                if !sides.isEmpty {
                    before = sides.map { ValueText.of($0) }.joined(separator: " | ")
                }
                let contents = [field.before, field.after] + sides.map(FieldContent.value)
                let hasFigures = contents.contains {
                    if case .value(.number) = $0 { true } else { false }
                }
                return Row(
                    what: field.name, before: before, after: after, hasFigures: hasFigures)
            }
    }
}
