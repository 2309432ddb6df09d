#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension RetryingHTTP {
    /// With the system's clock and randomness, and a sleep that asks `isInterrupted` all along.
    public convenience init(
        _ exchange: any HTTPExchange, policy: RetryPolicy = RetryPolicy(),
        isInterrupted: @escaping @Sendable () -> Bool,
        onRetry: @escaping (Notice) -> Void = { _ in }
    ) {
        self.init(
            exchange, policy: policy,
            sleep: { RetryingHTTP.sleep($0, isInterrupted: isInterrupted) },
            random: { UInt64.random(in: .min ... .max) }, now: { time(nil) }, onRetry: onRetry)
    }

    /// Sleeps in short pieces; false when it was interrupted before the end.
    static func sleep(_ delayMs: Int, isInterrupted: () -> Bool) -> Bool {
        let clock = ContinuousClock()
        let end = clock.now + .milliseconds(delayMs)
        while !isInterrupted() {
            let left = end - clock.now
            guard left > .zero else { return true }
            let (_, attoseconds) = min(left, .milliseconds(50)).components
            var piece = timespec(tv_sec: 0, tv_nsec: Int(attoseconds / 1_000_000_000))
            nanosleep(&piece, nil)
        }
        return false
    }
}
