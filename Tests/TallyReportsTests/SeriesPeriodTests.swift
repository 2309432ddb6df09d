import Testing

@testable import TallyReports

@Suite struct SeriesPeriodTests {
    @Test(
        "what stands directly before and after, in the same frequency",
        arguments: [
            ("2023", "2022", "2024"), ("2023-S1", "2022-S2", "2023-S2"),
            ("2023-T3", "2023-T2", "2024-T1"), ("2023-Q4", "2023-Q3", "2024-Q1"),
            ("2023-01", "2022-12", "2023-02"), ("2023-12", "2023-11", "2024-01"),
            ("2023-W05", "2023-W04", "2023-W06"), ("2023-12-31", "2023-12-30", "2024-01-01"),
            ("2024-03-01", "2024-02-29", "2024-03-02"), ("2023-D365", "2023-D364", "2024-D001"),
            ("2025-D001", "2024-D366", "2025-D002"),
            // 2020 begins on a Wednesday and is a leap year, 2015 begins on a Thursday: both have 53 weeks.
            ("2021-W01", "2020-W53", "2021-W02"), ("2015-W53", "2015-W52", "2016-W01"),
            ("2023-W52", "2023-W51", "2024-W01"),
        ])
    func neighbours(text: String, before: String, after: String) throws {
        let period = try #require(SeriesPeriod(text))
        #expect(period.text == text)
        #expect(period.previous?.text == before)
        #expect(period.next?.text == after)
    }

    @Test("the other writing of a year and a month means the same")
    func otherWriting() {
        #expect(SeriesPeriod("2023-A1") == SeriesPeriod("2023"))
        #expect(SeriesPeriod("2023-M07") == SeriesPeriod("2023-07"))
    }

    @Test(
        "a range, and what the calendar does not have, have no neighbours",
        arguments: [
            "2021-05-01/P10D", "2023-02-30", "2023-W53", "2023-D366", "2023-13", "2023-Q5", "", "-",
            "2023-", "23", "２０２３", "2023-12-31x",
        ])
    func none(text: String) {
        #expect(SeriesPeriod(text) == nil)
    }

    @Test("there is nothing before the year 0 and after the year 9999")
    func ends() {
        #expect(SeriesPeriod("0000")?.previous == nil)
        #expect(SeriesPeriod("0000-01")?.previous == nil)
        #expect(SeriesPeriod("0000-W01")?.previous == nil)
        #expect(SeriesPeriod("9999")?.next == nil)
        #expect(SeriesPeriod("9999-12-31")?.next == nil)
        #expect(SeriesPeriod("0001")?.previous?.text == "0000")
    }
}
