import TallyCore
import TallyTerminal
import Testing

/// How a person writes a time.
@Suite struct TimeSpanTests {
    /// 2023-09-01T04:57:09.000Z, 13:57 in Seoul.
    private static let nowMs: Int64 = 1_693_544_229_000
    private let seoul = LocalClock.fixed(minutesEastOfUTC: 540)

    private func span(_ text: String) throws -> String {
        let span = try TimeSpan(text, nowMs: Self.nowMs, clock: seoul)
        return [span.firstMs, span.lastMs].map { Timestamp(milliseconds: $0).text }
            .joined(separator: " ")
    }

    @Test(
        "a time reaches as far as it is written, by the clock on the wall",
        arguments: [
            ("2023-05-01", "2023-04-30T15:00:00.000Z 2023-05-01T14:59:59.999Z"),
            ("2023-02", "2023-01-31T15:00:00.000Z 2023-02-28T14:59:59.999Z"),
            ("2024", "2023-12-31T15:00:00.000Z 2024-12-31T14:59:59.999Z"),
            ("today", "2023-08-31T15:00:00.000Z 2023-09-01T14:59:59.999Z"),
            ("yesterday", "2023-08-30T15:00:00.000Z 2023-08-31T14:59:59.999Z"),
            ("2023-05-01T12:00", "2023-05-01T03:00:00.000Z 2023-05-01T03:00:59.999Z"),
            ("2023-05-01 12:00", "2023-05-01T03:00:00.000Z 2023-05-01T03:00:59.999Z"),
            ("2023-05-01T12:00:30", "2023-05-01T03:00:30.000Z 2023-05-01T03:00:30.999Z"),
            ("2023-05-01T12:00:30Z", "2023-05-01T12:00:30.000Z 2023-05-01T12:00:30.999Z"),
            ("2023-05-01T12:00:30.123Z", "2023-05-01T12:00:30.123Z 2023-05-01T12:00:30.123Z"),
            ("90m", "2023-09-01T03:27:09.000Z 2023-09-01T03:27:09.000Z"),
            ("2h", "2023-09-01T02:57:09.000Z 2023-09-01T02:57:09.000Z"),
            ("3d", "2023-08-29T04:57:09.000Z 2023-08-29T04:57:09.000Z"),
            ("1w", "2023-08-25T04:57:09.000Z 2023-08-25T04:57:09.000Z"),
        ])
    func spans(text: String, expected: String) throws {
        #expect(try span(text) == expected)
    }

    @Test(
        "what is no time is told from a day that does not exist",
        arguments: [
            ("", TimeSpan.Fault.form), ("x", .form), ("h", .form), ("-2h", .form), ("2 h", .form),
            ("1234567h", .form), ("2023-5-1", .form), ("23-05-01", .form), ("2023-05-01T", .form),
            ("2023-05-01T12", .form), ("2023-05T12:00", .form), ("2023-05-01T12:00:00.1", .form),
            ("2023-05-01T12:00+09:00", .form), ("2023-05-01-01", .form), ("٢h", .form),
            ("2023-13", .calendar), ("2023-02-30", .calendar), ("2023-05-01T24:00", .calendar),
            ("2023-02-29T12:00", .calendar),
        ])
    func faults(text: String, expected: TimeSpan.Fault) {
        #expect(throws: expected) { try span(text) }
    }

    @Test("the clock is read backwards where it is put forward and back")
    func summerTime() {
        // UTC+1 until 2023-03-26T01:00Z, then UTC+2 until 2023-10-29T01:00Z.
        let berlin = LocalClock { second in
            (1_679_792_400..<1_698_541_200).contains(second) ? 7200 : 3600
        }
        func moment(_ text: String) -> String? {
            (try? TimeSpan(text, nowMs: Self.nowMs, clock: berlin)).map {
                Timestamp(milliseconds: $0.firstMs).text
            }
        }
        #expect(moment("2023-03-26T01:59") == "2023-03-26T00:59:00.000Z")
        #expect(moment("2023-03-26T02:30") == "2023-03-26T01:30:00.000Z")
        #expect(moment("2023-03-26T03:00") == "2023-03-26T01:00:00.000Z")
        #expect(moment("2023-10-29T02:30") == "2023-10-29T00:30:00.000Z")
        #expect(moment("2023-10-29T03:00") == "2023-10-29T02:00:00.000Z")
        #expect(moment("2023-07-01") == "2023-06-30T22:00:00.000Z")
    }
}
