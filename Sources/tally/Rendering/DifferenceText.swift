import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// A field that differs, as text and as JSON.
enum DifferenceText {
    /// What a field held, what it holds, and what became of a conflict over it.
    static func cells(_ field: RecordDifference.Field) -> (before: String, after: String) {
        let mark = field.conflict.map { $0 == .open ? " (in conflict)" : " (settled)" } ?? ""
        if field.name == Conflict.existenceName {
            return ("", (field.conflict == .open ? "deleted, and edited" : "kept") + mark)
        }
        return (ValueText.of(field.before), after(field) + mark)
    }

    /// Of a set the elements that came and went: `+KOR; -CHN`.
    private static func after(_ field: RecordDifference.Field) -> String {
        guard case .elements(let old) = field.before, case .elements(let new) = field.after,
            !old.isEmpty
        else { return ValueText.of(field.after) }
        let changes =
            new.filter { !old.contains($0) }.map { "+\(Printable.line($0))" }
            + old.filter { !new.contains($0) }.map { "-\(Printable.line($0))" }
        return changes.joined(separator: "; ")
    }

    /// The first fields of a record that came or went: `value 124,800,000,000, unit USD`.
    static func summary(_ fields: [(name: String, content: FieldContent)]) -> String {
        let shown = fields.filter { !$0.content.isEmpty }
        let text = shown.prefix(3).map { "\($0.name) \(ValueText.of($0.content))" }
            .joined(separator: ", ")
        return text + (shown.count > 3 ? ", …" : "")
    }

    static func json(_ field: RecordDifference.Field) -> JSONValue {
        [
            "field": .string(field.name), "before": field.before.json, "after": field.after.json,
            "author": field.info.map { .string($0.author) } ?? .null,
            "machine": field.info.map { .string($0.machine) } ?? .null,
            "at": field.info.map { .string($0.at.text) } ?? .null,
            "revision": field.info.map { .string($0.revision.description) } ?? .null,
            "conflict": field.conflict.map { .string($0.rawValue) } ?? .null,
        ]
    }

    static func json(_ difference: RecordDifference) -> JSONValue {
        let info = difference.info
        return [
            "record": .string(difference.address.text), "kind": .string(difference.address.kind),
            "key": .array(difference.address.key.parts.map(JSONValue.string)),
            "what": .string(difference.what.rawValue),
            "author": info.map { .string($0.author) } ?? .null,
            "machine": info.map { .string($0.machine) } ?? .null,
            "at": info.map { .string($0.at.text) } ?? .null,
            "revision": info.map { .string($0.revision.description) } ?? .null,
            "fields": .array(difference.fields.map(json)),
        ]
    }
}
