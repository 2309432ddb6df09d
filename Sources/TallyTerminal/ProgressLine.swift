import Synchronization

/// How far a long piece of work is, on standard error, for as long as it lasts.
///
/// Shown after one second and only on a terminal; cleared by ``finish()``. Cheap enough to be told
/// of every row. (Foundation has a `Progress` already.)
public final class ProgressLine: Sendable {
    /// What is counted.
    public enum Unit: Sendable, Hashable {
        /// Things, by the name of many: `rows`, `changesets`.
        case items(String)
        case bytes
    }

    private let output: Output
    private let nowMs: @Sendable () -> Int64
    private let meter: Mutex<ProgressMeter>

    /// Starts the clock.
    ///
    /// - Parameter label: what is going on: `import`, `pull`.
    /// - Parameter total: how much there is to do; without it no time left is shown.
    /// - Parameter nowMs: milliseconds of a clock that only goes forward.
    public init(
        _ label: String, total: Int64? = nil, unit: Unit, output: Output,
        nowMs: @escaping @Sendable () -> Int64 = MonotonicClock.nowMs
    ) {
        self.output = output
        self.nowMs = nowMs
        meter = Mutex(
            ProgressMeter(label: label, total: total, unit: unit, startMs: nowMs()))
    }

    /// Notes that `count` more are done.
    public func advance(by count: Int64 = 1) {
        draw { $0.update(done: $0.done + count, atMs: nowMs()) }
    }

    /// Notes that `done` are done by now, of `total` if that has become known.
    public func update(done: Int64, total: Int64? = nil) {
        draw { meter in
            if let total { meter.total = total }
            return meter.update(done: done, atMs: nowMs())
        }
    }

    /// Takes the line away.
    public func finish() {
        output.clearStatus()
    }

    private func draw(_ change: (inout ProgressMeter) -> String?) {
        guard output.terminal.canRedraw, !output.isQuiet else { return }
        if let line = meter.withLock({ change(&$0) }) { output.showStatus(line) }
    }
}
