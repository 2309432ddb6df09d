/// The text editor somebody likes, for a small file.
public struct Editor: Sendable, Equatable {
    /// A shell command that takes a path.
    public let command: String

    /// An editor that is `command`.
    public init(command: String) {
        self.command = command
    }

    /// `$VISUAL`, else `$EDITOR`, else nano or vi if it is on the path.
    public static func chosen(
        environment: (_ name: String) -> String? = Terminal.environment
    ) -> Editor? {
        for name in ["VISUAL", "EDITOR"] {
            if let command = environment(name), !command.isEmpty { return Editor(command: command) }
        }
        return ["nano", "vi"].first { SearchPath.contains($0, environment: environment) }
            .map(Editor.init)
    }

    /// Lets a person edit the file at `path` and waits until they are done.
    ///
    /// With a ``KeyReader`` open, call this inside ``KeyReader/withTerminalReleased(_:)``.
    ///
    /// - Throws: ``TerminalError/editorFailed(command:exitCode:)`` unless the editor ends with 0;
    ///   the file is then not to be trusted.
    public func edit(path: String) throws(TerminalError) {
        let exitCode = ForegroundCommand(script: command + " \"$@\"", arguments: [path]).run()
        if exitCode != 0 { throw .editorFailed(command: command, exitCode: exitCode ?? 127) }
    }
}
