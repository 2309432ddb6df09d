import Foundation
import TallyCore

/// Numbers as spreadsheets and pandas write them without anybody having touched them.
enum SheetNumber {
    /// Whether a cell shows a number: the number itself, with whatever marks; its first 15 digits; or what Excel shows of it
    /// in a cell without a format, which is all that it saves as text: 6 digits with an exponent, or 10.
    ///
    /// - Parameter mark: the decimal mark of the file; nil where it is not known.
    static func shows(_ cell: String, _ number: Double, _ mark: DecimalMark?) -> Bool {
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
            return digits >= 9 && plain.contains(".")
                && abs(shown - number) <= halfUnit(of: number, digits: digits)
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
