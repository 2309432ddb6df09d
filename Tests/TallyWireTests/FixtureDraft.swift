import Foundation
import TallyCore
import TallyWire

/// A case of `malformed.json` or `bounds.json` as the tables of this folder make it up.
struct FixtureDraft {
    enum Content {
        case bytes([UInt8])
        /// Text, and text that is repeated with a running number for `{n}`.
        case pieces([JSONValue])
    }

    var name: String
    /// The sentence of DESIGN.md that the line breaks: section and words.
    var breaks: String
    var content: Content
    var context: [String]?
    var word = ProblemWord.invalid.rawValue
    var reason: String
    var expectedSeq: Int?
    /// Whose signature the line bears rightly; nil where the signature is the fault, or the end of the line.
    var signer: String? = "mina"

    func with(context: [String]) -> Self {
        var draft = self
        draft.context = context
        return draft
    }

    func with(word: ProblemWord, expectedSeq: Int? = nil) -> Self {
        var draft = self
        (draft.word, draft.expectedSeq) = (word.rawValue, expectedSeq)
        return draft
    }

    func with(signer: String?) -> Self {
        var draft = self
        draft.signer = signer
        return draft
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("name", .string(name)), .init("breaks", .string(breaks)),
        ]
        if let context { members.append(.init("context", .array(context.map { .string($0) }))) }
        switch content {
        case .bytes(let bytes):
            if let text = String(validating: bytes, as: UTF8.self) {
                members.append(.init("line", .string(text)))
            } else {
                members.append(.init("base64", .string(Data(bytes).base64EncodedString())))
            }
        case .pieces(let pieces): members.append(.init("pieces", .array(pieces)))
        }
        if let signer { members.append(.init("signer", .string(signer))) }
        var answer: [JSONValue.Member] = [.init("word", .string(word))]
        if let expectedSeq { answer.append(.init("expected", .number(Double(expectedSeq)))) }
        if !reason.isEmpty { answer.append(.init("reason", .string(reason))) }
        members.append(.init("answer", .object(answer)))
        return .object(members)
    }
}

/// Makes up the cases; the tables are in the extensions.
struct FixtureCases {
    let mina: ReplicaKey
    let jun: ReplicaKey
    /// A line that is valid but for what a case does to it.
    let base: LineDraft

    init() throws {
        mina = try Samples.key(0x11)
        jun = try Samples.key(0x22)
        base = try LineDraft(key: mina)
    }

    func malformed() throws -> [FixtureDraft] {
        json + endings + escapes + identity + members + times + seen + edits + clashes + values
            + statements + (try log())
    }

    /// A case of one draft, signed by mina.
    func line(
        _ name: String, _ breaks: String, _ draft: LineDraft, _ reason: String
    ) -> FixtureDraft {
        FixtureDraft(
            name: name, breaks: breaks, content: .bytes(draft.signed(with: mina)), reason: reason)
    }

    /// A case of one draft whose edits are `edits`.
    func edits(
        _ name: String, _ breaks: String, _ edits: String, _ reason: String
    ) -> FixtureDraft {
        line(name, breaks, base.with("edits", "[\(edits)]"), reason)
    }

    /// A case of a text that is signed as it stands, its last character being the closing brace.
    func signed(
        _ name: String, _ breaks: String, _ unsigned: String, _ reason: String
    ) -> FixtureDraft {
        FixtureDraft(
            name: name, breaks: breaks,
            content: .bytes(LineDraft.sign(Array(unsigned.utf8), with: mina)), reason: reason)
    }

    /// A case of bytes that nobody signed as they stand.
    func unsigned(
        _ name: String, _ breaks: String, _ bytes: [UInt8], _ reason: String
    ) -> FixtureDraft {
        FixtureDraft(
            name: name, breaks: breaks, content: .bytes(bytes), reason: reason, signer: nil)
    }
}
