import Glibc

/// What the clock on the wall says at a moment of Unix time.
///
/// Handed in wherever local time is printed, so that tests choose the zone.
public struct LocalClock: Sendable {
    /// Date and time of day in the proleptic Gregorian calendar.
    public struct Reading: Sendable, Hashable {
        /// 0 is 1 BC.
        public let year: Int
        /// 1 to 12.
        public let month: Int
        /// 1 to 31.
        public let day: Int
        /// 0 to 23.
        public let hour: Int
        /// 0 to 59.
        public let minute: Int
        /// 0 to 59; leap seconds are not told.
        public let second: Int
    }

    private let offsetSeconds: @Sendable (_ unixSeconds: Int64) -> Int64

    /// A zone by its offset east of UTC, in seconds, at a second of Unix time.
    public init(offsetSeconds: @escaping @Sendable (_ unixSeconds: Int64) -> Int64) {
        self.offsetSeconds = offsetSeconds
    }

    /// The zone of this machine (`TZ`, `/etc/localtime`), with its summer times.
    public static let system: LocalClock = {
        // localtime_r need not look at TZ by itself:
        // https://pubs.opengroup.org/onlinepubs/9799919799/functions/localtime.html
        tzset()
        return LocalClock { unixSeconds in
            var time = time_t(unixSeconds)
            var parts = tm()
            return localtime_r(&time, &parts) == nil ? 0 : Int64(parts.tm_gmtoff)
        }
    }()

    /// Coordinated universal time.
    public static let utc = LocalClock.fixed(minutesEastOfUTC: 0)

    /// A zone that never changes its offset: 540 is Seoul.
    public static func fixed(minutesEastOfUTC minutes: Int) -> LocalClock {
        LocalClock { _ in Int64(minutes) * 60 }
    }

    /// The reading at `unixMs` milliseconds after 1970-01-01T00:00:00Z.
    public func reading(atUnixMs unixMs: Int64) -> Reading {
        let unixSeconds = LocalClock.floorDivide(unixMs, 1000).quotient
        let local = unixSeconds + offsetSeconds(unixSeconds)
        let (day, second) = LocalClock.floorDivide(local, 86_400)
        let date = LocalClock.date(daysSince1970: Int(day))
        return Reading(
            year: date.year, month: date.month, day: date.day, hour: Int(second / 3600),
            minute: Int(second / 60 % 60), second: Int(second % 60))
    }

    /// The moment at which the clock reads midnight of a day and `seconds` more.
    ///
    /// Where the clock is put forward over it, the moment at which it would have been without; where it is put back, the
    /// first of the two.
    public func unixMs(daysSince1970 day: Int, seconds: Int) -> Int64 {
        let local = Int64(day) * 86_400 + Int64(seconds)
        // The offset of half a day before is that before a change of the clock, if there is one near.
        let early = local - offsetSeconds(local - 43_200)
        if early + offsetSeconds(early) == local { return early * 1000 }
        let late = local - offsetSeconds(local + 43_200)
        return (late + offsetSeconds(late) == local ? late : early) * 1000
    }

    private static func floorDivide(
        _ value: Int64, _ divisor: Int64
    ) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// Howard Hinnant, civil_from_days: <https://howardhinnant.github.io/date_algorithms.html>.
    private static func date(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = daysSince1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
