import TallyCore
import TallyFormats
import TallyStore
import TallyTerminal
import TallyWire

/// What `import --edited` says at its end.
struct EditedSheet {
    let report: EditedReport
    let end: ImportEnd
    let hasDeletedMissing: Bool

    func print(_ context: CommandContext) {
        let output = context.output
        if context.isJSON {
            context.print("import", json)
        } else if end.isRefused {
            refusals.printEnd(output, advice: "Mend the rows.")
        } else {
            headline(output)
            counted(output)
            if end.isDryRun { samples(output) }
            refusals.print(output, limit: 5)
            if let place = refusals.whereTheyAre { output.note(place) }
            advice(output)
            RemarkList.print(remarks, output)
        }
        context.note(end.written)
    }

    private var refusals: RefusalList {
        end.refusals(report.refused, count: report.refusedCount, verb: "brought back")
    }

    private var remarks: [String] {
        report.moved.map { move in
            // The file's own text, in a command that may be copied.
            let parts = move.parts.map { ShellWord.quoted($0) }.joined(separator: " ")
            let rename = "tally rename \(ShellWord.quoted(move.from)) \(parts)"
            return
                "row \(move.row): \(move.from) has the key of \(move.to) now, which is a record of its own, and the old one has "
                + "no row. "
                + (end.isDryRun
                    ? "If a new name was meant: \(rename)"
                    : "If a new name was meant, delete the old one: tally delete \(ShellWord.quoted(move.from))")
        } + report.remarks
    }

    private func headline(_ output: Output) {
        let counts = [
            ("new", report.new), ("changed", report.changed), ("unchanged", report.unchanged),
            ("left deleted", report.deleted), ("deleted", report.removed),
            ("skipped", report.skipped),
            ("refused", report.refusedCount),
        ].filter { $0.1 > 0 }.map { "\(FigureText.grouped($0.1)) \($0.0)" }
        let encoding = report.encoding.flatMap { $0 == .utf8 ? nil : " (\($0.name))" } ?? ""
        output.print(
            "\(end.isDryRun ? "Would bring back" : "Brought back") \(Printable.line(end.name))\(encoding): "
                + (counts.isEmpty ? "no rows" : counts.joined(separator: ", ")))
    }

    /// What happened beside what others have done, and what of the file was not taken for an edit.
    private func counted(_ output: Output) {
        var table = Table([Table.Column.number(""), .text("")], indent: 2)
        func line(_ count: Int, _ text: String) {
            if count > 0 {
                table.append([Table.Cell(FigureText.grouped(count)), Table.Cell(text)])
            }
        }
        line(
            report.conflicts.count,
            report.conflicts.count == 1
                ? "conflict: it has changed since the export too"
                : "conflicts: they have changed since the export too")
        line(report.settled, "settled by a policy: changed since the export too")
        line(report.same, "already there")
        line(report.conflicted, "left in conflict")
        line(report.skipped, "skipped: rows that say what an earlier row says")
        line(report.replaced, "left: written before, and changed since")
        line(
            report.stayed,
            report.stayed == 1
                ? "has changed since the export, and stays: its cells are as exported"
                : "have changed since the export, and stay: their cells are as exported")
        line(
            report.rewritten.values.reduce(0, +),
            "taken for untouched: " + Self.names(report.rewritten))
        line(report.notKept.values.reduce(0, +), "no field for: " + Self.names(report.notKept))
        if report.missingCount > 0, !hasDeletedMissing {
            let names = report.missing.prefix(3).map { Printable.line($0.text) }
            let rest = report.missingCount > names.count && !names.isEmpty ? " …" : ""
            line(
                report.missingCount,
                (report.missingCount == 1 ? "row is" : "rows are") + " missing, and stay"
                    + (report.missingCount == 1 ? "s" : "")
                    + (names.isEmpty ? "" : ": " + names.joined(separator: ", ") + rest))
        }
        output.print(table)
    }

    private static func names(_ counts: [String: Int]) -> String {
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let names = sorted.prefix(6).map {
            "\(Printable.line($0.key)) \(FigureText.grouped($0.value))"
        }
        return names.joined(separator: ", ")
            + (sorted.count > 6 ? " and \(sorted.count - 6) more" : "")
    }

    private func samples(_ output: Output) {
        guard !report.samples.isEmpty else { return }
        var table = Table(
            [
                Table.Column("WHAT"), .number("ROW"),
                .text("RECORD", minimumWidth: 24, cut: .middle), .text("FIELDS", priority: 1),
            ])
        for what in EditedReport.Sample.What.allCases {
            for sample in report.samples where sample.what == what {
                table.append([
                    Table.Cell(Self.word(what)),
                    Table.Cell(sample.row.map { FigureText.grouped($0) } ?? ""),
                    Table.Cell(Printable.line(sample.record.text)), Table.Cell(Self.text(sample)),
                ])
            }
        }
        output.print()
        output.print(table)
        func shown(_ what: EditedReport.Sample.What...) -> Int {
            report.samples.count { what.contains($0.what) }
        }
        let rest = ImportSamples.rest([
            ("new", report.new, shown(.new)),
            ("changed", report.changed, shown(.changed, .beside)),
            ("deleted", report.removed, shown(.removed)),
        ])
        if let rest { output.print(rest) }
    }

    private static func word(_ what: EditedReport.Sample.What) -> String {
        switch what {
        case .beside: return "changed by both"
        case .conflicted: return "in conflict"
        case .replaced: return "left"
        case .stayed: return "changed since"
        case .rewritten: return "taken for untouched"
        default: return what.rawValue
        }
    }

    private static func text(_ sample: EditedReport.Sample) -> String {
        guard sample.row != nil else { return "the row is gone" }
        let fields = sample.fields.filter { !($0.before.isNull && $0.after.isNull) }
        if sample.what == .deleted, fields.isEmpty { return "deleted meanwhile" }
        return fields.map { field -> String in
            let (before, after) = (ValueText.of(field.before), ValueText.of(field.after))
            switch (sample.what, field.outcome) {
            case (.new, _), (.deleted, _): return "\(field.name) \(after)"
            case (.rewritten, _): return "\(field.name) \(after) for \(before)"
            case (_, .left), (_, .same), (_, .replaced), (_, .untouched):
                return "\(field.name) \(before) stays, the file says \(after)"
            case (_, .settle) where before == after:
                return "\(field.name) \(after), which settles the conflict"
            case (.beside, _): return "\(field.name) \(before), the file says \(after)"
            default: return "\(field.name) \(before) → \(after)"
            }
        }.joined(separator: "; ")
    }

    private func advice(_ output: Output) {
        if !report.conflicts.isEmpty {
            output.note(
                end.isDryRun
                    ? "What both have changed would be in conflict, with both sides."
                    : "What both have changed is in conflict, with both sides: tally conflicts")
        }
        if report.deleted > 0 {
            output.note(
                "Deleted records stay so; --restore brings back those whose rows were added.")
        }
        if report.conflicted > 0 {
            output.note("Conflicts stay open; --resolve settles them with what the file says.")
        }
        if report.missingCount > 0, !hasDeletedMissing, !report.missing.isEmpty {
            output.note("--delete-missing deletes the records whose rows are gone.")
        }
        if !report.rewritten.isEmpty {
            output.note(
                "Taken for untouched are cells of which a program has written in another way what was exported, as "
                    + "1.24818E+11" + (end.isDryRun ? "." : "; --dry-run shows some."))
        }
    }

    // MARK: For programs

    private var json: [JSONValue.Member] {
        let counted: [JSONValue.Member] = [
            .init("format", "edited"), .init("kind", .string(report.kind)),
            .init("encoding", report.encoding.map { .string($0.rawValue) } ?? .null),
            .number("rows", report.rows), .number("new", report.new),
            .number("changed", report.changed), .number("unchanged", report.unchanged),
            .number("kept", 0), .number("deleted", report.deleted),
            .number("skipped", report.skipped),
            .number("conflicted", report.conflicted), .number("removed", report.removed),
            .init("conflicts", .array(report.conflicts.map { .string($0.text) })),
            .number("settled", report.settled), .number("same", report.same),
            .number("replaced", report.replaced), .number("stayed", report.stayed),
            .number("missing_count", report.missingCount),
            .init("missing", .array(report.missing.map { .string($0.text) })),
            .init("rewritten", .counts(report.rewritten)),
            .init("not_kept", .counts(report.notKept)),
        ]
        let rest: [JSONValue.Member] = [
            .init("samples", .array(report.samples.map(\.json))),
            .init("remarks", .array(remarks.map(JSONValue.string))),
        ]
        return counted + refusals.json + rest + end.json
    }
}
