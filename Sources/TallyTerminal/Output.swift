import Glibc
import Synchronization

/// Everything the program says: results on standard output, the rest on standard error.
///
/// Standard output is buffered, and flushed line by line only for a terminal. When its reader goes
/// away (`| head`) what is left to say is dropped in silence; ``isClosed`` tells long work to stop.
/// Any other failure to write is kept and thrown by ``finish()``, which every way out must call.
///
/// Texts are written as they are: values of records go through ``Printable`` first.
public final class Output: Sendable {
    /// What the two streams are connected to.
    public let terminal: Terminal
    /// Whether notes and progress are dropped (`--quiet`).
    public let isQuiet: Bool

    private static let bufferSize = 1 << 16

    private struct State {
        var pending: [UInt8] = []
        /// The `errno` of the first write to standard output that failed.
        var failure: Int32 = 0
        var isStatusShown = false
    }

    private let state = Mutex(State())
    private let outputSink: ByteSink
    private let errorSink: ByteSink
    private let pager: Pager?

    /// An output with everything handed in.
    public init(
        terminal: Terminal, isQuiet: Bool, output: ByteSink, errors: ByteSink, pager: Pager? = nil
    ) {
        self.terminal = terminal
        self.isQuiet = isQuiet
        self.pager = pager
        outputSink = output
        errorSink = errors
    }

    /// The output of this process. Ignores SIGPIPE from now on, so that a closed pipe is an error
    /// to handle and not the end.
    public static func standard(
        isQuiet: Bool = false, terminal: Terminal = .current()
    ) -> Output {
        Disposition.reset(SIGPIPE, ignoring: true)
        return Output(
            terminal: terminal, isQuiet: isQuiet, output: .descriptor(STDOUT_FILENO),
            errors: .descriptor(STDERR_FILENO),
            pager: Pager.chosen(environment: Terminal.environment))
    }

    /// An output for tests, and what arrives there.
    public static func captured(
        terminal: Terminal = .none, isQuiet: Bool = false
    ) -> (output: Output, text: CapturedText) {
        let text = CapturedText()
        let output = Output(
            terminal: terminal, isQuiet: isQuiet, output: text.outputSink, errors: text.errorSink)
        return (output, text)
    }

    /// Whether standard output takes no more, because its reader left or a write failed.
    public var isClosed: Bool {
        state.withLock { $0.failure != 0 }
    }

    /// Writes `text` and a newline to standard output.
    public func print(_ text: String = "") {
        write(text.utf8, thenNewline: true)
    }

    /// Writes `text` to standard output.
    public func write(_ text: String) {
        write(text.utf8, thenNewline: false)
    }

    /// Writes bytes to standard output: an export, which need not be text.
    public func write(bytes: some Sequence<UInt8>) {
        write(bytes, thenNewline: false)
    }

    /// Writes `table`, fitted to the terminal and in colour where there is any.
    public func print(_ table: Table) {
        write(rendered(table))
    }

    /// `table` as ``print(_:)-(Table)`` would write it.
    public func rendered(_ table: Table) -> String {
        table.rendered(width: terminal.outputWidth, color: terminal.colorsOutput)
    }

    /// Writes `text` (whole lines), through the pager if it is longer than the terminal is high.
    public func page(_ text: String) {
        guard terminal.isOutputTerminal, let pager,
            text.utf8.count(where: { $0 == UInt8(ascii: "\n") }) >= terminal.height
        else { return write(text) }
        clearStatus()
        flush()
        if !pager.show(text) { write(text) }
    }

    /// Writes `table` as ``print(_:)-(Table)`` does, through the pager if it is long.
    public func page(_ table: Table) {
        page(rendered(table))
    }

    /// Says something by the way on standard error; dropped by `--quiet`.
    public func note(_ text: String) {
        if !isQuiet { report(text) }
    }

    /// Says what went wrong on standard error, whatever `--quiet` says.
    public func report(_ text: String) {
        state.withLock { state in
            flush(&state)
            hideStatus(&state)
            writeError(text + "\n")
        }
    }

    /// Draws `line` over the one shown before, at the bottom of standard error.
    ///
    /// Gone as soon as anything else is printed. Nothing where lines cannot be drawn over.
    public func showStatus(_ line: String) {
        guard terminal.canRedraw, !isQuiet else { return }
        let text = DisplayWidth.truncated(Printable.line(line), to: terminal.width - 1)
        state.withLock { state in
            writeError("\r" + text + "\u{1B}[K")
            state.isStatusShown = true
        }
    }

    /// Takes the status line away.
    public func clearStatus() {
        state.withLock { hideStatus(&$0) }
    }

    /// Writes out what is buffered.
    public func flush() {
        state.withLock { flush(&$0) }
    }

    /// Writes out what is buffered and takes the status line away.
    ///
    /// - Throws: ``TerminalError/cannotWrite(reason:)`` if anything printed so far was lost, other
    ///   than to a reader that left.
    public func finish() throws(TerminalError) {
        let failure = state.withLock { state in
            hideStatus(&state)
            flush(&state)
            return state.failure
        }
        if failure != 0 && failure != EPIPE {
            throw .cannotWrite(reason: String(cString: strerror(failure)))
        }
    }

    private func write(_ bytes: some Sequence<UInt8>, thenNewline: Bool) {
        state.withLock { state in
            if state.failure != 0 { return }
            state.pending += bytes
            if thenNewline { state.pending.append(UInt8(ascii: "\n")) }
            if terminal.isOutputTerminal { hideStatus(&state) }
            if terminal.isOutputTerminal || state.pending.count >= Output.bufferSize {
                flush(&state)
            }
        }
    }

    private func flush(_ state: inout State) {
        if state.pending.isEmpty { return }
        if state.failure == 0 {
            state.failure = state.pending.withUnsafeBytes { outputSink.write($0) }
        }
        state.pending.removeAll(keepingCapacity: true)
    }

    private func hideStatus(_ state: inout State) {
        if !state.isStatusShown { return }
        state.isStatusShown = false
        writeError("\r\u{1B}[K")
    }

    /// Where standard error itself fails there is nobody left to tell.
    private func writeError(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { errorSink.write($0) }
    }
}
