import ArgumentParser
import TallyCore

/// The name of the command among the arguments.
///
/// `tally` alone is `status`, so that the argument parser takes a misspelt command for an argument of `status`; here it
/// is found first.
enum CommandName {
    /// - Throws: `Failure` naming the commands that may have been meant.
    static func check(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let first = rest.first, first.hasPrefix("-") {
            rest.removeFirst()
            if first == "--" { return }
            // The only options before a command that take a value.
            if first == "-f" || first == "--file" { rest = rest.dropFirst() }
        }
        guard let name = rest.first, !names.contains(name) else { return }
        throw Failure.usage(
            "There is no command \(JSONString.quoted(name))",
            hint: Suggestion.question(for: name, among: names) ?? "See them all with: tally --help")
    }

    private static let names: [String] = {
        let commands = Tally.configuration.subcommands.map { $0._commandName }
        return (commands + ["help"]).sorted()
    }()
}
