import ArgumentParser
import TallyStore
import TallyTerminal
import TallyWire

struct Backup: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Make a whole copy of the dataset in one file, safe at any moment.",
        discussion: """
            Others may import and sync meanwhile. The copy is a dataset like any other: work with it and sync the two, or \
            put it back in the place of the file. Take away the file's -wal and -shm first, if they are there: they belong \
            to the old file.
            Example: tally backup backups/korea-2026-11-23.tally
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The file to make; it must not be there yet.", completion: .file())
    var path: String

    func run(_ context: CommandContext) throws {
        try context.withDataset(readOnly: true) { dataset in
            let progress = ProgressLine("backup", unit: .bytes, output: context.output)
            defer { progress.finish() }
            let backup = try dataset.backUp(
                to: path, isInterrupted: { Interruption.isRequested },
                progress: { progress.update(done: Int64($0), total: Int64($1)) })
            progress.finish()
            if context.isJSON {
                context.print(
                    "backup",
                    [
                        .init("file", .string(path)),
                        .init("bytes", .number(Double(backup.byteCount))),
                        .init("changesets", .number(Double(backup.changesetCount))),
                    ])
            } else {
                context.output.print(
                    "Backed up \(Printable.line(dataset.path)) to \(Printable.line(path)): "
                        + "\(FigureText.bytes(Int64(backup.byteCount))), "
                        + FigureText.count(backup.changesetCount, "changeset"))
            }
        }
    }
}
