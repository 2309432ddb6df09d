import Foundation
import TallyCore

/// Numbers as spreadsheets and pandas write them without anybody having touched them.
enum SheetNumber {
    /// Whether a cell shows a number: the number itself, with whatever marks; its first 15 digits; or what Excel shows of it
    /// in a cell without a format, which is all that it saves as text: 6 digits with an exponent, or 10.
    ///
    /// - Parameter mark: the decimal mark of the file; nil where it is not known.
    static func shows(_ cell: String, _ number: Double, _ mark: DecimalMark?) -> Bool {
        if mark == nil, otherReading(of: cell, number) != nil { return false }
        return mayShow(cell, number, mark)
    }

    /// The number that a text is to a program; nil where it is none.
    static func number(of text: String) -> Double? {
        guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }),
            text.contains(where: \.isNumber), let number = Double(text), number.isFinite
        else { return nil }
        return number
    }

    /// Whether a cell is what a program writes that takes a text for a number: it puts in no zeros before it, no currency, no
    /// separators, and knows 15 digits.
    static func shows(
        _ cell: String, _ number: Double, of text: String, _ mark: DecimalMark?
    ) -> Bool {
        let digits = cell.drop { "+-".contains($0) }
        guard let first = digits.first, first.isNumber,
            first != "0" || digits.dropFirst().first?.isNumber != true,
            cell.utf8.allSatisfy({ "0123456789+-.,eE".utf8.contains($0) })
        else { return false }
        let parts = digits.prefix { !"eE".contains($0) }
            .split(omittingEmptySubsequences: false) { ".,".contains($0) }
        let isExponential = digits.contains { "eE".contains($0) }
        let hasFraction = parts.count == 2 && !parts[1].allSatisfy { $0 == "0" }
        guard parts.count <= 2,
            isExponential || !hasFraction || text.contains(where: { ".eE".contains($0) })
        else { return false }
        let known = parts.joined().drop { $0 == "0" }.reversed().drop { $0 == "0" }.count
        return (isExponential || known <= 15) && mayShow(cell, number, mark)
    }

    /// Whether a cell is the number of which a text has the form: `1234` of `1,234`, `500` and `$500.00` of `$500`, `-5` of
    /// `(5)`, `3.5` of `3 1/2`.
    static func isSame(_ cell: String, _ text: String, _ mark: DecimalMark?) -> Bool {
        guard text.utf8.count <= 40, cell.utf8.count <= 40 else { return false }
        let (now, then) = (Figure(cell), Figure(text))
        let isPlain = now.adornment.isEmpty && !then.adornment.contains("%")
        guard isPlain || now.adornment == then.adornment else { return false }
        let marks = mark.map { [$0] } ?? DecimalMark.allCases
        return marks.contains { mark in
            // A program puts in no separators of thousands.
            guard !now.digits.contains(mark == .point ? "," : "."),
                let meant = then.number(mark), let shown = now.number(mark)
            else { return false }
            return abs(shown - meant) <= abs(meant) * 1e-14
        }
    }

    /// A number in a text with what stands about it.
    private struct Figure {
        let digits: String
        /// A currency, or `%`.
        let adornment: String
        private let isNegative: Bool

        init(_ text: String) {
            isNegative = text.hasPrefix("(") && text.hasSuffix(")")
            let inner = isNegative ? String(text.dropFirst().dropLast()) : text
            let plain = inner.trimmingCharacters(in: currencies.union(["%"]))
            adornment = inner.filter { !plain.contains($0) && !$0.isWhitespace }
            digits = plain
        }

        func number(_ mark: DecimalMark) -> Double? {
            let parts = digits.split(separator: " ")
            if parts.count == 2, parts[1].contains("/"), let whole = Double(parts[0]) {
                let fraction = parts[1].split(separator: "/").compactMap { Double($0) }
                return fraction.count == 2 && fraction[1] != 0
                    ? whole + fraction[0] / fraction[1] : nil
            }
            guard let number = MarkedNumber(digits), number.exponent == 0 else { return nil }
            return number.plain(mark).flatMap { Double($0) }.map { isNegative ? -$0 : $0 }
        }
    }

    /// What a cell means beside the number that stood there, where only the file's decimal mark could tell: `124.817` for
    /// 124817, `12345` for 12.345.
    static func otherReading(of cell: String, _ number: Double) -> Double? {
        guard let text = unadorned(cell), text.lonelyMark != nil || text.marks.isEmpty,
            mayShow(cell, number, nil)
        else { return nil }
        return DecimalMark.allCases.lazy
            .compactMap { text.plain($0).flatMap { Double("\($0)e\(text.exponent)") } }
            .first { abs($0 - number) > max(abs($0), abs(number)) / 2 }
    }

    /// The same where a number may be shown with either mark.
    static func mayShow(_ cell: String, _ number: Double, _ mark: DecimalMark?) -> Bool {
        guard let text = unadorned(cell) else { return false }
        if mark != .point, hasLostPoint(cell, number) { return true }
        let marks = mark.map { [$0] } ?? DecimalMark.allCases
        return marks.contains { mark in
            guard let plain = text.plain(mark), let shown = Double("\(plain)e\(text.exponent)")
            else { return false }
            if abs(shown - number) <= abs(number) * 1e-14 { return true }
            let digits = plain.filter(\.isNumber).drop { $0 == "0" }.count
            // Excel's General (https://support.microsoft.com/office/format-numbers-f27f865b).
            if text.hasExponent {
                return digits <= 6 && abs(shown - number) <= halfUnit(of: number, digits: 6)
            }
            guard let point = plain.firstIndex(of: ".") else { return false }
            // Eleven characters.
            let decimals = plain[point...].dropFirst().count
            return (digits >= 9 && abs(shown - number) <= halfUnit(of: number, digits: digits))
                || (decimals == 9 && abs(shown - number) <= 0.500_000_1e-9)
        }
    }

    /// Whether a cell may be a figure of which a program shows but the first digits.
    static func isRounded(_ cell: String) -> Bool {
        guard let text = unadorned(cell), text.hasExponent else { return false }
        return text.text.prefix { $0 != "e" && $0 != "E" }.filter(\.isNumber).count <= 7
    }

    /// Whether a cell has the digits of a number with three decimals, without its point: where a comma is the decimal mark, a
    /// program takes `12.345` for twelve thousand.
    private static func hasLostPoint(_ cell: String, _ number: Double) -> Bool {
        let parts = NumberText.of(number).split(separator: ".")
        guard parts.count == 2, parts[1].utf8.count == 3, parts[1].allSatisfy(\.isNumber) else {
            return false
        }
        let digits = cell.filter { $0.isNumber || $0 == "-" }
        let isWhole = cell.allSatisfy { $0.isNumber || "-.'\u{a0}\u{202f} ".contains($0) }
        return isWhole && digits == Int(parts.joined()).map(String.init)
    }

    /// Half of the last of that many digits, and the least that a tie in binary can be beside it.
    private static func halfUnit(of number: Double, digits: Int) -> Double {
        guard number != 0 else { return 0 }
        let exponent = floor(log10(abs(number)))
        return 0.5000001 * pow(10, exponent - Double(digits - 1))
    }

    /// Without the currency that the format of a column puts beside its figures.
    private static func unadorned(_ cell: String) -> MarkedNumber? {
        MarkedNumber(cell.trimmingCharacters(in: currencies))
    }

    private static let currencies = CharacterSet(charactersIn: "$€£¥₩ \t\u{a0}\u{202f}")
}

extension MarkedNumber {
    fileprivate var hasExponent: Bool { text.contains { $0 == "e" || $0 == "E" } }
}
