import TallyCore
import TallyStore

/// Reads periods and dates as tables have them, as SDMX and EDTF write them.
///
/// `2001.01`, `2001/01`, `2001M01`, `200101`, `January 2001`, `Jan-2001`, `25.08` (two digits are a year up to 2029) are
/// months; `02-Jan-2001`, `2 January 2001`, `2001/01/02`, `20010102` days; `2023Q4`, `Q4 2023`, `2023H1`
/// quarters and halves; `2022.0` the year that a spreadsheet has made a number of. What could be two dates is refused.
enum PeriodCells {
    /// No date is longer, however it is written.
    private static let maximumBytes = 64

    /// - Parameters:
    ///   - field: for messages.
    ///   - order: of the parts of dates, where it is said.
    /// - Returns: the period; the text as it is where it is none, to be refused by its field.
    static func plain(
        _ cell: String, field: String, order: DateOrder? = nil
    ) throws(InputFault) -> String {
        let given = cell.trimmingSpaces
        guard given.utf8.count <= maximumBytes else { return given }
        // 2001. 01. as Koreans write it.
        let isSpaced = given.hasSuffix(".") && given.contains(". ")
        let text = isSpaced ? String(given.dropLast().replacing(". ", with: ".")) : given
        if text.utf8.count == 4 || Shape.isPeriod(text) { return text }
        if let worded = worded(text) ?? compact(text) { return worded }
        return try parted(text, field: field, order) ?? given
    }

    // MARK: Numbers with separators

    private static func parted(
        _ text: String, field: String, _ order: DateOrder?
    ) throws(InputFault) -> String? {
        guard let separator = text.first(where: { "./-".contains($0) }) else { return nil }
        guard let date = DateWords.withoutMidnight(text) else { return nil }
        let parts = date.split(separator: separator, omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), parts.allSatisfy(isDigits) else { return nil }
        let numbers = parts.compactMap { $0.utf8.count <= 4 ? Int($0) : nil }
        guard numbers.count == parts.count else { return nil }
        switch (parts[0].utf8.count, parts.count) {
        case (4, 2) where separator == "." && parts[1] == "0": return String(parts[0])
        case (4, 2) where separator == "." && parts[1] == "1":
            throw InputFault(
                field: field,
                "\(field) \(Quoted.short(text)) may be January or October of \(parts[0])",
                hint: "A program has made a number of it; have the column written as text.")
        case (4, 2) where parts[1].utf8.count <= 2: return month(numbers[0], numbers[1])
        // 01.02 may be a day of a month.
        case (2, 2) where separator == "." && numbers[0] > 12:
            return month(DateWords.year(ofTwoDigits: numbers[0]), numbers[1])
        case (1...2, 2) where parts[1].utf8.count == 4: return month(numbers[1], numbers[0])
        case (4, 3): return day(numbers[0], numbers[1], numbers[2])
        case (1...2, 3) where parts[2].utf8.count == 4:
            let (a, b) = (numbers[0], numbers[1])
            switch order {
            case .dmy: return try day(text, field: field, numbers[2], b, a, .dmy)
            case .mdy: return try day(text, field: field, numbers[2], a, b, .mdy)
            case nil: break
            }
            // 25/12/2023 can be no other day; 3/12/2023 can be two.
            if a == b || b > 12 { return day(numbers[2], a, b) }
            if a > 12 { return day(numbers[2], b, a) }
            throw InputFault(
                field: field, "\(field) \(Quoted.short(text)) may be two dates",
                hint: "Say what stands first: --dates dmy for the day, --dates mdy for the month.")
        default: return nil
        }
    }

    /// A date in the order that is said.
    private static func day(
        _ text: String, field: String, _ year: Int, _ month: Int, _ day: Int, _ order: DateOrder
    ) throws(InputFault) -> String {
        if let date = Self.day(year, month, day) { return date }
        let isMonth = !(1...12).contains(month)
        // Of what years there are its field speaks.
        if !isMonth, (1...31).contains(day) { return text }
        throw InputFault(
            field: field,
            "\(field) \(Quoted.short(text)) has no \(isMonth ? "month \(month)" : "day \(day)")",
            hint: "--dates \(order.rawValue) puts the \(order == .dmy ? "day" : "month") first.")
    }

    // MARK: Digits and a letter

    private static func compact(_ text: String) -> String? {
        if text.utf8.count == 6, isDigits(text[...]) {
            return month(Int(text.prefix(4)), Int(text.suffix(2)))
        }
        if text.utf8.count == 8, isDigits(text[...]) {
            return day(Int(text.prefix(4)), Int(text.dropFirst(4).prefix(2)), Int(text.suffix(2)))
        }
        let plain = text.uppercased().filter { $0 != " " && $0 != "-" }
        // Q4 2023, 4Q 2023 and 2023-4Q as 2023Q4.
        var turned = plain[...]
        if let first = plain.first, "QSH".contains(first) {
            turned = plain.dropFirst(2) + plain.prefix(2)
        } else if plain.utf8.count == 6, plain.dropFirst().first == "Q" {
            turned = plain.dropFirst(2) + "Q" + plain.prefix(1)
        } else if plain.utf8.count == 6, plain.last == "Q" {
            turned = plain.prefix(4) + "Q" + plain.dropFirst(4).prefix(1)
        }
        guard turned.utf8.count >= 6, isDigits(turned.prefix(4)) else { return nil }
        let (year, rest) = (turned.prefix(4), turned.dropFirst(5))
        guard isDigits(rest), let number = Int(rest) else { return nil }
        switch turned.dropFirst(4).first {
        case "M": return month(Int(year), number)
        case "Q" where (1...4).contains(number): return "\(year)-Q\(number)"
        case "S" where (1...2).contains(number), "H" where (1...2).contains(number):
            return "\(year)-S\(number)"
        default: return nil
        }
    }

    // MARK: Words

    private static func worded(_ text: String) -> String? {
        if text.contains("년") { return korean(text) }
        let words = text.split { " -/.,".contains($0) }
        if words.count == 2 {
            let order = isDigits(words[0]) ? [1, 0] : [0, 1]
            guard let number = DateWords.month(words[order[0]]), words[order[1]].utf8.count == 4,
                isDigits(words[order[1]])
            else { return nil }
            return month(Int(words[order[1]]), number)
        }
        guard words.count == 3, words[2].utf8.count == 4, isDigits(words[2]) else { return nil }
        if let number = DateWords.month(words[1]), isDigits(words[0]) {
            return day(Int(words[2]), number, Int(words[0]))
        }
        if let number = DateWords.month(words[0]), isDigits(words[1]) {
            return day(Int(words[2]), number, Int(words[1]))
        }
        return nil
    }

    /// `2023년`, `2023년 12월`, `2023년 12월 31일`.
    private static func korean(_ text: String) -> String? {
        let numbers = text.split { "년월일 ".contains($0) }
        guard (1...3).contains(numbers.count), numbers.allSatisfy(isDigits),
            numbers[0].utf8.count == 4
        else { return nil }
        let values = numbers.map { Int($0) }
        switch values.count {
        case 1: return String(numbers[0])
        case 2: return month(values[0], values[1])
        default: return day(values[0], values[1], values[2])
        }
    }

    // MARK: What they come to

    private static func month(_ year: Int?, _ month: Int?) -> String? {
        guard let year, (1800...2199).contains(year), let month, (1...12).contains(month)
        else { return nil }
        return "\(padded(year, 4))-\(padded(month, 2))"
    }

    private static func day(_ year: Int?, _ month: Int?, _ day: Int?) -> String? {
        guard let day, let month = Self.month(year, month), (1...31).contains(day) else {
            return nil
        }
        return "\(month)-\(padded(day, 2))"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
