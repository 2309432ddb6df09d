import Foundation
import TallyCore
import TallyStore
import TallyWire
import TallyZstd
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("The real tally-hub, spoken to by curl", .serialized)
struct ServeTests {
    @Test("a dataset is made, pushed to and pulled from, packed both ways")
    func packed() throws {
        let hub = try HubProcess()
        try hub.createDataset()
        var replica = TestReplica(seed: 1)
        let lines = (1...20).map { replica.line("\($0)") }
        let pushed = try hub.curl(
            "--data-binary", "@-", "-H", "Content-Encoding: zstd", hub.dataset + "/changesets",
            input: Zstd.compress(HubBench.body(lines)))
        #expect(pushed.status == 200)
        #expect(pushed.body.contains(#""accepted":20"#))
        let packed = try Shell.run(
            "curl", "-sS", "-H", "Authorization: Bearer \(hub.token)", "-H",
            "Accept-Encoding: zstd", "-D", hub.folder.path + "/head", "-o",
            hub.folder.path + "/body", hub.dataset + "/changesets")
        #expect(packed.status == 0)
        let head = try String(contentsOfFile: hub.folder.path + "/head", encoding: .utf8)
        #expect(head.lowercased().contains("content-encoding: zstd"))
        let body = try #require(try FileBytes.read(hub.folder.path + "/body", limit: 1 << 20))
        #expect(body.count < 20 * 300)
        #expect(try Zstd.decompress(body, limit: 1 << 20) == HubBench.body(lines))
        let plain = try hub.curl(hub.dataset + "/changesets?limit=2")
        #expect(plain.body == String(decoding: HubBench.body(Array(lines[..<2])), as: UTF8.self))
        #expect(plain.head.contains("tally-more: true"))
        let bomb = try hub.curl(
            "--data-binary", "@-", "-H", "Content-Encoding: zstd", hub.dataset + "/changesets",
            input: Zstd.compress([UInt8](repeating: 0x0a, count: 1 << 28)))
        #expect(bomb.status == 413)
    }

    @Test("heads that did not change are 304 without a body, and the connection goes on")
    func notModified() throws {
        let hub = try HubProcess()
        try hub.createDataset()
        let first = try hub.curl(hub.dataset)
        let tag = try #require(
            first.head.split(separator: "\r\n").first { $0.hasPrefix("etag: ") }?.dropFirst(6))
        let result = try hub.curl(
            "-H", "If-None-Match: \(tag)", hub.dataset, hub.dataset, hub.url + "/healthz")
        #expect(result.status == 304)
        #expect(!result.head.contains("transfer-encoding"))
        #expect(result.body.hasPrefix("HTTP/1.1 304"), "nothing stands between the two answers")
        #expect(result.body.hasSuffix("ok\n"))
        #expect(try hub.curl("-I", hub.dataset).status == 405)
    }

    @Test(
        "no path leads out of the folder",
        arguments: [
            ("..%2f", 400), ("%2e%2e%2fhub.sqlite", 400), ("%00", 400), ("korea%00", 400),
            ("../../healthz", 404), ("..", 400), ("korea/../japan", 404), ("%", 400),
            ("hub.sqlite", 400), ("//", 404),
        ])
    func paths(_ path: String, _ status: Int) throws {
        let hub = try HubProcess()
        #expect(try hub.curl(hub.url + "/v1/datasets/" + path).status == status)
    }

    @Test("a body that is too large is refused, with and without its length, and known or not")
    func oversized() throws {
        let hub = try HubProcess()
        try hub.createDataset()
        let body = [UInt8](repeating: 0x20, count: 9 * 1024 * 1024)
        let target = hub.dataset + "/changesets"
        for header in ["Transfer-Encoding: chunked", "X: y", "Expect:"] {
            let answer = try hub.curl("--data-binary", "@-", "-H", header, target, input: body)
            #expect(answer.status == 413, "\(header)")
            #expect(answer.body.contains("too-large"))
            let stranger = try hub.curl(
                "--data-binary", "@-", "-H", header, "-H", "Authorization: Bearer no", target,
                input: body)
            #expect(stranger.status == 413, "\(header)")
        }
        #expect(
            try hub.curl(
                "-X", "PUT", "-H", "Transfer-Encoding: chunked", "--data-binary", "@-",
                hub.dataset, input: [UInt8](repeating: 0x20, count: 70_000)
            ).status == 413)
        #expect(try hub.curl(hub.dataset).status == 200)
    }

    @Test("a large push is not kept waiting for leave to send its body")
    func expectContinue() throws {
        let hub = try HubProcess()
        try hub.createDataset()
        let connection = try hub.connect()
        connection.send(
            "POST /v1/datasets/korea/changesets HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                + "Authorization: Bearer \(hub.token)\r\nContent-Length: 3\r\n\r\n")
        #expect(connection.readSome().hasPrefix("HTTP/1.1 100 Continue\r\n"))
        connection.send("{}\n")
        #expect(connection.readSome().hasPrefix("HTTP/1.1 422"))
    }

    @Test("a stranger who asks for leave to send a body is told at once that there is none")
    func expectRefused() throws {
        let hub = try HubProcess()
        let connection = try hub.connect()
        connection.send(
            "POST /v1/datasets/korea/changesets HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                + "Content-Length: 4000000\r\n\r\n")
        let answer = try #require(connection.readToEnd())
        #expect(answer.hasPrefix("HTTP/1.1 401"))
    }

    @Test("a token that is made or ended while the hub serves counts at once")
    func tokensMeanwhile() throws {
        let hub = try HubProcess()
        try hub.createDataset()
        let made = try HubProcess.run([
            "token", "create", "--data", hub.data, "--name", "rita", "--dataset", "korea",
            "--role", "reader",
        ])
        #expect(made.output.hasPrefix("Token for rita (reader of korea): tally_"))
        let token = try #require(made.output.split(whereSeparator: \.isWhitespace).last)
        let headers = ["-H", "Authorization: Bearer \(token)"]
        func get() throws -> String {
            try Shell.run(
                ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}"] + headers + [hub.dataset]
            )
            .output
        }
        #expect(try get() == "200")
        let ended = try HubProcess.run(["token", "revoke", "--data", hub.data, "--name", "rita"])
        #expect(ended.output == "Ended 1 token of rita\n")
        #expect(try get() == "401")
    }

    @Test("the log has a line a request, and never a token")
    func log() throws {
        let hub = try HubProcess()
        try hub.createDataset()
        _ = try hub.curl(hub.dataset + "/changesets?limit=0")
        #expect(try hub.curl(hub.url + "/v1/datasets/" + hub.token).status == 400)
        let connection = try hub.connect()
        connection.send("GET /\u{1b}[31mé HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        connection.finishSending()
        #expect(connection.readToEnd()?.contains("HTTP/1.1 4") == true)
        #expect(hub.stop() == 0)
        let lines = hub.log.split(separator: "\n").map { line in
            line.split(separator: " ").dropFirst().enumerated().filter {
                ![3, 5].contains($0.offset)
            }
            .map(\.element).joined(separator: " ")
        }
        #expect(lines.first == "PUT /v1/datasets/korea 201 bytes ms mina")
        #expect(
            lines.dropFirst().first
                == "GET /v1/datasets/korea/changesets 400 bytes ms mina bad-request")
        #expect(lines.dropFirst(2).first?.hasPrefix("GET /v1/datasets/tally_*** 400") == true)
        #expect(!hub.log.contains(hub.token))
        #expect(!hub.log.contains("\u{1b}"))
    }

    @Test(
        "SIGTERM and SIGINT end waiting requests and leave one whole file each",
        arguments: [SIGTERM, SIGINT])
    func stopped(_ signal: Int32) throws {
        let hub = try HubProcess()
        try hub.createDataset()
        var replica = TestReplica(seed: 1)
        #expect(try hub.push([replica.line()]).status == 200)
        let idle = try hub.connect()
        idle.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(idle.readSome().contains("200 OK"))
        let cursor = try #require(
            try hub.curl(hub.dataset + "/changesets").head.split(separator: "\r\n")
                .first { $0.hasPrefix("tally-cursor: ") }?.dropFirst(14))
        let waiting = try hub.connect()
        waiting.send(
            "GET /v1/datasets/korea/changesets?wait=60&after=\(cursor) HTTP/1.1\r\nHost: x\r\n"
                + "Authorization: Bearer \(hub.token)\r\n\r\n")
        while try !hub.curl(hub.url + "/metrics").body.contains("tally_hub_waiting_polls 1") {}
        let start = ContinuousClock.now
        #expect(hub.stop(signal) == 0)
        #expect(ContinuousClock.now - start < .seconds(8))
        #expect(waiting.readToEnd()?.contains("200 OK") == true, "it is answered, not cut off")
        #expect(hub.folder.names(in: "hub") == ["hub.sqlite", "korea.tally"])
        let count = try Shell.run(
            "sqlite3", hub.data + "/korea.tally", "SELECT count(*) FROM tally_log")
        #expect(count.output == "1\n")
    }

    @Test("what was acknowledged is there after kill -9")
    func killed() throws {
        let hub = try HubProcess()
        try hub.createDataset()
        var replica = TestReplica(seed: 1)
        var lines: [[UInt8]] = []
        for round in 1...3 {
            let line = replica.line("round \(round)")
            lines.append(line)
            #expect(try hub.push([line]).status == 200)
            _ = hub.stop(SIGKILL)
            try hub.start()
            let answer = try hub.curl(hub.dataset + "/changesets")
            #expect(answer.body == String(decoding: HubBench.body(lines), as: UTF8.self))
        }
        #expect(hub.stop() == 0)
        #expect(hub.folder.names(in: "hub") == ["hub.sqlite", "korea.tally"])
    }

    @Test("it speaks TLS")
    func tls() throws {
        let folder = try TemporaryFolder()
        let (certificate, key) = (folder.path + "/hub.pem", folder.path + "/hub.key")
        let made = try Shell.run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-days",
            "2", "-keyout", key, "-out", certificate)
        #expect(made.status == 0, "\(made.errors)")
        let hub = try HubProcess(options: ["--tls-certificate", certificate, "--tls-key", key])
        let url = "https://127.0.0.1:\(hub.port)"
        let answer = try hub.curl("--cacert", certificate, url + "/v1/datasets")
        #expect(answer.status == 200)
        let body = [UInt8](repeating: 0x20, count: 5 * 1024 * 1024)
        let large = try hub.curl(
            "--cacert", certificate, "--data-binary", "@-", "-H", "Transfer-Encoding: chunked",
            url + "/v1/datasets/korea/changesets", input: body)
        #expect(large.status == 413)
        #expect(hub.stop() == 0)
    }
}
