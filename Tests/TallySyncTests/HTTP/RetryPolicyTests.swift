import Testing

@testable import TallySync

/// The table of what is tried again, and when.
@Suite struct RetryPolicyTests {
    private let policy = RetryPolicy()

    @Test("what may pass is tried again, what will not is kept")
    func outcomes() {
        let retried = (100...599).filter { RetryPolicy.mayPass(.answered(status: $0)) }
        #expect(retried == [408, 429, 500] + Array(502...599))
        let failures = HTTPError.Code.allCases.filter { RetryPolicy.mayPass(.failed($0)) }
        #expect(
            failures == [
                .unresolvedHost, .connectionRefused, .connectionFailed, .connectionLost, .timedOut,
            ])
    }

    @Test(
        "the delay is a random part of a ceiling that doubles up to its cap",
        arguments: zip(1...9, [250, 500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]))
    func backoff(tries: Int, ceilingMs: Int) {
        let policy = RetryPolicy(maximumTries: 100)
        func delay(_ random: UInt64) -> RetryPolicy.Decision {
            policy.decision(tries: tries, outcome: .failed(.timedOut), random: random)
        }
        #expect(delay(0) == .retry(afterMs: 0))
        #expect(delay(.max) == .retry(afterMs: ceilingMs))
        #expect(delay(1 << 63) == .retry(afterMs: (ceilingMs + 1) / 2))
    }

    @Test("there are five tries, then the outcome stands")
    func tries() {
        for tries in 1...4 {
            #expect(
                policy.decision(tries: tries, outcome: .answered(status: 503), random: 0) != .keep)
        }
        for tries in [5, 6, 1000] {
            #expect(
                policy.decision(tries: tries, outcome: .answered(status: 503), random: 0) == .keep)
        }
        let many = RetryPolicy(maximumTries: .max)
        #expect(
            many.decision(tries: 1_000_000, outcome: .failed(.timedOut), random: .max)
                == .retry(afterMs: 20_000))
    }

    @Test(
        "the hub's own wish is the least delay, up to a minute",
        arguments: [
            (nil, 0, 0), (nil, UInt64.max, 250), (0, .max, 250), (2000, 0, 2000),
            (2000, .max, 2000), (100, .max, 250), (60_000, 0, 60_000), (3_600_000, 0, 60_000),
            (.max, .max, 60_000),
        ] as [(Int?, UInt64, Int)])
    func retryAfter(askedMs: Int?, random: UInt64, delayMs: Int) {
        let outcome = RetryPolicy.Outcome.answered(status: 429, retryAfterMs: askedMs)
        #expect(
            policy.decision(tries: 1, outcome: outcome, random: random)
                == .retry(afterMs: delayMs))
    }

    @Test(
        "Retry-After is seconds or a date, counted from the hub's own clock where that is known",
        arguments: [
            ("120", nil, 120_000), ("0", nil, 0), ("99999999999999999999", nil, .max),
            ("Sun, 06 Nov 1994 08:50:07 GMT", nil, 30_000),
            ("Sunday, 06-Nov-94 08:50:07 GMT", nil, 30_000),
            ("Sun Nov  6 08:50:07 1994", nil, 30_000),
            ("Sun, 06 Nov 1994 08:50:07 GMT", "Sun, 06 Nov 1994 08:50:00 GMT", 7000),
            ("Sun, 06 Nov 1994 08:50:07 GMT", "yesterday", 30_000),
            ("Sun, 06 Nov 1994 08:00:00 GMT", nil, 0),
            ("soon", nil, nil), ("-5", nil, nil), ("1.5", nil, nil), ("", nil, nil),
        ] as [(String, String?, Int?)])
    func header(text: String, date: String?, delayMs: Int?) {
        let headers =
            [HTTPHeader("retry-after", text)] + (date.map { [HTTPHeader("Date", $0)] } ?? [])
        // 784_111_777 is 1994-11-06 08:49:37 UTC.
        #expect(RetryAfter.delayMs(headers, now: 784_111_777) == delayMs)
    }

    @Test("no header, no wish")
    func noHeader() {
        #expect(RetryAfter.delayMs([], now: 0) == nil)
    }
}
