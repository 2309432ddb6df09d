import TallyCore
import TallyStore

/// A day or a month as a spreadsheet writes it.
struct SheetDate: Hashable {
    let year: Int
    let month: Int
    /// nil for a month.
    let day: Int?

    init?(_ year: Int?, _ month: Int?, _ day: Int?) {
        guard let year, let month, (1...12).contains(month), (1...9999).contains(year),
            day.map({ CalendarDay(year: year, month: month, day: $0) != nil }) ?? true
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// As Tally writes it.
    var text: String {
        func padded(_ number: Int, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - "\(number)".count)) + "\(number)"
        }
        let month = "\(padded(year, 4))-\(padded(self.month, 2))"
        return day.map { "\(month)-\(padded($0, 2))" } ?? month
    }

    /// The first day of a month; a day itself.
    var firstDay: Self { day == nil ? Self(year, month, 1) ?? self : self }

    /// All that a text can mean; nothing for one that is no date: `2023-12-01`, `01.12.2023`, `12/1/23`, `1-Dec-23`, `Dec-23`,
    /// `Dez 23`, `2023/12`, with midnight behind it or without.
    ///
    /// - Parameter known: the year that two digits mean where they are its last ones.
    static func readings(
        _ text: String, _ order: DateOrder?, beside known: Int? = nil
    ) -> Set<Self> {
        guard text.utf8.count <= 40,
            let date = DateWords.withoutMidnight(text.trimmingSpaces)
        else { return [] }
        let parts = date.split { " ./-,年月日년월일".contains($0) }.map(String.init)
        guard (2...3).contains(parts.count) else { return [] }
        let numbers = parts.map {
            $0.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int($0) : nil
        }
        let words = parts.indices.filter { numbers[$0] == nil }
        func year(_ index: Int) -> Int? {
            guard let number = numbers[index] else { return nil }
            switch parts[index].utf8.count {
            case 4: return number
            case 2:
                let isKnown = known.map { $0 % 100 == number } ?? false
                return isKnown ? known : DateWords.year(ofTwoDigits: number)
            default: return nil
            }
        }
        func isYear(_ index: Int) -> Bool { parts[index].utf8.count == 4 }
        var found: [Self?] = []
        if let word = words.first {
            guard words.count == 1, let month = DateWords.month(parts[word]) else { return [] }
            let others = parts.indices.filter { $0 != word }
            if others.count == 1 {
                found = [Self(year(others[0]), month, nil)]
            } else if isYear(others[0]) {
                found = [Self(year(others[0]), month, numbers[others[1]])]
            } else {
                found = [Self(year(others[1]), month, numbers[others[0]])]
            }
        } else if parts.count == 2 {
            found =
                isYear(0)
                ? [Self(year(0), numbers[1], nil)]
                : isYear(1) ? [Self(year(1), numbers[0], nil)] : []
        } else if isYear(0) {
            found = [Self(year(0), numbers[1], numbers[2])]
        } else {
            if order != .mdy { found.append(Self(year(2), numbers[1], numbers[0])) }
            if order != .dmy { found.append(Self(year(2), numbers[0], numbers[1])) }
            // 23-12-31, where nothing says that a year stands last.
            if !isYear(2) { found.append(Self(year(0), numbers[1], numbers[2])) }
        }
        return Set(found.compactMap { $0 })
    }

    /// The day that a spreadsheet keeps as a number, 1 being the first of 1900.
    private static func serial(_ text: String) -> Self? {
        guard text.utf8.count == 5, let number = Int(text) else { return nil }
        // 25,569 days lie between the last of 1899 and 1970, by Excel's count of February 1900.
        let day = CalendarDay(daysSinceEpoch: number - 25_569)
        return Self(day.year, day.month, day.day)
    }

    /// Whether a cell shows a year, a month or a day as a program may show it that has made a date of it; a year and a month
    /// then have a day, the first.
    static func shows(_ cell: String, _ text: String, _ order: DateOrder?) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        if parts.count == 1, text.utf8.count == 4, let date = Self(numbers.first, 1, 1) {
            return readings(cell, order) == [date]
        }
        guard (2...3).contains(parts.count), numbers.count == parts.count,
            parts[0].utf8.count == 4,
            let date = Self(numbers[0], numbers[1], parts.count == 3 ? numbers[2] : nil)
        else { return false }
        // A column that is formatted without years.
        if let (number, month, _) = numberAndMonth(cell), date.day == number {
            return month == date.month
        }
        let shown = readings(cell, order, beside: date.year)
            .union(serial(cell).map { [$0] } ?? [])
        return shown.contains(date) || shown.contains(date.firstDay)
    }

    /// The day that a program may have made of text as `1-2` or `Dec-23`, year left out: `2-Jan`, `01/02/26`, `12/23/2026`.
    ///
    /// - Parameter year: a program puts in no earlier one.
    static func showsDay(_ cell: String, _ text: String, since year: Int) -> Bool {
        let shown = readings(cell, nil).filter { $0.year >= year }
        if let (day, month, _) = numberAndMonth(text) {
            return numberAndMonth(cell).map { ($0.number, $0.month) == (day, month) }
                ?? shown.contains { ($0.day, $0.month) == (day, month) }
        }
        let numbers = text.split { "-/.".contains($0) }.map { Int($0) }
        guard text.utf8.count <= 5, numbers.count == 2, let a = numbers[0], let b = numbers[1]
        else {
            return false
        }
        let words = cell.split { "-/. ".contains($0) }
        if words.count == 2, let word = words.first(where: { Int($0) == nil }),
            let month = DateWords.month(word),
            let day = words.compactMap({ Int($0) }).first
        {
            return (day, month) == (a, b) || (day, month) == (b, a)
        }
        return shown.contains {
            ($0.day, $0.month) == (a, b) || ($0.day, $0.month) == (b, a)
        }
    }

    /// A number of one or two digits beside the name of a month.
    private static func numberAndMonth(
        _ text: String
    ) -> (number: Int, month: Int, isNumberFirst: Bool)? {
        let parts = text.split { " -/.,".contains($0) }
        guard parts.count == 2, let place = parts.firstIndex(where: { Int($0) != nil }),
            parts[place].utf8.count <= 2, let number = Int(parts[place]),
            let month = DateWords.month(parts[1 - place])
        else { return nil }
        return (number, month, place == 0)
    }

    /// Whether the number beside the name of a month may be a day: `15-Sep`, and `Sep 15` unless 15 is the year that had stood
    /// there, or months are what is wanted.
    static func mayBeDay(_ text: String, isMonth: Bool, beside exported: String) -> Bool {
        guard let (number, _, isNumberFirst) = numberAndMonth(text), (1...31).contains(number)
        else { return false }
        let isKnownYear = Int(exported.prefix(4)).map { $0 % 100 == number } ?? false
        return isNumberFirst || !(isMonth || isKnownYear)
    }

    /// The order that a text shows: a number above 12 is no month.
    static func order(in text: String) -> DateOrder? {
        let parts = text.split { "./- ".contains($0) }
        guard parts.count >= 3, parts[0].utf8.count <= 2, parts[2].utf8.count == 4,
            let first = Int(parts[0]), let second = Int(parts[1])
        else { return nil }
        if first > 12, first <= 31, second <= 12 { return .dmy }
        if second > 12, second <= 31, first <= 12 { return .mdy }
        return nil
    }
}
