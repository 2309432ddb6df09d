import TallyHub
import TallyWire
import Testing

@Suite("Paths, methods, names")
struct PathTests {
    @Test(
        "an unknown path is 404, with or without a token",
        arguments: [
            "/", "", "/v1", "/v1/", "/v1/datasets/", "/v2/datasets", "/v1/datasets/korea/",
            "/v1/datasets/korea/other", "/v1/datasets/korea/changesets/", "//v1/datasets",
            "/v1/datasets/../hub.sqlite", "v1/datasets", "/healthz/", "/V1/datasets",
        ])
    func unknownPath(_ path: String) throws {
        let bench = try HubBench()
        for member in [nil, "admin"] {
            let answer = bench.send("GET", path, as: member)
            #expect(answer.status == 404)
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(answer.json["type"]?.string == "about:blank")
        }
    }

    @Test(
        "a method that is not for the path is 405 and names those that are",
        arguments: [
            ("POST", "/v1/datasets", "GET"), ("DELETE", "/v1/datasets/korea", "GET, PUT"),
            ("PUT", "/v1/datasets/korea/changesets", "GET, POST"), ("POST", "/healthz", "GET"),
            ("HEAD", "/metrics", "GET"), ("get", "/v1/datasets", "GET"),
        ])
    func wrongMethod(_ method: String, _ path: String, _ allowed: String) throws {
        let answer = try HubBench().send(method, path, as: nil)
        #expect(answer.status == 405)
        #expect(answer.headers["allow"] == allowed)
        #expect(answer.headers["content-type"] == "application/problem+json")
    }

    @Test(
        "what is no name of a dataset is 400, percent encoding included",
        arguments: [
            "..%2f", "..%2fhub.sqlite", "%00", "korea%2e", "Korea", "-korea", "kor_ea", "..", ".",
            "koréa", "k%6frea", String(repeating: "a", count: 65),
        ])
    func badName(_ name: String) throws {
        let bench = try HubBench()
        for (method, end) in [
            ("GET", ""), ("PUT", ""), ("GET", "/changesets"), ("POST", "/changesets"),
        ] {
            let answer = bench.send(method, "/v1/datasets/" + name + end, as: "admin")
            #expect(answer.summary == "400 bad-request", "\(method) \(name)\(end)")
        }
        #expect(bench.folder.names(in: "hub").filter { $0.hasSuffix(".tally") } == ["korea.tally"])
    }

    @Test("a name may have 64 characters")
    func longName() throws {
        let bench = try HubBench()
        let name = "7" + String(repeating: "-", count: 63)
        try bench.addMember("ada", .admin, of: [name])
        #expect(bench.put(name, HubBench.dataset, as: "ada").status == 201)
    }

    @Test("health is answered without a token, and metrics tell nothing of members or datasets")
    func healthAndMetrics() throws {
        let bench = try HubBench()
        var replica = TestReplica(seed: 1)
        #expect(bench.push([replica.line("secret title")]).status == 200)
        #expect(bench.push([[]]).status == 422)
        let health = bench.send("GET", "/healthz", as: nil)
        #expect(health.status == 200)
        #expect(health.text == "ok\n")
        let metrics = bench.send("GET", "/metrics", as: nil).text
        let route = #"{route="/v1/datasets/NAME/changesets",method="POST",status="#
        #expect(metrics.contains("tally_hub_requests_total" + route + "\"200\"} 1\n"))
        #expect(metrics.contains("tally_hub_requests_total" + route + "\"422\"} 1\n"))
        #expect(metrics.contains("tally_hub_refusals_total{word=\"invalid\"} 1\n"))
        #expect(metrics.contains("tally_hub_lines_accepted_total 1\n"))
        #expect(metrics.contains("tally_hub_datasets_open 1\n"))
        for secret in ["korea", "tally_nobody", bench.token(of: "writer"), "secret", "writer"] {
            #expect(!metrics.contains(secret))
        }
    }
}
