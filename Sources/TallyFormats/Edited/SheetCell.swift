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
        if then.isEmpty { return Self.writtenForNothing.contains(now) }
        if let truth = Self.truths.first(where: { $0.contains(then.lowercased()) }) {
            return truth.contains(now.lowercased())
        }
        let isTime = field.type == .period || field.type == .date
        if let number = SheetNumber.number(of: then) {
            return isTime
                ? SheetNumber.mayShow(now, number, nil)
                : SheetNumber.shows(now, number, of: then)
        }
        if isTime { return SheetDate.shows(now, then, order) }
        return isSameDay(now, then) || isCut(now, then) || hasLostLetters(now, then)
    }

    /// A text that a program has taken for a day. Both are read in one order: otherwise 3/12 for 12/3 would be no edit.
    private func isSameDay(_ now: String, _ then: String) -> Bool {
        if SheetDate.showsDay(now, then) { return true }
        return DateOrder.allCases.contains { order in
            let days = SheetDate.readings(then, order)
            return !days.isEmpty && days == SheetDate.readings(now, order)
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

    /// Whether an edited text was saved in an encoding that lacks letters which it had: what was typed cannot be told from
    /// what was lost.
    private func mayHaveLostLetters(_ cell: String, _ exported: String) -> Bool {
        func marks(_ text: String) -> Int { text.utf16.count { $0 == 0x3f || $0 == 0xfffd } }
        let foreign = exported.unicodeScalars.filter { $0.value > 0xff }
        // One question mark somebody may have typed.
        let lostCount = hasAllLetters ? max(2, foreign.count / 2) : 1
        return !foreign.isEmpty && marks(cell) - marks(exported) >= lostCount
            && !cell.unicodeScalars.contains(where: Set(foreign).contains)
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

extension SheetCell {
    /// The value that somebody has typed.
    ///
    /// - Parameter exported: what had stood there; empty in a new row.
    /// - Throws: `InputFault` for what is no value of the field, or may be what a program has left of one.
    func value(
        _ cell: String, instead exported: String, _ numbers: inout NumberCells
    ) throws(InputFault) -> Value {
        try FieldInput(field).value(try typed(cell, instead: exported, &numbers))
    }

    func keyPart(
        _ cell: String, instead exported: String, _ numbers: inout NumberCells
    ) throws(InputFault) -> String {
        try FieldInput(field).keyPart(try typed(cell, instead: exported, &numbers))
    }

    /// The elements of a set, names of areas among actors and targets as codes; those that had stood there are not judged
    /// again.
    func elements(_ cell: String, instead held: [String]) throws(InputFault) -> [String] {
        let text = try checked(SheetText.plain(cell), ElementList.join(held))
        return try ElementList.split(text).map { (element) throws(InputFault) in
            if held.contains(where: { $0.hasSameBytes(as: element) }) { return element }
            let text = CellReader.areAreas(field.name) ? CellReader.party(element) : element
            return try FieldInput(field).element(text)
        }
    }

    private func typed(
        _ cell: String, instead exported: String, _ numbers: inout NumberCells
    ) throws(InputFault) -> String {
        switch field.type {
        case .number:
            if let exported = SheetNumber.number(of: exported), mark == nil,
                let other = SheetNumber.otherReading(of: cell, exported)
            {
                throw fault(
                    cell, "may be \(NumberText.of(exported)) or \(NumberText.of(other))",
                    "Say which mark the file has: --decimal point, or --decimal comma.")
            }
            guard !SheetNumber.isRounded(cell) else {
                throw fault(
                    cell, "may be but the first digits of a figure",
                    "Give the column a number format without decimals, and save it again; or type it in full."
                )
            }
            return try numbers.plain(cell, field: field.name)
        case .period, .date: return try day(cell.trimmingSpaces, instead: exported)
        default:
            let text = SheetText.plain(cell)
            guard !Self.isWholeNumber(text) || exported.contains(".") else {
                throw fault(
                    text, "may be a whole number of which a program has made a figure",
                    "Have the column read as text (in pandas: dtype=str), and type it once more.")
            }
            return try checked(text, exported)
        }
    }

    /// `190.0`, as pandas writes 190 in a column with empty cells.
    private static func isWholeNumber(_ text: String) -> Bool {
        text.hasSuffix(".0") && text.utf8.count > 2 && text.dropLast(2).allSatisfy(\.isNumber)
    }

    private func day(_ text: String, instead exported: String) throws(InputFault) -> String {
        if text.utf8.count == 4 || Shape.isPeriod(text) { return text }
        let readings = SheetDate.readings(text, order).sorted { $0.text < $1.text }
        if let month = readings.first,
            SheetDate.mayBeDay(text, isMonth: field.type == .period, beside: exported)
        {
            throw fault(
                text, "may be a day, the year left out, or a month of \(month.year)",
                "Write it with its year, as \(month.text) or 2023-12-31.")
        }
        if readings.count > 1 {
            throw fault(
                text, "may be \(readings.map(\.text).joined(separator: " or "))",
                "Write it as \(readings[0].text).")
        }
        guard let date = readings.first else {
            return try PeriodCells.plain(text, field: field.name, order: order)
        }
        if date.day == 1, exported.utf8.count == 7 {
            throw fault(
                text, "may be a month, of which a program has made its first day",
                "Write \(date.text.prefix(7)) or \(date.text) in a column that is formatted as text."
            )
        }
        return date.text
    }

    private func checked(_ text: String, _ exported: String) throws(InputFault) -> String {
        guard mayHaveLostLetters(text, exported) else { return text }
        throw fault(
            text, "has lost letters that were there",
            "Save the file as “CSV UTF-8”: its encoding has no place for them.")
    }

    private func fault(_ text: String, _ what: String, _ hint: String) -> InputFault {
        InputFault(field: field.name, "\(field.name) \(Quoted.short(text)) \(what)", hint: hint)
    }
}
