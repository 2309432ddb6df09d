import TallyCore
import TallyWire

/// A dataset at a hub, over HTTP (DESIGN.md section 8).
public struct HubTransport: SyncTransport {
    public let address: HubAddress
    private let token: String?
    private let exchange: any HTTPExchange

    public init(_ address: HubAddress, token: String?, exchange: any HTTPExchange) {
        self.address = address
        self.token = token
        self.exchange = exchange
    }

    public var name: String { address.text }

    public func heads() throws -> DatasetHeads {
        let answer = try send(.get, address.dataset)
        guard let heads = DatasetHeads(try json(answer)) else {
            throw notAHub("its heads cannot be read")
        }
        guard heads.format == ChangesetLine.format else {
            throw SyncError(
                .newerFormat,
                "\(name) holds lines of format \(heads.format); this version reads format "
                    + "\(ChangesetLine.format)", hint: "Install a newer version of Tally.")
        }
        return heads
    }

    public func pull(after cursor: String?) throws -> PulledBatch {
        try batch(after: cursor, limit: BatchBounds.lines)
    }

    /// Whether the hub holds anything behind a cursor; where it does not, it is waited for.
    ///
    /// - Parameters:
    ///   - cursor: nil for the beginning.
    ///   - waitSeconds: how long the hub keeps the question, 1 to 60.
    /// - Returns: false where nothing came in that time.
    /// - Throws: as every request: `Problem` or `SyncError`.
    public func hasNews(after cursor: String?, waitSeconds: Int) throws -> Bool {
        try !batch(after: cursor, limit: 1, waitSeconds: waitSeconds).lines.isEmpty
    }

    private func batch(
        after cursor: String?, limit: Int, waitSeconds: Int? = nil
    ) throws -> PulledBatch {
        var url = address.dataset + "/changesets?limit=\(limit)"
        if let cursor { url += "&after=\(HubAddress.percentEncoded(cursor))" }
        if let waitSeconds { url += "&wait=\(waitSeconds)" }
        let answer = try send(.get, url, waitSeconds: waitSeconds)
        guard let cursor = answer.headers["Tally-Cursor"],
            let epoch = answer.headers["Tally-Epoch"],
            let more = answer.headers["Tally-More"], ["true", "false"].contains(more)
        else { throw notAHub("its answer has no cursor") }
        var lines = answer.body.split(separator: 0x0a, omittingEmptySubsequences: false).map(
            Array.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return PulledBatch(lines: lines, cursor: cursor, epoch: epoch, isMore: more == "true")
    }

    public func push(_ lines: [[UInt8]]) throws -> PushAnswer {
        var body: [UInt8] = []
        body.reserveCapacity(lines.reduce(0) { $0 + $1.count + 1 })
        for line in lines {
            body.append(contentsOf: line)
            body.append(0x0a)
        }
        // A line of the greatest length has no room for its end.
        if body.count > Changeset.maximumLineBytes { body.removeLast() }
        let answer = try send(
            .post, address.dataset + "/changesets", body: body, type: "application/x-ndjson")
        guard let pushed = PushAnswer(try json(answer)) else {
            throw notAHub("its answer to a push cannot be read")
        }
        let count = pushed.accepted + pushed.duplicates
        guard count == lines.count else {
            throw SyncError(
                .unavailable,
                "\(name) got \(count) of \(lines.count) changesets: something on the way has changed the request",
                hint: "Nothing was lost here. Run tally sync again; what arrived is not sent twice."
            )
        }
        return pushed
    }

    /// Makes the dataset at the hub; nothing happens when it is there with that id.
    public func create(_ dataset: DatasetID) throws {
        let body: JSONValue = ["dataset": .string(dataset.text)]
        _ = try send(.put, address.dataset, body: body.bytes, type: "application/json")
    }

    /// The names of the datasets that the token may see.
    public func datasets() throws -> [String] {
        let json = try json(try send(.get, address.base + "/v1/datasets"))
        return (json["datasets"]?.array ?? []).compactMap { $0["name"]?.string }
    }

    // MARK: One request

    private func send(
        _ method: HTTPMethod, _ url: String, body: [UInt8]? = nil, type: String? = nil,
        waitSeconds: Int? = nil
    ) throws -> HTTPResponse {
        var request = HTTPRequest(
            method, url, headers: type.map { [HTTPHeader("Content-Type", $0)] } ?? [], body: body,
            compressBody: true, maximumResponseBytes: BatchBounds.answerBytes)
        if let waitSeconds {
            request.lowSpeed = nil
            request.timeoutMs = 1000 * (waitSeconds + 10)
        }
        let answer: HTTPResponse
        do throws(HTTPError) {
            answer = try self.answer(to: request)
        } catch { throw SyncError(error) }
        guard (200...299).contains(answer.status) else { throw refusal(answer) }
        return answer
    }

    /// Whatever the hub says.
    func answer(to request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
        var request = request
        if let token { request.headers.append(HTTPHeader("Authorization", "Bearer \(token)")) }
        return try exchange.send(request)
    }

    /// What an answer means that is none.
    func refusal(_ answer: HTTPResponse) -> any Error {
        if let problem = (try? JSONValue(parsing: answer.body)).flatMap({ Problem($0) }) {
            if problem.word == .unauthenticated, token == nil {
                return SyncError(
                    .notPermitted, "\(name) wants a token, and none is kept for it here",
                    hint: "Ask for a token and give it with: tally login \(name)")
            }
            return problem
        }
        // What stands before a hub answers for it while it is away.
        if answer.status == 429 || answer.status >= 500 {
            return SyncError(
                .unavailable, "\(name) answered \(answer.status)", hint: "Try again later.")
        }
        return notAHub("it answered \(answer.status)")
    }

    private func json(_ answer: HTTPResponse) throws -> JSONValue {
        do {
            return try JSONValue(parsing: answer.body)
        } catch {
            let start = answer.body.first { $0 != 0x20 && $0 != 0x0a && $0 != 0x0d && $0 != 0x09 }
            throw notAHub(
                start == UInt8(ascii: "<")
                    ? "it answered with a web page" : "its answer is not JSON: \(error.reason)")
        }
    }

    func notAHub(_ why: String) -> SyncError {
        SyncError(
            .notAHub, "\(name) is no Tally hub: \(why)",
            hint:
                "Check the address; it is https://HOST/DATASET, or https://HOST/v1/datasets/DATASET."
        )
    }
}

extension SyncError {
    init(_ error: HTTPError) {
        let hint = error.hint.isEmpty ? nil : error.hint
        switch error.code {
        case .badURL, .badHeader, .redirected, .protocol:
            self.init(.notAHub, error.message, hint: hint)
        case .tooLarge: self.init(.notAHub, error.message, hint: hint)
        case .interrupted: self.init(.interrupted, error.message, hint: hint)
        default: self.init(.unavailable, error.message, hint: hint)
        }
    }
}
