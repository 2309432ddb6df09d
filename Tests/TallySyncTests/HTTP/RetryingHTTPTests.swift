import Testing

@testable import TallySync

/// Trying again, with clock, sleep and chance of the test's own.
@Suite struct RetryingHTTPTests {
    /// Answers what it was given, one after another, and notes how long was slept between.
    private final class Script: HTTPExchange {
        var results: [Result<HTTPResponse, HTTPError>]
        var sent = 0
        var sleptMs: [Int] = []
        var notices: [String] = []
        var interruptedSleep: Int?

        init(_ results: [Result<HTTPResponse, HTTPError>]) { self.results = results }

        func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
            sent += 1
            return try results.removeFirst().get()
        }

        func retrying(_ policy: RetryPolicy = RetryPolicy()) -> RetryingHTTP {
            RetryingHTTP(
                self, policy: policy,
                sleep: { [self] in
                    sleptMs.append($0)
                    return sleptMs.count != interruptedSleep
                },
                random: { .max }, now: { 784_111_777 },
                onRetry: { [self] in
                    notices.append("\($0.host) \($0.tries)/\($0.maximumTries) \($0.reason)")
                })
        }
    }

    private let request = HTTPRequest(.get, "http://hub.test:81/v1")

    private func failure(_ client: RetryingHTTP) -> HTTPError? {
        do {
            _ = try client.send(request)
            return nil
        } catch {
            return error
        }
    }

    @Test("it goes on until there is an answer")
    func recovers() throws {
        let script = Script([
            .failure(.refused(host: "hub.test:81")), .success(HTTPResponse(status: 503)),
            .success(HTTPResponse(status: 429, headers: [HTTPHeader("Retry-After", "7")])),
            .success(
                HTTPResponse(
                    status: 503,
                    headers: [HTTPHeader("Retry-After", "Sun, 06 Nov 1994 08:50:07 GMT")])),
            .success(HTTPResponse(status: 200)),
        ])
        #expect(try script.retrying().send(request).status == 200)
        #expect(script.sleptMs == [250, 500, 7000, 30_000])
        #expect(
            script.notices == [
                "hub.test:81 1/5 hub.test:81 refuses connections.", "hub.test:81 2/5 status 503",
                "hub.test:81 3/5 status 429", "hub.test:81 4/5 status 503",
            ])
    }

    @Test("the last error says how often it was tried")
    func givesUp() {
        let script = Script(Array(repeating: .failure(.refused(host: "hub.test:81")), count: 9))
        let error = failure(script.retrying())
        #expect(script.sent == 5)
        #expect(script.sleptMs == [250, 500, 1000, 2000])
        #expect(
            error?.description == "hub.test:81 refuses connections. Tried 5 times. "
                + "Check that the hub runs there, or work offline and sync later.")
    }

    @Test("the last answer is handed on as it is")
    func lastAnswer() throws {
        let script = Script(Array(repeating: .success(HTTPResponse(status: 502)), count: 9))
        #expect(try script.retrying(RetryPolicy(maximumTries: 2)).send(request).status == 502)
        #expect(script.sent == 2)
    }

    @Test("what will not pass is tried once")
    func once() throws {
        let untrusted = Script([.failure(.untrusted(host: "hub.test:81", detail: "x"))])
        let error = failure(untrusted.retrying())
        #expect(error == .untrusted(host: "hub.test:81", detail: "x"))
        let answered = Script([.success(HTTPResponse(status: 409))])
        #expect(try answered.retrying().send(request).status == 409)
        #expect(untrusted.sleptMs + answered.sleptMs == [])
    }

    @Test("an interrupted sleep ends it")
    func interrupted() {
        let script = Script(Array(repeating: .success(HTTPResponse(status: 503)), count: 9))
        script.interruptedSleep = 2
        let error = failure(script.retrying())
        #expect(error == .interrupted(host: "hub.test:81"))
        #expect(script.sent == 2)
    }

    @Test("the system's sleep lasts as long as asked, and ends when interrupted")
    func systemSleep() {
        let clock = ContinuousClock()
        var start = clock.now
        #expect(RetryingHTTP.sleep(20, isInterrupted: { false }))
        #expect(clock.now - start >= .milliseconds(20))
        start = clock.now
        #expect(
            !RetryingHTTP.sleep(60_000, isInterrupted: { clock.now - start > .milliseconds(5) }))
        #expect(clock.now - start < .seconds(10))
        #expect(RetryingHTTP.sleep(0, isInterrupted: { false }))
        #expect(!RetryingHTTP.sleep(0, isInterrupted: { true }))
    }

    @Test("over a connection: busy, asked to wait, then served")
    func overConnection() throws {
        let isSecond = Flag()
        let server = TestServer { connection in
            while connection.readRequest() != nil {
                let isBusy = !isSecond.isSet
                isSecond.set()
                connection.write(
                    isBusy
                        ? "HTTP/1.1 503 Busy\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n"
                        : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
        var sleptMs: [Int] = []
        let retrying = RetryingHTTP(
            client(),
            sleep: {
                sleptMs.append($0)
                return true
            }, random: { 0 }, now: { 0 })
        #expect(try retrying.send(HTTPRequest(.get, server.url)).status == 200)
        #expect(sleptMs == [3000])
        #expect(server.requests.count == 2)
    }
}
