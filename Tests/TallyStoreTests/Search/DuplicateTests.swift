import StoreTestSupport
import TallyCore
import TallyStore
import Testing

/// Which records look as if they were one, and which do not.
struct DuplicateTests {
    @Test(
        "names are spelled alike but for case, punctuation, a version at the end, or a letter",
        arguments: [
            ("comparative-connections", "comparative_connections", true),
            ("comparative-connections-2024-01", "comparative-connections", true),
            ("comparative.connections.v2", "comparative-connections", true),
            ("Kosis", "kosis", true), ("kosiss", "kosis", true), ("ksois", "kosis", true),
            ("kosis", "motie", false), ("imf", "ims", false), ("imf", "imf2", false),
            ("source1", "source2", false), ("2023", "2024", false), ("wto", "", false),
            ("통계청", "통계청-2023", true),
        ])
    func names(a: String, b: String, areAlike: Bool) {
        #expect(Likeness.areSpelledAlike(a, b) == areAlike)
        #expect(Likeness.areSpelledAlike(b, a) == areAlike)
    }

    @Test("titles are words without case and punctuation")
    func words() {
        #expect(
            Likeness.words("Xi Jin-ping's visit: “Visit” to  Séoul!")
                == ["jinpings", "séoul", "to", "visit", "xi"])
        #expect(Likeness.words("한덕수 총리, 시진핑 면담") == ["면담", "시진핑", "총리", "한덕수"].sorted())
        #expect(Likeness.skeleton("Camp-David Summit!") == "campdavidsummit")
    }

    @Test(
        "titles are alike by the words that both have among all",
        arguments: [
            ("a b c", "a b d", 0.5, true), ("a b c", "a b d", 0.51, false),
            ("a b c", "c a b", 1, true),
            ("a b c d", "a b c e", 0.6, true), ("a b c d e", "a b c", 0.6, true),
            ("a b c d e f", "a b c", 0.6, false), ("a", "b", 0.1, false), ("", "", 0, false),
        ])
    func shares(a: String, b: String, share: Double, isEnough: Bool) {
        let (first, second) = (Likeness.words(a), Likeness.words(b))
        #expect(Likeness.share(share, first, second) == isEnough)
        #expect(Likeness.share(share, second, first) == isEnough)
    }

    @Test("a date is all the days that it can be")
    func spans() throws {
        func distance(_ a: String, _ b: String) throws -> Int {
            try #require(DateSpan(a)).distanceDays(to: #require(DateSpan(b)))
        }
        #expect(try distance("2023-09", "2023-09-30") == 0)
        #expect(try distance("2023", "2023-09-30") == 0)
        #expect(try distance("2023-09", "2023-10-01") == 1)
        #expect(try distance("2024-03-01", "2024-02") == 1)
        #expect(try distance("2023-12-31", "2024-01-02") == 2)
        #expect(try #require(DateSpan("2023-09-01")).isOneDay)
        for text in ["", "x", "2023-13", "2023-02-30", "2023-", "2023-01-01-01", "2023-x"] {
            #expect(DateSpan(text) == nil, "\(text)")
        }
    }

    private func pairs(_ copy: Copy, _ kind: String) throws -> [String] {
        try copy.dataset.read { access in
            try access.likelyDuplicates(of: wanted(access.kinds[kind])).map {
                "\($0.keep.key.parts.last ?? "") \($0.duplicate.key.parts.last ?? "") \($0.reason)"
            }
        }
    }

    private func event(
        _ copy: Copy, _ id: String, _ date: String?, _ title: String, _ more: RecordEdit...
    ) throws {
        let record = try wanted(RecordAddress("event/\(id)"))
        try copy.write {
            try $0.edit(
                record,
                [
                    .set(statement: "title", value: [.text(title)]),
                    .set(statement: "date", value: [date.map { .text($0) } ?? .null, .null]),
                ] + more)
        }
    }

    @Test("events: one title on near days, titles alike on one date, one page on one day")
    func events() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try event(mina, "a1", "2023-09-23", "Han meets Xi in Hangzhou")
        try event(mina, "a2", "2023-09-23", "Han meets Xi Jinping in Hangzhou", .add("tags", "t"))
        try event(mina, "a3", "2023-10-23", "Han meets Xi Jinping at Hangzhou")
        try event(mina, "b1", "2023-12-31", "Camp-David Summit")
        try event(mina, "b2", "2024-01-03", "Camp David: summit")
        try event(mina, "b3", "2024-01-07", "camp david summit")
        try event(mina, "c1", nil, "Undated talk")
        try event(mina, "c2", "2020", "undated talk")
        let page = "https://example.org/1"
        try event(mina, "d1", "2022-01-01", "One thing", .add("citations", page))
        try event(mina, "d2", "2022-01-01", "Another", .add("citations", page))
        try event(mina, "d3", "2022-01-02", "Third", .add("citations", page))
        try event(
            mina, "e1", "2022-05", "Ministers meet in Busan and talk", .add("citations", "Paper"))
        try event(
            mina, "e2", "2022-05", "Ministers meet in Seoul for talks", .add("citations", "Paper"))
        #expect(
            try pairs(mina, "event") == [
                "a2 a1 date", "b1 b2 title", "c2 c1 title", "d1 d2 page(\"\(page)\")",
            ])
    }

    @Test("figures: two sources are two records, unless they are spelled alike and say the same")
    func figures() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        func figure(_ partner: String, _ source: String, _ value: Double?) throws {
            try mina.edit("trade/KOR/\(partner)/X/TOTAL/2023/\(source)", .figure(value))
        }
        for source in ["comparative-connections", "comparative_connections", "kosis"] {
            try figure("CHN", source, 124)
        }
        try figure("JPN", "comparative-connections-2024-01", 10)
        try figure("JPN", "comparative-connections", 10)
        try figure("USA", "comparative-connections", 1)
        try figure("USA", "comparative_connections", 2)
        try figure("VNM", "comparative-connections", nil)
        try figure("VNM", "comparative_connections", nil)
        for (name, value) in [("map.kore", "a"), ("map_kore", "a"), ("map.korea", "b")] {
            try mina.edit("setting/\(name)", .set(statement: "value", value: [.text(value)]))
        }
        #expect(try pairs(mina, "setting") == ["map.kore map_kore spelling(field: \"name\")"])
        // The same product under near codes is two products.
        try mina.edit("trade/KOR/CHN/X/H6:850760/2023/kosis", .figure(5))
        try mina.edit("trade/KOR/CHN/X/H6:850761/2023/kosis", .figure(5))
        #expect(
            try pairs(mina, "trade") == [
                "comparative-connections comparative_connections spelling(field: \"source\")",
                "comparative-connections comparative-connections-2024-01 spelling(field: \"source\")",
            ])
    }

    @Test("the rarest words find every pair that is alike, whatever the titles are")
    func nothingMissed() throws {
        let random = TestRandom(seed: 7)
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let words = (0..<12).map { "word\($0)" }
        var titles: [[String]] = []
        for index in 0..<80 {
            let bytes = random.bytes(7)
            let title = bytes.prefix(3 + Int(bytes[6]) % 4).map { words[Int($0) % words.count] }
            titles.append(Likeness.words(title.joined(separator: " ")))
            try event(mina, "e\(index + 100)", "2023-01-01", title.joined(separator: " "))
        }
        var expected = 0
        for (index, a) in titles.enumerated() {
            for b in titles[(index + 1)...] where Likeness.share(0.6, a, b) { expected += 1 }
        }
        // Titles of one skeleton are found by that; the order of words makes it another.
        #expect(try pairs(mina, "event").count == expected)
        #expect(expected > 50)
    }
}
