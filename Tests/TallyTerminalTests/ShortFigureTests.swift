import Testing

@testable import TallyTerminal

@Suite struct ShortFigureTests {
    @Test(
        "figures to three digits",
        arguments: [
            (0, "0"), (4, "4"), (999, "999"), (999.4, "999"), (999.6, "1 k"), (1234, "1.23 k"),
            (82_318_000, "82.3 M"), (115_580_637_666, "116 bn"), (1e12, "1 tn"),
            (4.5e15, "4,500 tn"), (-1234, "-1.23 k"), (0.012345, "0.0123"),
        ])
    func short(value: Double, text: String) {
        #expect(FigureText.short(value) == text)
    }

    @Test(
        "parts of a whole: what is not all of it is not shown as all of it",
        arguments: [
            (0, "0 %"), (0.00066, "0.066 %"), (0.05, "5 %"), (0.1234, "12.3 %"),
            (0.99999, "99.9 %"),
            (1, "100 %"), (2, "200 %"),
        ])
    func percent(share: Double, text: String) {
        #expect(FigureText.percent(share) == text)
    }

    @Test(
        "how many times: a tenth below a hundred, whole above",
        arguments: [
            (10.04, "10"), (12.34, "12.3"), (99.94, "99.9"), (99.96, "100"), (1000.4, "1,000"),
            (123_456.7, "123,457"),
        ])
    func times(ratio: Double, text: String) {
        #expect(FigureText.times(ratio) == text)
    }
}
