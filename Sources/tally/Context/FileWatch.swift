import Synchronization
import TallyStore
import TallyTerminal

/// Sees from outside whether files were written since a moment, and whether the machine slept meanwhile.
///
/// It holds no file open: one that is copied over, moved or restored is safe from it, and at rest is one whole file.
/// Changed data shows in the times of a file and its log, which the kernel keeps to a few milliseconds.
final class FileWatch: Sendable {
    private struct State {
        var moments: [FileMoment]
        var lastLook: ContinuousClock.Instant
        var hasSlept = false
    }

    private let paths: [String]
    private let state: Mutex<State>

    init(_ paths: [String]) {
        self.paths = paths
        state = Mutex(
            State(moments: paths.map(FileMoment.init(path:)), lastLook: ContinuousClock.now))
    }

    /// Looks at the files as they are now; what is written later is a change.
    private func mark() {
        let moments = paths.map(FileMoment.init(path:))
        state.withLock { $0 = State(moments: moments, lastLook: ContinuousClock.now) }
    }

    /// Whether a file was written since the beginning.
    var hasChanged: Bool {
        let moments = paths.map(FileMoment.init(path:))
        return state.withLock { $0.moments != moments }
    }

    /// Whether there is a reason to end a wait: a file was written, or nobody has asked for so long that the machine or the
    /// process must have slept, and the connections of before may be dead.
    ///
    /// To be asked several times a second.
    var isDisturbed: Bool {
        let now = ContinuousClock.now
        let hasSlept = state.withLock { state in
            state.hasSlept = state.hasSlept || now - state.lastLook > Self.nap
            state.lastLook = now
            return state.hasSlept
        }
        return hasSlept || hasChanged
    }

    private static let nap = Duration.seconds(5)
    /// How often it looks.
    private static let lookMs: Int64 = 100
    /// Who writes a file in place, as `cp` does, has not done so for this long when it is done.
    private static let calmMs: Int64 = 300

    /// Waits `spanMs` milliseconds, or until the watch is disturbed or the program is asked to stop.
    func wait(ms spanMs: Int64) {
        let endMs = MonotonicClock.nowMs() + spanMs
        while !isDisturbed {
            let leftMs = endMs - MonotonicClock.nowMs()
            guard leftMs > 0, !Interruption.wait(ms: min(leftMs, Self.lookMs)) else { return }
        }
    }

    /// Begins anew: what is written from now on is a change. Where somebody is writing, waits until they are done.
    func begin() {
        state.withLock { $0.hasSlept = false }
        while hasChanged, !Interruption.isRequested {
            mark()
            _ = Interruption.wait(ms: Self.calmMs)
        }
    }
}
