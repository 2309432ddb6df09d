import TallyZstd
import Testing

@testable import TallySync

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A hub that sends too much, too slowly, or nothing at all.
@Suite(.timeLimit(.minutes(10))) struct HTTPBoundsTests {
    @Test("a body may have the greatest size, and not a byte more", arguments: [true, false])
    func bodySize(isAnnounced: Bool) throws {
        let body = [UInt8](repeating: 0x61, count: 5000)
        let server = TestServer { connection in
            connection.readRequest()
            let length = isAnnounced ? "Content-Length: 5000\r\n" : ""
            connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\(length)\r\n")
            connection.write(body)
        }
        let fitting = HTTPRequest(.get, server.url, maximumResponseBytes: 5000)
        #expect(try client().send(fitting).body == body)
        let error = failure(HTTPRequest(.get, server.url, maximumResponseBytes: 4999))
        #expect(error?.code == .tooLarge)
        #expect(
            error?.description == "\(server.host) answered with a body of more than 4999 bytes. "
                + "Check that the address is that of a hub.")
    }

    @Test("a body without end is cut off at its bound")
    func endlessBody() {
        let server = TestServer { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            let piece = [UInt8](repeating: 0x61, count: 65_536)
            while connection.write(piece) {}
        }
        let error = failure(HTTPRequest(.get, server.url, maximumResponseBytes: 1 << 20))
        #expect(error?.code == .tooLarge)
    }

    @Test("headers without end are cut off at their bound")
    func endlessHeaders() {
        let server = TestServer { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n")
            let line = Array("X-Filler: \(String(repeating: "x", count: 1000))\r\n".utf8)
            while connection.write(line) {}
        }
        let error = failure(HTTPRequest(.get, server.url))
        #expect(error?.code == .tooLarge)
        #expect(
            error?.message
                == "\(server.host) answered with headers of more than 65536 bytes.")
    }

    @Test("one header that is longer than libcurl takes")
    func longHeader() {
        let server = TestServer { connection in
            connection.readRequest()
            connection.write(
                "HTTP/1.1 200 OK\r\nX: \(String(repeating: "x", count: 200_000))\r\n\r\n")
        }
        let error = failure(HTTPRequest(.get, server.url))
        #expect(error?.code == .tooLarge)
        #expect(
            error?.message == "\(server.host) answered with a header of more than 102400 bytes.")
    }

    @Test("interim answers without end are cut off too")
    func endlessInterimAnswers() {
        let server = TestServer { connection in
            connection.readRequest()
            while connection.write("HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n") {}
        }
        #expect(failure(HTTPRequest(.get, server.url))?.code == .tooLarge)
    }

    @Test("a packed body of 1 GiB is refused without its memory")
    func bomb() {
        // 64 frames of 16 MiB of zeros: 34 KB on the wire.
        let frame = Zstd.compress([UInt8](repeating: 0, count: 16 << 20), level: 1)
        let packed = Array(repeatElement(frame, count: 64).joined())
        let server = packedServer(packed)
        let before = peakMemoryBytes()
        let error = failure(HTTPRequest(.get, server.url, maximumResponseBytes: 1 << 20))
        #expect(peakMemoryBytes() - before < 256 << 20)
        #expect(error?.code == .tooLarge)
        #expect(
            error?.message
                == "\(server.host) answered with a packed body of more than 1048576 bytes.")
    }

    @Test("a packed body that is damaged, cut off or followed by more is refused")
    func badPackedBodies() {
        let packed = Zstd.compress(Array(String(repeating: "line\n", count: 300).utf8))
        for (bytes, why) in [
            (Array(packed.dropLast()), "The zstd data is cut off after \(packed.count - 1) bytes."),
            (packed + [0, 0, 0, 0, 0], "There is no zstd frame at byte \(packed.count)."),
            ([], "The zstd data is cut off after 0 bytes."),
            (Array("{\"a\":1}".utf8), "There is no zstd frame at byte 0."),
        ] {
            let server = packedServer(bytes)
            let error = failure(HTTPRequest(.get, server.url))
            #expect(error?.code == .protocol)
            #expect(
                error?.message == "The answer of \(server.host) makes no sense: "
                    + "its body does not unpack. \(why)")
        }
    }

    @Test(
        "a packing that was not asked for is refused",
        arguments: ["gzip", "zstd, zstd", "x\u{1B}y"])
    func unknownCoding(coding: String) {
        let server = packedServer([1, 2, 3], coding: coding)
        let error = failure(HTTPRequest(.get, server.url))
        #expect(error?.code == .protocol)
        let shown = coding == "x\u{1B}y" ? "x?y" : coding
        #expect(
            error?.message == "The answer of \(server.host) makes no sense: "
                + "it is packed as \"\(shown)\", where zstd or nothing was asked for.")
    }

    @Test("a hub that never answers meets the deadline")
    func silence() {
        let server = TestServer { connection in
            connection.readRequest()
            connection.waitForClose()
        }
        let error = failure(HTTPRequest(.get, server.url, timeoutMs: 200))
        #expect(error?.code == .timedOut)
        #expect(
            error?.description == "\(server.host) did not finish within 200 ms (0 bytes came). "
                + "Try again, or work offline and sync later.")
    }

    @Test("a hub that sends byte by byte meets the deadline")
    func drip() {
        let server = TestServer { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            while connection.write("x") { usleep(20_000) }
        }
        let clock = ContinuousClock()
        let start = clock.now
        let error = failure(HTTPRequest(.get, server.url, timeoutMs: 300))
        #expect(clock.now - start < .seconds(2))
        #expect(error?.code == .timedOut)
        #expect(error?.message.hasPrefix("\(server.host) did not finish within 300 ms (") == true)
    }

    @Test("a hub that sends byte by byte meets the low-speed bound long before the deadline")
    func lowSpeed() {
        let server = TestServer { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            while connection.write("x") { usleep(50_000) }
        }
        let error = failure(
            HTTPRequest(
                .get, server.url, timeoutMs: 20_000,
                lowSpeed: HTTPRequest.LowSpeed(bytesPerSecond: 1000, seconds: 1)))
        #expect(error?.code == .timedOut)
        #expect(error?.message == "\(server.host) was slower than 1000 bytes a second for 1 s.")
    }

    @Test("a hub that does not finish connecting meets the bound for that")
    func slowConnect() {
        // The kernel connects, but nobody does the TLS handshake.
        let server = TestServer { $0.waitForClose() }
        let error = failure(
            HTTPRequest(.get, "https://\(server.host)", connectTimeoutMs: 200))
        #expect(error?.code == .timedOut)
        #expect(error?.message == "\(server.host) took no connection within 200 ms.")
    }

    @Test("a slow answer on a kept connection is not told as one that did not connect")
    func slowOnKeptConnection() throws {
        let server = TestServer { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            connection.readRequest()
            connection.waitForClose()
        }
        let client = client()
        _ = try client.send(HTTPRequest(.get, server.url))
        let error = failure(HTTPRequest(.get, server.url, timeoutMs: 200), client)
        #expect(error?.message == "\(server.host) did not finish within 200 ms (0 bytes came).")
        #expect(server.connections == 1)
    }
}

private func packedServer(_ body: [UInt8], coding: String = "zstd") -> TestServer {
    TestServer(
        answering: "HTTP/1.1 200 OK\r\nContent-Encoding: \(coding)\r\n"
            + "Content-Length: \(body.count)\r\n\r\n", body)
}

private func peakMemoryBytes() -> Int {
    var usage = rusage()
    #if canImport(Darwin)
        getrusage(RUSAGE_SELF, &usage)
        return usage.ru_maxrss
    #else
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    #endif
}
