import Glibc
import Testing

/// A terminal that a test types on.
final class PseudoTerminal: Sendable {
    /// The keyboard's and screen's end.
    let master: Int32
    /// The program's end.
    let slave: Int32
    let path: String

    init(columns: UInt16 = 80, lines: UInt16 = 24) throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(master >= 0)
        path = try PseudoTerminal.unlock(master)
        slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(slave >= 0)
        var size = winsize(ws_row: lines, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        let sized = ioctl(slave, UInt(TIOCSWINSZ), &size)
        try #require(sized == 0)
    }

    /// What unlockpt and ptsname do, which Swift's Glibc does not show; ioctl_tty(2).
    ///
    /// - Returns: the path of the program's end.
    static func unlock(_ master: Int32) throws -> String {
        var number: Int32 = 0
        let lock: UInt = 0x4004_5431  // TIOCSPTLCK
        let getNumber: UInt = 0x8004_5430  // TIOCGPTN
        let unlocked = ioctl(master, lock, &number)
        try #require(unlocked == 0)
        let named = ioctl(master, getNumber, &number)
        try #require(named == 0)
        return "/dev/pts/\(number)"
    }

    deinit {
        close(slave)
        close(master)
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(master, bytes, bytes.count)
    }

    /// Whether keys wait for Enter and are echoed, as they are for a shell.
    var isCooked: Bool {
        var modes = termios()
        tcgetattr(slave, &modes)
        return modes.c_lflag & tcflag_t(ICANON) != 0 && modes.c_lflag & tcflag_t(ECHO) != 0
    }

    /// The next line that the program prints; waits ten seconds at most.
    func readLine() throws -> String {
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            try #require(poll(&entry, 1, 10_000) == 1, "the program prints nothing")
            var byte: UInt8 = 0
            try #require(read(master, &byte, 1) == 1)
            line.append(byte)
        }
        return String(decoding: line.filter { $0 > 0x20 }, as: UTF8.self)
    }

    /// Stops and continues the program that prints its process id and then reads keys; returns the
    /// modes of the terminal on the way.
    func watchStop() throws -> String {
        var report = ""
        func note(_ what: String) { report += "\(what): \(isCooked ? "cooked" : "raw")\n" }
        let program = try #require(pid_t(readLine()))
        note("reading")
        kill(program, SIGTSTP)
        var info = siginfo_t()
        try #require(waitid(P_PID, id_t(program), &info, WSTOPPED | WNOWAIT) == 0)
        note("stopped")
        kill(program, SIGCONT)
        report += "key: \(try readLine())\n"
        note("continued")
        type("x")
        return report
    }
}
