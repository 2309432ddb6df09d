import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// Which side of a conflict to take.
enum ResolutionRule: Equatable {
    case letter(String)
    case mine
    case base
    case author(String)
    case machine(String)
    /// `newest`, `vintage`, `fill`, `max`, `min`: the side that the policy would choose.
    case policy(Policy)

    init(_ text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        switch (parts.first?.lowercased(), parts.count) {
        case ("author", 2): self = .author(parts[1])
        case ("machine", 2): self = .machine(parts[1])
        case ("mine", 1): self = .mine
        case ("base", 1): self = .base
        default:
            if let policy = Policy(rawValue: text.lowercased()), policy != .manual {
                self = .policy(policy)
            } else if (1...2).contains(text.utf8.count),
                text.allSatisfy({ $0.isASCII && $0.isLetter })
            {
                self = .letter(text.uppercased())
            } else {
                let rules = ["mine", "newest", "base", "vintage", "fill", "max", "min"]
                throw Failure.usage(
                    "There is no rule \(JSONString.quoted(text))",
                    hint: Suggestion.question(for: text, among: rules)
                        ?? "A rule is a letter, \(rules.joined(separator: ", ")), author:NAME or machine:NAME."
                )
            }
        }
    }

    var isLetter: Bool {
        if case .letter = self { return true }
        return false
    }
}

/// What becomes of one conflict.
struct Resolution {
    let conflict: Conflict
    let edit: RecordEdit
    /// For people: the value that holds from now on.
    let outcome: String
    /// The side that is taken; nil for a value that no side has.
    let side: Conflict.Side?
    /// The fields that somebody typed.
    var typed: Set<String> = []

    /// For people: what the other sides had.
    var rejected: [String] {
        conflict.sides.filter { $0.letter != side?.letter }.map {
            ResolutionText.content($0.content)
        }
    }

    /// The edits of each record: a deletion leaves nothing else to say of it.
    static func byRecord(_ plan: [Resolution]) -> [(RecordAddress, [RecordEdit])] {
        var order: [RecordAddress] = []
        var edits: [RecordAddress: [RecordEdit]] = [:]
        for resolution in plan {
            let address = resolution.conflict.record
            if edits[address] == nil { order.append(address) }
            edits[address, default: []].append(resolution.edit)
        }
        return order.map { address in
            let own = edits[address] ?? []
            return (address, own.contains(.delete) ? [.delete] : own)
        }
    }

    /// A deletion that was overruled cannot be brought back into the conflict (docs/undo.md).
    var isFinal: Bool { side?.content == .existence(.present) }

    var json: JSONValue {
        [
            "id": .string(conflict.id.text), "record": .string(conflict.record.text),
            "field": .string(conflict.statement), "took": side.map { .string($0.letter) } ?? .null,
            "outcome": .string(outcome),
        ]
    }
}

extension DatasetEditor {
    /// Writes what becomes of conflicts, with what was rejected in the message.
    func settle(_ plan: [Resolution], note: String?) throws {
        message = ResolutionMessage.text(plan, note: note)
        for (address, edits) in Resolution.byRecord(plan) { try edit(address, edits) }
    }
}

/// What the changeset of a resolution says: what was taken, and what was rejected.
enum ResolutionMessage {
    private static let maximumBytes = 4000

    static func text(_ plan: [Resolution], note: String?) -> String {
        let count = FigureText.count(plan.count, "conflict")
        var text = "resolve \(plan.count == 1 ? "" : "\(count): ")"
        for (index, resolution) in plan.enumerated() {
            var part = self.text(resolution, withRecord: plan.count > 1)
            // A message is bounded; what was rejected stays in the history anyway.
            if part.utf8.count > maximumBytes / 4 {
                part = what(resolution, withRecord: plan.count > 1)
            }
            guard text.utf8.count + part.utf8.count < maximumBytes / 2 else {
                text += "and \(FigureText.grouped(plan.count - index)) more"
                break
            }
            text += part + (index < plan.count - 1 ? "; " : "")
        }
        guard let note else { return text }
        let both = "\(note) (\(text))"
        return both.utf8.count <= maximumBytes ? both : note
    }

    private static func what(_ one: Resolution, withRecord: Bool) -> String {
        let field = one.conflict.statement == "-" ? "deletion" : one.conflict.statement
        return withRecord ? "\(one.conflict.record.text) \(field)" : field
    }

    private static func text(_ one: Resolution, withRecord: Bool) -> String {
        "\(what(one, withRecord: withRecord)): \(one.outcome) over \(one.rejected.joined(separator: ", "))"
    }
}

enum ResolutionText {
    static func content(_ content: Conflict.Content) -> String {
        switch content {
        case .existence(.deleted): return "deleted"
        case .existence(.present): return "kept"
        case .values(let values):
            let shown = values.enumerated().filter { $0.offset == 0 || !$0.element.isNull }
            return values.allSatisfy(\.isNull)
                ? "nothing" : shown.map { ValueText.of($0.element) }.joined(separator: " ")
        }
    }
}
