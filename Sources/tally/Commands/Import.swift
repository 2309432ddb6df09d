import ArgumentParser
import TallyCore
import TallyFormats
import TallyStore
import TallyTerminal
import TallyWire

struct Import: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take in a CSV file; the header names the fields.",
        discussion: """
            One bad row refuses the import, unless --skip-bad. What a person last wrote is kept, what was deleted stays \
            deleted, conflicts stay open, unless asked otherwise. Elements of a set are separated by ;
            Example: tally import trade-annual.csv
            Example: tally import events.csv --source comparative-connections-2024-01 --dry-run
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The file; - for standard input.", completion: .file())
    var path: String

    @Option(help: "The format; csv is Tally's own.")
    var format: String = "csv"

    @Option(help: "The kind of the records; found by the header unless given.")
    var kind: String?

    @Option(help: "The source of all records, where the file has no such column.")
    var source: String?

    @Flag(help: "Say what would happen, and do nothing.")
    var dryRun = false

    @Flag(help: "Replace what a person last wrote.")
    var overwrite = false

    @Flag(help: "Bring back deleted records that the file has; they count as changed.")
    var restore = false

    @Flag(help: "Settle conflicts with what the file says.")
    var resolve = false

    @Flag(help: "Leave out rows that cannot be taken.")
    var skipBad = false

    @Option(name: .shortAndLong, help: "Why: kept with the change.")
    var message: String?

    func validate() throws {
        guard format == "csv" else {
            throw ValidationError("There is no format '\(format)'. The formats are: csv.")
        }
    }

    func run(_ context: CommandContext) throws {
        var options = ImportOptions()
        options.overwrite = overwrite
        options.restore = restore
        options.resolve = resolve
        options.skipBad = skipBad
        let input = try InputFile(path)
        let reader = NativeImport(
            path: input.name, kindName: kind, constants: source.map { ["source": $0] } ?? [:],
            options: options, open: input.open)
        try context.withDataset { dataset in
            if dryRun { try dataset.checkNothingWaits() }
            var report = ImportReport()
            var written = Written()
            let authoring = Authoring(
                message: message ?? "import \(Printable.line(input.name))", isImport: true)
            let progress = ProgressLine("import", unit: .items("rows"), output: context.output)
            defer { progress.finish() }
            do {
                written = try dataset.write(at: context.workplace(), authoring) { editor in
                    report = try reader.run(editor) { progress.update(done: Int64($0)) }
                    let isRefused = report.refusedCount > 0 && !skipBad
                    if isRefused || dryRun { throw RollBack() }
                }
            } catch is RollBack {}
            progress.finish()
            let isRefused = report.refusedCount > 0 && !skipBad
            ImportSummary(
                report: report, written: written, name: input.name, isDryRun: dryRun,
                isRefused: isRefused
            )
            .print(context)
            if isRefused { throw Failure.silent(exitCode: 65) }
        }
    }
}

/// What an import says at its end.
private struct ImportSummary {
    let report: ImportReport
    let written: Written
    let name: String
    let isDryRun: Bool
    let isRefused: Bool

    func print(_ context: CommandContext) {
        if context.isJSON {
            context.print("import", json)
        } else if isRefused {
            refusals(context.output, limit: 20)
            context.output.report(
                "tally: \(Printable.line(name)): \(FigureText.count(report.refusedCount, "row")) cannot be taken; "
                    + "nothing was imported")
            context.output.report("Mend the rows, or leave them out with --skip-bad.")
        } else {
            let counts = counts.filter { $0.count > 0 }
                .map { "\(FigureText.grouped($0.count)) \($0.name)" }
            let verb = isDryRun ? "Would import" : "Imported"
            context.output.print(
                "\(verb) \(Printable.line(name)): \(counts.isEmpty ? "no rows" : counts.joined(separator: ", "))"
            )
            refusals(context.output, limit: 5)
            if report.kept > 0 {
                context.output.note("Kept is what a person last wrote; --overwrite replaces it.")
            }
            if report.deleted > 0 {
                context.output.note("Deleted records stay so; --restore brings them back.")
            }
            if report.conflicted > 0 {
                context.output.note(
                    "Conflicts stay open; --resolve settles them with what the file says.")
            }
        }
        if !isRefused { remarks(context.output, limit: 5) }
        context.note(written)
    }

    private func remarks(_ output: Output, limit: Int) {
        for remark in report.remarks.prefix(limit) { output.note(Printable.line(remark)) }
        if report.remarks.count > limit {
            output.note("… and \(FigureText.grouped(report.remarks.count - limit)) more like these")
        }
    }

    private func refusals(_ output: Output, limit: Int) {
        for refusal in report.refused.prefix(limit) {
            output.report(
                "\(Printable.line(name)), row \(refusal.row): \(Printable.line(refusal.reason))")
            if let hint = refusal.hint { output.report("  \(Printable.line(hint))") }
        }
        if report.refusedCount > limit {
            output.report("… and \(FigureText.grouped(report.refusedCount - limit)) more")
        }
    }

    private var counts: [(name: String, count: Int)] {
        [
            ("new", report.new), ("changed", report.changed), ("unchanged", report.unchanged),
            ("kept", report.kept), ("deleted", report.deleted), ("in conflict", report.conflicted),
            ("skipped", report.skipped), ("refused", report.refusedCount),
        ]
    }

    private var json: [JSONValue.Member] {
        func number(_ name: String, _ count: Int) -> JSONValue.Member {
            .init(name, .number(Double(count)))
        }
        return [
            number("new", report.new), number("changed", report.changed),
            number("unchanged", report.unchanged), number("kept", report.kept),
            number("deleted", report.deleted), number("skipped", report.skipped),
            number("conflicted", report.conflicted),
            .init(
                "refused",
                .array(
                    report.refused.map {
                        ["row": .number(Double($0.row)), "reason": .string($0.reason)]
                    })),
            number("refused_count", report.refusedCount), .init("dry_run", .bool(isDryRun)),
            .init("imported", .bool(!isDryRun && !isRefused)),
            .init("revisions", .array(written.revisions.map { .string($0.description) })),
        ]
    }
}
