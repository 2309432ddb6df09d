import Synchronization
import TallyStore

/// Sees from outside whether files were written since a moment, and whether the machine slept during a wait.
///
/// It holds no file open: one that is copied over, moved or restored is safe from it, and at rest is one whole file.
/// Changed data shows in the times of a file and its log, which the kernel keeps to a few milliseconds.
public final class FileWatch: Sendable {
    private struct State {
        var moments: [FileMoment]
        var lastLookMs: Int64
        var hasSlept = false
    }

    private let paths: [String]
    private let now: @Sendable () -> Int64
    private let sleep: @Sendable (Int64) -> Bool
    private let state: Mutex<State>

    /// - Parameters:
    ///   - now: milliseconds of a clock that goes on while the machine sleeps.
    ///   - sleep: sleeps so many milliseconds; returns whether the program is asked to stop, and then at once.
    public init(
        _ paths: [String], now: @escaping @Sendable () -> Int64 = FileWatch.systemNow,
        sleep: @escaping @Sendable (_ ms: Int64) -> Bool
    ) {
        self.paths = paths
        self.now = now
        self.sleep = sleep
        state = Mutex(State(moments: Self.look(at: paths), lastLookMs: now()))
    }

    private static func look(at paths: [String]) -> [FileMoment] {
        paths.map(FileMoment.init(path:))
    }

    private static let start = ContinuousClock.now

    @Sendable
    public static func systemNow() -> Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }

    // MARK: Changes

    /// Whether a file was written since the beginning.
    public var hasChanged: Bool {
        let moments = Self.look(at: paths)
        return state.withLock { $0.moments != moments }
    }

    /// What was written so far is no change.
    public func overlook() {
        let moments = Self.look(at: paths)
        state.withLock { $0.moments = moments }
    }

    /// Begins anew: what is written from now on is a change. Where somebody is writing, waits until they are done, at most
    /// three seconds.
    public func begin() {
        for _ in 0..<10 where hasChanged {
            overlook()
            if sleep(Self.calmMs) { return }
        }
    }

    /// Who writes a file in place, as `cp` does, has not done so for this long when it is done.
    private static let calmMs: Int64 = 300

    // MARK: Waiting

    /// Begins to wait: ``isDisturbed`` is to be asked several times a second from now on.
    public func rest() {
        state.withLock { ($0.lastLookMs, $0.hasSlept) = (now(), false) }
    }

    /// Whether there is a reason to end the wait: a file was written, or nobody has asked for so long that the machine or the
    /// process must have slept, and the connections of before may be dead.
    public var isDisturbed: Bool {
        let nowMs = now()
        let hasSlept = state.withLock { state in
            state.hasSlept = state.hasSlept || nowMs - state.lastLookMs > Self.napMs
            state.lastLookMs = nowMs
            return state.hasSlept
        }
        return hasSlept || hasChanged
    }

    private static let napMs: Int64 = 5000
    /// How often it looks.
    private static let lookMs: Int64 = 100

    /// Waits `spanMs` milliseconds, or until the watch is disturbed or the program is asked to stop.
    public func wait(ms spanMs: Int64) {
        rest()
        let endMs = now() + spanMs
        while !isDisturbed {
            let leftMs = endMs - now()
            guard leftMs > 0, !sleep(min(leftMs, Self.lookMs)) else { return }
        }
    }
}
