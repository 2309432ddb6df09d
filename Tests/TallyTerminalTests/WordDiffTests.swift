import Testing

@testable import TallyTerminal

@Suite struct WordDiffTests {
    private func text(_ old: String, _ new: String, width: Int? = nil) -> [String] {
        WordDiff(from: old, to: new).lines(width: width, color: false)
    }

    @Test("words that were taken away and added are marked, in their order")
    func marks() {
        #expect(text("suspend the talks", "end the talks") == ["[-suspend-]{+end+} the talks"])
        #expect(text("a b", "a b") == ["a b"])
        #expect(text("", "a") == ["{+a+}"])
        #expect(text("a", "") == ["[-a-]"])
        #expect(text("", "") == [])
        #expect(text("a c", "a b c") == ["a {+b +}c"])
    }

    @Test("Korean is compared by words, Chinese by characters")
    func scripts() {
        #expect(text("정상회담을 가졌다", "확대 정상회담을 가졌다") == ["{+확대 +}정상회담을 가졌다"])
        #expect(text("中国对韩国", "中国對韩国") == ["中国[-对-]{+對+}韩国"])
    }

    @Test("lines are broken between words, by the columns that they take")
    func wrapping() {
        #expect(text("가나다 라마바 사아자", "가나다 라마바 사아자", width: 14) == ["가나다 라마바 ", "사아자"])
        #expect(text("aaa bbb", "aaa ccc", width: 8) == ["aaa ", "[-bbb-]", "{+ccc+}"])
    }

    @Test("with colour there are no marks")
    func color() {
        let lines = WordDiff(from: "a b", to: "a c").lines(width: nil, color: true)
        #expect(lines == ["a \u{1B}[31mb\u{1B}[0m\u{1B}[32mc\u{1B}[0m"])
    }

    @Test("control characters cannot reach the terminal; texts of very many words are shown whole")
    func bounds() {
        #expect(text("a", "\u{1B}[2J") == ["[-a-]{+\\u{1B}[2J+}"])
        let long = String(repeating: "x ", count: 3000)
        let pieces = WordDiff(from: long, to: long + "y").pieces
        #expect(pieces.map(\.kind) == [.removed, .added])
    }
}
