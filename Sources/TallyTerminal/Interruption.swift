import Glibc
import Synchronization

/// A request from outside that the program stop: SIGINT (Ctrl-C), SIGTERM or SIGHUP.
///
/// The signal only sets a flag. Work asks for it between two steps, ends what it is doing, closes
/// the database and leaves with 130. A SIGINT after a first request exits at once, with 130 and
/// the terminal's modes restored. Signals that were ignored from the start (`nohup`, `&` in a
/// script) stay ignored. SIGQUIT (Ctrl-\) ends the program at once, as it does others.
public enum Interruption {
    /// The first signal; 0 for none.
    private static let received = Atomic<Int32>(0)
    /// Where the handler writes; -1 before ``install()``.
    private static let wakeEnd = Atomic<Int32>(-1)
    private static let pipe = WakePipe()

    /// Catches the signals from now on. To be called once, early, before any ``KeyReader``.
    public static func install() {
        // Touches every global that the handler uses, so that none is initialised inside it.
        wakeEnd.store(pipe.writeEnd, ordering: .sequentiallyConsistent)
        _ = received.load(ordering: .sequentiallyConsistent)
        RawMode.prepare()
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            let before = Disposition.set(signal) { Interruption.receive($0) }
            if Disposition.isIgnored(before) { Disposition.exchange(signal, before) }
        }
        // Swift's runtime may have made it print a backtrace, which is for faults.
        let quit = Disposition.reset(SIGQUIT)
        if Disposition.isIgnored(quit) { Disposition.exchange(SIGQUIT, quit) }
    }

    /// Whether the program was asked to stop.
    public static var isRequested: Bool {
        signal != nil
    }

    /// The signal that asked first.
    public static var signal: Int32? {
        let first = received.load(ordering: .sequentiallyConsistent)
        return first == 0 ? nil : first
    }

    /// Throws ``TerminalError/interrupted`` if the program was asked to stop.
    public static func check() throws(TerminalError) {
        if isRequested { throw .interrupted }
    }

    /// Waits for `spanMs` milliseconds, or until the program is asked to stop.
    ///
    /// Blocks the thread.
    ///
    /// - Returns: whether the program was asked to stop.
    public static func wait(ms spanMs: Int64) -> Bool {
        let endMs = MonotonicClock.nowMs() + max(0, spanMs)
        while !isRequested {
            let leftMs = endMs - MonotonicClock.nowMs()
            if leftMs <= 0 { break }
            var entry = pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0)
            poll(&entry, 1, Int32(clamping: leftMs))
        }
        return isRequested
    }

    /// Waits until `descriptor` has something to read, or nothing any more.
    ///
    /// A blocking read would go on after a signal; this does not. Blocks the thread.
    ///
    /// - Throws: ``TerminalError/interrupted`` when the program is asked to stop.
    public static func waitForInput(_ descriptor: Int32) throws(TerminalError) {
        while true {
            try check()
            var entries = [
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&entries, 2, -1)
            // What cannot be waited for is for the read to report.
            if ready < 0 && errno != EINTR || entries[0].revents != 0 { return }
        }
    }

    /// The handler: atomics, `write`, `tcsetattr` and `_exit`, all async-signal-safe.
    private static func receive(_ signal: Int32) {
        let savedErrno = errno
        let (isFirst, _) = received.compareExchange(
            expected: 0, desired: signal, ordering: .sequentiallyConsistent)
        if !isFirst && signal == SIGINT {
            RawMode.restore()
            _exit(130)
        }
        WakePipe.wake(wakeEnd.load(ordering: .sequentiallyConsistent))
        errno = savedErrno
    }
}
