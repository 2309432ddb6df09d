import ArgumentParser
import TallyFormats
import TallyStore
import TallyTerminal

extension Import {
    /// `import --edited`.
    func bringBack(
        _ input: InputFile, _ given: ImportOptions, _ leftOut: RefusedFile?,
        _ context: CommandContext
    ) throws {
        if let option = Self.other(in: given) {
            throw Failure.usage(
                "--\(option) does nothing with --edited: the file says itself what it was exported from",
                hint: "Leave it away; or import the file as a source's, without --edited.")
        }
        var options = EditedFile.Options()
        options.encoding = given.encoding
        options.decimalMark = given.decimalMark
        options.dates = given.dates
        options.deletesMissing = deleteMissing
        options.restores = restore
        options.resolves = resolve
        let file = EditedFile(name: input.name, options: options, open: input.open)
        let authoring = Authoring(
            message: message ?? "import --edited \(Printable.line(input.name))")
        try take(input, authoring, leftOut, context) { editor, progress in
            try file.run(editor, refused: { try leftOut?.write($0) }, progress: progress)
        } show: { report, end in
            EditedSheet(report: report, end: end, hasDeletedMissing: deleteMissing).print(context)
        }
    }

    /// An option that says how a source's file is read.
    private static func other(in options: ImportOptions) -> String? {
        let given: [(String, Bool)] = [
            ("format", options.format != nil), ("kind", options.kind != nil),
            ("set, --source", !options.constants.isEmpty),
            ("map", !options.columns.isEmpty || options.map != nil),
            ("save-map", options.saveMap != nil), ("scale", options.scale != nil),
            ("classification", options.classification != nil),
            ("keep-unknown", options.keepUnknown),
        ]
        return given.first { $0.1 }?.0
    }
}
