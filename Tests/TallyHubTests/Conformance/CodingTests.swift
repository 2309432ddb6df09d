import TallyHub
import TallyWire
import TallyZstd
import Testing

@Suite("Content codings")
struct CodingTests {
    @Test("a push may come packed")
    func packedPush() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        let body = HubBench.body([replica.line(), replica.line()])
        for coding in ["zstd", "ZSTD"] {
            let answer = bench.send(
                "POST", HubBench.changesets, headers: ["content-encoding": coding],
                body: Zstd.compress(body))
            #expect(answer.status == 200)
        }
        #expect(bench.log.count == 2)
        let plain = bench.send(
            "POST", HubBench.changesets, headers: ["content-encoding": "identity"], body: body)
        #expect(plain.taken == "0/2")
    }

    @Test("a packed body is as large as what is in it")
    func packedBomb() throws {
        let bench = try HubBench()
        let bomb = Zstd.compress([UInt8](repeating: 0x0a, count: 5 * 1024 * 1024))
        let headers: HubHeaders = ["content-encoding": "zstd"]
        #expect(
            bench.send("POST", HubBench.changesets, headers: headers, body: bomb).summary
                == "413 too-large")
        #expect(
            bench.send("PUT", "/v1/datasets/korea", as: "admin", headers: headers, body: bomb)
                .summary == "413 too-large")
    }

    @Test("what cannot be unpacked is 400, and so is a coding that is not known")
    func badCoding() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        let body = HubBench.body([replica.line()])
        func send(_ coding: String, _ body: [UInt8]) -> String {
            bench.send(
                "POST", HubBench.changesets, headers: ["content-encoding": coding], body: body
            ).summary
        }
        #expect(send("zstd", body) == "400 bad-request")
        #expect(send("zstd", Zstd.compress(body).dropLast()) == "400 bad-request")
        #expect(send("zstd", []) == "400 bad-request")
        #expect(send("gzip", body) == "400 bad-request")
        #expect(send("zstd, zstd", body) == "400 bad-request")
    }

    @Test("a body beyond its bound is refused by what it declares, or by what came")
    func declared() throws {
        let bench = try HubBench()
        let answer = bench.send(
            "POST", HubBench.changesets, headers: ["content-length": "4194306"])
        #expect(answer.summary == "413 too-large")
        #expect(
            bench.send(
                "PUT", "/v1/datasets/korea", as: "admin",
                body: [UInt8](repeating: 0x20, count: 65_537)
            ).summary == "413 too-large")
        var request = bench.request("POST", HubBench.changesets, as: nil)
        request.body = .dropped(byteCount: 10)
        #expect(bench.service.answer(request).summary == "401 unauthenticated")
        request.body = .dropped(byteCount: 4_194_306)
        #expect(bench.service.answer(request).summary == "413 too-large")
    }

    @Test("a body that was thrown away is never taken for an empty push")
    func dropped() throws {
        let bench = try HubBench()
        var request = bench.request("POST", HubBench.changesets)
        request.body = .dropped(byteCount: 10)
        #expect(bench.service.answer(request).summary == "503 busy")
    }

    @Test("answers above 1 KiB are packed for who takes it")
    func packedAnswer() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        let lines = (1...9).map { replica.line("\($0)") }
        #expect(bench.push(lines).status == 200)
        func get(_ coding: String?, _ query: String = "") -> HubAnswer {
            let headers: HubHeaders = coding.map { ["accept-encoding": $0] } ?? HubHeaders()
            return bench.send("GET", HubBench.changesets + query, headers: headers)
        }
        for coding in ["zstd", "gzip, zstd", "gzip;q=1.0, ZSTD;q=0.5"] {
            let answer = get(coding)
            #expect(answer.headers["content-encoding"] == "zstd")
            #expect(answer.headers["vary"] == "accept-encoding")
            #expect(try Zstd.decompress(answer.body, limit: 1 << 20) == HubBench.body(lines))
        }
        for coding in [nil, "gzip", "zstd;q=0", "zstd; q=0.0", "*", "xzstd"] {
            let answer = get(coding)
            #expect(answer.headers["content-encoding"] == nil)
            #expect(answer.body == HubBench.body(lines))
        }
        #expect(get("zstd", "?limit=1").headers["content-encoding"] == nil, "too short")
    }
}
