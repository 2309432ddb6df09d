import TallyCore
import TallyStore

/// Reads numbers as tables have them: `1187.5`, `1,187.5`, `1.187,5`, `1 187,5`.
///
/// What `1,187` is, only the other figures of its file can tell: a figure that could be two numbers is refused until one
/// shows which mark the file has, or the mark is given.
struct NumberCells {
    /// The mark that is given, or that a figure has shown.
    private(set) var mark: DecimalMark?
    /// Whether commas separate cells or nothing is known of them: a point alone is then the decimal one.
    private let isPointUsual: Bool

    /// Cells that say that there is no figure, as statistical offices write them.
    private static let missing: Set<String> = [
        "", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", "-", "–", "..", "...", "…", ":",
    ]

    init(mark: DecimalMark?, isPointUsual: Bool) {
        self.mark = mark
        self.isPointUsual = isPointUsual
    }

    static func isMissing(_ cell: String) -> Bool { missing.contains(cell.trimmingSpaces) }

    /// The number as Tally writes it, times ten to the power `scale`; empty where there is none.
    ///
    /// What is no number is given back as it is.
    mutating func plain(
        _ cell: String, scale: Int = 0, field: String
    ) throws(InputFault) -> String {
        let text = cell.trimmingSpaces
        if Self.isMissing(text) { return "" }
        guard let plain = try unmarked(text, field: field) else { return text }
        return Self.shifted(plain, by: scale)
    }

    private mutating func unmarked(_ text: String, field: String) throws(InputFault) -> String? {
        let digits = Self.withoutSpaces(text)
        let (points, commas) = (digits.count { $0 == "." }, digits.count { $0 == "," })
        // A plain whole number, or one with an exponent.
        if points + commas == 0 { return digits }
        let isExponent = digits.contains { $0 == "e" || $0 == "E" }
        if isExponent { return commas == 0 && points == 1 ? digits : nil }
        let shown: DecimalMark
        if points > 0, commas > 0 {
            shown = digits.last { $0 == "." || $0 == "," } == "." ? .point : .comma
        } else if points + commas > 1 {
            shown = points > 0 ? .comma : .point
        } else {
            // One mark alone: between decimals, or between thousands.
            let own: DecimalMark = points > 0 ? .point : .comma
            let isDecimal = Self.parts(digits, separator: own).isDecimal
            if let mark {
                shown = mark
            } else if isDecimal || (own == .point && isPointUsual) {
                shown = own
            } else {
                throw ambiguous(digits, field)
            }
            // A point between decimals is what every program writes and shows nothing.
            if !isDecimal, mark == nil { return Self.plain(digits, mark: shown) }
        }
        guard let plain = Self.plain(digits, mark: shown) else {
            if let mark, shown != mark { return nil }
            throw InputFault(
                field: field, "\(field) \(JSONString.shown(text)) is no number",
                hint: mark.map { "Figures of this file have a decimal \($0.rawValue)." })
        }
        if let mark, mark != shown {
            throw InputFault(
                field: field,
                "\(field) \(JSONString.shown(text)) has a decimal \(shown.rawValue), figures before it a "
                    + mark.rawValue, hint: "Say which it is: --decimal \(shown.rawValue)")
        }
        if !(shown == .point && isPointUsual && commas == 0) { mark = shown }
        return plain
    }

    private func ambiguous(_ digits: String, _ field: String) -> InputFault {
        let whole = digits.filter { $0 != "," && $0 != "." }
        let broken = digits.replacing(",", with: ".")
        return InputFault(
            field: field, "\(field) \(JSONString.shown(digits)) may be \(whole) or \(broken)",
            hint: "Say which: --decimal point, or --decimal comma")
    }

    /// Spaces and apostrophes between digits are separators of thousands.
    private static func withoutSpaces(_ text: String) -> String {
        var result = ""
        var previous: Character?
        for character in text {
            let isSpace = "\u{20}\u{a0}\u{202f}\u{2009}'’".contains(character)
            if !(isSpace && previous?.isNumber == true) { result.append(character) }
            previous = character
        }
        return result.replacing("\u{2212}", with: "-")
    }

    /// The groups that one separator makes, and whether it can only be the decimal one.
    private static func parts(
        _ digits: String, separator: DecimalMark
    ) -> (groups: [Substring], isDecimal: Bool) {
        let unsigned = digits.drop { $0 == "-" || $0 == "+" }
        let groups = unsigned.split(
            separator: separator == .point ? "." : ",", omittingEmptySubsequences: false)
        let isGrouping =
            (1...3).contains(groups[0].count) && groups[0] != "0"
            && groups.dropFirst().allSatisfy { $0.count == 3 }
        return (groups, !isGrouping)
    }

    /// - Returns: nil where the separators of thousands do not stand where they must.
    private static func plain(_ digits: String, mark: DecimalMark) -> String? {
        let sign = digits.hasPrefix("-") ? "-" : ""
        let unsigned = digits.drop { $0 == "-" || $0 == "+" }
        let pieces = unsigned.split(
            separator: mark == .point ? "." : ",", omittingEmptySubsequences: false)
        guard pieces.count <= 2 else { return nil }
        let groups = pieces[0].split(
            separator: mark == .point ? "," : ".", omittingEmptySubsequences: false)
        if groups.count > 1 {
            guard (1...3).contains(groups[0].count),
                groups.dropFirst().allSatisfy({ $0.count == 3 })
            else { return nil }
        }
        let all = groups.joined() + (pieces.count > 1 ? pieces[1] : "")
        guard !all.isEmpty, all.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return sign + groups.joined() + (pieces.count > 1 ? "." + pieces[1] : "")
    }

    /// Moves the point, so that not a digit is lost to arithmetic.
    static func shifted(_ plain: String, by scale: Int) -> String {
        guard scale != 0 else { return plain }
        let mantissa = plain.prefix { $0 != "e" && $0 != "E" }
        let exponent = Int(plain.dropFirst(mantissa.count + 1)) ?? 0
        return "\(mantissa)e\(exponent + scale)"
    }
}
