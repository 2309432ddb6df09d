import StoreTestSupport
import TallyCore
import TallyHub
import TallyStore
import TallySync
import TallyZstd

@testable import TallyWire

/// Bytes as what a hub and a copy say to each other: a request, an answer (`HTTP 200` in the first line), or a message.
///
/// - A message that is read says itself in JSON that reads to the same.
/// - A hub answers every request without a fault of its own, and a request that it refuses changes nothing of its log.
/// - A copy takes an answer, or throws `Problem` or `SyncError`. What it pulls changes nothing, or leaves it sound.
final class MessagesTarget: FuzzTarget {
    private let signing: Signing
    private var hub: FuzzedHub
    private var copy: FuzzedCopy

    init() throws {
        signing = try Signing()
        hub = try FuzzedHub()
        copy = try FuzzedCopy()
    }

    func check(_ bytes: [UInt8]) throws {
        if bytes.starts(with: "HTTP ".utf8) {
            try checkAnswer(Talk(bytes))
        } else if bytes.prefix(16).contains(UInt8(ascii: "/")), bytes.first != UInt8(ascii: "{") {
            try checkRequest(Talk(bytes))
        } else {
            checkMessage(bytes)
        }
    }

    // MARK: Messages

    private func checkMessage(_ bytes: [UInt8]) {
        if let cursor = LogCursor(String(decoding: bytes, as: UTF8.self)) {
            require(LogCursor(cursor.text) == cursor, "a cursor reads to another")
        }
        let json: JSONValue
        do throws(JSONFault) {
            json = try JSONValue(parsing: bytes)
        } catch {
            LinesTarget.checkReason(error.reason)
            return
        }
        require((try? JSONValue(parsing: json.bytes)) == json, "JSON reads to other JSON")
        if let heads = DatasetHeads(json) {
            require(DatasetHeads(heads.json) == heads, "heads read to others")
        }
        if let answer = PushAnswer(json) {
            require(PushAnswer(answer.json) == answer, "an answer reads to another")
        }
        if let problem = Problem(json) {
            require(Problem(problem.json) == problem, "a problem reads to another")
        }
        _ = try? Kind(description: bytes)
        _ = RecordKey(json: String(decoding: bytes, as: UTF8.self))
    }

    // MARK: The hub

    private func checkRequest(_ talk: Talk) throws {
        let words = talk.first.split(separator: " ", maxSplits: 1).map(String.init)
        let before = hub.log()
        var request = HubRequest(
            method: words.first ?? "",
            target: (words.count > 1 ? words[1] : "/").replacing("CURSOR", with: hub.cursor))
        var body = talk.body
        for (name, value) in talk.headers {
            switch (name, value) {
            case ("x-fuzz", "sign"):
                body = body.split(separator: 0x0a, omittingEmptySubsequences: false)
                    .map { $0.isEmpty ? [] : signing.signed(Array($0)) }
                    .joined(separator: [0x0a]).map { $0 }
            case ("x-fuzz", "pack"): body = Zstd.compress(body)
            default: request.headers.add(name, value.replacing("TOKEN", with: hub.token))
            }
        }
        request.body = .whole(body)
        guard case .answer(let answer) = hub.service.reply(to: request) else { return }
        require(
            answer.status < 500,
            "the hub fails: \(answer.status) \(answer.note ?? "") "
                + String(decoding: answer.body, as: UTF8.self))
        let after = hub.log()
        if answer.status >= 300 {
            require(after == before, "a refusal (\(answer.status)) changed the log")
        }
        // Each input finds the same hub.
        if answer.status < 300, request.method != "GET" { hub = try FuzzedHub() }
    }

    // MARK: The copy

    private func checkAnswer(_ talk: Talk) throws {
        let status = talk.first.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let exchange = CannedExchange(
            answer: HTTPResponse(
                status: status, headers: talk.headers.map { HTTPHeader($0, $1) }, body: talk.body))
        let retrying = RetryingHTTP(
            exchange, sleep: { _ in true }, random: { 7 }, now: { 1_800_000_000 })
        guard let address = HubAddress("https://hub.example.org/korea") else {
            fail("the address is one")
        }
        let transport = HubTransport(address, token: "tally_x", exchange: retrying)
        try Self.ask { _ = try transport.heads() }
        try Self.ask { _ = try transport.pull(after: nil) }
        try Self.ask { _ = try transport.push([Array("{}".utf8)]) }
        try Self.ask { _ = try transport.datasets() }
        try checkPull(HubTransport(address, token: "tally_x", exchange: CannedPages(retrying, hub)))
    }

    /// The hub says what it has, and then the answer comes for each page.
    private func checkPull(_ transport: HubTransport) throws {
        let before = try Contents(of: copy.dataset)
        do {
            _ = try SyncDriver(
                copy.dataset, with: transport, as: "origin", workplace: Person("mina").workplace,
                notesIdleSync: false
            ).run(.pull)
        } catch let error as SyncError {
            LinesTarget.checkReason(error.message)
        } catch let error as StoreError { fail("the copy fails: \(error)") }
        guard try Contents(of: copy.dataset) != before else { return }
        let faults = try copy.faults()
        require(faults.isEmpty, "an answer was taken, and the copy is not sound: \(faults)")
        // Each input finds the same copy.
        copy = try FuzzedCopy()
    }

    private static func ask(_ question: () throws -> Void) throws {
        do {
            try question()
        } catch let problem as Problem {
            _ = SyncError(problem, at: "hub")
        } catch is SyncError {}
    }
}

/// `FIRST LINE`, lines `name: value`, an empty line, the body.
private struct Talk {
    var first = ""
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        func line() -> String? {
            guard let end = rest.firstIndex(of: 0x0a) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return String(decoding: rest[..<end], as: UTF8.self)
        }
        first = line() ?? String(decoding: bytes, as: UTF8.self)
        while let next = line(), !next.isEmpty {
            let parts = next.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            headers.append(
                (String(parts[0]), parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""))
        }
        body = Array(rest)
    }
}

private struct CannedExchange: HTTPExchange {
    let answer: HTTPResponse

    func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse { answer }
}

/// A hub that has pages of its own, and says of itself what another does.
private struct CannedPages: HTTPExchange {
    private let pages: any HTTPExchange
    private let heads: [UInt8]

    init(_ pages: any HTTPExchange, _ hub: FuzzedHub) {
        self.pages = pages
        heads = hub.heads()
    }

    func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
        if request.url.contains("/changesets") { return try pages.send(request) }
        return HTTPResponse(status: 200, headers: [], body: heads)
    }
}

/// A copy in a folder that goes with it, which knows a hub and has the first line of its log.
private final class FuzzedCopy {
    let dataset: Dataset
    private let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        dataset = try Dataset.open(path: makeFirstLineFile(in: folder))
        try dataset.writeLocally {
            try $0.saveRemote("origin", url: "https://hub.example.org/korea")
        }
    }

    deinit { dataset.close() }

    func faults() throws -> [String] {
        try dataset.verify(temporaryPath: folder.file("verify.tally")).faults.map { "\($0)" }
    }
}

/// A hub in a folder that goes with it, with the fixtures' log as `korea`, and one member who may do everything.
private final class FuzzedHub {
    let service: HubService
    let token: String
    private(set) var cursor = ""
    private let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        service = try HubService(folder: folder.path)
        token = try service.members.createToken(
            name: "mina", datasets: ["korea", "japan"], role: .admin,
            at: Timestamp(milliseconds: 0),
            randomBytes: { Array(repeating: 7, count: $0) }
        ).text
        let lines = try fixture("lines/valid.jsonl")
        let id = try ChangesetLine(Array(lines.prefix { $0 != 0x0a })).dataset()
        let made = ask("PUT", "/v1/datasets/korea", Array(#"{"dataset":"\#(id)"}"#.utf8))
        let pushed = ask("POST", "/v1/datasets/korea/changesets", lines)
        require(made.status == 201 && pushed.status == 200, "the hub takes the fixtures")
        cursor = try JSONValue(parsing: pushed.body)["cursor"]?.string ?? ""
    }

    deinit { service.close() }

    private func ask(_ method: String, _ target: String, _ body: [UInt8] = []) -> HubAnswer {
        service.answer(
            HubRequest(
                method: method, target: target, headers: ["authorization": "Bearer \(token)"],
                body: body))
    }

    func heads() -> [UInt8] { ask("GET", "/v1/datasets/korea").body }

    func log() -> [UInt8] { ask("GET", "/v1/datasets/korea/changesets").body }
}
