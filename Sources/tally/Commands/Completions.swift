import ArgumentParser
import TallyCore
import TallyTerminal

struct Completions: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print a completion script for a shell.",
        discussion:
            "Example: tally completions bash > ~/.local/share/bash-completion/completions/tally")

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "bash, zsh or fish.")
    var shell: String

    func run(_ context: CommandContext) throws {
        guard let shell = CompletionShell(rawValue: shell) else {
            throw Failure.usage(
                "There are no completions for \(JSONString.quoted(shell))",
                hint:
                    "The shells are \(CompletionShell.allCases.map(\.rawValue).joined(separator: ", "))."
            )
        }
        context.output.print(Tally.completionScript(for: shell))
    }
}
