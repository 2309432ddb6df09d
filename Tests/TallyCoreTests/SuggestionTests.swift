import Testing

@testable import TallyCore

@Suite struct SuggestionTests {
    private let commands = [
        "init", "clone", "status", "import", "export", "add", "set", "show", "list", "conflicts",
        "resolve", "report", "verify",
    ]

    @Test(
        "a misspelt word finds the near ones, nearest first",
        arguments: [
            ("rexport", ["export", "report"]), ("exprot", ["export"]), ("improt", ["import"]),
            ("conflict", ["conflicts"]),
            ("confl", ["conflicts"]), ("STATUS", ["status"]), ("stauts", ["status"]),
            ("lsit", ["list"]), ("xyzzy", []), ("", []), ("q", []), ("shwo", ["show"]),
        ] as [(String, [String])])
    func commands(typed: String, expected: [String]) {
        #expect(Suggestion.nearest(to: typed, among: commands) == expected)
    }

    @Test("codes are near when one letter differs, and at most as many come back as asked for")
    func codes() {
        let areas = ["KOR", "PRK", "KWT", "CHN", "COR", "KOS"]
        #expect(Suggestion.nearest(to: "kor", among: areas) == ["KOR", "COR", "KOS"])
        #expect(Suggestion.nearest(to: "kor", among: areas, limit: 2) == ["KOR", "COR"])
        #expect(Suggestion.nearest(to: "KRO", among: areas) == ["KOR"])
        #expect(Suggestion.nearest(to: "한굮", among: ["한국", "중국"]) == ["한국"])
    }

    @Test("the question names one, two or three words")
    func question() {
        #expect(Suggestion.question(for: "statu", among: commands) == "Did you mean status?")
        #expect(
            Suggestion.question(for: "rexport", among: commands) == "Did you mean export or report?"
        )
        #expect(
            Suggestion.question(for: "KOX", among: ["KOR", "KOS", "KOT"])
                == "Did you mean KOR, KOS or KOT?")
        #expect(Suggestion.question(for: "xyzzy", among: commands) == nil)
    }

    @Test(
        "the distance counts additions, omissions, replacements and swaps",
        arguments: [
            ("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1),
            ("abc", "abd", 1), ("ca", "abc", 3), ("kitten", "sitting", 3),
        ] as [(String, String, Int)])
    func distance(first: String, second: String, expected: Int) {
        #expect(Suggestion.distance(Array(first), Array(second)) == expected)
        #expect(Suggestion.distance(Array(second), Array(first)) == expected)
    }
}
