import TallyCore
import TallyStore
import TallyWire
import Testing

@Suite("The real tally-hub and clients that mean it no good", .serialized)
struct HostileClientTests {
    private static let head = "POST /v1/datasets/korea/changesets HTTP/1.1\r\nHost: x\r\n"

    /// Others are served as if nothing were.
    private func expectServes(_ hub: HubProcess) throws {
        #expect(try hub.curl(hub.url + "/healthz").status == 200)
    }

    /// Each send is taken by the kernel at once; the hub's clock alone ends this.
    private func expectCut(_ connection: RawConnection, whileSending text: String) {
        let start = ContinuousClock.now
        var isOpen = true
        while isOpen, ContinuousClock.now - start < .seconds(10) { isOpen = connection.send(text) }
        #expect(!isOpen)
    }

    @Test("half a head, and then nothing: the connection is closed")
    func halfHead() throws {
        let hub = try HubProcess(options: ["--idle-seconds", "1"])
        let connection = try hub.connect()
        connection.send("GET /healthz HTTP/1.1\r\nHos")
        try expectServes(hub)
        #expect(connection.readToEnd() != nil)
    }

    @Test("a head that trickles does not earn more time")
    func trickledHead() throws {
        let hub = try HubProcess(options: ["--idle-seconds", "1"])
        let connection = try hub.connect()
        connection.send("GET /healthz HTTP/1.1\r\n")
        expectCut(connection, whileSending: "X: y\r\n")
        try expectServes(hub)
    }

    @Test("a body that trickles is cut off when its time is over, and nothing of it is taken")
    func trickledBody() throws {
        let hub = try HubProcess(options: ["--body-seconds", "1"])
        try hub.createDataset()
        let connection = try hub.connect()
        var replica = TestReplica(seed: 1)
        connection.send(
            Self.head + "Authorization: Bearer \(hub.token)\r\nTransfer-Encoding: chunked\r\n\r\n")
        for byte in HubBench.body([replica.line()]) {
            connection.send([0x31, 0x0d, 0x0a, byte, 0x0d, 0x0a])
        }
        try expectServes(hub)
        #expect(connection.readToEnd() == "")
        #expect(try hub.curl(hub.dataset + "/changesets").body == "")
    }

    @Test("a stranger's body that trickles has no more time than a head")
    func trickledByStranger() throws {
        let hub = try HubProcess(options: ["--idle-seconds", "1"])
        let connection = try hub.connect()
        connection.send(Self.head + "Content-Length: 4000000\r\n\r\n")
        expectCut(connection, whileSending: "x")
        try expectServes(hub)
    }

    @Test("a push that breaks off between two lines is not taken, with or without a length")
    func brokenOff() throws {
        let hub = try HubProcess()
        try hub.createDataset()
        var replica = TestReplica(seed: 1)
        let line = HubBench.body([replica.line()])
        for length in ["Content-Length: \(line.count * 2)", "Transfer-Encoding: chunked"] {
            let connection = try hub.connect()
            connection.send(Self.head + "Authorization: Bearer \(hub.token)\r\n\(length)\r\n\r\n")
            if length.hasPrefix("T") { connection.send(String(line.count, radix: 16) + "\r\n") }
            connection.send(line)
            if length.hasPrefix("T") { connection.send("\r\n") }
            connection.finishSending()
            let answer = connection.readToEnd()
            #expect(answer == "" || answer?.hasPrefix("HTTP/1.1 400") == true, "\(answer ?? "-")")
            #expect(try hub.curl(hub.dataset + "/changesets").body == "")
        }
    }

    @Test("who asks for much and reads nothing is cut off")
    func noReader() throws {
        let hub = try HubProcess(options: ["--part-seconds", "1"])
        try hub.createDataset()
        var replica = TestReplica(seed: 1)
        var line = RawLine(replica.line(), key: replica.key)
        line["padding"] = "\"" + String(repeating: "x", count: 4_000_000) + "\""
        #expect(try hub.push([line.bytes]).status == 200)
        let connection = try RawConnection(port: hub.port, receiveBuffer: 4096)
        let request =
            "GET /v1/datasets/korea/changesets HTTP/1.1\r\nHost: x\r\n"
            + "Authorization: Bearer \(hub.token)\r\n\r\n"
        for _ in 1...8 { connection.send(request) }
        // Nothing is read until the hub has given up: it has then one connection less than it had.
        let start = ContinuousClock.now
        while connection.send("X"), ContinuousClock.now - start < .seconds(15) {}
        #expect(ContinuousClock.now - start < .seconds(15))
        try expectServes(hub)
    }

    @Test("connections beyond the bound wait for their turn, and get it when idle ones are closed")
    func manyConnections() throws {
        let hub = try HubProcess(options: ["--max-connections", "4", "--idle-seconds", "1"])
        let held = try (1...4).map { _ in
            let connection = try hub.connect()
            connection.send("GET /healthz HTTP/1.1\r\n")
            return connection
        }
        try expectServes(hub)
        for connection in held { #expect(connection.readToEnd() != nil) }
    }

    @Test("garbage is refused and harms nobody")
    func garbage() throws {
        let hub = try HubProcess()
        try hub.createDataset()
        var generator = SeededGenerator(seed: 8464)
        var talks: [[UInt8]] = [
            [], Array("\r\n\r\n".utf8), Array("GET\r\n\r\n".utf8),
            Array("GET / HTTP/9.9\r\n\r\n".utf8),
            Array("GET /\u{0} HTTP/1.1\r\nHost: x\r\n\r\n".utf8),
            Array((Self.head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello").utf8),
            Array((Self.head + "Content-Length: -5\r\n\r\n").utf8),
            Array((Self.head + "Content-Length: 99999999999999999999\r\n\r\n").utf8),
            Array((Self.head + "Transfer-Encoding: chunked\r\n\r\nzzz\r\n").utf8),
            Array(
                (Self.head + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n")
                    .utf8),
            Array((Self.head + "X: " + String(repeating: "y", count: 100_000) + "\r\n\r\n").utf8),
            Array((Self.head + String(repeating: "X: y\r\n", count: 5000) + "\r\n").utf8),
            Array(("GET /" + String(repeating: "y", count: 100_000) + " HTTP/1.1\r\n\r\n").utf8),
            [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc],
        ]
        for _ in 1...40 {
            let count = Int.random(in: 1...300, using: &generator)
            talks.append((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
        for talk in talks {
            let connection = try hub.connect()
            connection.send(talk)
            connection.finishSending()
            let answer = try #require(connection.readToEnd(), "\(talk.prefix(40))")
            #expect(!answer.hasPrefix("HTTP/1.1 2"), "\(talk.prefix(40)): \(answer)")
        }
        try expectServes(hub)
        #expect(try hub.curl(hub.dataset + "/changesets").body == "")
        #expect(hub.stop() == 0)
        #expect(hub.folder.names(in: "hub") == ["hub.sqlite", "korea.tally"])
    }

    @Test("requests that are sent one behind the other are answered in order")
    func pipelined() throws {
        let hub = try HubProcess()
        let connection = try hub.connect()
        connection.send(
            "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
                + "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        connection.finishSending()
        let text = try #require(connection.readToEnd())
        let statuses = text.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
        #expect(statuses == ["200", "404", "200"])
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
