import TallyCore

/// A period of a series: one of the SDMX periods that have another of their frequency directly before and after them.
///
/// Weeks are those of ISO 8601. A range (`2021-05-01/P10D`) is none of them, and neither is what the calendar does not have
/// (`2023-02-30`, `2023-W53`), which readers of lines take.
public struct SeriesPeriod: Hashable, Sendable {
    public enum Frequency: Sendable, CaseIterable {
        case year, half, third, quarter, month, week, day
        /// A day written by its number in the year: `2023-D365`.
        case ordinalDay
    }

    public let frequency: Frequency
    public let year: Int
    /// From 1, within the year.
    public let number: Int

    /// - Returns: nil where the year, 0 to 9999, has no such period.
    public init?(_ frequency: Frequency, _ year: Int, _ number: Int = 1) {
        guard (0...9999).contains(year), number >= 1, number <= frequency.count(in: year) else {
            return nil
        }
        (self.frequency, self.year, self.number) = (frequency, year, number)
    }

    /// - Returns: nil for what is no such period.
    public init?(_ text: String) {
        guard Shape.isPeriod(text) else { return nil }
        let parts = text.split(separator: "-").map(String.init)
        guard let year = parts.first.flatMap({ Int($0) }) else { return nil }
        if parts.count == 3 {
            guard let month = Int(parts[1]), let day = Int(parts[2]),
                let date = CalendarDay(year: year, month: month, day: day),
                let first = CalendarDay(year: year, month: 1, day: 1)
            else { return nil }
            self.init(.day, year, date.daysSinceEpoch - first.daysSinceEpoch + 1)
            return
        }
        guard parts.count == 2, let letter = parts[1].first else {
            self.init(.year, year)
            return
        }
        if let month = Int(parts[1]) {
            self.init(.month, year, month)
            return
        }
        guard let frequency = Frequency(letter), let number = Int(parts[1].dropFirst()) else {
            return nil
        }
        self.init(frequency, year, number)
    }

    /// As input writes it: `2023`, `2023-S1`, `2023-T1`, `2023-Q4`, `2023-12`, `2023-W05`, `2023-12-31`, `2023-D365`.
    public var text: String {
        let written = String(year).padded(to: 4)
        switch frequency {
        case .year: return written
        case .half: return "\(written)-S\(number)"
        case .third: return "\(written)-T\(number)"
        case .quarter: return "\(written)-Q\(number)"
        case .month: return "\(written)-\(String(number).padded(to: 2))"
        case .week: return "\(written)-W\(String(number).padded(to: 2))"
        case .ordinalDay: return "\(written)-D\(String(number).padded(to: 3))"
        case .day:
            let first = CalendarDay(year: year, month: 1, day: 1)?.daysSinceEpoch ?? 0
            return CalendarDay(daysSinceEpoch: first + number - 1).text
        }
    }

    /// - Returns: nil before the year 0.
    public var previous: Self? {
        if number > 1 { return Self(frequency, year, number - 1) }
        return Self(frequency, year - 1, frequency.count(in: year - 1))
    }

    /// - Returns: nil after the year 9999.
    public var next: Self? {
        Self(frequency, year, number + 1) ?? Self(frequency, year + 1)
    }
}

extension SeriesPeriod.Frequency {
    /// By the letter of SDMX: `A`, `S`, `T`, `Q`, `M`, `W`, `D`.
    fileprivate init?(_ letter: Character) {
        switch letter {
        case "A": self = .year
        case "S": self = .half
        case "T": self = .third
        case "Q": self = .quarter
        case "M": self = .month
        case "W": self = .week
        case "D": self = .ordinalDay
        default: return nil
        }
    }

    /// How many of them a year has.
    func count(in year: Int) -> Int {
        switch self {
        case .year: return 1
        case .half: return 2
        case .third: return 3
        case .quarter: return 4
        case .month: return 12
        case .week:
            let isLong = Self.isThursday(year, 1, 1) || Self.isThursday(year, 12, 31)
            return isLong ? 53 : 52
        case .day, .ordinalDay: return CalendarDay.days(inMonth: 2, of: year) + 337
        }
    }

    /// A week is of the year that has its Thursday: a year that begins or ends on one has 53 (ISO 8601).
    private static func isThursday(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        // 1970-01-01 was one.
        CalendarDay(year: year, month: month, day: day).map { $0.daysSinceEpoch % 7 == 0 } ?? false
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        String(repeating: "0", count: max(0, width - count)) + self
    }
}
