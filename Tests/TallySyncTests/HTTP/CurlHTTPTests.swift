import TallyZstd
import Testing

@testable import TallySync

/// What goes out and what comes in when all is well.
@Suite(.timeLimit(.minutes(10))) struct CurlHTTPTests {
    @Test("a get brings status, headers and body")
    func get() throws {
        let server = TestServer(
            answering: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTally-Cursor: c7\r\n"
                + "ETag: \"h1\"\r\nX-A: 1\r\nX-A: 2\r\n\r\nhello")
        let response = try client().send(
            HTTPRequest(.get, server.url + "/v1/datasets/korea?a=b%2Fc"))
        #expect(response.status == 200)
        #expect(response.body == Array("hello".utf8))
        #expect(response.headers["tally-cursor"] == "c7")
        #expect(response.headers["ETAG"] == "\"h1\"")
        #expect(response.headers["absent"] == nil)
        #expect(response.headers.values(named: "x-a") == ["1", "2"])
        #expect(response.url == server.url + "/v1/datasets/korea?a=b%2Fc")

        let request = try #require(server.requests.first)
        #expect(request.line == "GET /v1/datasets/korea?a=b%2Fc HTTP/1.1")
        #expect(
            request.headers == [
                "host": server.host, "user-agent": "tally/test", "accept": "*/*",
                "accept-encoding": "zstd",
            ])
    }

    @Test("headers that are given are sent as they are, and in place of our own")
    func givenHeaders() throws {
        let server = TestServer(
            answering: "HTTP/1.1 206 Partial Content\r\nContent-Length: 0\r\n\r\n")
        let response = try client().send(
            HTTPRequest(
                .get, server.url,
                headers: [
                    HTTPHeader("Authorization", "Bearer tly_0123456789"),
                    HTTPHeader("Range", "bytes=0-99"), HTTPHeader("accept-encoding", "identity"),
                    HTTPHeader("X-Empty", ""),
                ]))
        #expect(response.status == 206)
        let headers = try #require(server.requests.first).headers
        #expect(headers["authorization"] == "Bearer tly_0123456789")
        #expect(headers["range"] == "bytes=0-99")
        #expect(headers["accept-encoding"] == "identity")
        #expect(headers["x-empty"] == "")
    }

    @Test("a put and a post carry their body, and none is one of no bytes")
    func bodies() throws {
        let server = TestServer(answering: "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
        let client = client()
        let json = Array(#"{"dataset":"6f96"}"#.utf8)
        let type = HTTPHeader("Content-Type", "application/json")
        _ = try client.send(HTTPRequest(.put, server.url + "/p", headers: [type], body: json))
        _ = try client.send(HTTPRequest(.post, server.url + "/q", body: [0, 255, 10]))
        _ = try client.send(HTTPRequest(.post, server.url + "/r"))
        _ = try client.send(HTTPRequest(.get, server.url + "/s"))
        let requests = server.requests
        #expect(
            requests.map(\.line) == [
                "PUT /p HTTP/1.1", "POST /q HTTP/1.1", "POST /r HTTP/1.1", "GET /s HTTP/1.1",
            ])
        #expect(requests.map(\.body) == [json, [0, 255, 10], [], []])
        #expect(requests.map { $0.headers["content-type"] } == ["application/json", nil, nil, nil])
        #expect(requests.map { $0.headers["content-length"] } == ["18", "3", "0", nil])
    }

    @Test("requests one after another use one connection")
    func keepAlive() throws {
        let server = TestServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        let client = client()
        for _ in 0..<5 { #expect(try client.send(HTTPRequest(.get, server.url)).status == 200) }
        #expect(server.connections == 1)
        #expect(server.requests.count == 5)
    }

    @Test("a kept connection that the hub has closed is opened again without a word")
    func staleConnection() throws {
        let server = TestServer { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }
        let client = client()
        let body = [UInt8](repeating: 7, count: 3000)
        for _ in 0..<3 { _ = try client.send(HTTPRequest(.post, server.url, body: body)) }
        #expect(server.requests.map(\.body) == [body, body, body])
    }

    @Test("errors of the hub are answers, with their body", arguments: [304, 404, 409, 503])
    func statuses(status: Int) throws {
        let server = TestServer(
            answering: "HTTP/1.1 \(status) X\r\nContent-Length: \(status == 304 ? 0 : 4)\r\n"
                + "Location: /x\r\n\r\n" + (status == 304 ? "" : "gone"))
        let response = try client().send(HTTPRequest(.get, server.url))
        #expect(response.status == status)
        #expect(response.body == (status == 304 ? [] : Array("gone".utf8)))
    }

    @Test("interim answers and trailers leave the headers alone")
    func interimAnswers() throws {
        let server = TestServer(
            answering: "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Late: 2\r\n\r\n"
                + "3\r\nabc\r\n0\r\nContent-Encoding: gzip\r\n\r\n")
        let response = try client().send(HTTPRequest(.get, server.url))
        #expect(response.body == Array("abc".utf8))
        #expect(response.headers.map(\.name) == ["Transfer-Encoding", "X-Late"])
    }

    @Test("a large body is packed when asked and when that helps")
    func packedBody() throws {
        let server = TestServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let client = client()
        let lines = Array(String(repeating: #"{"format":1,"seq":7}"# + "\n", count: 1000).utf8)
        let noise = (0..<2000).map { _ in UInt8.random(in: .min ... .max) }
        _ = try client.send(HTTPRequest(.post, server.url, body: lines, compressBody: true))
        _ = try client.send(HTTPRequest(.post, server.url, body: lines))
        _ = try client.send(
            HTTPRequest(.post, server.url, body: Array(lines.prefix(1024)), compressBody: true))
        _ = try client.send(HTTPRequest(.post, server.url, body: noise, compressBody: true))
        let requests = server.requests
        #expect(requests.map { $0.headers["content-encoding"] } == ["zstd", nil, nil, nil])
        #expect(requests[0].body.count < 500)
        #expect(try Zstd.decompress(requests[0].body, limit: lines.count) == lines)
        #expect(requests.dropFirst().map(\.body.count) == [lines.count, 1024, 2000])
    }

    @Test("a packed answer is unpacked", arguments: ["zstd", "ZSTD", "identity, zstd"])
    func packedAnswer(coding: String) throws {
        let text = Array(String(repeating: "a line\n", count: 5000).utf8)
        let packed = Zstd.compress(text)
        let server = TestServer(
            answering: "HTTP/1.1 200 OK\r\nContent-Encoding: \(coding)\r\n"
                + "Content-Length: \(packed.count)\r\n\r\n", packed)
        let response = try client().send(
            HTTPRequest(.get, server.url, maximumResponseBytes: text.count))
        #expect(response.body == text)
    }

    @Test("a part of a packed answer comes as it is: nobody can unpack it")
    func packedPart() throws {
        let part = Array(Zstd.compress(Array(repeating: 7, count: 5000)).dropFirst(3))
        let server = TestServer(
            answering: "HTTP/1.1 206 Partial Content\r\nContent-Encoding: zstd\r\n"
                + "Content-Range: bytes 3-\(part.count + 2)/\(part.count + 3)\r\n"
                + "Content-Length: \(part.count)\r\n\r\n", part)
        let response = try client().send(HTTPRequest(.get, server.url))
        #expect(response.body == part)
        #expect(response.headers["content-encoding"] == "zstd")
    }

    @Test("a body of 4 MiB goes out and comes back whole")
    func largeBodies() throws {
        let body = (0..<(4 << 20)).map { UInt8(truncatingIfNeeded: $0 >> 8 ^ $0) }
        let server = TestServer { connection in
            while let request = connection.readRequest() {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(request.body.count)\r\n\r\n")
                connection.write(request.body)
            }
        }
        let response = try client().send(HTTPRequest(.post, server.url, body: body))
        #expect(response.body == body)
    }
}

/// A client that no proxy of the environment leads away from loopback.
func client(
    trust: CertificateTrust = CertificateTrust(),
    isInterrupted: @escaping @Sendable () -> Bool = { false }
) -> CurlHTTP {
    CurlHTTP(
        userAgent: "tally/test", trust: trust, usesProxies: false, isInterrupted: isInterrupted)
}
