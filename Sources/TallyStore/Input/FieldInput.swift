import Foundation
import TallyCore

/// Reads the text that a person or a file gives for a field.
///
/// Stricter than the readers of lines: code lists, calendar, ranges; text is brought to NFC (DESIGN.md section 3).
public struct FieldInput: Sendable {
    public let field: Kind.Field

    public init(_ field: Kind.Field) {
        self.field = field
    }

    /// The value of a field that is no set; empty text is null.
    public func value(_ given: String) throws(InputFault) -> Value {
        let text = normalised(given)
        if text.isEmpty { return .null }
        if field.type == .number { return .number(try number(text)) }
        return .text(try checked(text))
    }

    /// An element of a set field.
    public func element(_ given: String) throws(InputFault) -> String {
        let text = normalised(given).trimmed
        guard !text.isEmpty else { throw fault("an element of \(field.name) is empty") }
        return try checked(text)
    }

    /// A part of the key.
    public func keyPart(_ given: String) throws(InputFault) -> String {
        let text = normalised(given)
        guard !text.isEmpty else {
            throw fault("\(field.name) is missing", hint: "It is part of the key: \(field.label).")
        }
        return try checked(text)
    }

    /// NFC; line ends as `\n`; space around anything but text dropped.
    private func normalised(_ given: String) -> String {
        var text = given
        // ASCII without carriage returns is as it must be.
        if !text.utf8.allSatisfy({ $0 < 0x80 && $0 != 0x0d }) {
            text = text.precomposedStringWithCanonicalMapping
                .replacingOccurrences(of: "\r\n", with: "\n")
        }
        return field.type == .text ? text : text.trimmed
    }

    private func checked(_ given: String) throws(InputFault) -> String {
        let text = field.type == .period ? Self.plainPeriod(given) : given
        guard field.type.accepts(text) else { throw shapeFault(text) }
        switch field.type {
        case .date: try checkCalendar(text)
        case .period:
            try checkCalendar(
                text.utf8.contains(UInt8(ascii: "/")) ? String(text.prefix { $0 != "/" }) : text)
        default: break
        }
        if let codes = field.codes, let list = CodeList.named(codes), !list.contains(text) {
            throw codeFault(text, list)
        }
        return text
    }

    private func number(_ text: String) throws(InputFault) -> Double {
        let number: Double
        do throws(NumberText.Refusal) {
            number = try NumberText.read(text)
        } catch {
            switch error {
            case .notANumber:
                // Only separators of thousands may be left out without making another number.
                let groups = text.prefix { $0 != "." }.split(
                    omittingEmptySubsequences: false, whereSeparator: { ", _".contains($0) })
                let plain = text.filter { $0 != "," && $0 != " " && $0 != "_" }
                let hint =
                    groups.count > 1 && groups.dropFirst().allSatisfy { $0.count == 3 }
                        && (try? NumberText.read(plain)) != nil
                    ? "Write it without separators: \(plain)"
                    : "Write digits, as in 124800000000 or 0.5"
                throw fault("\(field.name) \(shown(text)) is no number", hint: hint)
            case .notExact(let nearest):
                throw fault(
                    "\(field.name) \(shown(text)) has more digits than can be kept; it would become "
                        + NumberText.of(nearest), hint: "Give at most 15 significant digits.")
            case .outOfRange:
                throw fault("\(field.name) \(shown(text)) is too large or too small to be kept")
            }
        }
        if let range = field.range, !range.contains(number) {
            throw fault(
                "\(field.name) \(shown(text)) is not from \(NumberText.of(range.lowerBound)) to "
                    + NumberText.of(range.upperBound))
        }
        return number
    }

    /// SDMX reporting years and months as the plain dates that they are: `2023-A1`, `2023-M12`.
    private static func plainPeriod(_ text: String) -> String {
        guard [7, 8].contains(text.utf8.count),
            text.utf8.contains(where: { $0 == 0x41 || $0 == 0x4d })
        else { return text }
        if text.utf8.count == 7, text.hasSuffix("-A1") { return String(text.prefix(4)) }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        if parts.count == 2, parts[0].count == 4, parts[1].count == 3, parts[1].first == "M" {
            return "\(parts[0])-\(parts[1].dropFirst())"
        }
        return text
    }

    private func checkCalendar(_ text: String) throws(InputFault) {
        guard text.utf8.count == 10 else { return }
        let parts = text.split(separator: "-").map { Int($0) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2] else {
            return
        }
        if CalendarDay(year: year, month: month, day: day) == nil {
            throw fault(
                "\(field.name) \(shown(text)) is a date that does not exist",
                hint: (1...12).contains(month)
                    ? "That month has \(CalendarDay.days(inMonth: month, of: year)) days." : nil)
        }
    }

    private func codeFault(_ text: String, _ list: CodeList) -> InputFault {
        let near = list.suggestions(for: text).map { "\($0.code) (\($0.name))" }
        let hint =
            near.isEmpty
            ? "See the codes with: tally codes \(list.name)"
            : "Did you mean \(near.joined(separator: ", "))? All: tally codes \(list.name)"
        return fault(
            "\(field.name) \(shown(text)) is not in the code list \(list.name)", hint: hint)
    }

    private func shapeFault(_ text: String) -> InputFault {
        let wanted: String
        switch field.type {
        case .area: wanted = "an area code, as KOR, CHN or WLD"
        case .code: wanted = "a code of at most 64 bytes on one line"
        case .product: wanted = "a product: TOTAL, or classification:code as in H6:850760"
        case .period: wanted = "a period: 2023, 2023-S1, 2023-Q4, 2023-12, 2023-W05 or 2023-12-31"
        case .date: wanted = "a date: 2023, 2023-09 or 2023-09-23"
        case .source: wanted = "a source: lower-case letters, digits, dots, dashes, as in kosis"
        case .identifier: wanted = "an id of at most 256 bytes on one line"
        case .text: wanted = "text of at most 64 KiB without control characters"
        case .set: wanted = "an element of at most 1 KiB on one line"
        case .number: wanted = "a number"
        }
        if let codes = field.codes, let list = CodeList.named(codes),
            let near = list.suggestions(for: text).first
        {
            return fault(
                "\(field.name) \(shown(text)) is not \(wanted)",
                hint: "Did you mean \(near.code) (\(near.name))?")
        }
        return fault("\(field.name) \(shown(text)) is not \(wanted)")
    }

    private func shown(_ text: String) -> String {
        JSONString.shown(text.count > 60 ? String(text.prefix(60)) + "…" : text)
    }

    private func fault(_ message: String, hint: String? = nil) -> InputFault {
        InputFault(field: field.name, message, hint: hint)
    }
}

extension String {
    /// Without spaces and tabs at both ends.
    var trimmed: String {
        guard let first = utf8.first, let last = utf8.last,
            first == 0x20 || first == 0x09 || last == 0x20 || last == 0x09
        else { return self }
        return trimmingCharacters(in: .whitespaces)
    }
}
