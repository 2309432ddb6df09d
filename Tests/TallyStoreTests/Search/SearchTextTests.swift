import Foundation
import StoreTestSupport
import TallyCore
import TallyStore
import Testing

/// A text that is looked for, in upper or lower case.
struct SearchTextTests {
    private func found(_ wanted: String, in text: String) throws -> String? {
        let search = try #require(SearchText(wanted))
        let range = search.range(in: text)
        #expect(search.isIn(text) == (range != nil), "\(wanted) in \(text)")
        return range.map { String(text[$0]) }
    }

    @Test(
        "case does not count, in any script; accents do",
        arguments: [
            ("xi", "Han meets Xi", "Xi"), ("XI JIN", "Xi Jinping", "Xi Jin"),
            ("é", "CAFÉ", "É"), ("cafe\u{301}", "Café", "Café"),
            ("café", "CAFE\u{301}", "CAFE\u{301}"),
            ("시진핑", "한덕수 총리, 시진핑 주석 면담", "시진핑"),
            ("시진핑".decomposed, "시진핑 주석", "시진핑"), ("straße", "HAUPTSTRASSE", "STRASSE"),
            ("STRASSE", "Hauptstraße 1", "straße"), ("σίσυφος", "ΣΊΣΥΦΟΣ", "ΣΊΣΥΦΟΣ"),
            ("москва", "МОСКВА", "МОСКВА"), ("a b", "a\u{a0}b a b", "a b"), ("😀", "x😀", "😀"),
        ])
    func found(wanted: String, text: String, expected: String) throws {
        #expect(try found(wanted, in: text) == expected)
    }

    @Test(
        "what does not stand there is not found",
        arguments: [
            ("jose", "José"), ("xx", "x"), ("abc", "ab"), ("진핑시", "시진핑"), ("e", "é"), ("x", ""),
        ])
    func missing(wanted: String, text: String) throws {
        #expect(try found(wanted, in: text) == nil)
    }

    @Test("the range is the first, and whole characters")
    func range() throws {
        let text = "abAB"
        let first = text.index(after: text.startIndex)
        #expect(SearchText("b")?.range(in: text) == first..<text.index(after: first))
        // One letter of the ligature that becomes three.
        #expect(try found("f", in: "oﬃce") == "ﬃ")
    }

    @Test("nothing is no text to look for")
    func nothing() {
        #expect(SearchText("") == nil)
        #expect(SearchText(" \t\n") == nil)
    }

    @Test("all texts must stand in a record, in any of its parts; numbers are not searched")
    func records() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.edit(korea, .figure(124), .note("Ministry release"), .add("tags", "Preliminary"))
        try mina.edit("trade/KOR/JPN/X/TOTAL/2023/motie", .note("release"))
        try mina.edit("event/a", .set(statement: "title", value: [.text("a Release")]))
        try mina.edit("event/gone", .set(statement: "title", value: [.text("release")]))
        try mina.edit("event/gone", .delete)
        func search(_ texts: String..., limit: Int = 10) throws -> [String] {
            var hits: [String] = []
            try mina.dataset.read { access in
                try access.search(texts.compactMap { SearchText($0) }, in: access.kinds.all) {
                    hit in
                    let matches = hit.matches.map { "\($0.field): \($0.text[$0.range])" }
                    hits.append("\(hit.address) " + matches.joined(separator: ", "))
                    return hits.count < limit
                }
            }
            return hits
        }
        #expect(
            try search("RELEASE") == [
                "event/a title: Release", "trade/KOR/CHN/X/TOTAL/2023/motie note: release",
                "trade/KOR/JPN/X/TOTAL/2023/motie note: release",
            ])
        #expect(try search("release", limit: 1) == ["event/a title: Release"])
        #expect(
            try search("prelim", "release", "ministry", "chn") == [
                "trade/KOR/CHN/X/TOTAL/2023/motie partner: CHN, note: release, tags: Prelim"
            ])
        #expect(try search("124") == [])
        #expect(try search("release", "nowhere") == [])
    }
}

extension String {
    fileprivate var decomposed: String { decomposedStringWithCanonicalMapping }
}
