import TallyCore
import TallyFormats
import TallyStore
import TallyTerminal
import TallyWire

/// What an import says at its end.
struct ImportSheet {
    let report: ImportReport
    let end: ImportEnd

    func print(_ context: CommandContext) {
        let output = context.output
        if context.isJSON {
            context.print("import", json)
        } else if end.isRefused {
            refusals.printEnd(
                output, skipped: report.skippedCount,
                advice: "Mend the rows; where all have one fault, --set, --map and --decimal say "
                    + "how the file is meant.")
        } else {
            headline(output)
            counted(output)
            if end.isDryRun { samples(output) }
            revised(output)
            refusals.print(output, limit: 5)
            if let place = refusals.whereTheyAre {
                output.note(place)
                if report.doubled > 0 {
                    output.note(
                        "Of those whose key stood twice take away what is not meant: imported from there, they replace "
                            + "what was taken.")
                }
            }
            advice(output)
        }
        if !end.isRefused { RemarkList.print(report.remarks, output) }
        context.note(end.written)
    }

    private var refusals: RefusalList {
        end.refusals(report.refused, count: report.refusedCount, verb: "imported")
    }

    // MARK: What happened

    private func headline(_ output: Output) {
        let counts = counts.filter { $0.count > 0 }
            .map { "\(FigureText.grouped($0.count)) \($0.name)" }
        let verb = end.isDryRun ? "Would import" : "Imported"
        var how: [String] = []
        if report.format != "csv" { how.append(report.format) }
        if let map = report.map { how.append("as the saved map \(Printable.line(map)) says") }
        if let encoding = report.encoding, encoding != .utf8 { how.append(encoding.name) }
        let reading = how.isEmpty ? "" : " (\(how.joined(separator: ", ")))"
        output.print(
            "\(verb) \(Printable.line(end.name))\(reading): "
                + (counts.isEmpty ? "no rows" : counts.joined(separator: ", ")))
    }

    private var counts: [(name: String, count: Int)] {
        [
            ("new", report.new), ("changed", report.changed), ("unchanged", report.unchanged),
            ("kept", report.kept), ("deleted", report.deleted), ("in conflict", report.conflicted),
            ("removed", report.removed), ("joined", report.joined),
            ("skipped", report.skippedCount), ("refused", report.refusedCount),
        ]
    }

    /// Why rows were skipped, and what of the file was not kept.
    private func counted(_ output: Output) {
        var table = Table(
            [Table.Column(""), Table.Column.number(""), .text("")], indent: 2)
        for (reason, count) in report.skipped.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }
        ) {
            table.append([
                Table.Cell("skipped", .dim), Table.Cell(FigureText.grouped(count)),
                Table.Cell(Printable.line(reason)),
            ])
        }
        if !report.notKept.isEmpty {
            let columns = report.notKept.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            let names = columns.prefix(12).map {
                "\(Printable.line($0.key)) \(FigureText.grouped($0.value))"
            }
            let rest = columns.count > 12 ? " and \(columns.count - 12) more" : ""
            table.append([
                Table.Cell("not kept", .dim), Table.Cell(""),
                Table.Cell("no field for: " + names.joined(separator: ", ") + rest),
            ])
        }
        if !report.skipped.isEmpty || !report.notKept.isEmpty { output.print(table) }
    }

    private func samples(_ output: Output) {
        guard !report.samples.isEmpty else { return }
        output.print()
        output.print(ImportSamples(report.samples).table(within: output.terminal.outputWidth))
        func shown(_ what: ImportReport.Sample.What) -> Int {
            report.samples.count { $0.what == what }
        }
        let rest = ImportSamples.rest([
            ("new", report.new, shown(.new)), ("changed", report.changed, shown(.changed)),
            ("deleted", report.deleted, shown(.deleted)),
            ("removed", report.removed, shown(.removed)),
        ])
        if let rest { output.print(rest) }
    }

    /// Figures that people have corrected and of which the source now says something else.
    private func revised(_ output: Output) {
        guard report.revisedCount > 0 else { return }
        output.note(
            "Of \(FigureText.count(report.revisedCount, "kept figure")) the source says something else than "
                + "what was last taken from it:")
        for sample in report.revised.prefix(10) {
            let fields = sample.fields.map {
                "\($0.name) \(ValueText.of($0.before)) → \(ValueText.of($0.after))"
            }
            output.note(
                "  \(Printable.line(sample.record.text)): \(fields.joined(separator: "; "))")
        }
        if report.revisedCount > 10 {
            output.note("  … and \(FigureText.grouped(report.revisedCount - 10)) more")
        }
    }

    private func advice(_ output: Output) {
        if report.later > 0 {
            output.note(
                "Of \(FigureText.count(report.later, "record")) the dataset has what was released later (policy vintage); it stays."
            )
        }
        if report.kept > report.later {
            output.note("Kept is what a person last wrote; --overwrite replaces it.")
        }
        if report.countedTwice > 0 {
            output.note(
                "Counted twice, since a part was written and the rest kept or left in conflict: "
                    + FigureText.count(report.countedTwice, "record"))
        }
        if report.deleted > 0 {
            output.note("Deleted records stay so; --restore brings them back.")
        }
        if report.conflicted > 0 {
            output.note(
                "Conflicts stay open; --resolve settles them with what the file says (with --overwrite too, where a person "
                    + "wrote last).")
        }
    }

    // MARK: For programs

    private var json: [JSONValue.Member] {
        let counted: [JSONValue.Member] = [
            .init("format", .string(report.format)),
            .init("encoding", report.encoding.map { .string($0.rawValue) } ?? .null),
            .init("map", report.map.map(JSONValue.string) ?? .null),
            .number("rows", report.rows),
            .number("new", report.new), .number("changed", report.changed),
            .number("unchanged", report.unchanged), .number("kept", report.kept),
            .number("deleted", report.deleted), .number("skipped", report.skippedCount),
            .number("conflicted", report.conflicted), .number("removed", report.removed),
            .number("joined", report.joined), .number("doubled", report.doubled),
        ]
        let rest: [JSONValue.Member] = [
            .init("skipped_reasons", .counts(report.skipped)),
            .init("not_kept", .counts(report.notKept)),
            .init("samples", .array(report.samples.map(\.json))),
            .init("revised", .array(report.revised.map(\.json))),
            .number("revised_count", report.revisedCount),
            .init("remarks", .array(report.remarks.map(JSONValue.string))),
        ]
        return counted + refusals.json + rest + end.json
    }
}
