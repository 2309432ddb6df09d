import Glibc
import Synchronization

/// The modes of the one terminal that keys or a hidden line are read from: which to set, which to go back to.
///
/// Global, because signal handlers and `atexit` have to reach it. Everything a handler touches is
/// an atomic or plain memory behind a pointer that is allocated once and never freed; the memory is
/// written only while `descriptor` is -1, when no handler looks at it.
enum RawMode {
    /// The terminal; -1 while no keys are read.
    private static let descriptor = Atomic<Int32>(-1)
    private static let wakeEnd = Atomic<Int32>(-1)
    /// Handlers that have begun and not ended.
    private static let running = Atomic<Int>(0)
    /// Stopped and continued, or resized, since the reader last asked.
    private static let mustRedraw = Atomic<Bool>(false)
    /// Asked to stop since the reader last asked.
    private static let mustStop = Atomic<Bool>(false)
    // Pointers to memory that follows the rule above.
    nonisolated(unsafe) private static let original = UnsafeMutablePointer<termios>.allocate(
        capacity: 1)
    nonisolated(unsafe) private static let raw = UnsafeMutablePointer<termios>.allocate(capacity: 1)
    /// What each signal did before, by signal number.
    nonisolated(unsafe) private static let previous = UnsafeMutablePointer<sigaction>.allocate(
        capacity: 65)
    private static let restoresAtExit: Bool = atexit { RawMode.restore() } == 0

    /// `_POSIX_VDISABLE`, which Swift does not import.
    private static let noKey: cc_t = 0

    private static var signals: [Int32] {
        [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH]
    }

    /// Initialises every global, so that no handler has to.
    static func prepare() {
        _ = (original, raw, previous)
        _ = (mustRedraw.load(ordering: .relaxed), mustStop.load(ordering: .relaxed))
        _ = (descriptor.load(ordering: .relaxed), wakeEnd.load(ordering: .relaxed))
        _ = running.load(ordering: .relaxed)
    }

    /// What is read from the terminal.
    enum Reading {
        /// Single keys, Ctrl-C among them.
        case keys
        /// A line that is not shown; Ctrl-C is a signal.
        case hiddenLine
    }

    /// Switches `terminal` to single keys, or to a line that is not shown.
    ///
    /// - Returns: 0, or the `errno` of what failed.
    static func begin(_ terminal: Int32, wakeEnd: Int32, for reading: Reading = .keys) -> Int32 {
        precondition(!isActive, "raw mode twice")
        prepare()
        precondition(restoresAtExit, "no room for an atexit handler")
        var modes = termios()
        guard tcgetattr(terminal, &modes) == 0 else { return errno }
        original.initialize(to: modes)
        switch reading {
        case .keys:
            modes.c_iflag &= ~tcflag_t(IXON)
            modes.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN)
            withUnsafeMutableBytes(of: &modes.c_cc) { keys in
                // Ctrl-C and Ctrl-\ become keys; Ctrl-Z still stops the whole job, pagers and all.
                keys[Int(VINTR)] = noKey
                keys[Int(VQUIT)] = noKey
                keys[Int(VMIN)] = 1
                keys[Int(VTIME)] = 0
            }
        case .hiddenLine:
            modes.c_lflag &= ~tcflag_t(ECHO)
            modes.c_lflag |= tcflag_t(ECHONL)
        }
        raw.initialize(to: modes)
        for signal in signals {
            previous.advanced(by: Int(signal)).initialize(to: Disposition.current(signal))
        }
        self.wakeEnd.store(wakeEnd, ordering: .sequentiallyConsistent)
        descriptor.store(terminal, ordering: .sequentiallyConsistent)
        for signal in signals { Disposition.set(signal) { RawMode.receive($0) } }
        _ = takeRedraw()
        // Last, when every signal would already take it back. Keys typed ahead are kept.
        guard tcsetattr(terminal, TCSADRAIN, raw) == 0 else {
            let failure = errno
            end()
            return failure
        }
        return 0
    }

    /// Whether a terminal is in raw mode now.
    static var isActive: Bool {
        descriptor.load(ordering: .sequentiallyConsistent) >= 0
    }

    /// Gives the terminal and the signals back.
    static func end() {
        guard isActive else { return }
        restore()
        let terminal = descriptor.exchange(-1, ordering: .sequentiallyConsistent)
        for signal in signals { Disposition.exchange(signal, previous[Int(signal)]) }
        // A handler on another thread may have been about to set raw mode once more.
        while running.load(ordering: .sequentiallyConsistent) > 0 { sched_yield() }
        tcsetattr(terminal, TCSANOW, original)
    }

    /// Sets the modes from before ``begin(_:wakeEnd:)``, if there is a reader.
    ///
    /// Async-signal-safe.
    static func restore() {
        set(original)
    }

    /// Whether the screen has to be drawn again; asking takes the answer away.
    static func takeRedraw() -> Bool {
        mustRedraw.exchange(false, ordering: .sequentiallyConsistent)
    }

    /// Whether a signal asked to stop; asking takes the answer away.
    static func takeStop() -> Bool {
        mustStop.exchange(false, ordering: .sequentiallyConsistent)
    }

    private static func set(_ modes: UnsafeMutablePointer<termios>) {
        let terminal = descriptor.load(ordering: .sequentiallyConsistent)
        if terminal >= 0 { tcsetattr(terminal, TCSANOW, modes) }
    }

    /// The handler: atomics, `tcsetattr`, `sigaction`, `raise`, `pthread_sigmask` and `write`, all
    /// async-signal-safe (signal-safety(7)).
    private static func receive(_ signal: Int32) {
        let savedErrno = errno
        running.add(1, ordering: .sequentiallyConsistent)
        let before = previous[Int(signal)]
        switch signal {
        case SIGTSTP:
            if !Disposition.isIgnored(before) { stop() }
        case SIGCONT:
            // A shell gives a continued job its own modes back.
            set(raw)
            mustRedraw.store(true, ordering: .sequentiallyConsistent)
        case SIGWINCH:
            mustRedraw.store(true, ordering: .sequentiallyConsistent)
        default:
            if !Disposition.isIgnored(before) { passOn(signal, to: before) }
        }
        WakePipe.wake(wakeEnd.load(ordering: .sequentiallyConsistent))
        running.subtract(1, ordering: .sequentiallyConsistent)
        errno = savedErrno
    }

    /// Does what the signal did before, with the terminal as it was.
    private static func passOn(_ signal: Int32, to before: sigaction) {
        restore()
        if Disposition.isDefault(before) { Disposition.raiseDefault(signal) }
        before.__sigaction_handler.sa_handler?(signal)
        set(raw)
        mustStop.store(true, ordering: .sequentiallyConsistent)
    }

    /// Stops the process with the terminal as it was, and returns once it is continued.
    private static func stop() {
        restore()
        Disposition.raiseDefault(SIGTSTP)
        if isActive { Disposition.set(SIGTSTP) { RawMode.receive($0) } }
        // An orphaned job cannot stop, and then no SIGCONT comes.
        set(raw)
    }
}
