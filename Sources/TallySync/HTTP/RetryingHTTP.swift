/// An exchange that tries again what may pass (DESIGN.md, section 8).
///
/// Clock, sleep and chance are handed in; `RetryingHTTP+System.swift` has those of the system.
/// Not `Sendable`, like what it wraps: one thread at a time.
public final class RetryingHTTP: HTTPExchange {
    /// A try that ended badly and is made again.
    public struct Notice: Sendable {
        public var host: String
        /// What ended the try: the message of the error, or the status.
        public var reason: String
        public var tries: Int
        public var maximumTries: Int
        public var delayMs: Int
    }

    private let exchange: any HTTPExchange
    private let policy: RetryPolicy
    private let sleep: (_ delayMs: Int) -> Bool
    private let random: () -> UInt64
    private let now: () -> Int
    private let onRetry: (Notice) -> Void

    /// - Parameters:
    ///   - sleep: returns false when it was interrupted, which ends the exchange.
    ///   - random: evenly distributed over all of `UInt64`.
    ///   - now: seconds since 1970; for a `Retry-After` that is a date in an answer without `Date`.
    ///   - onRetry: called before each sleep.
    public init(
        _ exchange: any HTTPExchange, policy: RetryPolicy = RetryPolicy(),
        sleep: @escaping (_ delayMs: Int) -> Bool, random: @escaping () -> UInt64,
        now: @escaping () -> Int, onRetry: @escaping (Notice) -> Void = { _ in }
    ) {
        self.exchange = exchange
        self.policy = policy
        self.sleep = sleep
        self.random = random
        self.now = now
        self.onRetry = onRetry
    }

    public func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
        var tries = 0
        while true {
            tries += 1
            let result = Result { () throws(HTTPError) in try exchange.send(request) }
            let decision = policy.decision(
                tries: tries, outcome: outcome(of: result), random: random())
            guard case .retry(let delayMs) = decision else {
                return try result.mapError { afterTries($0, tries) }.get()
            }
            let notice = Notice(
                host: host(of: result, request), reason: reason(of: result), tries: tries,
                maximumTries: policy.maximumTries, delayMs: delayMs)
            onRetry(notice)
            guard sleep(delayMs) else { throw .interrupted(host: notice.host) }
        }
    }

    private func outcome(of result: Result<HTTPResponse, HTTPError>) -> RetryPolicy.Outcome {
        switch result {
        case .success(let response):
            .answered(
                status: response.status,
                retryAfterMs: RetryAfter.delayMs(response.headers, now: now()))
        case .failure(let error):
            .failed(error.code)
        }
    }

    private func reason(of result: Result<HTTPResponse, HTTPError>) -> String {
        switch result {
        case .success(let response): "status \(response.status)"
        case .failure(let error): error.message
        }
    }

    private func host(
        of result: Result<HTTPResponse, HTTPError>, _ request: HTTPRequest
    ) -> String {
        if case .failure(let error) = result { return error.host }
        return (try? WebAddress(request.url))?.host ?? ""
    }

    private func afterTries(_ error: HTTPError, _ tries: Int) -> HTTPError {
        guard tries > 1 else { return error }
        var error = error
        error.message += " Tried \(tries) times."
        return error
    }
}

@available(*, unavailable)
extension RetryingHTTP: Sendable {}
