import Synchronization
import TallyCore

/// The time of a world, that everybody's clock is off from.
final class WorldTime: Sendable {
    static let monthMs = 30 * 86_400_000

    private let milliseconds = Mutex<Int64>(1_790_000_000_000)

    var now: Int64 { milliseconds.withLock { $0 } }

    func advance(byMs delay: Int) { milliseconds.withLock { $0 += Int64(delay) } }
}

/// The clock on the wall of one machine.
final class WorldClock: Sendable {
    private let time: WorldTime
    private let skewMs: Mutex<Int64>

    init(_ time: WorldTime, skewMs: Int64) {
        self.time = time
        self.skewMs = Mutex(skewMs)
    }

    var now: Timestamp { Timestamp(milliseconds: time.now + skewMs.withLock { $0 }) }

    func set(skewMs: Int64) { self.skewMs.withLock { $0 = skewMs } }
}

/// Random bytes that a seed gives: keys, ids and names of parts.
final class WorldRandom: Sendable {
    private let generator: Mutex<SeededGenerator>

    init(seed: UInt64) { generator = Mutex(SeededGenerator(seed: seed)) }

    @Sendable func bytes(_ count: Int) -> [UInt8] {
        generator.withLock { generator in
            (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        }
    }
}
