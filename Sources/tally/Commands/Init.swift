import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Init: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a new, empty dataset.",
        discussion: "Example: tally init korea.tally --name korea")

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The file to make; it must not be there yet.", completion: .file())
    var path: String

    @Option(help: "The name of the dataset; the file's name unless given.")
    var name: String?

    func run(_ context: CommandContext) throws {
        let name = name ?? FilePath.stem(path)
        guard Shape.isLine(name, maximumBytes: 256) else {
            throw Failure(
                "bad-input",
                "The name \(JSONString.quoted(name)) is not one line of 1 to 256 bytes",
                hint: "Give another: --name NAME", exitCode: 65)
        }
        let dataset = try Dataset.create(path: path, name: name)
        defer { dataset.close() }
        if context.isJSON {
            context.print(
                "init",
                [
                    .init("file", .string(path)), .init("dataset", .string(dataset.id.text)),
                    .init("name", .string(name)),
                ])
        } else {
            context.output.print(
                "Made \(Printable.line(path)), the dataset \(Printable.line(name)) (\(dataset.id))")
            context.output.note(
                "Next: tally -f \(Printable.line(path)) import FILE, or tally -f \(Printable.line(path)) add trade …"
            )
        }
    }
}
