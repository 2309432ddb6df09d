import TallyCore
import TallyStore
import TallyWire

/// A record as a text that somebody changes in an editor: a field a line.
///
/// ```
/// # a comment
/// value = 124817682000
/// title = " with spaces at its ends"
/// note =
/// | the first line of a longer text
/// |
/// | the third
/// actors =
/// - KOR
/// - CHN
/// ```
///
/// - A line that begins with `#`, or that is empty, is not read. Spaces at the ends of a line do not count.
/// - `field = value`: all behind the `=`. Nothing there is no value; no line at all leaves the field as it is.
/// - Lines with `|` go on with the text of the field above, one line each; a space behind the `|` is not of the text.
/// - Lines with `-` are the elements of the set above; a set without such lines is empty.
/// - What begins with `"` is a JSON string to the end of its line, so that any text at all can stand there: one with spaces
///   at its ends, or with characters that are not drawn.
public enum RecordForm {
    /// The form of a record as it is.
    public static func text(of view: RecordView, kind: Kind) -> String {
        var lines = header(view.address, kind)
        if view.conflicts.contains(where: { $0.statement == Conflict.existenceName }) {
            lines.append("# It was deleted by somebody while others changed it.")
        }
        let unknown = view.unknownFields(of: kind)
        if !unknown.values.isEmpty || !unknown.sets.isEmpty {
            lines.append("# It has fields that this version does not know; they stay as they are.")
        }
        for field in kind.fields {
            lines.append("")
            lines += comments(on: field, kind, view)
            if field.type == .set {
                lines.append("\(field.name) =")
                lines += (view.row?.sets[field.name] ?? []).map { "- \(plain($0) ?? quoted($0))" }
            } else {
                lines += self.lines(of: field.name, view.row?.values[field.name]?.plain ?? "")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The form of the fields that a conflict is over, as the provisional winner has them.
    ///
    /// - Parameters:
    ///   - fields: those of the statement.
    ///   - notes: what stands above each field: the value before, and what each side has.
    public static func text(
        of view: RecordView, kind: Kind, fields: [(field: String, notes: [String])]
    ) -> String {
        var lines = [
            "# \(plain(view.address.text) ?? quoted(view.address.text))", "#",
            "# Write what is to hold behind the =, save and close; this settles the conflict for everybody.",
            "# Where nothing is changed it stays open. Nothing behind the = takes a value away.",
            "# Lines that begin with # are not read.",
        ]
        for (field, notes) in fields {
            lines.append("")
            lines += notes.map { "# \(plain($0) ?? quoted($0))" }
            lines += self.lines(of: field, view.row?.values[field]?.plain ?? "")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func header(_ address: RecordAddress, _ kind: Kind) -> [String] {
        [
            "# \(plain(address.text) ?? quoted(address.text))", "#",
            "# Change what stands behind the =, save and close. Only what you change is written.",
            "# Nothing behind the = takes a value away; a field without a line stays as it is.",
            "# A set has one element a line, as \"- KOR\". Text of several lines has \"| \" before each.",
            "# What begins with a double quote is read as JSON. Lines that begin with # are not read.",
            "# The key is changed with: tally rename",
        ]
    }

    private static func comments(on field: Kind.Field, _ kind: Kind, _ view: RecordView) -> [String]
    {
        let label = field.label + (field.codes.map { " (tally codes \($0))" } ?? "")
        var lines = label.isEmpty ? [] : ["# \(label)"]
        guard let statement = kind.statement(of: field.name) else { return lines }
        if let vintage = statement.vintage, statement.fields[vintage] == field.name {
            lines.append(
                "# When \(statement.name) is changed and this line is not, it is taken away.")
        }
        if let conflict = view.conflicts.first(where: { $0.statement == statement.name }) {
            lines.append("# In conflict (\(conflict.id)): a change settles it.")
        }
        return lines
    }

    private static func lines(of field: String, _ text: String) -> [String] {
        if text.isEmpty { return ["\(field) ="] }
        if let plain = plain(text) { return ["\(field) = \(plain)"] }
        let parts = text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        // A line of a longer text may begin with anything; its end must not be lost.
        guard parts.count > 1, parts.allSatisfy({ $0.isEmpty || !$0.hasSpaceAtEnd && $0.isDrawn })
        else { return ["\(field) = \(quoted(text))"] }
        return ["\(field) ="] + parts.map { $0.isEmpty ? "|" : "| \($0)" }
    }

    /// - Returns: nil for a text that would be read as another.
    private static func plain(_ text: String) -> String? {
        guard let first = text.unicodeScalars.first, first != "\"",
            !first.properties.isWhitespace, !text.hasSpaceAtEnd, text.isDrawn
        else { return nil }
        return text
    }

    private static func quoted(_ text: String) -> String {
        JSONString.quoted(text).unicodeScalars.reduce(into: "") { result, scalar in
            if scalar.isDrawn {
                result.unicodeScalars.append(scalar)
            } else {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
    }
}

extension String {
    fileprivate var hasSpaceAtEnd: Bool {
        unicodeScalars.last?.properties.isWhitespace ?? false
    }

    fileprivate var isDrawn: Bool { unicodeScalars.allSatisfy(\.isDrawn) }
}

extension Unicode.Scalar {
    /// Whether an editor shows it; a tab and the joiners, parts of words and of emoji, count as shown.
    fileprivate var isDrawn: Bool {
        switch properties.generalCategory {
        case .control: return self == "\t"
        case .lineSeparator, .paragraphSeparator: return false
        case .format: return value == 0x200c || value == 0x200d
        default: return true
        }
    }
}
