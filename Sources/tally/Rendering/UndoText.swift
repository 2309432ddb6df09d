import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// What an undo did and what it left, in words.
enum UndoText {
    struct Line {
        let field: String
        /// For people: what holds from now on.
        let now: String
        /// The same for programs.
        let op: String
        let value: JSONValue
    }

    /// What an undo says of itself: `undo k3m9x2:8: from the ministry's release`.
    ///
    /// Of an undo `undo k3m9x2:9 (an undo of k3m9x2:8: from the ministry's release)`, and of the undo of that one
    /// `undo k3m9x2:10 (an undo of k3m9x2:9)`: the text does not grow with each. The whole message stays in the history.
    static func message(undoing info: RevisionInfo) -> String {
        let head = "undo \(info.revision.short)"
        guard let message = info.message, message.utf8.count <= 4000 else { return head }
        guard let undone = undone(message) else { return "\(head): \(message)" }
        return "\(head) (an undo of \(undone))"
    }

    /// What the message of an undo says after the word: a revision with its message, or of an undo the revision alone.
    private static func undone(_ message: String) -> Substring? {
        guard message.hasPrefix("undo ") else { return nil }
        let rest = message.dropFirst("undo ".count)
        let word = rest.prefix { $0 != " " }
        let name = word.hasSuffix(":") ? word.dropLast() : word
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, Int(parts[1]) != nil else { return nil }
        let text = rest.dropFirst(word.count)
        if word.hasSuffix(":") || text.isEmpty { return rest }
        return text.hasPrefix(" (an undo of ") ? name : nil
    }

    static func lines(_ edits: [RecordEdit]) -> [Line] {
        let lines = edits.compactMap(line)
        // An edit without fields only stands beside others, unless it is all there is to do.
        guard lines.isEmpty, edits == [.create] else { return lines }
        return [Line(field: "-", now: "in dispute with its deletion", op: "dispute", value: .null)]
    }

    private static func line(_ edit: RecordEdit) -> Line? {
        switch edit {
        case .create: return nil
        case .delete: return Line(field: "-", now: "deleted", op: "delete", value: .null)
        case .restore: return Line(field: "-", now: "restored", op: "restore", value: .null)
        case .set(let name, let value):
            return Line(field: name, now: text(value), op: "set", value: json(value))
        case .reopen(let name, let versions):
            return Line(
                field: name, now: versions.map(text).joined(separator: " | "), op: "reopen",
                value: .array(versions.map(json)))
        case .add(let element):
            return Line(
                field: element.field, now: "+ \(Printable.line(element.text))", op: "add",
                value: .string(element.text))
        case .remove(let element):
            return Line(
                field: element.field, now: "- \(Printable.line(element.text))", op: "remove",
                value: .string(element.text))
        }
    }

    private static func text(_ value: [Value]) -> String { ResolutionText.content(.values(value)) }

    private static func json(_ value: [Value]) -> JSONValue {
        value.count == 1 ? value[0].json : .array(value.map(\.json))
    }

    /// `jun@desk has changed it since (b7c2d3:4)`
    static func reason(_ item: UndoReport.Left) -> String {
        let latest = item.infos.max { ($0.at, $0.position) < ($1.at, $1.position) }
        guard let latest else { return "it was changed since" }
        let (name, revision) = (ValueText.name(latest), latest.revision.short)
        switch item.left.reason {
        case .changed: return "\(name) has changed it since (\(revision))"
        case .same: return "\(name) says the same (\(revision))"
        case .deleted: return "\(name) has deleted the record (\(revision))"
        case .edited: return "the record stays: \(name) has edited it since (\(revision))"
        case .added: return "the record stays: \(name) added it too (\(revision))"
        case .restored: return "\(name) has restored the record since (\(revision))"
        case .newer:
            return "of a newer version of Tally, which can put it back (\(revision))"
        case .settled:
            return "the record stays: its deletion by \(name) (\(revision)) was settled for good"
        }
    }

    static func json(_ item: UndoReport.PutBack) -> [JSONValue] {
        lines(item.edits).map {
            [
                "record": .string(item.address.text), "field": .string($0.field),
                "op": .string($0.op), "value": $0.value,
            ]
        }
    }

    static func json(_ item: UndoReport.Left) -> JSONValue {
        [
            "record": .string(item.address.text), "field": .string(item.left.part.fieldName),
            "element": item.left.part.elementText.map(JSONValue.string) ?? .null,
            "reason": .string(item.left.reason.rawValue),
            "revisions": .array(item.left.revisions.map { .string($0.description) }),
        ]
    }
}

extension RecordPart {
    /// The field, `-` for existence.
    var fieldName: String {
        switch self {
        case .existence: return Conflict.existenceName
        case .statement(let name): return name
        case .element(let element): return element.field
        }
    }

    /// The same for people: an element with its set.
    var fieldText: String { elementText.map { "\(fieldName) \(Printable.line($0))" } ?? fieldName }

    var elementText: String? {
        if case .element(let element) = self { return element.text }
        return nil
    }
}
