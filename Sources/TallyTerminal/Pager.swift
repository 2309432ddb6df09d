/// A program that shows long text a screen at a time.
public struct Pager: Sendable, Equatable {
    /// A shell command that reads standard input.
    public let command: String

    /// A pager that is `command`.
    public init(command: String) {
        self.command = command
    }

    /// `$PAGER`, else `less -FRX` if it is on the path; nil if `PAGER` is empty or `cat`.
    public static func chosen(environment: (_ name: String) -> String?) -> Pager? {
        if let command = environment("PAGER") {
            return command.isEmpty || command == "cat" ? nil : Pager(command: command)
        }
        let hasLess = SearchPath.contains("less", environment: environment)
        return hasLess ? Pager(command: "less -FRX") : nil
    }

    /// Shows `text` and waits until its reader leaves.
    ///
    /// Ctrl-C belongs to the pager meanwhile. A reader who leaves before the end is no failure.
    ///
    /// - Returns: false if the pager did not run, so that nothing was shown.
    public func show(_ text: String) -> Bool {
        // The output is UTF-8 whatever the locale; less would show Hangul as <EA><B0><80>.
        let script = "LESSCHARSET=${LESSCHARSET:-utf-8}; export LESSCHARSET; " + command
        let exitCode = ForegroundCommand(script: script).run(input: text)
        // 126 and 127 are the shell's words for a command that cannot be run.
        return exitCode != nil && exitCode != 126 && exitCode != 127
    }
}
