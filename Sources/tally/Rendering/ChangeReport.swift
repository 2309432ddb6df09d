import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// What `set --where` and `--dry-run` say: how many records changed, or what would become what.
struct ChangeReport {
    let summary: ChangeSummary
    /// Nil for a dry run.
    let written: Written?
    /// The kind whose records were chosen; nil where one record was named.
    let kind: String?

    init(summary: ChangeSummary, written: Written?, of kind: String?) {
        (self.summary, self.written, self.kind) = (summary, written, kind)
    }

    func print(_ context: CommandContext) {
        if context.isJSON {
            context.print("set", json)
        } else if let written {
            context.output.print(
                summary.changed == 0
                    ? "Nothing to change" : "Changed \(count(summary.changed))\(written.mark)")
            noteRest(context, "Settled")
        } else {
            if !summary.shown.isEmpty { context.output.page(table) }
            context.output.print(
                "\(count(summary.changed)) would change; nothing was written")
            let more = summary.changed - summary.shown.count
            if more > 0 {
                context.output.note("\(FigureText.count(more, "record")) more are not shown")
            }
            noteRest(context, "Would settle")
        }
        if let written { context.note(written) }
    }

    private func noteRest(_ context: CommandContext, _ verb: String) {
        if summary.unchanged > 0 {
            context.output.note(
                "\(count(summary.unchanged)) \(summary.unchanged == 1 ? "is" : "are") so already")
        } else if summary.changed == 0, let kind {
            context.output.note("No \(kind) record meets the condition")
        }
        if summary.settled > 0 {
            context.output.note("\(verb) \(FigureText.count(summary.settled, "conflict"))")
        }
    }

    private func count(_ number: Int) -> String {
        FigureText.count(number, kind.map { "\($0) record" } ?? "record")
    }

    private var table: Table {
        var table = Table([
            Table.Column("record"), Table.Column("field"), .text("before", minimumWidth: 10),
            Table.Column(""),
            .text("after", minimumWidth: 10),
        ])
        table.foldsFirstColumn = true
        for change in summary.shown {
            // A conflict that is settled by the value that shows changes no field.
            let conflicts = change.settled.filter { conflict in
                !change.fields.contains { $0.name == conflict.statement }
            }
            let rows =
                change.fields.map {
                    ($0.name, ValueText.of($0.before), ValueText.of($0.after))
                }
                + conflicts.map { ($0.statement, "in conflict", "settled") }
            for (index, row) in rows.enumerated() {
                table.append([
                    Table.Cell(index == 0 ? change.address.text : ""), Table.Cell(row.0),
                    Table.Cell(row.1), Table.Cell("→", .dim), Table.Cell(row.2),
                ])
            }
        }
        return table
    }

    private var json: [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        if let kind { members.append(.init("kind", .string(kind))) }
        members += [
            .init("changed", .number(Double(summary.changed))),
            .init("unchanged", .number(Double(summary.unchanged))),
            .init("settled", .number(Double(summary.settled))),
            .init("dry_run", .bool(written == nil)),
        ]
        if let written {
            members.append(.init(revisionOf: written))
        } else {
            members.append(.init("changes", .array(summary.shown.map(\.json))))
        }
        return members
    }
}

extension RecordChange {
    fileprivate var json: JSONValue {
        [
            "record": .string(address.text),
            "fields": .array(
                fields.map {
                    ["field": .string($0.name), "before": $0.before.json, "after": $0.after.json]
                }), "settled": .array(settled.map { .string($0.id.text) }),
        ]
    }
}
