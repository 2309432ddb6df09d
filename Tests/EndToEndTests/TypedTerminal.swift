import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A terminal on whose keyboard the test types.
final class TypedTerminal {
    private let keyboard: Int32
    private let screen: Int32
    private var unread = ""
    let path: String

    init() throws {
        keyboard = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var number: Int32 = 0
        // TIOCSPTLCK and TIOCGPTN (ioctl_tty(2)): what unlockpt and ptsname do, which Swift does not import.
        guard keyboard >= 0, ioctl(keyboard, 0x4004_5431 as UInt, &number) == 0,
            ioctl(keyboard, 0x8004_5430 as UInt, &number) == 0
        else { throw Failure("no terminal: \(String(cString: strerror(errno)))") }
        path = "/dev/pts/\(number)"
        screen = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard screen >= 0 else { throw Failure("no terminal at \(path)") }
    }

    deinit {
        close(screen)
        close(keyboard)
    }

    func type(_ text: String) {
        _ = text.withCString { write(keyboard, $0, strlen($0)) }
    }

    func resize(columns: Int, lines: Int) {
        var size = winsize(
            ws_row: UInt16(lines), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(screen, UInt(TIOCSWINSZ), &size)
    }

    /// Waits until `text` is shown.
    ///
    /// - Returns: what was shown up to its end since the end of what was waited for last, `\r` left out.
    @discardableResult
    func wait(
        for text: String, seconds: Double = 60, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let end = Date().addingTimeInterval(seconds)
        while true {
            unread += shown().replacingOccurrences(of: "\r", with: "")
            if let range = unread.range(of: text) {
                defer { unread = String(unread[range.upperBound...]) }
                return String(unread[..<range.upperBound])
            }
            try #require(
                Date() < end, "after \(seconds) s: \(unread)", sourceLocation: sourceLocation)
            usleep(10_000)
        }
    }

    /// What was shown so far, to be asked when the program has ended.
    func shown() -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            var entry = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, 0) == 1 else { break }
            let count = read(keyboard, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether what is typed is shown.
    var echoes: Bool {
        var modes = termios()
        return tcgetattr(screen, &modes) == 0 && modes.c_lflag & tcflag_t(ECHO) != 0
    }
}

extension Analyst {
    /// Starts a command whose keyboard and screen a terminal is, the one that keys are read from.
    func start(
        on terminal: TypedTerminal, color: Bool = false, columns: Int = 80, editor: String? = nil,
        _ arguments: String...
    ) throws -> Running {
        terminal.resize(columns: columns, lines: 50)
        let command =
            (editor.map { "EDITOR='\($0)' " } ?? "")
            + "\(color ? "" : "NO_COLOR=1 ")TERM=xterm PAGER=cat exec \(Program.tally.path) \"$@\" "
            + "> \(terminal.path) 2>&1"
        return try start(
            "/usr/bin/setsid", ["--ctty", "--wait", "/bin/sh", "-c", command, "tally"] + arguments,
            input: terminal.path)
    }

    /// What a command shows on a terminal without colours, so many columns wide.
    func shown(
        onTerminalOf columns: Int, _ arguments: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let terminal = try TypedTerminal()
        let command =
            "NO_COLOR=1 TERM=xterm PAGER=cat COLUMNS=\(columns) "
            + "exec \(Program.tally.path) \"$@\" > \(terminal.path)"
        let end = try run("/bin/sh", ["-c", command, "tally"] + arguments)
        try #require(end.status == 0, "\(end.errors)", sourceLocation: sourceLocation)
        return terminal.shown().replacingOccurrences(of: "\r\n", with: "\n")
    }
}
