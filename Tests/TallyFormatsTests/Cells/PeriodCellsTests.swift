import TallyCore
import TallyStore
import Testing

@testable import TallyFormats

struct PeriodCellsTests {
    static let periods: [(String, String)] = [
        ("2023", "2023"), ("2023-12", "2023-12"), ("2023-Q4", "2023-Q4"),
        ("2023-12-31", "2023-12-31"),
        ("2021-05-01/P10D", "2021-05-01/P10D"), (" 2023 ", "2023"),
        ("2001.01", "2001-01"), ("2001/01", "2001-01"), ("2001/1", "2001-01"),
        ("2001M01", "2001-01"),
        ("2001-M01", "2001-M01"), ("200101", "2001-01"), ("20010102", "2001-01-02"),
        ("2001.01.02", "2001-01-02"), ("2001/1/2", "2001-01-02"),
        ("January 2001", "2001-01"), ("Jan 2001", "2001-01"), ("Sept. 2001", "2001-09"),
        ("Jan-2001", "2001-01"), ("2001 January", "2001-01"), ("May 2023", "2023-05"),
        ("02-Jan-2001", "2001-01-02"), ("2 January 2001", "2001-01-02"),
        ("January 2, 2001", "2001-01-02"),
        ("Mai 2001", "2001-05"), ("1er août 2001", "1er août 2001"), ("2. März 2001", "2001-03-02"),
        ("29.08", "2029-08"), ("30.08", "1930-08"), ("25.08", "2025-08"), ("99.12", "1999-12"),
        ("2023Q4", "2023-Q4"), ("2023 Q4", "2023-Q4"), ("Q4 2023", "2023-Q4"),
        ("Q4-2023", "2023-Q4"),
        ("2023H1", "2023-S1"), ("4Q 2023", "2023-Q4"), ("2023-4Q", "2023-Q4"),
        ("01/2001", "2001-01"), ("1.2001", "2001-01"),
        ("2001. 01.", "2001-01"), ("01.02", "01.02"), ("2001.010", "2001.010"),
        ("2023S2", "2023-S2"),
        ("2022.0", "2022"), ("2023-12-03 00:00:00", "2023-12-03"),
        ("2023-12-03T00:00:00Z", "2023-12-03"),
        ("2023년", "2023"), ("2023년 7월", "2023-07"), ("2023년 12월 3일", "2023-12-03"),
        ("25/12/2023", "2023-12-25"), ("12/25/2023", "2023-12-25"), ("05/05/2023", "2023-05-05"),
        // No periods: left as they are, for their field to refuse.
        ("soon", "soon"), ("2001.13", "2001.13"), ("13.13", "13.13"),
        ("2001-01-02 13:00", "2001-01-02 13:00"),
        ("Smarch 2001", "Smarch 2001"), ("", ""), ("1.5", "1.5"),
        ("1. .", "1. ."), ("jui 2001", "jui 2001"), ("Marble 2001", "Marble 2001"),
        ("2023-99999999999999999999", "2023-99999999999999999999"), ("123456789", "123456789"),
    ]

    @Test("a period is read as its table means it", arguments: periods)
    func reads(_ cell: String, _ expected: String) throws {
        #expect(try PeriodCells.plain(cell, field: "period") == expected)
    }

    @Test("a cell of nothing but points is no period, and soon read")
    func points() throws {
        for count in [16, 31, 8000, 1_000_000] {
            let cell = "1." + String(repeating: " .", count: count)
            #expect(try PeriodCells.plain(cell, field: "period") == cell)
        }
    }

    @Test(
        "what may be two periods is refused",
        arguments: [
            ("03/12/2023", "period \"03/12/2023\" may be two dates"),
            ("2001.1", "period \"2001.1\" may be January or October of 2001"),
        ])
    func ambiguous(_ cell: String, _ message: String) {
        let fault = #expect(throws: InputFault.self) {
            try PeriodCells.plain(cell, field: "period")
        }
        #expect(fault?.message == message)
    }

    @Test(
        "areas are read by code, number and name",
        arguments: [
            ("KOR", "KOR"), ("kor", "KOR"), ("KR", "KOR"), ("158", "158"), ("South Korea", "KOR"),
            ("China, People's Republic of", "CHN"), ("China, peoples' republic of", "CHN"),
            ("Korea, Republic of", "KOR"), ("S19", "S19"), ("WLD", "WLD"), ("Atlantis", "Atlantis"),
            ("AU", "AUS"), ("au", "AUS"), ("African Union", "AFU"), ("na", "na"), ("Na", "Na"),
            ("NA", "NA"), ("EU", "EU"), ("EA", "EA"),
        ])
    func areas(_ cell: String, _ expected: String) {
        #expect(AreaCells.code(cell, at: nil) == expected)
    }

    @Test(
        "a name of a former state means the one of the time; a code means itself",
        arguments: [
            ("Burma", "1989", "BUR"), ("Burma", "1989-12-05", "BUR"), ("Burma", "1989-12", "BUR"),
            ("Burma", "1989-Q4", "BUR"), ("Burma", "1989-W50", "BUR"),
            ("burma", "1989-12-06", "MMR"), ("Burma", "1990", "MMR"), ("Burma", nil, "MMR"),
            ("Zaire", "1998-Q1", "COD"), ("Timor, East", "2003", "TLS"), ("GDR", "1991", "DEU"),
            ("BUR", "2023", "BUR"), ("bur", nil, "BUR"), ("BU", "2023", "BUR"),
            ("Myanmar", "1980", "MMR"), ("Czechoslovakia", "2023", "CSK"),
        ])
    func formerAreas(_ cell: String, _ date: String?, _ expected: String) {
        #expect(AreaCells.code(cell, at: date) == expected)
    }

    @Test("an actor by the name of a former state, of whom no date is known, is a state of today")
    func formerParties() {
        #expect(CellReader.party("Burma") == "MMR" && CellReader.party("BUR") == "BUR")
        #expect(CellReader.party("Burma", at: "1985") == "BUR")
    }
}
