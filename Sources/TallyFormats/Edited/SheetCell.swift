import Foundation
import TallyCore
import TallyStore

/// How a cell stands to what was exported in it.
///
/// A spreadsheet writes much of what it was given in another way, though nobody has touched it: `1.24818E+11` for
/// 124817682000, `401` for `0401`, `Dec-23` for 2023-12, nothing for `NA`. That is no edit; and whoever has made just such
/// a change by hand cannot be told from the program, so that it is told where a cell was taken so.
struct SheetCell {
    enum Finding: Equatable {
        case same
        /// What a program has made of what was exported.
        case rewritten
        case edited
    }

    let field: Kind.Field
    /// How the file writes figures and days, as far as that is known.
    var mark: DecimalMark?
    var order: DateOrder?
    /// Whether the file is known to be in an encoding that has every letter.
    var hasAllLetters = false
    /// Whether the file has `NA` for what is empty, as R writes it.
    var hasNA = false
    /// That of the export; a program that puts a year into a text puts in the present one.
    var firstYear = 1

    /// - Parameter exported: the text of the value, as ``Value/plain``; of a set its elements in one cell.
    func compare(_ cell: String, with exported: String) -> Finding {
        if cell.hasSameBytes(as: exported) || cell.hasSameBytes(as: SheetText.safe(exported)) {
            return .same
        }
        let (now, then) = (Self.normalised(cell), Self.normalised(exported))
        if now == then || now == SheetText.safe(then) { return .same }
        if field.type == .number {
            if then.isEmpty { return NumberCells.isMissing(now) ? .rewritten : .edited }
            let number = Double(then) ?? .nan
            return SheetNumber.shows(now, number, mark) ? .rewritten : .edited
        }
        return isRewritten(now, then) ? .rewritten : .edited
    }

    private func isRewritten(_ now: String, _ then: String) -> Bool {
        if field.type == .set, Set(ElementList.split(now)) == Set(ElementList.split(then)) {
            return true
        }
        if now.drop(while: { $0 == "'" }) == then.drop(while: { $0 == "'" }) { return true }
        // What pandas takes for nothing, and how it writes nothing.
        if now.isEmpty { return Self.takenForNothing.contains(then) }
        if then.isEmpty { return Self.writtenForNothing.contains(now) || (hasNA && now == "NA") }
        if let truth = Self.truths.first(where: { $0.contains(then.lowercased()) }) {
            return truth.contains(now.lowercased())
        }
        let isTime = field.type == .period || field.type == .date
        if isTime {
            return SheetDate.shows(now, then, order)
                || SheetNumber.number(of: then).map { SheetNumber.mayShow(now, $0, mark) } == true
        }
        if let number = SheetNumber.number(of: then) {
            return SheetNumber.shows(now, number, of: then, mark)
        }
        return isSameDay(now, then) || SheetNumber.isSame(now, then, mark)
            || SheetTime.isSame(now, then) || isCut(now, then) || hasLostLetters(now, then)
    }

    /// A text that a program has taken for a day. Both are read in one order: otherwise 3/12 for 12/3 would be no edit.
    private func isSameDay(_ now: String, _ then: String) -> Bool {
        if SheetDate.showsDay(now, then, since: firstYear) { return true }
        return DateOrder.allCases.contains { order in
            let days = SheetDate.readings(then, order)
            let shown = SheetDate.readings(now, order)
            return !days.isEmpty
                && (days.isSubset(of: shown) || Set(days.map(\.firstDay)).isSubset(of: shown))
        }
    }

    /// Excel holds 32,767 UTF-16 units in a cell.
    private func isCut(_ now: String, _ then: String) -> Bool {
        then.utf16.count > 32_767 && now.utf16.count > 32_000 && then.hasPrefix(now)
    }

    /// Whether a text is what is left of another in an encoding that lacks some of its letters: those are question marks, or
    /// letters without their accents. Question marks may be of an earlier file, too.
    private func hasLostLetters(_ now: String, _ then: String) -> Bool {
        let (a, b) = (Array(now.utf16), Array(then.utf16))
        guard a.count == b.count, a != b else { return false }
        return zip(a, b).allSatisfy { now, then in
            if now == then { return true }
            guard then > 0x7f else { return false }
            let letter = Unicode.Scalar(then).map { String(Character($0)) } ?? ""
            if hasAllLetters, !letter.allSatisfy(\.isLetter) { return false }
            if now == 0x3f || now == 0xfffd { return true }
            return !hasAllLetters
                && letter.folding(options: .diacriticInsensitive, locale: nil).utf16
                    .elementsEqual([now])
        }
    }

    /// Line ends as LF, NFC, no space at the ends.
    private static func normalised(_ text: String) -> String {
        var text = text.trimmingSpaces
        guard !text.utf8.allSatisfy({ $0 < 0x80 && $0 != 0x0d }) else { return text }
        text = text.replacingOccurrences(of: "\r\n", with: "\n")
            .replacingOccurrences(of: "\r", with: "\n")
        return text.precomposedStringWithCanonicalMapping
    }

    /// Those of https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html, `na_values`.
    private static let takenForNothing: Set<String> = [
        "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
        "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
    ]
    private static let writtenForNothing: Set<String> = ["nan", "NaN", "NaT", "<NA>", "None"]
    private static let truths: [Set<String>] = [
        ["true", "wahr", "vrai", "verdadero", "vero", "verdadeiro"],
        ["false", "falsch", "faux", "falso"],
    ]
}
