import TallyCore
import TallyWire

/// One file of `SyncFixtures/exchanges`: what is there, what is asked, what is answered.
///
/// The format is described in the README beside the files.
struct Exchange {
    var name: String
    var about: String
    /// The id of the dataset `korea`; nil where there is none at the start.
    var dataset: String? = HubBench.dataset.text
    var setup: [[UInt8]] = []
    var steps: [Step]

    struct Step {
        var method: String
        var path: String
        var token: String?
        var headers: [(String, String)] = []
        var body: Body = .none
        var answer: Answer
        /// The heads afterwards.
        var heads: [ReplicaID: Head]?
        /// Names for what the answer says, to be used as `${name}` later on: `header:etag`, `body:cursor`.
        var keep: [(String, String)] = []
    }

    enum Body {
        case none
        case lines([[UInt8]])
        case text(String)
        case repeated(String, times: Int)
        case base64([UInt8])
    }

    struct Answer {
        var status: Int
        var word: ProblemWord?
        var headers: [(String, String)] = []
        var body: JSONValue?
        var lines: [[UInt8]]?
    }
}

// MARK: As JSON

extension Exchange {
    /// The tokens that every exchange has, by the name under which its requests ask for them.
    static let tokens: JSONValue = [
        "reader": ["korea": "reader"], "writer": ["korea": "writer"],
        "admin": ["korea": "admin"], "stranger": ["elsewhere": "admin"],
    ]

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("name", .string(name)), .init("about", .string(about)),
            .init("tokens", Self.tokens),
        ]
        if let dataset { members.append(.init("dataset", .string(dataset))) }
        if !setup.isEmpty { members.append(.init("setup", .lines(setup))) }
        members.append(.init("steps", .array(steps.map(\.json))))
        return .object(members)
    }
}

extension Exchange.Step {
    fileprivate var json: JSONValue {
        var request: [JSONValue.Member] = [
            .init("method", .string(method)), .init("path", .string(path)),
        ]
        if let token { request.append(.init("token", .string(token))) }
        if !headers.isEmpty { request.append(.init("headers", .strings(headers))) }
        switch body {
        case .none: break
        case .lines(let lines): request.append(.init("lines", .lines(lines)))
        case .text(let text): request.append(.init("body", .string(text)))
        case .repeated(let text, let times):
            request.append(
                .init("repeat", ["text": .string(text), "times": .number(Double(times))]))
        case .base64(let bytes):
            request.append(.init("base64", .string(Base64.encode(bytes))))
        }
        var members: [JSONValue.Member] = [
            .init("request", .object(request)), .init("answer", answer.json),
        ]
        if !keep.isEmpty { members.append(.init("keep", .strings(keep))) }
        if let heads { members.append(.init("heads", .heads(heads))) }
        return .object(members)
    }
}

extension Exchange.Answer {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [.init("status", .number(Double(status)))]
        if let word { members.append(.init("word", .string(word.rawValue))) }
        if !headers.isEmpty { members.append(.init("headers", .strings(headers))) }
        if let body { members.append(.init("body", body)) }
        if let lines { members.append(.init("lines", .lines(lines))) }
        return .object(members)
    }
}

extension JSONValue {
    fileprivate static func lines(_ lines: [[UInt8]]) -> JSONValue {
        .array(lines.map { .string(String(decoding: $0, as: UTF8.self)) })
    }

    fileprivate static func strings(_ pairs: [(String, String)]) -> JSONValue {
        .object(pairs.map { Member($0.0, .string($0.1)) })
    }

    /// Indented, so that people can read and compare it.
    func pretty(_ indent: String = "") -> String {
        let inner = indent + "  "
        switch self {
        case .object(let members) where !members.isEmpty:
            return "{\n"
                + members.map {
                    inner + JSONValue.string($0.name).text + ": " + $0.value.pretty(inner)
                }.joined(separator: ",\n") + "\n" + indent + "}"
        case .array(let elements) where !elements.isEmpty:
            return "[\n" + elements.map { inner + $0.pretty(inner) }.joined(separator: ",\n")
                + "\n" + indent + "]"
        default: return text
        }
    }
}

/// RFC 4648 section 4, with padding.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String {
        var text = String(decoding: Base64URL.encode(bytes), as: UTF8.self)
            .replacing("-", with: "+").replacing("_", with: "/")
        while text.utf8.count % 4 != 0 { text += "=" }
        return text
    }

    static func decode(_ text: String) -> [UInt8]? {
        Base64URL.decode(
            text.replacing("+", with: "-").replacing("/", with: "_").utf8.filter { $0 != 0x3d })
    }
}
