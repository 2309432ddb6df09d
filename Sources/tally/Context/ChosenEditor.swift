import TallyTerminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension CommandContext {
    /// The editor that somebody has chosen.
    ///
    /// - Parameter command: what does without one.
    func editor(orElse command: String) throws -> Editor {
        let isNamed = variable("VISUAL") ?? variable("EDITOR") != nil
        let hint = "Set one, as in export EDITOR=nano, or use: \(command)"
        if !isNamed, isatty(STDIN_FILENO) != 1 {
            throw Failure(
                "terminal", "$VISUAL and $EDITOR name no editor, and there is no terminal for one",
                hint: hint, exitCode: 74)
        }
        guard let editor = Editor.chosen() else {
            throw Failure(
                "terminal",
                "There is no editor: $VISUAL and $EDITOR name none, and nano and vi are not there",
                hint: hint, exitCode: 74)
        }
        return editor
    }
}
