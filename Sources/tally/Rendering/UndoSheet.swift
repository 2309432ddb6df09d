import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// What `undo` says at its end.
struct UndoSheet {
    let deed: Deed
    /// The changeset that stands for the deed.
    let named: RevisionInfo
    let report: UndoReport
    let written: Written
    let isDryRun: Bool

    private static let listed = 10

    func print(_ context: CommandContext) {
        if context.isJSON {
            context.print("undo", json)
            return
        }
        let output = context.output
        if !report.isEmpty {
            output.print("\(isDryRun ? "Would undo" : "Undid") \(Printable.line(title))")
            printPutBack(output)
        }
        printLeft(output)
        conflicts("Open again", report.opened, report.openedCount, output)
        conflicts("No longer open", report.settled, report.settledCount, output)
        if let revision = written.revisions.last {
            output.print("Take it back with: tally undo \(revision.short)")
        }
    }

    /// `k3m9x2:8 of mina@laptop: from the ministry's release (3 changesets)`
    private var title: String {
        let message = named.message.map { ": \($0)" } ?? ""
        let parts = deed.infos.count > 1 ? " (\(deed.infos.count) changesets)" : ""
        return "\(named.revision.short) of \(ValueText.name(named))\(message)\(parts)"
    }

    private func printPutBack(_ output: Output) {
        let records = FigureText.count(report.recordCount, "record")
        let changed = report.recordCount - report.deletedCount - report.restoredCount
        let counts = [
            (report.deletedCount, "deleted"), (report.restoredCount, "restored"),
            (changed, "changed"),
        ].filter { $0.0 > 0 }.map { "\(FigureText.grouped($0.0)) \($0.1)" }
        output.print(
            "\(isDryRun ? "Would put" : "Put") back \(records): \(counts.joined(separator: ", "))")
        var table = table(last: .text("now", minimumWidth: 28, maximumLines: 3))
        for item in report.putBack.prefix(Self.listed) {
            for line in UndoText.lines(item.edits) {
                table.append([
                    Table.Cell(item.address.text), Table.Cell(line.field), Table.Cell(line.now),
                ])
            }
        }
        output.print(table)
        more(report.recordCount - min(Self.listed, report.putBack.count), "record", output)
    }

    private func printLeft(_ output: Output) {
        guard report.leftCount > 0 else { return }
        output.print("Left as it is:")
        // Whole, however long: it ends in the revision.
        var table = table(last: .text("why", minimumWidth: 28, maximumLines: .max))
        for item in report.left.prefix(Self.listed) {
            table.append([
                Table.Cell(item.address.text), Table.Cell(item.left.part.fieldText),
                Table.Cell(UndoText.reason(item)),
            ])
        }
        output.print(table)
        more(report.leftCount - min(Self.listed, report.left.count), "field", output)
    }

    private func table(last: Table.Column) -> Table {
        var table = Table([Table.Column("record"), Table.Column("field"), last], indent: 2)
        table.foldsFirstColumn = true
        return table
    }

    private func more(_ count: Int, _ what: String, _ output: Output) {
        guard count > 0 else { return }
        output.print("  … and \(FigureText.count(count, "more \(what)")) (--json lists more)")
    }

    private func conflicts(_ what: String, _ ids: [ConflictID], _ count: Int, _ output: Output) {
        guard count > 0 else { return }
        let shown = ids.prefix(Self.listed).map(\.text).joined(separator: ", ")
        let more = count > Self.listed ? " and \(FigureText.grouped(count - Self.listed)) more" : ""
        output.print("\(what): \(FigureText.count(count, "conflict")), \(shown)\(more)")
    }

    private var json: [JSONValue.Member] {
        func texts(_ name: String, _ texts: some Sequence<String>) -> JSONValue.Member {
            .init(name, .array(texts.map(JSONValue.string)))
        }
        return [
            texts("undone", deed.infos.map(\.revision.description)),
            .number("records", report.recordCount), .number("deleted", report.deletedCount),
            .number("restored", report.restoredCount), .number("changes", report.fieldCount),
            .init("put_back", .array(report.putBack.flatMap(UndoText.json))),
            .number("left_count", report.leftCount),
            .init("left", .array(report.left.map(UndoText.json))),
            texts("opened", report.opened.map(\.text)),
            texts("settled", report.settled.map(\.text)),
            .init("dry_run", .bool(isDryRun)),
            texts("revisions", written.revisions.map(\.description)),
        ]
    }
}
