import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// Records that differ between two moments: printed as they come, but for a terminal, where all goes to the pager.
struct DifferenceList {
    private let context: CommandContext
    private var json: JSONListPrinter?
    private var text = ""
    private var counts: [RecordDifference.What: Int] = [:]

    init(_ command: String, _ members: [JSONValue.Member], _ context: CommandContext) {
        self.context = context
        json =
            context.isJSON
            ? JSONListPrinter(context.output, command, members, list: "records") : nil
    }

    mutating func append(_ differences: [RecordDifference]) {
        for difference in differences {
            counts[difference.what, default: 0] += 1
            json?.append(DifferenceText.json(difference))
        }
        guard json == nil, !differences.isEmpty else { return }
        let rendered = context.output.rendered(table(differences))
        if context.output.terminal.isOutputTerminal {
            text += rendered
        } else {
            context.output.write(rendered)
        }
    }

    /// - Parameter scope: what was compared, for the last line.
    /// - Parameter nothing: what to say where nothing differs.
    func finish(_ scope: String, nothing: String) {
        if let json { return json.finish() }
        if counts.isEmpty { return context.output.note(nothing) }
        context.output.page(text)
        let order: [RecordDifference.What] = [.changed, .added, .restored, .deleted]
        let parts = order.compactMap { what in
            counts[what].map { (FigureText.grouped($0), $0, what.rawValue) }
        }
        let list = parts.enumerated().map { index, part in
            index > 0 ? "\(part.0) \(part.2)" : "\(FigureText.count(part.1, "record")) \(part.2)"
        }
        context.output.note(list.joined(separator: ", ") + " " + scope)
    }

    private func table(_ differences: [RecordDifference]) -> Table {
        var table = Table([
            Table.Column("record"), Table.Column("what"), .text("before", minimumWidth: 12),
            .text("after", minimumWidth: 12), Table.Column("by"), Table.Column("when"),
        ])
        table.foldsFirstColumn = true
        for difference in differences {
            for (index, row) in rows(difference).enumerated() {
                table.append(
                    [Table.Cell(index == 0 ? difference.address.text : "", .bold)] + row)
            }
        }
        return table
    }

    private func rows(_ difference: RecordDifference) -> [[Table.Cell]] {
        func row(
            _ what: String, _ before: String, _ after: String, _ info: RevisionInfo?
        ) -> [Table.Cell] {
            let age = info.map { TimeText.age(of: $0.at.milliseconds, nowMs: context.nowMs) }
            return [
                Table.Cell(what), Table.Cell(before), Table.Cell(after),
                Table.Cell(info.map(ValueText.name) ?? "", .dim), Table.Cell(age ?? "", .dim),
            ]
        }
        let fields = difference.fields.map { field in
            let (before, after) = DifferenceText.cells(field)
            return row(field.name, before, after, field.info)
        }
        switch difference.what {
        case .changed: return fields
        case .restored: return [row("restored", "", "", difference.info)] + fields
        case .added:
            let new = DifferenceText.summary(difference.fields.map { ($0.name, $0.after) })
            return [row("added", "", new, difference.info)]
        case .deleted:
            let old = DifferenceText.summary(difference.fields.map { ($0.name, $0.before) })
            return [row("deleted", old, "", difference.info)]
        }
    }
}
