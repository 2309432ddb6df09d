import TallyTerminal
import Testing

@Suite struct PrintableTests {
    @Test(
        "what a terminal would obey is shown instead",
        arguments: [
            ("plain text", "plain text"), ("한국 · 中國", "한국 · 中國"), ("👨‍👩‍👧", "👨‍👩‍👧"),
            ("\u{1B}[31mred\u{1B}[0m", #"\u{1B}[31mred\u{1B}[0m"#),
            ("\u{1B}]0;title\u{7}", #"\u{1B}]0;title\u{07}"#), ("a\nb\tc\r\n", #"a\nb\tc\r\n"#),
            ("nul\0 del\u{7F} csi\u{9B}2J", #"nul\u{00} del\u{7F} csi\u{9B}2J"#),
            ("user\u{202E}nimda\u{2066}x\u{2069}", #"user\u{202E}nimda\u{2066}x\u{2069}"#),
            ("K\u{200B}OR\u{FEFF}", #"K\u{200B}OR\u{FEFF}"#), ("نمی\u{200C}شود", "نمی\u{200C}شود"),
            ("line\u{2028}end", #"line\u{2028}end"#), (#"C:\new"#, #"C:\new"#),
        ] as [(String, String)])
    func line(text: String, expected: String) {
        #expect(Printable.line(text) == expected)
    }

    @Test("a block keeps its lines and tabs and nothing else")
    func block() {
        #expect(Printable.block("a\n\tb\u{1B}c\r\n") == "a\n\tb\\u{1B}c\\r\n")
    }
}
