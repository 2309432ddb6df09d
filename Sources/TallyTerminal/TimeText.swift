/// Moments and spans of time for people.
///
/// Moments are milliseconds since 1970-01-01T00:00:00Z.
public enum TimeText {
    private static let minuteMs: Int64 = 60_000
    private static let hourMs: Int64 = 60 * minuteMs
    private static let dayMs: Int64 = 24 * hourMs

    /// How long ago `momentMs` was: `just now`, `3 min`, `2 h`, `1 d`, `14 mo`, `3 y`; `in 2 h` for
    /// what lies ahead.
    ///
    /// Rounded down; days up to 60, months (of 30.44 days) up to 24. Less than a minute either way
    /// is `just now`: clocks of two machines differ by that much.
    public static func age(of momentMs: Int64, nowMs: Int64) -> String {
        let (difference, overflow) = nowMs.subtractingReportingOverflow(momentMs)
        let spanMs = overflow ? UInt64(Int64.max) : difference.magnitude
        if spanMs < UInt64(minuteMs) { return "just now" }
        let text = largestUnit(of: Int64(clamping: spanMs))
        return nowMs < momentMs ? "in " + text : text
    }

    /// A span in at most two units: `10 s`, `4 min`, `1 h 20 min`, `2 d 3 h`.
    ///
    /// Rounded to the second below a minute, and down to the smaller unit above.
    public static func duration(ms spanMs: Int64) -> String {
        let seconds = max(0, spanMs) / 1000 + (max(0, spanMs) % 1000 >= 500 ? 1 : 0)
        if seconds < 60 { return "\(seconds) s" }
        let minutes = seconds / 60
        if minutes < 60 { return "\(minutes) min" }
        let hours = minutes / 60
        if hours < 24 { return pair(hours, "h", minutes % 60, "min") }
        return pair(hours / 24, "d", hours % 24, "h")
    }

    /// The time of day: `13:57`.
    public static func timeOfDay(_ momentMs: Int64, clock: LocalClock) -> String {
        let reading = clock.reading(atUnixMs: momentMs)
        return twoDigits(reading.hour) + ":" + twoDigits(reading.minute)
    }

    /// The date: `2023-09-01`.
    public static func date(_ momentMs: Int64, clock: LocalClock) -> String {
        let reading = clock.reading(atUnixMs: momentMs)
        let digits = String(reading.year.magnitude)
        let year = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return (reading.year < 0 ? "-" : "") + year + "-" + twoDigits(reading.month) + "-"
            + twoDigits(reading.day)
    }

    /// Date and time of day: `2023-09-01 13:57`.
    public static func dateAndTime(_ momentMs: Int64, clock: LocalClock) -> String {
        date(momentMs, clock: clock) + " " + timeOfDay(momentMs, clock: clock)
    }

    /// `13:57` for a moment of today, `2023-09-01 13:57` for any other.
    public static func moment(_ momentMs: Int64, nowMs: Int64, clock: LocalClock) -> String {
        date(momentMs, clock: clock) == date(nowMs, clock: clock)
            ? timeOfDay(momentMs, clock: clock) : dateAndTime(momentMs, clock: clock)
    }

    private static func largestUnit(of spanMs: Int64) -> String {
        if spanMs < hourMs { return "\(spanMs / minuteMs) min" }
        if spanMs < dayMs { return "\(spanMs / hourMs) h" }
        let days = spanMs / dayMs
        if days < 60 { return "\(days) d" }
        let months = days * 100 / 3044
        return months < 24 ? "\(months) mo" : "\(days * 100 / 36_525) y"
    }

    private static func pair(
        _ large: Int64, _ largeUnit: String, _ small: Int64, _ smallUnit: String
    ) -> String {
        small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
    }

    private static func twoDigits(_ value: Int) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}
