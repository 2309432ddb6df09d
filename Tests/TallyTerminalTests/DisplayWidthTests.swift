import Testing

@testable import TallyTerminal

@Suite struct DisplayWidthTests {
    @Test(
        "a text takes the columns that a terminal gives it",
        arguments: [
            ("", 0), ("value", 5), ("한국무역협회", 12), ("中國海關總署", 12), ("貿易統計", 8), ("トヨタ", 6),
            ("ﾄﾖﾀ", 3), ("ＡＢＣ", 6), ("한국 2023", 9), ("naïve", 5), ("nai\u{308}ve", 5), ("Żółć", 4),
            ("\u{1112}\u{1161}\u{11AB}", 2), ("क्षि", 3), ("สวัสดี", 4), ("₩1,000", 6), ("·…—", 3),
            ("、。「」", 8), ("㈜", 2), ("〜", 2), ("\u{200B}\u{FEFF}", 0), ("\u{7}\u{1B}\u{85}", 0),
        ] as [(String, Int)])
    func widthOfText(text: String, width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test(
        "an emoji takes two columns however many scalars it is made of",
        arguments: ["😀", "👍🏽", "👨‍👩‍👧‍👦", "🇰🇷", "❤️", "1️⃣", "🏴‍☠️", "✌🏻", "⭐"])
    func widthOfEmoji(emoji: String) {
        #expect(DisplayWidth.of(emoji) == 2)
        #expect(DisplayWidth.of("x" + emoji + "한" + emoji) == 7)
    }

    @Test("the wide ranges are sorted and disjoint")
    func rangesAreSorted() {
        let ranges = WideScalars.ranges
        #expect(ranges.allSatisfy { $0.first <= $0.last })
        #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.last < $1.first })
    }

    @Test(
        "a text that is too long is cut at a character and ends in an ellipsis",
        arguments: [
            ("agreement", 9, "agreement"), ("agreement", 8, "agreeme…"), ("agreement", 1, "…"),
            ("agreement", 0, ""), ("agreement", -1, ""), ("한국무역협회", 12, "한국무역협회"),
            ("한국무역협회", 11, "한국무역협…"), ("한국무역협회", 10, "한국무역…"), ("한국", 2, "…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"), ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 3, "👨‍👩‍👧‍👦…"),
        ] as [(String, Int, String)])
    func truncation(text: String, width: Int, expected: String) {
        #expect(DisplayWidth.truncated(text, to: width) == expected)
    }

    @Test(
        "a cut in the middle keeps both ends",
        arguments: [
            ("trade/KOR/CHN/X/TOTAL/2023/motie", 15, "trade/K…3/motie"),
            ("trade/KOR/CHN/X/TOTAL/2023/motie", 16, "trade/KO…3/motie"),
            ("trade/KOR/motie", 15, "trade/KOR/motie"), ("한국무역협회", 9, "한국…협회"),
            ("한국무역협회", 8, "한국…회"), ("abc", 1, "…"),
        ] as [(String, Int, String)])
    func middleTruncation(text: String, width: Int, expected: String) {
        #expect(DisplayWidth.truncated(text, to: width, cut: .middle) == expected)
    }

    @Test(
        "a text is broken at spaces, and a word that is wider than a line within it",
        arguments: [
            ("", 5, .max, [""]), ("as it is", 8, .max, ["as it is"]),
            ("one two three", 7, .max, ["one two", "three"]),
            ("one two three", 6, .max, ["one", "two", "three"]),
            ("one   two", 4, .max, ["one", "two"]), ("tail   ", 4, .max, ["tail"]),
            ("124,817,682,000", 8, .max, ["124,817,", "682,000"]),
            ("to 124,817,682,000", 8, .max, ["to", "124,817,", "682,000"]),
            ("한국무역협회 발표", 7, .max, ["한국무", "역협회", "발표"]),
            ("한국", 1, .max, ["한", "국"]), ("one two three", 5, 2, ["one", "two …"]),
            ("one two", 3, 1, ["on…"]), ("one two", 3, 2, ["one", "two"]),
        ] as [(String, Int, Int, [String])])
    func wrapping(text: String, width: Int, maximumLines: Int, expected: [String]) {
        #expect(DisplayWidth.wrapped(text, to: width, maximumLines: maximumLines) == expected)
    }

    @Test("padding counts columns, not characters")
    func padding() {
        #expect(DisplayWidth.padded("한국", to: 6) + "|" == "한국  |")
        #expect(DisplayWidth.padded("12", to: 6, alignment: .right) == "    12")
        #expect(DisplayWidth.padded("too long", to: 3) == "too long")
    }
}
