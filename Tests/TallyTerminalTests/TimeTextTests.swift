import TallyTerminal
import Testing

@Suite struct TimeTextTests {
    private static let minute: Int64 = 60_000
    private static let hour = 60 * minute
    private static let day = 24 * hour
    /// 2023-09-01T04:57:09Z.
    private let momentMs: Int64 = 1_693_544_229_000
    private let seoul = LocalClock.fixed(minutesEastOfUTC: 540)

    @Test(
        "an age is the largest unit, rounded down",
        arguments: [
            (0, "just now"), (59_999, "just now"), (-59_999, "just now"), (minute, "1 min"),
            (59 * minute, "59 min"), (2 * hour + 59 * minute, "2 h"), (23 * hour, "23 h"),
            (day, "1 d"), (59 * day, "59 d"), (61 * day, "2 mo"), (700 * day, "22 mo"),
            (1100 * day, "3 y"), (-2 * hour, "in 2 h"), (-3 * day, "in 3 d"),
        ] as [(Int64, String)])
    func age(spanMs: Int64, expected: String) {
        #expect(TimeText.age(of: momentMs, nowMs: momentMs + spanMs) == expected)
    }

    @Test("an age never overflows")
    func extremeAge() {
        #expect(TimeText.age(of: .min, nowMs: .max) == "292271023 y")
        #expect(TimeText.age(of: .max, nowMs: .min) == "in 292271023 y")
    }

    @Test(
        "a duration has at most two units",
        arguments: [
            (-5, "0 s"), (10_349, "10 s"), (10_500, "11 s"), (59_600, "1 min"), (240_000, "4 min"),
            (80 * minute, "1 h 20 min"), (2 * hour, "2 h"), (51 * hour, "2 d 3 h"),
        ] as [(Int64, String)])
    func duration(spanMs: Int64, expected: String) {
        #expect(TimeText.duration(ms: spanMs) == expected)
    }

    @Test("moments are told by the clock that is handed in")
    func moments() {
        #expect(TimeText.timeOfDay(momentMs, clock: seoul) == "13:57")
        #expect(TimeText.timeOfDay(momentMs, clock: .utc) == "04:57")
        #expect(TimeText.date(momentMs, clock: seoul) == "2023-09-01")
        #expect(TimeText.dateAndTime(momentMs, clock: seoul) == "2023-09-01 13:57")
    }

    @Test("a moment of today needs no date")
    func today() {
        let clock = seoul
        let evening = momentMs + 10 * TimeTextTests.hour
        let tomorrow = momentMs + 11 * TimeTextTests.hour
        #expect(TimeText.moment(momentMs, nowMs: evening, clock: clock) == "13:57")
        #expect(TimeText.moment(momentMs, nowMs: tomorrow, clock: clock) == "2023-09-01 13:57")
    }

    @Test(
        "dates are right across leap years, centuries and 1970",
        arguments: [
            (0, "1970-01-01 00:00"), (-1, "1969-12-31 23:59"),
            (951_782_400_000, "2000-02-29 00:00"),
            (1_709_208_000_000, "2024-02-29 12:00"), (-2_208_988_800_000, "1900-01-01 00:00"),
            (4_107_542_400_000, "2100-03-01 00:00"), (1_704_067_199_999, "2023-12-31 23:59"),
            (-62_135_596_800_000, "0001-01-01 00:00"),
        ] as [(Int64, String)])
    func calendar(momentMs: Int64, expected: String) {
        #expect(TimeText.dateAndTime(momentMs, clock: .utc) == expected)
    }

    @Test("the system's clock is within a day of UTC")
    func system() {
        let local = LocalClock.system.reading(atUnixMs: momentMs)
        #expect(local.year == 2023 && local.second == 9)
        #expect(local.month == 9 && local.day == 1 || local.month == 8 && local.day == 31)
    }
}
