import TallyCore
import TallyWire
import TallyZstd

/// The exchanges that `SyncFixtures/exchanges` holds, as they are made.
enum ExchangeCatalog {
    static let all: [Exchange] = calls + refusals

    private static let korea = "/v1/datasets/korea"
    private static let changesets = "/v1/datasets/korea/changesets"
    private static let put = #"{"dataset":"\#(HubBench.dataset)"}"#

    // MARK: Making steps

    private static func get(
        _ path: String, token: String? = "reader", headers: [(String, String)] = [],
        _ answer: Exchange.Answer, keep: [(String, String)] = []
    ) -> Exchange.Step {
        Exchange.Step(
            method: "GET", path: path, token: token, headers: headers, answer: answer, keep: keep)
    }

    private static func push(
        _ lines: [[UInt8]], token: String? = "writer", _ answer: Exchange.Answer,
        heads: [ReplicaID: Head]
    ) -> Exchange.Step {
        Exchange.Step(
            method: "POST", path: changesets, token: token, body: .lines(lines), answer: answer,
            heads: heads)
    }

    private static func taken(
        _ accepted: Int, _ duplicates: Int, heads: [ReplicaID: Head]
    ) -> Exchange.Answer {
        Exchange.Answer(
            status: 200, headers: [("content-type", "application/json")],
            body: [
                "accepted": .number(Double(accepted)), "duplicates": .number(Double(duplicates)),
                "heads": .heads(heads),
            ])
    }

    private static func refused(
        _ word: ProblemWord, line: Int? = nil, replica: ReplicaID? = nil, expected: Int? = nil
    ) -> Exchange.Answer {
        var body: [JSONValue.Member] = [.init("status", .number(Double(word.status)))]
        if let line { body.append(.init("line", .number(Double(line)))) }
        if let replica { body.append(.init("replica", .string(replica.text))) }
        if let expected { body.append(.init("expected", .number(Double(expected)))) }
        return Exchange.Answer(
            status: word.status, word: word,
            headers: [("content-type", "application/problem+json")], body: .object(body))
    }

    private static func heads(_ replicas: TestReplica...) -> [ReplicaID: Head] {
        var heads: [ReplicaID: Head] = [:]
        for replica in replicas { heads[replica.id] = replica.head }
        return heads
    }

    // MARK: The calls

    private static var calls: [Exchange] {
        [
            listDatasets, createDataset, readHeads, pull, push, pushPacked, pushHandedOn, waiting,
            health,
        ]
    }

    private static var listDatasets: Exchange {
        Exchange(
            name: "list-datasets", about: "A token sees the datasets it has a role for.",
            steps: [
                get(
                    "/v1/datasets", token: "writer",
                    Exchange.Answer(
                        status: 200, headers: [("content-type", "application/json")],
                        body: [
                            "datasets": [
                                [
                                    "name": "korea", "dataset": .string(HubBench.dataset.text),
                                    "role": "writer",
                                ]
                            ]
                        ])),
                get(
                    "/v1/datasets", token: "stranger",
                    Exchange.Answer(status: 200, body: ["datasets": []])),
            ])
    }

    private static var createDataset: Exchange {
        func step(_ body: String, _ answer: Exchange.Answer) -> Exchange.Step {
            Exchange.Step(
                method: "PUT", path: korea, token: "admin", body: .text(body), answer: answer,
                heads: [:])
        }
        let made: JSONValue = [
            "dataset": .string(HubBench.dataset.text), "name": "korea", "format": 1,
            "heads": .object([]),
        ]
        return Exchange(
            name: "create-dataset",
            about: "PUT creates a dataset once; the same id again is fine, another is refused.",
            dataset: nil,
            steps: [
                get(korea, refused(.unknownDataset)),
                step(put, Exchange.Answer(status: 201, body: made)),
                step(put, Exchange.Answer(status: 200, body: made)),
                step(#"{"dataset":"\#(HubBench.otherDataset)"}"#, refused(.exists)),
            ])
    }

    private static var readHeads: Exchange {
        var a = TestReplica(seed: 1)
        var b = TestReplica(seed: 2)
        let setup = [
            a.line("one"), a.line("two"), b.line("three", event: "test:2", seen: a.asSeen),
        ]
        let before = heads(a, b)
        let next = a.line("four")
        let body: JSONValue = [
            "dataset": .string(HubBench.dataset.text), "name": "korea", "format": 1,
            "heads": .heads(before),
        ]
        return Exchange(
            name: "heads",
            about: "GET of a dataset gives its heads with a tag; while they stay, 304.",
            setup: setup,
            steps: [
                get(
                    korea,
                    Exchange.Answer(
                        status: 200, headers: [("content-type", "application/json")], body: body),
                    keep: [("tag", "header:etag"), ("cursor", "body:cursor")]),
                get(
                    korea, headers: [("if-none-match", "${tag}")],
                    Exchange.Answer(status: 304, headers: [("etag", "${tag}")], lines: [])),
                get(
                    korea, headers: [("if-none-match", #""another""#)],
                    Exchange.Answer(status: 200, headers: [("etag", "${tag}")], body: body)),
                get(changesets + "?after=${cursor}", Exchange.Answer(status: 200, lines: [])),
                push([next], taken(1, 0, heads: heads(a)), heads: heads(a, b)),
                get(
                    korea, headers: [("if-none-match", "${tag}")],
                    Exchange.Answer(status: 200, body: ["heads": .heads(heads(a, b))])),
            ])
    }

    private static var pull: Exchange {
        var replica = TestReplica(seed: 1)
        let lines = (1...5).map { replica.line("changeset \($0)") }
        func page(_ range: Range<Int>, more: Bool) -> Exchange.Answer {
            Exchange.Answer(
                status: 200,
                headers: [
                    ("content-type", "application/x-ndjson"),
                    ("tally-more", more ? "true" : "false"),
                ], lines: Array(lines[range]))
        }
        let cursor = [("cursor", "header:tally-cursor")]
        return Exchange(
            name: "pull",
            about:
                "Lines come verbatim in the order in which they were taken, page by page from a cursor on.",
            setup: lines,
            steps: [
                get(changesets, page(0..<5, more: false)),
                get(changesets + "?limit=2", page(0..<2, more: true), keep: cursor),
                get(
                    changesets + "?limit=2&after=${cursor}", page(2..<4, more: true), keep: cursor),
                get(
                    changesets + "?limit=10000&after=${cursor}", page(4..<5, more: false),
                    keep: cursor),
                get(changesets + "?after=${cursor}", page(5..<5, more: false), keep: cursor),
            ])
    }

    private static var push: Exchange {
        var a = TestReplica(seed: 1)
        var b = TestReplica(seed: 2)
        let first = [a.line("one"), a.line("two")]
        let afterFirst = heads(a)
        let second = [b.line("three", event: "test:2", seen: a.asSeen)]
        return Exchange(
            name: "push",
            about:
                "Lines are taken once; what is here already is a duplicate. The answer has the heads that changed.",
            steps: [
                push(first, taken(2, 0, heads: afterFirst), heads: afterFirst),
                push(first, taken(0, 2, heads: [:]), heads: afterFirst),
                push(first + second, taken(1, 2, heads: heads(b)), heads: heads(a, b)),
                push([], taken(0, 0, heads: [:]), heads: heads(a, b)),
                Exchange.Step(
                    method: "POST", path: changesets, token: "writer",
                    body: .text(String(decoding: first[0], as: UTF8.self)),
                    answer: taken(0, 1, heads: [:]), heads: heads(a, b)),
                get(changesets, Exchange.Answer(status: 200, lines: first + second)),
            ])
    }

    private static var pushPacked: Exchange {
        var replica = TestReplica(seed: 1)
        let lines = [replica.line("one"), replica.line("two")]
        func step(_ coding: String, _ body: Exchange.Body, _ answer: Exchange.Answer)
            -> Exchange.Step
        {
            Exchange.Step(
                method: "POST", path: changesets, token: "writer",
                headers: [("content-encoding", coding)], body: body, answer: answer,
                heads: heads(replica))
        }
        return Exchange(
            name: "push-packed", about: "A body may be packed with zstd; identity always works.",
            steps: [
                step(
                    "zstd", .base64(Zstd.compress(HubBench.body(lines))),
                    taken(2, 0, heads: heads(replica))),
                step("identity", .lines(lines), taken(0, 2, heads: [:])),
                step("zstd", .lines(lines), refused(.badRequest)),
                step("gzip", .lines(lines), refused(.badRequest)),
            ])
    }

    private static var pushHandedOn: Exchange {
        var a = TestReplica(seed: 1)
        // With spaces, and a member that no version knows.
        var spaced = RawLine(a.line("handed on"), key: a.key)
        spaced["x-later"] = #"{ "kept" : [ 1.50e1 ] }"#
        let line = spaced.bytes
        let hash = try? ChangesetLine(line).hash
        let heads = hash.map { [a.id: Head(seq: 1, hash: $0)] } ?? [:]
        return Exchange(
            name: "push-handed-on",
            about:
                "Any writer may bring any valid line, whoever signed it; the writer's choice of JSON stays.",
            steps: [
                push([line], token: "admin", taken(1, 0, heads: heads), heads: heads),
                push([line], token: "writer", taken(0, 1, heads: [:]), heads: heads),
                get(changesets, Exchange.Answer(status: 200, lines: [line])),
            ])
    }

    private static var waiting: Exchange {
        var replica = TestReplica(seed: 1)
        let line = replica.line("one")
        return Exchange(
            name: "wait",
            about:
                "With wait=SECONDS an answer comes at once where there is something, else empty when the time is over.",
            setup: [line],
            steps: [
                get(
                    changesets + "?wait=60", Exchange.Answer(status: 200, lines: [line]),
                    keep: [("cursor", "header:tally-cursor")]),
                get(
                    changesets + "?wait=1&after=${cursor}",
                    Exchange.Answer(
                        status: 200,
                        headers: [("tally-more", "false"), ("tally-cursor", "${cursor}")],
                        lines: [])),
            ])
    }

    private static var health: Exchange {
        Exchange(
            name: "health", about: "Liveness and metrics want no token.",
            steps: [
                get("/healthz", token: nil, Exchange.Answer(status: 200)),
                get("/metrics", token: nil, Exchange.Answer(status: 200)),
            ])
    }

    // MARK: The refusals

    private static var refusals: [Exchange] {
        [
            tooLarge, unauthenticated, forbidden, unknownDataset, badRequest, notFound, cursorGone,
            invalidLines, invalidCreate, gap, fork, unseen, allOrNothing,
        ]
    }

    private static var tooLarge: Exchange {
        func step(_ method: String, _ path: String, _ token: String?, _ count: Int) -> Exchange.Step
        {
            Exchange.Step(
                method: method, path: path, token: token, body: .repeated("x", times: count),
                answer: refused(.tooLarge), heads: [:])
        }
        return Exchange(
            name: "refused-too-large",
            about:
                "A push has at most 4 MiB, or one line of 4 MiB and its newline. Size is checked before the token.",
            steps: [
                step("POST", changesets, "writer", 4_194_306),
                step("POST", changesets, nil, 4_194_306),
                step("POST", changesets, "writer", 4_194_305),
                step("PUT", korea, "admin", 65_537),
            ])
    }

    private static var unauthenticated: Exchange {
        let unknown = [
            ("authorization", "Bearer tally_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        ]
        let basic = [("authorization", "Basic bWluYTp4")]
        return Exchange(
            name: "refused-unauthenticated",
            about: "Every call of /v1 wants a token that the hub knows.",
            steps: [[], unknown, basic].flatMap { headers in
                [
                    get("/v1/datasets", token: nil, headers: headers, refused(.unauthenticated)),
                    get(korea, token: nil, headers: headers, refused(.unauthenticated)),
                    get(changesets, token: nil, headers: headers, refused(.unauthenticated)),
                    Exchange.Step(
                        method: "POST", path: changesets, headers: headers, body: .text("x"),
                        answer: refused(.unauthenticated)),
                    Exchange.Step(
                        method: "PUT", path: korea, headers: headers, body: .text(put),
                        answer: refused(.unauthenticated), heads: [:]),
                ]
            })
    }

    private static var forbidden: Exchange {
        var replica = TestReplica(seed: 1)
        let line = replica.line("one")
        func create(_ token: String) -> Exchange.Step {
            Exchange.Step(
                method: "PUT", path: korea, token: token, body: .text(put),
                answer: refused(.forbidden))
        }
        return Exchange(
            name: "refused-forbidden",
            about:
                "A reader does not push, a writer does not create, and a token without a role for a name is told the same whether it exists or not.",
            steps: [
                push([line], token: "reader", refused(.forbidden), heads: [:]),
                push([line], token: "stranger", refused(.forbidden), heads: [:]),
                create("reader"), create("writer"), create("stranger"),
                get(korea, token: "stranger", refused(.forbidden)),
                get("/v1/datasets/nowhere", token: "stranger", refused(.forbidden)),
                get(changesets, token: "stranger", refused(.forbidden)),
            ])
    }

    private static var unknownDataset: Exchange {
        let path = "/v1/datasets/elsewhere"
        return Exchange(
            name: "refused-unknown-dataset",
            about: "A token may have a role for a name that does not exist yet.",
            steps: [
                get(path, token: "stranger", refused(.unknownDataset)),
                get(path + "/changesets", token: "stranger", refused(.unknownDataset)),
                Exchange.Step(
                    method: "POST", path: path + "/changesets", token: "stranger",
                    answer: refused(.unknownDataset)),
            ])
    }

    private static var badRequest: Exchange {
        let queries = [
            "limit=0", "limit=10001", "limit=x", "limit=", "wait=61", "wait=-1", "wait=0.5",
            "after=", "after=x", "limit=1&limit=2",
        ]
        let names = [
            "Korea", "-korea", "..%2f", "%00", "k%6frea", String(repeating: "a", count: 65),
        ]
        return Exchange(
            name: "refused-bad-request",
            about:
                "limit is 1 to 10000, wait 0 to 60, a cursor one of the hub's, a name [a-z0-9][a-z0-9-]{0,63}; names are never percent-decoded.",
            steps: queries.map { get(changesets + "?" + $0, refused(.badRequest)) }
                + names.map {
                    get("/v1/datasets/" + $0, token: "admin", refused(.badRequest))
                })
    }

    private static var notFound: Exchange {
        func answer(_ status: Int) -> Exchange.Answer {
            Exchange.Answer(
                status: status, headers: [("content-type", "application/problem+json")],
                body: ["type": "about:blank", "status": .number(Double(status))])
        }
        return Exchange(
            name: "refused-path-or-method",
            about:
                "An unknown path is 404, a method that is not for a path 405; neither has a word of the protocol.",
            steps: [
                get("/", token: nil, answer(404)), get("/v1/datasets/", answer(404)),
                get("/v1/datasets/korea/other", answer(404)),
                get("/v1/datasets/korea/../japan", answer(404)),
                Exchange.Step(method: "DELETE", path: korea, token: "admin", answer: answer(405)),
                Exchange.Step(
                    method: "POST", path: "/v1/datasets", token: "admin", answer: answer(405)),
            ])
    }

    private static var cursorGone: Exchange {
        var replica = TestReplica(seed: 1)
        let line = replica.line("one")
        let gone = [
            "00000000-0000-4000-8000-000000000000.1.0123456789abcdef",
            "00000000-0000-4000-8000-000000000000.0.0",
        ]
        return Exchange(
            name: "refused-cursor-gone",
            about:
                "A cursor of another epoch has gone: begin anew without one. (The text of a cursor is the hub's own: these are of a hub that keeps its log in dataset files.)",
            setup: [line],
            steps: gone.map { get(changesets + "?after=" + $0, refused(.cursorGone)) } + [
                get(changesets, Exchange.Answer(status: 200, lines: [line]))
            ])
    }

    private static var invalidLines: Exchange {
        var a = TestReplica(seed: 1)
        let setup = [a.line("one")]
        let before = heads(a)
        let good = a.rawLine()
        let other = TestReplica(seed: 2)
        func spoilt(_ name: String, _ json: String?) -> [UInt8] {
            var line = good
            line[name] = json
            return line.bytes
        }
        var twice = good
        twice.append("author", "\"twice\"")
        var badSignature = good
        badSignature.hasBadSignature = true
        var sigElsewhere = good
        sigElsewhere["extra"] = #"{"sig":"x"}"#
        var wrongKey = other.rawLine()
        wrongKey["key"] =
            "\"" + String(decoding: Base64URL.encode(a.key.publicKey.bytes), as: UTF8.self) + "\""
        var noKey = other.rawLine()
        noKey["key"] = nil
        let bodies: [Exchange.Body] =
            [.text("x\n"), .text("{}\n"), .text("\n"), .text("\u{feff}{}\n")]
            + [
                twice.bytes, sigElsewhere.bytes, spoilt("format", "2"),
                spoilt("dataset", "\"\(HubBench.otherDataset)\""),
                spoilt("replica", "\"\(a.id.text.uppercased())\""), wrongKey.bytes, noKey.bytes,
                badSignature.bytes, spoilt("seq", "2.0"), spoilt("seq", "\"2\""),
                spoilt("prev", nil), spoilt("seen", nil), spoilt("at", "\"2026-11-23T16:45:12Z\""),
                spoilt("edits", "[]"),
                spoilt(
                    "edits",
                    #"[{"kind":"event","op":"set","fields":["date"],"rows":[[["x"],"2023"]]}]"#),
                spoilt("edits", #"[{"kind":"event","op":"burn","rows":[[["x"]]]}]"#),
            ].map { Exchange.Body.lines([$0]) }
        return Exchange(
            name: "refused-invalid-lines",
            about: "What is wrong with a line itself, one fault each; line and reason are told.",
            setup: setup,
            steps: bodies.map {
                Exchange.Step(
                    method: "POST", path: changesets, token: "writer", body: $0,
                    answer: refused(.invalid, line: 1), heads: before)
            })
    }

    private static var invalidCreate: Exchange {
        Exchange(
            name: "refused-invalid-create",
            about: "PUT wants {\"dataset\":\"UUID\"}, in lower case.",
            dataset: nil,
            steps: ["", "x", "{}", #"{"dataset":"korea"}"#, put.uppercased(), put + put].map {
                Exchange.Step(
                    method: "PUT", path: korea, token: "admin", body: .text($0),
                    answer: refused(.invalid))
            })
    }

    private static var gap: Exchange {
        var a = TestReplica(seed: 1)
        let lines = (1...3).map { a.line("changeset \($0)") }
        var b = TestReplica(seed: 2)
        let more = (1...4).map { b.line("changeset \($0)", event: "test:2") }
        return Exchange(
            name: "refused-gap",
            about:
                "A seq that is not the next: the answer says of which replica, and which is. So it is for a line in the middle.",
            setup: lines,
            steps: [
                push(
                    [more[1]], refused(.gap, line: 1, replica: b.id, expected: 1), heads: heads(a)),
                push(
                    [more[0], more[1], more[3]],
                    refused(.gap, line: 3, replica: b.id, expected: 3), heads: heads(a)),
            ])
    }

    private static var fork: Exchange {
        var a = TestReplica(seed: 1)
        var twin = a
        let lines = [a.line("one"), a.line("two")]
        let other = [twin.line("another"), twin.line("branch")]
        return Exchange(
            name: "refused-fork", about: "That revision is here with another hash.",
            setup: lines,
            steps: [
                push(other, refused(.fork, line: 1), heads: heads(a)),
                push([lines[0], other[1]], refused(.fork, line: 2), heads: heads(a)),
            ])
    }

    private static var unseen: Exchange {
        var a = TestReplica(seed: 1)
        let setup = [a.line("one")]
        let before = heads(a)
        let here = a.asSeen
        var wrongPrevious = a.rawLine()
        wrongPrevious["prev"] = "\"" + String(repeating: "0", count: 64) + "\""
        _ = a.line("two")
        var (b, c) = (TestReplica(seed: 2), TestReplica(seed: 3))
        let notHere = b.line("has seen more", seen: a.asSeen)
        var otherHash = c.rawLine()
        otherHash["seen"] =
            "{\"\(here[0].revision.replica)\":[1,\"" + String(repeating: "0", count: 64) + "\"]}"
        return Exchange(
            name: "refused-unseen",
            about: "A name in seen or prev that is not, by seq and hash, what the hub has.",
            setup: setup,
            steps: [
                push([notHere], refused(.unseen, line: 1), heads: before),
                push([otherHash.bytes], refused(.unseen, line: 1), heads: before),
                push([wrongPrevious.bytes], refused(.unseen, line: 1), heads: before),
            ])
    }

    private static var allOrNothing: Exchange {
        var a = TestReplica(seed: 1)
        let lines = (1...3).map { a.line("changeset \($0)") }
        var bad = a.rawLine()
        bad.hasBadSignature = true
        return Exchange(
            name: "all-or-nothing", about: "One line that is refused refuses the whole push.",
            steps: [
                push(lines + [bad.bytes], refused(.invalid, line: 4), heads: [:]),
                get(changesets, Exchange.Answer(status: 200, lines: [])),
                push(lines, taken(3, 0, heads: heads(a)), heads: heads(a)),
            ])
    }
}
