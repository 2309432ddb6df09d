import ArgumentParser
import TallyCore
import TallyFormats
import TallyStore
import TallyTerminal
import TallyWire

struct Export: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract:
            "Write records as CSV, JSON lines or in a format of others, in an order that never changes.",
        discussion: """
            CSV is of one kind; JSON lines hold all kinds but the settings. sdmx-csv and comtrade are of trade, plover is of \
            events; what they have no place for is told.
            --open is for a spreadsheet: what was edited there comes back with import --edited.
            Example: tally export --kind trade --format csv -o trade.csv
            Example: tally export --format jsonl | sort | sha256sum
            Example: tally export --format comtrade --where "source = 'comtrade'" -o comtrade.csv
            Example: tally export --kind trade --where "period >= '2023'" --open -o trade.csv
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case csv, jsonl, comtrade, plover
        case sdmxCSV = "sdmx-csv"

        /// The kind that it is of, where it is a format of others.
        var kind: String? { RecordExport.published.first { $0.name == rawValue }?.kind }
    }

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Option(help: "One kind only.")
    var kind: String?

    @Option(
        help: "csv, jsonl, sdmx-csv, comtrade or plover; by the ending of the output, else jsonl.")
    var format: Format?

    @Option(
        name: .customLong("where"),
        help: "An SQL condition over the columns, author and at; needs --kind.")
    var condition: String?

    @Option(
        name: .shortAndLong, help: "The file to write; - or nothing is standard output.",
        completion: .file())
    var output: String?

    @Flag(
        help:
            "For a spreadsheet: safe cells, and a last column by which edits come back. Needs --kind and -o FILE.csv."
    )
    var open = false

    func validate() throws {
        if output == "" { throw ValidationError("-o names no file.") }
        if format == nil, [".xlsx", ".xls", ".ods"].contains(where: ends) {
            throw ValidationError(
                "Tally writes no workbooks: name the file -o FILE.csv; with --open a spreadsheet opens it."
            )
        }
        if let own = chosenFormat.kind, let kind, kind != own {
            throw ValidationError("\(chosenFormat.rawValue) is of \(own): leave --kind away.")
        }
        if open {
            if kind == nil {
                throw ValidationError("--open is of one kind: give --kind trade or --kind event.")
            }
            if output == nil {
                throw ValidationError(
                    "--open writes a file for a spreadsheet: name it with -o FILE.csv.")
            }
            if chosenFormat != .csv {
                throw ValidationError(
                    "--open writes CSV: name the file -o FILE.csv, and give no other format.")
            }
        }
        if condition != nil, kindName == nil {
            throw ValidationError("--where needs --kind: it is over its columns.")
        }
        if chosenFormat == .csv, kind == nil {
            throw ValidationError("CSV is of one kind: give --kind trade or --kind event.")
        }
    }

    /// Whether the name of the output has this ending, in whatever case.
    private func ends(with ending: String) -> Bool {
        output?.lowercased().hasSuffix(ending) == true
    }

    private var kindName: String? { kind ?? chosenFormat.kind }

    private var chosenFormat: Format {
        format ?? (ends(with: ".csv") ? .csv : .jsonl)
    }

    func run(_ context: CommandContext) throws {
        var report = ExportReport()
        try context.withDataset(readOnly: true) { dataset in
            let kinds =
                try kindName.map { [try dataset.kinds.required($0)] }
                ?? RecordExport.kinds(of: dataset.kinds)
            if let output, output != "-" {
                let file = try OutputFile(output)
                report = try write(kinds, from: dataset) { try file.write($0) }
                try file.finish()
            } else {
                // A file or a program gets the bytes; a terminal would obey some of them.
                let isShown = context.output.terminal.isOutputTerminal
                report = try write(kinds, from: dataset) { text in
                    try Interruption.check()
                    context.output.write(isShown ? Printable.block(text) : text)
                }
            }
        }
        if context.isJSON, let output, output != "-" {
            context.print("export", json(of: output, report))
        } else {
            tell(report, context.output)
        }
        if format == nil, let output, let other = otherwise {
            context.output.note(
                "\(Printable.line(output)) holds JSON lines, an object a line (--format jsonl), not \(other)"
            )
        }
    }

    /// What the name of the output promises and the file is not.
    private var otherwise: String? {
        if ends(with: ".json") { return "one JSON text" }
        return [".tsv", ".tab"].contains(where: ends)
            ? "a table: --format csv writes one" : nil
    }

    private func json(of output: String, _ report: ExportReport) -> [JSONValue.Member] {
        [
            .init("file", .string(output)), .init("format", .string(chosenFormat.rawValue)),
            .init("records", .number(Double(report.records))),
            .init("left_out", .counts(report.leftOut)),
            .init("not_written", .counts(report.notWritten)),
        ]
    }

    /// What the format had no place for, and that nothing was there to be written.
    private func tell(_ report: ExportReport, _ output: Output) {
        if report.records == 0, report.leftOut.isEmpty {
            let file = self.output.flatMap { $0 == "-" ? nil : Printable.line($0) }
            output.note(
                (condition.map { "No record meets \(Printable.line($0))" } ?? "There are no records")
                    + "; " + (file.map { "\($0) holds none" } ?? "nothing was exported"))
        }
        for (reason, count) in report.leftOut.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }
        ) {
            output.note("Left out \(FigureText.count(count, "record")): \(reason)")
        }
        guard !report.notWritten.isEmpty else { return }
        let fields = report.notWritten.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.key) \(FigureText.grouped($0.value))" }
        output.note(
            "Not written, for \(chosenFormat.rawValue) has no place for it: \(fields.joined(separator: ", "))"
        )
    }

    /// - Returns: how many records were written, and what a format of others had no place for.
    private func write(
        _ kinds: [Kind], from dataset: Dataset, _ write: (String) throws -> Void
    ) throws -> ExportReport {
        try UserSQL.reporting(condition) {
            try dataset.read { access in
                var report = ExportReport()
                for kind in kinds {
                    switch chosenFormat {
                    case .csv where open:
                        report.records += try RecordExport.sheet(
                            kind, from: access, where: condition, write: write)
                    case .csv:
                        report.records += try RecordExport.csv(
                            kind, from: access, where: condition, write: write)
                    case .jsonl:
                        report.records += try RecordExport.jsonLines(
                            kind, from: access, where: condition, write: write)
                    case .sdmxCSV, .comtrade, .plover:
                        report = try RecordExport.write(
                            kind, as: chosenFormat.rawValue, from: access, where: condition,
                            write: write)
                    }
                }
                if kindName == nil { try RecordExport.unknownKinds(from: access, write: write) }
                return report
            }
        }
    }
}
