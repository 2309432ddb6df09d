import Glibc

/// One line of standard input: on a terminal asked for and not shown, else the first line of a file or pipe.
///
/// The terminal gets its modes back however the reading ends: by Enter, Ctrl-C, Ctrl-Z or a signal.
public enum SecretLine {
    private static let maximumBytes = 4096

    /// - Parameter ask: called where somebody is there to read it, when what is typed is no longer shown.
    /// - Returns: the line, without spaces at its end.
    /// - Throws: ``TerminalError/interrupted`` when the program is asked to stop.
    public static func read(
        _ descriptor: Int32 = STDIN_FILENO, ask: () -> Void
    ) throws(TerminalError) -> String {
        let isTerminal = isatty(descriptor) == 1
        if isTerminal {
            // No one waits for RawMode itself: a signal wakes the wait of Interruption.
            let failure = RawMode.begin(descriptor, wakeEnd: -1, for: .hiddenLine)
            guard failure == 0 else {
                throw .terminalFailed(
                    path: "standard input", reason: String(cString: strerror(failure)))
            }
            ask()
        }
        defer { if isTerminal { RawMode.end() } }
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < maximumBytes {
            try Interruption.waitForInput(descriptor)
            let count = Glibc.read(descriptor, &byte, 1)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            if count <= 0 || byte == UInt8(ascii: "\n") { break }
            bytes.append(byte)
        }
        while let last = bytes.last, last == 0x0d || last == 0x20 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
