import TallyFormats
import Testing

struct ElementListTests {
    @Test(
        "elements come back from one cell as they went in",
        arguments: [
            ([], ""), (["a"], "a"), (["a", "b"], "a;b"), (["a;b", "c"], "a\\;b;c"),
            (["a\\"], "a\\\\"), (["\\", ";"], "\\\\;\\;"), (["a", "\u{301}b"], "a;\u{301}b"),
            (["한;국"], "한\\;국"), (["https://example.org/?a=1,2"], "https://example.org/?a=1,2"),
        ] as [([String], String)])
    func roundTrip(_ elements: [String], _ cell: String) {
        #expect(Array(ElementList.join(elements).utf8) == Array(cell.utf8))
        #expect(ElementList.split(cell).map { Array($0.utf8) } == elements.map { Array($0.utf8) })
    }

    @Test(
        "what a person types is read as it is meant",
        arguments: [
            (";;a; ;b;", ["a", "b"]), ("a; b", ["a", " b"]), ("a\\", ["a\\"]), ("a\\b", ["ab"]),
            (" ", []),
        ] as [(String, [String])])
    func typed(_ cell: String, _ elements: [String]) {
        #expect(ElementList.split(cell) == elements)
    }
}
