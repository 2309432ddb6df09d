import Glibc

/// Reads single keys from a terminal, without echo and without waiting for Enter.
///
/// The terminal gets its modes back on ``close()``, when the reader goes away, when the process
/// exits or is ended by a signal, and while it is stopped (Ctrl-Z). Output is not changed: `\n`
/// still starts a line. At most one reader exists at a time.
///
/// With ``Interruption`` installed beforehand, a signal that asks to stop is passed on to it and
/// arrives as ``Key/interrupt``.
///
/// Not Sendable: one thread reads.
public final class KeyReader {
    /// How long an escape character waits for the rest of its sequence.
    private static let escapeTimeoutMs: Int32 = 50

    private static let pipe = WakePipe()

    private let path: String
    private let descriptor: Int32
    private var isOpen = false
    private var decoder = KeyDecoder()
    private var bytes: ArraySlice<UInt8> = []

    /// Opens the terminal at `path` and switches it to single keys.
    public init(path: String = "/dev/tty") throws(TerminalError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .noTerminal(path: path, reason: KeyReader.reason(errno))
        }
        do throws(TerminalError) {
            guard isatty(descriptor) == 1 else {
                throw .noTerminal(path: path, reason: "not a terminal")
            }
            try begin()
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        isOpen = true
    }

    deinit {
        close()
    }

    /// Waits for the next key.
    ///
    /// Keys typed ahead are kept. Blocks the thread.
    public func read() throws(TerminalError) -> Key {
        precondition(isOpen, "a key read from a closed reader")
        while true {
            if let byte = bytes.popFirst() {
                if let key = decoder.take(byte) { return key }
                continue
            }
            if RawMode.takeStop() { return .interrupt }
            if RawMode.takeRedraw() { return .redraw }
            var entries = [
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: KeyReader.pipe.readEnd, events: Int16(POLLIN), revents: 0),
            ]
            let timeoutMs = decoder.isWaiting ? KeyReader.escapeTimeoutMs : -1
            let ready = poll(&entries, 2, timeoutMs)
            if ready == 0, let key = decoder.timeOut() { return key }
            if entries[1].revents != 0 { KeyReader.pipe.drain() }
            if ready > 0 && entries[0].revents != 0 {
                let isThere = try fill()
                if !isThere { return .endOfInput }
            }
        }
    }

    /// Runs `body`, an editor for one, with the terminal in the modes it had before.
    public func withTerminalReleased<Result>(_ body: () throws -> Result) throws -> Result {
        precondition(isOpen, "the terminal of a closed reader released")
        RawMode.end()
        let result = Swift.Result { try body() }
        try begin()
        return try result.get()
    }

    /// Gives the terminal back. Closing twice does no harm.
    public func close() {
        guard isOpen else { return }
        isOpen = false
        RawMode.end()
        Glibc.close(descriptor)
    }

    private func begin() throws(TerminalError) {
        guard !RawMode.isActive else { throw .terminalInUse }
        let failure = RawMode.begin(descriptor, wakeEnd: KeyReader.pipe.writeEnd)
        guard failure == 0 else {
            throw .terminalFailed(path: path, reason: KeyReader.reason(failure))
        }
    }

    /// Takes what has been typed; false when the terminal went away.
    private func fill() throws(TerminalError) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count > 0 {
            bytes = buffer[..<count]
            return true
        }
        // EIO is how a terminal that was hung up answers.
        if count == 0 || errno == EIO { return false }
        if errno == EINTR || errno == EAGAIN { return true }
        throw .terminalFailed(path: path, reason: KeyReader.reason(errno))
    }

    private static func reason(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}
