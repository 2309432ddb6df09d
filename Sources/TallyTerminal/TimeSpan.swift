import TallyCore

/// A time as a person writes it, as far as it is written: a day, a minute, a moment.
///
/// | text | from | to |
/// |---|---|---|
/// | `2023`, `2023-05`, `2023-05-01` | its beginning | its end |
/// | `2023-05-01T12:00` | that minute | its end |
/// | `2023-05-01T12:00:30`, `…:30.500` | that second, that millisecond | its end |
/// | `today`, `yesterday` | midnight | midnight |
/// | `90m`, `2h`, `3d`, `1w` | that long ago | the same |
///
/// By the clock on the wall; by UTC where a time of day ends in `Z`. A space may stand for the `T`.
public struct TimeSpan: Sendable, Equatable {
    /// The first millisecond of it.
    public let firstMs: Int64
    /// The last millisecond of it.
    public let lastMs: Int64

    /// Why a text is no time.
    public enum Fault: Error, Sendable {
        /// Nothing of the kind.
        case form
        /// A day or a time of day that does not exist.
        case calendar
    }

    /// - Parameter nowMs: the moment from which spans count back.
    public init(_ text: String, nowMs: Int64, clock: LocalClock) throws(Fault) {
        if let span = Self.ago(text, nowMs: nowMs) {
            self = span
            return
        }
        let today = Self.day(of: nowMs, clock)
        switch text {
        case "today": self = Self.days(today, 1, clock)
        case "yesterday": self = Self.days(today - 1, 1, clock)
        default: self = try Self.date(text, clock)
        }
    }

    private init(from firstMs: Int64, to lastMs: Int64) {
        self.firstMs = firstMs
        self.lastMs = lastMs
    }

    /// `2h`: a number of at most 6 digits and a unit.
    private static func ago(_ text: String, nowMs: Int64) -> TimeSpan? {
        let units: [Character: Int64] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let unit = text.last.flatMap({ units[$0] }), text.utf8.count <= 7,
            let count = digits(text.dropLast())
        else { return nil }
        let moment = nowMs - Int64(count) * unit * 1000
        return TimeSpan(from: moment, to: moment)
    }

    private static func day(of momentMs: Int64, _ clock: LocalClock) -> Int {
        let reading = clock.reading(atUnixMs: momentMs)
        return CalendarDay(year: reading.year, month: reading.month, day: reading.day)?
            .daysSinceEpoch ?? 0
    }

    private static func days(_ first: Int, _ count: Int, _ clock: LocalClock) -> TimeSpan {
        TimeSpan(
            from: clock.unixMs(daysSince1970: first, seconds: 0),
            to: clock.unixMs(daysSince1970: first + count, seconds: 0) - 1)
    }

    private static func date(_ text: String, _ clock: LocalClock) throws(Fault) -> TimeSpan {
        let halves = text.split(
            maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { "Tt ".contains($0) })
        let parts = halves[0].split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { digits($0) }
        guard (1...3).contains(parts.count), numbers.count == parts.count,
            parts[0].utf8.count == 4, parts.dropFirst().allSatisfy({ $0.utf8.count == 2 })
        else { throw .form }
        let month = numbers.count > 1 ? numbers[1] : 1
        let day = CalendarDay(
            year: numbers[0], month: month, day: numbers.count > 2 ? numbers[2] : 1)
        if halves.count == 2, numbers.count == 3 { return try time(halves[1], on: day, clock) }
        guard halves.count == 1 else { throw .form }
        guard let first = day?.daysSinceEpoch else { throw .calendar }
        let count: Int
        switch numbers.count {
        case 1: count = CalendarDay.days(inMonth: 2, of: numbers[0]) == 29 ? 366 : 365
        case 2: count = CalendarDay.days(inMonth: month, of: numbers[0])
        default: count = 1
        }
        return days(first, count, clock)
    }

    /// `12:00`, `12:00:30`, `12:00:30.500`, each with a `Z` or without.
    private static func time(
        _ text: Substring, on day: CalendarDay?, _ clock: LocalClock
    ) throws(Fault) -> TimeSpan {
        let isUTC = text.hasSuffix("Z") || text.hasSuffix("z")
        let parts = (isUTC ? text.dropLast() : text)
            .split(separator: ":", omittingEmptySubsequences: false)
        let seconds =
            parts.count == 3
            ? parts[2].split(separator: ".", omittingEmptySubsequences: false) : []
        let fields = parts.prefix(2) + seconds.prefix(1)
        let numbers = fields.compactMap { digits($0) }
        guard (2...3).contains(parts.count), numbers.count == fields.count, seconds.count <= 2,
            fields.allSatisfy({ $0.utf8.count == 2 })
        else { throw .form }
        var millisecond: Int?
        if seconds.count == 2 {
            guard seconds[1].utf8.count == 3, let number = digits(seconds[1]) else { throw .form }
            millisecond = number
        }
        let second = numbers.count == 3 ? numbers[2] : 0
        guard let day, numbers[0] < 24, numbers[1] < 60, second < 60 else { throw .calendar }
        let zone = isUTC ? LocalClock.utc : clock
        let first =
            zone.unixMs(
                daysSince1970: day.daysSinceEpoch,
                seconds: numbers[0] * 3600 + numbers[1] * 60 + second) + Int64(millisecond ?? 0)
        let length: Int64 = millisecond != nil ? 1 : numbers.count == 3 ? 1000 : 60_000
        return TimeSpan(from: first, to: first + length - 1)
    }

    private static func digits(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
