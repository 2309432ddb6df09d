import StoreTestSupport
import Synchronization
import TallyCore
import TallySync
import TallyWire
import Testing

/// The protocol over a web client that a test plays.
struct HubTransportTests {
    /// Answers requests as it is told, and keeps them.
    private final class FakeExchange: HTTPExchange, Sendable {
        private let answer: @Sendable (HTTPRequest) throws(HTTPError) -> HTTPResponse
        private let kept = Mutex<[HTTPRequest]>([])

        init(_ answer: @escaping @Sendable (HTTPRequest) throws(HTTPError) -> HTTPResponse) {
            self.answer = answer
        }

        var requests: [HTTPRequest] { kept.withLock { $0 } }

        func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
            kept.withLock { $0.append(request) }
            return try answer(request)
        }
    }

    private func hub(
        _ status: Int, _ body: String = "", headers: [HTTPHeader] = [], token: String? = nil
    ) throws -> (transport: HubTransport, exchange: FakeExchange) {
        let exchange = FakeExchange { (_) throws(HTTPError) in
            HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
        }
        let address = try #require(HubAddress("https://hub.example/korea"))
        return (HubTransport(address, token: token, exchange: exchange), exchange)
    }

    private let pageHeaders = [
        HTTPHeader("Tally-Cursor", "e.2.abc"), HTTPHeader("Tally-Epoch", "e"),
        HTTPHeader("Tally-More", "true"),
    ]

    private let heads = DatasetHeads(
        dataset: DatasetID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff").unsafelyUnwrapped,
        name: "korea", epoch: "e", cursor: "e.0.0", heads: [:])

    @Test("heads are asked for at the dataset's address, with the token")
    func readHeads() throws {
        let (transport, exchange) = try hub(200, heads.json.text, token: "secret")
        #expect(try transport.heads() == heads)
        let request = try #require(exchange.requests.first)
        #expect(request.method == .get && request.body == nil)
        #expect(request.url == "https://hub.example/v1/datasets/korea")
        #expect(request.headers["Authorization"] == "Bearer secret")
        let (plain, plainExchange) = try hub(200, heads.json.text)
        _ = try plain.heads()
        #expect(plainExchange.requests.first?.headers["Authorization"] == nil)
    }

    @Test("a page of lines is taken as it came, with the cursor to go on from")
    func pull() throws {
        let (transport, exchange) = try hub(200, "{1}\n{2}\n", headers: pageHeaders)
        let batch = try transport.pull(after: "e.1/+ü&")
        #expect(
            batch
                == PulledBatch(
                    lines: [Array("{1}".utf8), Array("{2}".utf8)], cursor: "e.2.abc", epoch: "e",
                    isMore: true))
        #expect(
            exchange.requests.first?.url
                == "https://hub.example/v1/datasets/korea/changesets?limit=10000"
                + "&after=e.1%2F%2B%C3%BC%26")
        _ = try transport.pull(after: nil)
        #expect(exchange.requests.last?.url.hasSuffix("/changesets?limit=10000") == true)
        #expect(try hub(200, "", headers: pageHeaders).transport.pull(after: nil).lines.isEmpty)
        #expect(
            try hub(200, "{1}", headers: pageHeaders).transport.pull(after: nil).lines.count == 1)
    }

    @Test("a page without its headers is not a hub's", arguments: 0..<3)
    func missingHeader(_ index: Int) throws {
        var headers = pageHeaders
        headers.remove(at: index)
        let error = #expect(throws: SyncError.self) {
            try hub(200, "", headers: headers).transport.pull(after: nil)
        }
        #expect(error?.code == .notAHub)
        #expect(
            error?.message
                == "https://hub.example/korea is no Tally hub: its answer has no cursor")
    }

    @Test("lines are pushed with their ends; one of 4 MiB has no room for it")
    func push() throws {
        let answer = PushAnswer(accepted: 1, duplicates: 1, cursor: "c", heads: [:])
        let (transport, exchange) = try hub(200, answer.json.text)
        #expect(try transport.push([Array("{1}".utf8), Array("{2}".utf8)]) == answer)
        let request = try #require(exchange.requests.first)
        #expect(request.method == .post)
        #expect(request.url == "https://hub.example/v1/datasets/korea/changesets")
        #expect(request.headers["Content-Type"] == "application/x-ndjson")
        #expect(request.body.map { String(decoding: $0, as: UTF8.self) } == "{1}\n{2}\n")
        let long = [UInt8](repeating: 0x20, count: Changeset.maximumLineBytes)
        // Two are said to have arrived, and one was sent: something on the way has changed the request.
        let error = #expect(throws: SyncError.self) { try transport.push([long]) }
        #expect(exchange.requests.last?.body?.count == Changeset.maximumLineBytes)
        #expect(error?.code == .unavailable)
        #expect(
            error?.message
                == "https://hub.example/korea got 2 of 1 changesets: something on the way has changed the request"
        )
    }

    @Test("without a token it is said how to get one")
    func noToken() throws {
        let problem = Problem(.unauthenticated, "why")
        let (transport, _) = try hub(problem.word.status, problem.json.text)
        let error = #expect(throws: SyncError.self) { try transport.heads() }
        #expect(error?.code == .notPermitted)
        #expect(error?.hint?.contains("tally login https://hub.example/korea") == true)
    }

    @Test(
        "what a hub refuses comes back as its problem",
        arguments: ProblemWord.allCases.filter { $0 != .unauthenticated })
    func problems(_ word: ProblemWord) throws {
        let problem = Problem(
            word, "why", line: 3, replica: ReplicaID("aaaaaaaaaaaaaaaa"), expectedSeq: 7)
        let (transport, _) = try hub(word.status, problem.json.text)
        #expect(throws: problem) { try transport.heads() }
        #expect(throws: problem) { try transport.push([]) }
    }

    @Test(
        "what answers and is no hub is said to be none",
        arguments: [
            (200, "<!doctype html>", "it answered with a web page"),
            (200, "\n <html>", "it answered with a web page"),
            (200, #"{"dataset":1}"#, "its heads cannot be read"),
            (200, "[]", "its heads cannot be read"), (404, "<html>not found", "it answered 404"),
            (302, "", "it answered 302"), (400, #"{"type":"about:blank"}"#, "it answered 400"),
        ])
    func noHub(_ status: Int, _ body: String, _ why: String) throws {
        #expect(
            throws: SyncError(
                .notAHub, "https://hub.example/korea is no Tally hub: \(why)",
                hint: "Check the address; it is https://HOST/DATASET, or "
                    + "https://HOST/v1/datasets/DATASET.")
        ) { try hub(status, body).transport.heads() }
    }

    @Test(
        "a gateway whose hub is away is not taken for something else", arguments: [429, 502, 503])
    func gateway(_ status: Int) throws {
        #expect(
            throws: SyncError(
                .unavailable, "https://hub.example/korea answered \(status)",
                hint: "Try again later.")
        ) { try hub(status, "<html>Bad Gateway").transport.heads() }
    }

    @Test("a hub of a newer format is named as such")
    func newerFormat() throws {
        var newer = heads
        newer.format = 2
        #expect(
            throws: SyncError(
                .newerFormat,
                "https://hub.example/korea holds lines of format 2; this version reads format 1",
                hint: "Install a newer version of Tally.")
        ) { try hub(200, newer.json.text).transport.heads() }
    }

    @Test("creating a dataset names its id")
    func create() throws {
        let (transport, exchange) = try hub(200, "{}")
        try transport.create(heads.dataset)
        let request = try #require(exchange.requests.first)
        #expect(request.method == .put && request.url == "https://hub.example/v1/datasets/korea")
        #expect(
            request.body.map { String(decoding: $0, as: UTF8.self) }
                == #"{"dataset":"6f9619ff-8b86-4d01-b42d-00cf4fc964ff"}"#)
        let (list, listed) = try hub(200, #"{"datasets":[{"name":"korea"},{"name":"japan"}]}"#)
        #expect(try list.datasets() == ["korea", "japan"])
        #expect(listed.requests.first?.url == "https://hub.example/v1/datasets")
    }
}
