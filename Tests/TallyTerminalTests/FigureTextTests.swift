import TallyTerminal
import Testing

@Suite struct NumberTextTests {
    @Test(
        "thousands are grouped and the fraction is kept",
        arguments: [
            (124_817_682_000, "124,817,682,000"), (-18_039_656_000, "-18,039,656,000"),
            (0.000001, "0.000001"), (124_800.5, "124,800.5"), (0, "0"), (-0.0, "0"), (999, "999"),
            (1000, "1,000"), (-1234.5678, "-1,234.5678"), (1e15, "1,000,000,000,000,000"),
            (0.1 + 0.2, "0.30000000000000004"), (1e21, "1e+21"), (1e-7, "1e-7"), (.nan, "nan"),
        ] as [(Double, String)])
    func grouped(value: Double, expected: String) {
        #expect(FigureText.grouped(value) == expected)
    }

    @Test(
        "a number that is text already is grouped too, and other text left alone",
        arguments: [
            ("1234567.10", "1,234,567.10"), ("-1000", "-1,000"), ("+1000", "+1,000"),
            ("1e21", "1e21"),
            ("", ""), ("-", "-"), ("12.5.2023", "12.5.2023"), ("2023-12", "2023-12"),
            (".5", ".5"), ("한국", "한국"),
        ] as [(String, String)])
    func groupedText(text: String, expected: String) {
        #expect(FigureText.grouped(decimal: text) == expected)
    }

    @Test("integers are grouped to the ends of their range")
    func integers() {
        #expect(FigureText.grouped(Int64.min) == "-9,223,372,036,854,775,808")
        #expect(FigureText.grouped(UInt8(7)) == "7")
    }

    @Test("one is singular, and so is nothing else")
    func count() {
        #expect(FigureText.count(1, "conflict") == "1 conflict")
        #expect(FigureText.count(2, "conflict") == "2 conflicts")
        #expect(FigureText.count(0, "conflict") == "0 conflicts")
        #expect(FigureText.count(1204, "entry", plural: "entries") == "1,204 entries")
    }

    @Test(
        "sizes have a unit and at most one decimal",
        arguments: [
            (0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1049, "1 kB"), (1050, "1.1 kB"),
            (4_200_000, "4.2 MB"), (4_000_000, "4 MB"), (99_940, "99.9 kB"), (99_960, "100 kB"),
            (999_499, "999 kB"), (999_500, "1 MB"), (130_000_000_000, "130 GB"),
            (Int64.max, "9.2 EB"), (-4_200_000, "-4.2 MB"), (Int64.min, "-9.2 EB"),
        ] as [(Int64, String)])
    func bytes(size: Int64, expected: String) {
        #expect(FigureText.bytes(size) == expected)
    }
}
