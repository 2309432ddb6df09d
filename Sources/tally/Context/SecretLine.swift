import TallyTerminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One line of standard input; on a terminal asked for, and not shown.
enum SecretLine {
    static func read(prompt: String) throws -> String {
        var saved = termios()
        let isTerminal = isatty(0) == 1 && tcgetattr(0, &saved) == 0
        if isTerminal {
            var silent = saved
            silent.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(0, TCSAFLUSH, &silent)
            CommandContext.output.report(prompt)
        }
        defer { if isTerminal { tcsetattr(0, TCSAFLUSH, &saved) } }
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < 4096 {
            try Interruption.check()
            let count = Glibc.read(0, &byte, 1)
            if count < 0, errno == EINTR { continue }
            if count <= 0 || byte == UInt8(ascii: "\n") { break }
            bytes.append(byte)
        }
        while let last = bytes.last, last == 0x0d || last == 0x20 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
