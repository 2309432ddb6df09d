import TallyCore
import Testing

struct CalendarDayTests {
    @Test(
        "known days have known numbers",
        arguments: [
            (1970, 1, 1, 0), (1970, 1, 2, 1), (1969, 12, 31, -1), (2000, 1, 1, 10957),
            (2000, 2, 29, 11016), (2000, 3, 1, 11017), (2001, 1, 1, 11323), (1900, 3, 1, -25508),
            (2024, 12, 31, 20088), (2026, 11, 23, 20780), (0, 1, 1, -719528), (0, 3, 1, -719468),
            (1582, 10, 15, -141427), (9999, 12, 31, 2932896),
        ])
    func known(year: Int, month: Int, day: Int, number: Int) throws {
        let calendarDay = try #require(CalendarDay(year: year, month: month, day: day))
        #expect(calendarDay.daysSinceEpoch == number)
        #expect(CalendarDay(daysSinceEpoch: number) == calendarDay)
    }

    @Test("counting day by day through 800 years, as one does on fingers, gives the same")
    func plainTable() {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var number = -135_140  // 1600-01-01
        for year in 1600..<2400 {
            let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
            for month in 1...12 {
                let length = month == 2 && isLeap ? 29 : lengths[month - 1]
                #expect(CalendarDay.days(inMonth: month, of: year) == length)
                for day in [1, 2, 15, length] {
                    let expected = number + day - 1
                    let calendarDay = CalendarDay(year: year, month: month, day: day)
                    #expect(calendarDay?.daysSinceEpoch == expected)
                    #expect(CalendarDay(daysSinceEpoch: expected) == calendarDay)
                }
                #expect(CalendarDay(year: year, month: month, day: length + 1) == nil)
                number += length
            }
        }
    }

    @Test("days that do not exist are refused")
    func refused() {
        for (year, month, day) in [
            (2023, 2, 29), (1900, 2, 29), (2023, 4, 31), (2023, 13, 1), (2023, 0, 1), (2023, 1, 0),
            (-1, 1, 1), (10_000, 1, 1), (2023, 1, -5),
        ] {
            #expect(CalendarDay(year: year, month: month, day: day) == nil)
        }
    }

    @Test("a day is written with zeros in front")
    func text() {
        #expect(CalendarDay(year: 7, month: 3, day: 9)?.text == "0007-03-09")
        #expect(CalendarDay(year: 2024, month: 12, day: 31)?.text == "2024-12-31")
        #expect(CalendarDay(daysSinceEpoch: -1).text == "1969-12-31")
    }
}
