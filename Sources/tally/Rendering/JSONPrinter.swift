import TallyCore
import TallyTerminal
import TallyWire

/// JSON for people and programs: two spaces a level, nothing in it that a terminal would obey.
enum JSONPrinter {
    /// - Parameter indent: how many levels the value stands in.
    static func text(_ value: JSONValue, indent: Int = 0) -> String {
        var text = ""
        append(value, indent: indent, to: &text)
        return safe(text)
    }

    /// The same on one line.
    static func line(_ value: JSONValue) -> String { safe(value.text) }

    private static func append(_ value: JSONValue, indent: Int, to text: inout String) {
        let inner = String(repeating: "  ", count: indent + 1)
        let outer = String(repeating: "  ", count: indent)
        switch value {
        case .array(let elements) where !elements.isEmpty:
            text += "["
            for (index, element) in elements.enumerated() {
                text += index > 0 ? ",\n\(inner)" : "\n\(inner)"
                append(element, indent: indent + 1, to: &text)
            }
            text += "\n\(outer)]"
        case .object(let members) where !members.isEmpty:
            text += "{"
            for (index, member) in members.enumerated() {
                text += index > 0 ? ",\n\(inner)" : "\n\(inner)"
                text += JSONString.quoted(member.name) + ": "
                append(member.value, indent: indent + 1, to: &text)
            }
            text += "\n\(outer)}"
        default: text += value.text
        }
    }

    /// DEL, C1 and the scalars that turn the direction of text or are not drawn stand in strings only: they are escaped.
    private static func safe(_ text: String) -> String {
        // C0 controls within strings are escaped already; those that are left are the line ends between values.
        func mustEscape(_ scalar: Unicode.Scalar) -> Bool {
            scalar.value >= 0x20 && Printable.isUnsafe(scalar)
        }
        guard text.unicodeScalars.contains(where: mustEscape) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if mustEscape(scalar) {
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
