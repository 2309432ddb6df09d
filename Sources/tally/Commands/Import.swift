import ArgumentParser
import TallyCore
import TallyFormats
import TallyStore
import TallyTerminal

struct Import: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take in a file of figures or events, as its publisher gives it.",
        discussion: """
            The format is found by the columns: Tally's own CSV and JSON lines, UN Comtrade (new and legacy, CSV or JSON), \
            SDMX-CSV and SDMX-JSON, tables with a column of exports and one of imports; events of GDELT, ICEWS, ACLED, PLOVER \
            and UCDP. Of any other table --map says which column holds \
            which field. Files may be packed with gzip or zstd.
            One bad row refuses the import, unless --skip-bad. What a person last wrote is kept, what was deleted stays \
            deleted, conflicts stay open, unless asked otherwise. Elements of a set are separated by ;
            Example: tally import trade-annual.csv
            Example: tally import comtrade.csv.gz --dry-run
            Example: tally import exports.csv --set reporter=KOR --set partner=CHN --source kosis --scale thousand
            --edited brings back what was edited in a spreadsheet: a file that export --open has written.
            Example: tally import trade.csv --edited --dry-run
            Example: tally import visits.csv --kind event --map date=Day --map title=What --set type=visit --source mofa --save-map visits
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The file; - for standard input.", completion: .file())
    var path: String

    @OptionGroup(title: "How the file is read")
    var reading: ImportReadingOptions

    @Flag(help: "Say what would happen, and do nothing.")
    var dryRun = false

    @Flag(help: "Replace what a person last wrote.")
    var overwrite = false

    @Flag(help: "Bring back deleted records that the file has; they count as changed.")
    var restore = false

    @Flag(help: "Settle conflicts with what the file says.")
    var resolve = false

    @Flag(help: "Leave out rows that cannot be taken, and write them to a file with the reasons.")
    var skipBad = false

    @Option(
        help:
            "The file for rows that are left out; unless given, x.refused.csv in this folder for x.csv.",
        completion: .file())
    var refused: String?

    @Flag(
        help:
            "Bring back what was edited in a file of export --open, beside what others have changed meanwhile."
    )
    var edited = false

    @Flag(help: "With --edited: delete the records whose rows are gone.")
    var deleteMissing = false

    @Option(name: .shortAndLong, help: "Why: kept with the change.")
    var message: String?

    func validate() throws {
        if deleteMissing, !edited {
            throw ValidationError("--delete-missing is for files that --edited brings back.")
        }
        if edited, overwrite {
            throw ValidationError(
                "--overwrite does nothing with --edited: what was edited is written, unless others have changed it too."
            )
        }
        if refused != nil, !skipBad {
            throw ValidationError("--refused is for rows that --skip-bad leaves out.")
        }
        _ = try reading.options()
    }

    func run(_ context: CommandContext) throws {
        var options = try reading.options()
        options.overwrite = overwrite
        options.restore = restore
        options.resolve = resolve
        options.skipBad = skipBad
        let input = try InputFile(path)
        let file = FileImport(name: input.name, options: options, open: input.open)
        if let refused, FilePath.isSame(refused, path) {
            throw Failure.usage(
                "--refused names the file that is imported: \(refused)",
                hint: "Name another for the rows that are left out.")
        }
        if let refused, FilePath.exists(refused) {
            throw Failure(
                "file-exists", "\(refused) is there; it was left as it is",
                hint: "Choose another name for the rows that are left out.", exitCode: 73)
        }
        let leftOut = skipBad && !dryRun ? RefusedFile(named: refused, of: input) : nil
        if edited { return try bringBack(input, options, leftOut, context) }
        let authoring = Authoring(
            message: message ?? "import \(Printable.line(input.name))", isImport: true)
        try take(input, authoring, leftOut, context) { editor, progress in
            try file.run(editor, refused: { try leftOut?.write($0) }, progress: progress)
        } show: { report, end in
            ImportSheet(report: report, end: end).print(context)
        }
    }

    /// Reads a file into one deed, or, where rows are refused that are not left out and in a rehearsal, into none.
    ///
    /// - Parameters:
    ///   - read: reads it, and tells how many rows it has read.
    ///   - show: says what came of it.
    func take<Report: FileReport>(
        _ input: InputFile, _ authoring: Authoring, _ leftOut: RefusedFile?,
        _ context: CommandContext,
        read: (DatasetEditor, (Int) -> Void) throws -> Report,
        show: (Report, ImportEnd) -> Void
    ) throws {
        try context.withDataset { dataset in
            if dryRun { try dataset.checkNothingWaits() }
            var report = Report()
            var written = Written()
            var refusedFile: String?
            let progress = ProgressLine("import", unit: .items("rows"), output: context.output)
            defer { progress.finish() }
            do {
                written = try dataset.write(at: context.workplace(), authoring) { editor in
                    report = try read(editor) { rows in
                        progress.update(done: Int64(rows), total: input.estimate(of: rows))
                    }
                    let isRefused = report.refusedCount > 0 && !skipBad
                    if isRefused || dryRun { throw RollBack() }
                    // Before the records are there, so that no row is in neither place.
                    refusedFile = try leftOut?.finish()
                    if report.isAllRefused { throw RollBack() }
                }
            } catch is RollBack {}
            progress.finish()
            let isRefused = report.refusedCount > 0 && (!skipBad || report.isAllRefused)
            show(
                report,
                ImportEnd(
                    written: written, name: input.name, refusedFile: refusedFile, isDryRun: dryRun,
                    isRefused: isRefused, skipsBad: skipBad))
            if isRefused { throw Failure.silent(exitCode: 65) }
        }
    }
}
