import ArgumentParser
import Synchronization
import TallyTerminal

/// The root command: `tally` alone is `status`.
struct Tally: ParsableCommand {
    static let version = "0.1.0"

    static var configuration: CommandConfiguration {
        var configuration = commands
        if isParsing.load(ordering: .relaxed) { configuration._superCommandName = "" }
        return configuration
    }

    private static let commands = CommandConfiguration(
        commandName: "tally",
        abstract:
            "An offline copy of a trade and policy dataset that syncs and never loses an edit.",
        discussion: """
            The dataset is -f FILE, else $TALLY_FILE, else the one *.tally in this folder or one above.
            Example: tally -f korea.tally list trade --where "period = '2023'"
            """,
        version: version,
        subcommands: [],
        groupedSubcommands: [
            CommandGroup(
                name: "Datasets",
                subcommands: [
                    Init.self, Clone.self, Status.self, Backup.self, Verify.self,
                    DoctorCommand.self, Config.self,
                    ReplicaCommand.self,
                ]),
            CommandGroup(
                name: "Records",
                subcommands: [
                    Add.self, SetFields.self, EditRecord.self, Rename.self, Merge.self, Delete.self,
                    Restore.self, Show.self, List.self, Find.self, Query.self, Capture.self,
                    Kinds.self, Codes.self,
                ]),
            CommandGroup(
                name: "History",
                subcommands: [
                    Log.self, Changes.self, History.self, Why.self, Diff.self, UndoCommand.self,
                ]),
            CommandGroup(name: "Files", subcommands: [Import.self, Export.self]),
            CommandGroup(
                name: "Sync",
                subcommands: [
                    RemoteCommand.self, Login.self, Publish.self, Sync.self, BundleCommand.self,
                ]),
            CommandGroup(name: "Conflicts", subcommands: [Conflicts.self, Resolve.self]),
            CommandGroup(name: "Shell", subcommands: [Completions.self]),
        ],
        defaultSubcommand: Status.self)

    @OptionGroup var options: GlobalOptions

    private static let isParsing = Atomic(false)

    /// The command that is meant.
    ///
    /// As long as arguments are parsed, Tally says that it is the command of another program: ArgumentParser then leaves out
    /// its own `--generate-completion-script`, for which it would parse everything twice more, a tenth of the time of
    /// `tally status`. Help is written afterwards.
    static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
        let asksForScript = arguments.contains { $0.hasPrefix("--generate-completion-script") }
        isParsing.store(!asksForScript, ordering: .relaxed)
        defer { isParsing.store(false, ordering: .relaxed) }
        return try parseAsRoot(arguments)
    }
}

/// Options that stand before or after the command.
struct GlobalOptions: ParsableArguments {
    @Option(
        name: [.short, .customLong("file")], help: "The dataset file.",
        completion: .file(extensions: ["tally"]))
    var file: String?

    @Flag(name: .long, help: "Print JSON of a stable shape.")
    var json = false

    @Flag(name: [.short, .long], help: "Print results only, no notes and no progress.")
    var quiet = false

    /// What stands on either side of the command.
    func merged(with other: GlobalOptions) -> GlobalOptions {
        var result = self
        result.file = file ?? other.file
        result.json = json || other.json
        result.quiet = quiet || other.quiet
        return result
    }
}

/// A command of Tally: what it does, given where it runs.
protocol TallyCommand: ParsableCommand {
    var options: GlobalOptions { get }
    var root: Tally { get }
    func run(_ context: CommandContext) throws
}

extension TallyCommand {
    func run() throws {
        try run(CommandContext(options: options.merged(with: root.options)))
    }
}
