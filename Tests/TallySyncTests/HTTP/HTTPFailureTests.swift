import Foundation
import Synchronization
import TallyZstd
import Testing

@testable import TallySync

/// What goes wrong on the way, and how it is told.
@Suite(.timeLimit(.minutes(10))) struct HTTPFailureTests {
    @Test("a port where nobody listens refuses connections")
    func refused() {
        let host = "127.0.0.1:\(TestServer.freePort())"
        let error = failure(HTTPRequest(.get, "http://\(host)/"))
        #expect(error?.code == .connectionRefused)
        #expect(error?.message == "\(host) refuses connections.")
        #expect(
            error?.hint == "Check that the hub runs there, or work offline and sync later.")
    }

    @Test("a name that does not exist is not resolved")
    func unresolved() {
        // A label of 64 characters is refused before any network is asked (RFC 1035: at most 63).
        let name = String(repeating: "x", count: 64) + ".test:8080"
        let error = failure(HTTPRequest(.get, "http://\(name)/v1"))
        #expect(error?.code == .unresolvedHost)
        #expect(
            error?.description == "The name of \(name) could not be resolved. "
                + "Check the address, or work offline and sync later.")
    }

    @Test("a body that ends before its length is no answer")
    func truncated() {
        let server = TestServer { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        }
        let error = failure(HTTPRequest(.get, server.url))
        #expect(error?.code == .connectionLost)
        #expect(
            error?.message == "The connection to \(server.host) broke off: "
                + "transfer closed with 96 bytes remaining to read.")
    }

    @Test("a hub that hangs up without a word, or crashes, is a connection lost")
    func hangsUp() {
        let silent = TestServer { $0.readRequest() }
        #expect(failure(HTTPRequest(.get, silent.url))?.code == .connectionLost)
        let crashing = TestServer { connection in
            connection.readRequest()
            connection.reset()
        }
        #expect(failure(HTTPRequest(.get, crashing.url))?.code == .connectionLost)
    }

    @Test("a hub that closes in the middle of an upload does not end the process")
    func closesDuringUpload() {
        let server = TestServer { _ in }
        let body = [UInt8](repeating: 1, count: 4 << 20)
        #expect(failure(HTTPRequest(.post, server.url, body: body))?.code == .connectionLost)
    }

    @Test("a redirect is told, not followed, and the token stays", arguments: [301, 302, 307, 308])
    func redirect(status: Int) {
        let elsewhere = TestServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let server = TestServer(
            answering: "HTTP/1.1 \(status) Moved\r\nContent-Length: 0\r\n"
                + "Location: \(elsewhere.url)/v1\r\n\r\n")
        let error = failure(
            HTTPRequest(
                .get, server.url, headers: [HTTPHeader("Authorization", "Bearer tly_secret")]))
        #expect(error?.code == .redirected)
        #expect(error?.location == elsewhere.url + "/v1")
        #expect(
            error?.message == "\(server.host) redirects to \(elsewhere.url)/v1 (\(status)), "
                + "which is not followed, so that the token goes nowhere else.")
        #expect(error?.hint == "If the hub has moved there, give that address instead.")
        #expect(elsewhere.connections == 0)
    }

    @Test("a hub that repeats the token in a redirect does not get it into the text")
    func echoedToken() throws {
        let server = TestServer { connection in
            let token = connection.readRequest()?.headers["authorization"] ?? ""
            connection.write(
                "HTTP/1.1 302 Found\r\nLocation: http://x.test/\u{1B}[31m?\(token)&"
                    + "\(token.dropFirst(7))\r\nContent-Length: 0\r\n\r\n")
        }
        let error = try #require(
            failure(
                HTTPRequest(
                    .get, server.url, headers: [HTTPHeader("authorization", "Bearer tly_secret")])))
        #expect(error.code == .redirected)
        #expect(
            error.message.contains("http://x.test/?[31m?(not shown)&(not shown) (302)"),
            "\(error.message)")
        #expect(error.location?.contains("tly_secret") == false)
    }

    @Test("what is not HTTP makes no sense")
    func notHTTP() {
        let server = TestServer { connection in
            connection.readRequest()
            connection.write("SSH-2.0-OpenSSH_9.2\r\n")
        }
        let error = failure(HTTPRequest(.get, server.url))
        #expect(error?.code == .protocol)
        #expect(
            error?.description == "The answer of \(server.host) makes no sense: "
                + "Received HTTP/0.9 when not allowed. Check that the address is that of a hub.")
    }

    @Test("an interruption before and during a transfer ends it within a fraction of a second")
    func interruption() throws {
        let asked = Flag()
        let server = TestServer { connection in
            connection.readRequest()
            // By now libcurl waits in silence, and has no timer that would wake it soon.
            Thread.sleep(forTimeInterval: 0.25)
            asked.set()
            connection.waitForClose()
        }
        let error = failure(HTTPRequest(.get, server.url), isInterrupted: { asked.isSet })
        #expect(try ContinuousClock.now - #require(asked.since) < .milliseconds(500))
        #expect(error?.code == .interrupted)
        #expect(
            error?.description == "Interrupted while talking to \(server.host). "
                + "Run the command again: it goes on where it was.")

        let before = failure(HTTPRequest(.get, server.url), isInterrupted: { true })
        #expect(before?.code == .interrupted)
        #expect(server.connections == 1)
    }

    @Test("a client goes on after failures")
    func goesOn() throws {
        let isFirst = Flag()
        let server = TestServer { connection in
            while connection.readRequest() != nil {
                guard isFirst.isSet else {
                    isFirst.set()
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
                    return
                }
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole")
            }
        }
        let client = client()
        let request = HTTPRequest(.get, server.url)
        #expect(failure(request, client)?.code == .connectionLost)
        let gone = HTTPRequest(.get, "http://127.0.0.1:\(TestServer.freePort())")
        #expect(failure(gone, client)?.code == .connectionRefused)
        #expect(try client.send(request).body == Array("whole".utf8))
    }
}

/// A flag that two threads see, and when it was set.
final class Flag: Sendable {
    private let instant = Mutex<ContinuousClock.Instant?>(nil)

    var since: ContinuousClock.Instant? { instant.withLock { $0 } }
    var isSet: Bool { since != nil }

    func set() { instant.withLock { $0 = ContinuousClock.now } }
}

/// The error that sending ends with; nil when there was an answer.
func failure(_ request: HTTPRequest, _ client: CurlHTTP = client()) -> HTTPError? {
    do {
        _ = try client.send(request)
        return nil
    } catch {
        return error
    }
}

func failure(
    _ request: HTTPRequest, isInterrupted: @escaping @Sendable () -> Bool
) -> HTTPError? {
    failure(request, client(isInterrupted: isInterrupted))
}
