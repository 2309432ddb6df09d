import TallyCore
import TallyStore

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

    /// The elements of a set, names of areas among actors and targets as codes; those that had stood there, perhaps
    /// rewritten by a program, are not judged again.
    func elements(_ cell: String, instead held: [String]) throws(InputFault) -> [String] {
        let text = try checked(SheetText.plain(cell), ElementList.join(held))
        return try ElementList.split(text).map { (element) throws(InputFault) in
            if let kept = held.first(where: { compare(element, with: $0) != .edited }) {
                return kept
            }
            try checkFailure(element)
            try checkText(element, beside: held)
            let text = CellReader.areAreas(field.name) ? CellReader.party(element) : element
            return try FieldInput(field).element(text)
        }
    }

    private func typed(
        _ cell: String, instead exported: String, _ numbers: inout NumberCells
    ) throws(InputFault) -> String {
        try checkFailure(cell)
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
            try checkText(text, beside: [exported])
            return try checked(text, exported)
        }
    }

    /// - Throws: `InputFault` for what may be what a program has made of something else.
    private func checkText(_ text: String, beside exported: [String]) throws(InputFault) {
        if Self.isWholeNumber(text), !exported.contains(where: { $0.contains(".") }) {
            throw fault(
                text, "may be a whole number of which a program has made a figure",
                "Have the column read as text (in pandas: dtype=str), and type it once more; "
                    + "if \(text) is meant, write it with tally set.")
        }
        if let long = exported.first(where: { Self.hasLostZeros(text, $0) }) {
            throw fault(
                text, "may have lost the zeros before it, as \(long) has them",
                "Format the column as text, and type it once more; "
                    + "if \(text) is meant, write it with tally set.")
        }
        if text == "NA", exported.allSatisfy(\.isEmpty) {
            throw fault(
                text, "may be what R writes for an empty cell",
                "Write the file with na = \"\"; if it is meant, write it with tally set.")
        }
    }

    private func checkFailure(_ text: String) throws(InputFault) {
        guard Self.isFailure(text) else { return }
        throw fault(
            text, "is what a spreadsheet shows in place of a value",
            "Mend the formula, make the column wider, or type the value; "
                + "if the text is meant, write it with tally set.")
    }

    /// Whether it is what a spreadsheet shows where a formula has failed or a column is too narrow: `#REF!`, `#NAME?`, in
    /// German `#BEZUG!`, in LibreOffice `Err:508`.
    private static func isFailure(_ cell: String) -> Bool {
        let text = cell.trimmingSpaces.uppercased()
        guard text.hasPrefix("#") else {
            return text == "LOADING..." || text.hasPrefix("ERR:") && Int(text.dropFirst(4)) != nil
        }
        let name = text.dropFirst().dropLast()
        let isName = name.allSatisfy { $0.isLetter || $0.isNumber || "/_¡¿".contains($0) }
        return ["#N/A", "#NV", "#N/D", "#GETTING_DATA"].contains(text)
            || (isName && !name.isEmpty && (text.hasSuffix("!") || text.hasSuffix("?")))
            || (text.utf8.count > 2 && text.allSatisfy { $0 == "#" })
    }

    /// `57` in place of `0401`: whoever typed `0057` sees it as a number.
    private static func hasLostZeros(_ text: String, _ exported: String) -> Bool {
        exported.hasPrefix("0") && CodeText.isNumber(exported, digits: 2...18)
            && !text.hasPrefix("0") && CodeText.isNumber(text, digits: 1...18)
            && text.utf8.count < exported.utf8.count
    }

    /// `190.0`, as pandas writes 190 in a column with empty cells.
    private static func isWholeNumber(_ text: String) -> Bool {
        text.hasSuffix(".0") && text.utf8.count > 2 && text.dropLast(2).allSatisfy(\.isNumber)
    }

    private func day(_ text: String, instead exported: String) throws(InputFault) -> String {
        if text.utf8.count == 4 || Shape.isPeriod(text) { return text }
        let readings = SheetDate.readings(text, order).sorted { $0.text < $1.text }
        if SheetDate.mayBeDay(text, isMonth: field.type == .period, beside: exported) {
            throw fault(
                text,
                "may be a day, the year left out"
                    + (readings.first.map { ", or a month of \($0.year)" } ?? ""),
                "Write it with its year, as \(readings.first?.text ?? "2023-12") or 2023-12-31.")
        }
        if readings.count > 1 {
            throw fault(
                text, "may be \(readings.map(\.text).joined(separator: " or "))",
                "Write it as \(readings[0].text).")
        }
        guard let date = readings.first else {
            return try PeriodCells.plain(text, field: field.name, order: order)
        }
        // 2023-12 or 2023.
        let length = exported.utf8.count
        if date.day == 1, length == 7 || (length == 4 && date.month == 1) {
            throw fault(
                text,
                "may be a \(length == 7 ? "month" : "year"), of which a program has made its first day",
                "Write \(date.text.prefix(length)) or \(date.text) in a column that is formatted as text."
            )
        }
        return date.text
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
