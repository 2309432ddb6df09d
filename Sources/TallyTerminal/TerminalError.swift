/// What can go wrong between the program and the terminal.
public enum TerminalError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no terminal at `path` to read keys from.
    case noTerminal(path: String, reason: String)
    /// The terminal at `path` does not let its modes be changed, or went away.
    case terminalFailed(path: String, reason: String)
    /// Another ``KeyReader`` has the terminal.
    case terminalInUse
    /// Standard output took no more: a full disk, a lost mount. A closed pipe is not an error.
    case cannotWrite(reason: String)
    /// The editor ended with something other than 0.
    case editorFailed(command: String, exitCode: Int32)
    /// SIGINT, SIGTERM or SIGHUP asked the program to stop.
    case interrupted

    /// What failed, with which value.
    public var message: String {
        switch self {
        case .noTerminal(let path, let reason):
            "No terminal to read keys from: \(path): \(reason)."
        case .terminalFailed(let path, let reason):
            "Cannot read keys from the terminal: \(path): \(reason)."
        case .terminalInUse:
            "Cannot read keys from the terminal: it is being read already."
        case .cannotWrite(let reason):
            "Cannot write the output: \(reason)."
        case .editorFailed(let command, let exitCode):
            "The editor failed: \(command): exit code \(exitCode)."
        case .interrupted:
            "Interrupted."
        }
    }

    /// What to do about it, if there is something to do.
    public var hint: String? {
        switch self {
        case .noTerminal: "Run it in a terminal, or give the answers as options."
        case .terminalFailed: "Try another terminal, or give the answers as options."
        case .cannotWrite: "Check the disk or the program that reads it."
        case .editorFailed: "Nothing was changed. Set EDITOR to an editor that works here."
        case .terminalInUse, .interrupted: nil
        }
    }

    /// The message and the hint, as printed.
    public var description: String {
        hint.map { message + " " + $0 } ?? message
    }
}
