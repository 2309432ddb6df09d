import TallyWire

/// The hub's answer as plain values.
public struct HubAnswer: Sendable {
    public var status: Int
    public var headers: HubHeaders
    public var body: [UInt8]
    /// What is sent in place of the body.
    public var file: FilePart?
    /// The member whose token came with the request, for the log.
    public var member: String?
    /// For a refusal: its word.
    public var word: ProblemWord?
    /// For the log only: what the client is not told.
    public var note: String?

    /// As it is sent.
    public var byteCount: Int { file?.byteCount ?? body.count }

    init(status: Int, headers: HubHeaders = HubHeaders(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    init(status: Int = 200, json: JSONValue) {
        self.init(
            status: status, headers: ["content-type": "application/json"],
            body: json.bytes + [0x0a])
    }

    init(_ problem: Problem) {
        self.init(status: problem.word.status, problem: problem.json)
        word = problem.word
        switch problem.word {
        case .unauthenticated: headers.add("www-authenticate", #"Bearer realm="tally""#)
        case .busy: headers.add("retry-after", String(Self.retryAfterSeconds))
        default: break
        }
    }

    /// A refusal for which the protocol has no word (RFC 9457, `about:blank`).
    init(status: Int, title: String, detail: String) {
        self.init(
            status: status,
            problem: [
                "type": "about:blank", "title": .string(title), "status": .number(Double(status)),
                "detail": .string(detail),
            ])
    }

    private init(status: Int, problem: JSONValue) {
        self.init(
            status: status, headers: ["content-type": "application/problem+json"],
            body: problem.bytes + [0x0a])
    }

    static let retryAfterSeconds = 2
}
