import Glibc

/// A clock that only goes forward, for measuring spans.
public enum MonotonicClock {
    /// Milliseconds since some moment in the past, the same for the whole process.
    @Sendable
    public static func nowMs() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
