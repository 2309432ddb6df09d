/// Whether and when to try again.
///
/// A value without clock or chance of its own. Between tries it waits for a random part of
/// `baseDelayMs · 2^(tries - 1)`, at most `maximumDelayMs` ("full jitter": clients that failed
/// together do not come back together), and at least for as long as the hub asks in `Retry-After`,
/// at most `maximumRetryAfterMs`.
///
/// Everything that sync sends may be sent twice (a revision that the hub has is a duplicate), so the
/// method does not matter.
public struct RetryPolicy: Hashable, Sendable {
    /// How a try ended.
    public enum Outcome: Hashable, Sendable {
        case answered(status: Int, retryAfterMs: Int? = nil)
        case failed(HTTPError.Code)
    }

    public enum Decision: Hashable, Sendable {
        case retry(afterMs: Int)
        /// The outcome stands: it is good, will not get better, or was tried often enough.
        case keep
    }

    public var maximumTries: Int
    public var baseDelayMs: Int
    public var maximumDelayMs: Int
    public var maximumRetryAfterMs: Int

    public init(
        maximumTries: Int = 5, baseDelayMs: Int = 250, maximumDelayMs: Int = 20_000,
        maximumRetryAfterMs: Int = 60_000
    ) {
        self.maximumTries = maximumTries
        self.baseDelayMs = baseDelayMs
        self.maximumDelayMs = maximumDelayMs
        self.maximumRetryAfterMs = maximumRetryAfterMs
    }

    /// What to do after `tries` tries (from 1), the last of which ended in `outcome`.
    ///
    /// - Parameter random: evenly distributed over all of `UInt64`.
    public func decision(tries: Int, outcome: Outcome, random: UInt64) -> Decision {
        precondition(tries >= 1)
        guard tries < maximumTries, RetryPolicy.mayPass(outcome) else { return .keep }
        let ceilingMs = ceilingMs(afterTries: tries)
        let jitterMs = Int(random.multipliedFullWidth(by: UInt64(ceilingMs) + 1).high)
        guard case .answered(_, let askedMs?) = outcome else { return .retry(afterMs: jitterMs) }
        return .retry(afterMs: max(jitterMs, min(askedMs, maximumRetryAfterMs)))
    }

    /// The longest that is waited after `tries` tries (from 1), where the hub asks for nothing.
    public func ceilingMs(afterTries tries: Int) -> Int {
        min(maximumDelayMs, baseDelayMs << min(tries - 1, 16))
    }

    /// Whether another try may end otherwise.
    static func mayPass(_ outcome: Outcome) -> Bool {
        switch outcome {
        case .answered(let status, _):
            // 501: the hub does not know how, and will not learn.
            status == 408 || status == 429 || (500...599).contains(status) && status != 501
        case .failed(.timedOut), .failed(.unresolvedHost), .failed(.connectionRefused),
            .failed(.connectionFailed), .failed(.connectionLost):
            true
        case .failed(.badURL), .failed(.badHeader), .failed(.proxyRefused), .failed(.tls),
            .failed(.interrupted), .failed(.redirected), .failed(.tooLarge), .failed(.protocol),
            .failed(.other):
            false
        }
    }
}
