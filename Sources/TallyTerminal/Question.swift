import Glibc

/// A question that somebody at the terminal answers with yes or no, and Enter.
public enum Question {
    private static let maximumBytes = 256

    /// Asks on standard error and reads a line of standard input; Enter alone is yes.
    ///
    /// - Returns: nil where nobody is there to answer: standard input is no terminal, or has ended.
    /// - Throws: ``TerminalError/interrupted`` when the program is asked to stop.
    public static func ask(
        _ text: String, on output: Output, _ descriptor: Int32 = STDIN_FILENO
    ) throws(TerminalError) -> Bool? {
        guard isatty(descriptor) == 1 else { return nil }
        output.report(text + " [Y/n]")
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while true {
            try Interruption.waitForInput(descriptor)
            let count = Glibc.read(descriptor, &byte, 1)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            if count <= 0 { return nil }
            if byte == UInt8(ascii: "\n") { break }
            if bytes.count < maximumBytes { bytes.append(byte) }
        }
        let answer = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        return answer.isEmpty || answer.lowercased().hasPrefix("y")
    }
}
