import TallyCore
import TallySimulator
import Testing

struct TimestampTests {
    @Test(
        "known moments have known milliseconds",
        arguments: [
            ("1970-01-01T00:00:00.000Z", 0), ("1970-01-01T00:00:00.001Z", 1),
            ("1969-12-31T23:59:59.999Z", -1), ("1969-12-31T00:00:00.000Z", -86_400_000),
            ("2000-02-29T12:00:00.000Z", 951_825_600_000),
            ("2026-11-23T16:45:12.345Z", 1_795_452_312_345),
            ("2038-01-19T03:14:08.000Z", 2_147_483_648_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
            ("0000-01-01T00:00:00.000Z", -62_167_219_200_000),
        ] as [(String, Int64)])
    func known(text: String, milliseconds: Int64) {
        #expect(Timestamp(text)?.milliseconds == milliseconds)
        #expect(Timestamp(milliseconds: milliseconds).text == text)
        #expect("\(Timestamp(milliseconds: milliseconds))" == text)
    }

    @Test("every moment of the years 0 to 9999 reads back from its text")
    func roundTrip() {
        var random = SeededGenerator(seed: 4)
        let (first, last) = (-62_167_219_200_000, 253_402_300_799_999)
        for _ in 0..<3000 {
            let moment = Timestamp(milliseconds: Int64(random.number(in: first...last)))
            let text = moment.text
            #expect(text.utf8.count == 24)
            #expect(Timestamp(text) == moment, "\(text)")
            #expect(Timestamp(utf8: Array(text.utf8)) == moment)
        }
    }

    @Test("the order of moments is the order of their texts")
    func order() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<1000 {
            let a = Timestamp(milliseconds: Int64(random.number(in: -5_000_000...5_000_000)))
            let b = Timestamp(milliseconds: Int64(random.number(in: -5_000_000...5_000_000)))
            #expect((a < b) == (a.text < b.text))
        }
    }

    @Test(
        "days and hours that do not exist are refused",
        arguments: [
            "2023-02-29T00:00:00.000Z", "1900-02-29T00:00:00.000Z", "2100-02-29T00:00:00.000Z",
            "2023-04-31T00:00:00.000Z", "2023-00-10T00:00:00.000Z", "2023-13-10T00:00:00.000Z",
            "2023-01-00T00:00:00.000Z", "2023-01-32T00:00:00.000Z", "2023-01-01T24:00:00.000Z",
            "2023-01-01T00:60:00.000Z", "2016-12-31T23:59:60.000Z",
        ])
    func impossible(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(
        "leap days are read",
        arguments: ["2024-02-29", "2000-02-29", "0000-02-29", "2400-02-29"])
    func leapDays(day: String) {
        #expect(Timestamp("\(day)T23:59:59.999Z")?.text == "\(day)T23:59:59.999Z")
    }

    @Test(
        "any other form is refused",
        arguments: [
            "", "2023-01-01", "2023-01-01T00:00:00Z", "2023-01-01T00:00:00.0Z",
            "2023-01-01T00:00:00.000", "2023-01-01T00:00:00.000z", "2023-01-01 00:00:00.000Z",
            "2023-01-01t00:00:00.000Z", "2023-01-01T00:00:00,000Z", "2023-01-01T00:00:00.000+00:00",
            "+023-01-01T00:00:00.000Z", "-023-01-01T00:00:00.000Z", "2023-1-001T00:00:00.000Z",
            "12023-01-01T00:00:00.000Z", " 2023-01-01T00:00:00.000Z", "2023-01-01T00:00:00.000Z\n",
            "２023-01-01T00:00:00.000Z",
        ])
    func otherForms(text: String) {
        #expect(Timestamp(text) == nil)
    }
}

/// DESIGN.md section 4, Time.
struct NextTimestampTests {
    private let clock = Timestamp(milliseconds: 1_795_452_312_345)

    private func later(_ milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: clock.milliseconds + milliseconds)
    }

    @Test("a new changeset has the time of the clock where nothing later was seen")
    func clockRules() {
        #expect(Timestamp.next(clock: clock, ownLast: nil, othersLast: nil) == clock)
        #expect(Timestamp.next(clock: clock, ownLast: later(-5), othersLast: later(-1)) == clock)
    }

    @Test("it is at least a millisecond after the own last one, however wrong the clock")
    func ownLast() {
        #expect(Timestamp.next(clock: clock, ownLast: clock, othersLast: nil) == later(1))
        #expect(Timestamp.next(clock: clock, ownLast: later(7), othersLast: nil) == later(8))
        let days: Int64 = 400 * 86_400_000
        #expect(
            Timestamp.next(clock: clock, ownLast: later(days), othersLast: nil) == later(days + 1))
    }

    @Test("it is after another's last one only while that is less than 24 hours ahead of the clock")
    func othersLast() {
        let day: Int64 = 86_400_000
        #expect(Timestamp.followedAheadMs == day)
        #expect(Timestamp.next(clock: clock, ownLast: nil, othersLast: clock) == later(1))
        #expect(
            Timestamp.next(clock: clock, ownLast: nil, othersLast: later(day - 1)) == later(day))
        #expect(Timestamp.next(clock: clock, ownLast: nil, othersLast: later(day)) == clock)
        #expect(Timestamp.next(clock: clock, ownLast: nil, othersLast: later(3 * day)) == clock)
        #expect(
            Timestamp.next(clock: clock, ownLast: later(9), othersLast: later(day)) == later(10))
    }

    @Test("it is after both where both count")
    func both() {
        #expect(Timestamp.next(clock: clock, ownLast: later(3), othersLast: later(8)) == later(9))
        #expect(Timestamp.next(clock: clock, ownLast: later(8), othersLast: later(3)) == later(9))
    }
}
