import TallyCore

/// The days that an EDTF level 0 date stands for: `2023-09` is the thirty of that month.
public struct DateSpan: Sendable, Equatable {
    /// Days since 1970.
    public let days: ClosedRange<Int>

    /// - Returns: nil for what is no date of the calendar.
    public init?(_ date: String) {
        let parts = date.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...3).contains(parts.count), let year = parts[0] else { return nil }
        let (month, day) = (
            parts.count > 1 ? parts[1] : nil, parts.count > 2 ? parts[2] : nil
        )
        if parts.count > 1, month == nil || !(1...12).contains(month ?? 0) { return nil }
        if parts.count > 2, day == nil { return nil }
        let lastMonth = month ?? 12
        guard let first = CalendarDay(year: year, month: month ?? 1, day: day ?? 1),
            let last = CalendarDay(
                year: year, month: lastMonth,
                day: day ?? CalendarDay.days(inMonth: lastMonth, of: year))
        else { return nil }
        days = first.daysSinceEpoch...last.daysSinceEpoch
    }

    public var isOneDay: Bool { days.count == 1 }

    public func overlaps(_ other: DateSpan) -> Bool { days.overlaps(other.days) }

    /// How many days lie between the two: 0 where they overlap.
    public func distanceDays(to other: DateSpan) -> Int {
        if overlaps(other) { return 0 }
        return max(
            other.days.lowerBound - days.upperBound, days.lowerBound - other.days.upperBound)
    }
}
