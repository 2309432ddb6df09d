import NIOCore
import Synchronization

/// Closes a connection on which something takes too long.
///
/// Hummingbird's idle timeout covers a client that sends nothing. It does not cover one that sends a byte now and then,
/// nor one that does not read its answer.
final class Watchdog: Sendable {
    private let channel: any Channel
    private let scheduled = Mutex<Scheduled<Void>?>(nil)

    init(_ channel: any Channel) {
        self.channel = channel
    }

    /// Closes the connection in that time, unless called again or off before.
    func set(seconds: Int) {
        let channel = channel
        let next = channel.eventLoop.scheduleTask(in: .seconds(Int64(seconds))) {
            channel.close(promise: nil)
        }
        replace(with: next)
    }

    func off() { replace(with: nil) }

    private func replace(with next: Scheduled<Void>?) {
        let last = scheduled.withLock { scheduled in
            defer { scheduled = next }
            return scheduled
        }
        last?.cancel()
    }
}
