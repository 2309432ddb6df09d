import Testing

@testable import TallyTerminal

@Suite struct KeyDecoderTests {
    private func keys(_ text: String) -> [Key] {
        keys(Array(text.utf8))
    }

    private func keys(_ bytes: [UInt8]) -> [Key] {
        var decoder = KeyDecoder()
        var keys = bytes.compactMap { decoder.take($0) }
        if let last = decoder.timeOut() { keys.append(last) }
        return keys
    }

    @Test("letters come as they are typed, in every script")
    func characters() {
        #expect(
            keys("aA!한é😀") == [
                .character("a"), .character("A"), .character("!"), .character("한"), .character("é"),
                .character("😀"),
            ])
    }

    @Test("control characters are keys")
    func controls() {
        #expect(
            keys("\u{3}\u{4}\r\n\t\u{7F}\u{8}\u{12}\u{1C}\0") == [
                .interrupt, .endOfInput, .enter, .enter, .tab, .backspace, .backspace,
                .control("r"),
                .unknown, .unknown,
            ])
    }

    @Test("arrows come in both of their forms, with and without modifiers")
    func arrows() {
        #expect(
            keys("\u{1B}[A\u{1B}[B\u{1B}[C\u{1B}[D\u{1B}OA\u{1B}OD\u{1B}[1;5C") == [
                .up, .down, .right, .left, .up, .left, .right,
            ])
    }

    @Test("keys with a number are told apart")
    func numbered() {
        #expect(
            keys(
                "\u{1B}[H\u{1B}[F\u{1B}[1~\u{1B}[4~\u{1B}[3~\u{1B}[5~\u{1B}[6;2~\u{1B}[Z\u{1B}[15~")
                == [
                    .home, .end, .home, .end, .delete, .pageUp, .pageDown, .backTab, .unknown,
                ])
    }

    @Test("a lone escape is a key, and what is typed after an escape is not taken for a letter")
    func escapes() {
        #expect(keys("\u{1B}") == [.escape])
        #expect(keys("\u{1B}\u{1B}") == [.escape, .escape])
        #expect(keys("\u{1B}ab") == [.unknown, .character("b")])
        #expect(keys("\u{1B}[[Ab") == [.unknown, .character("b")])
        #expect(keys("\u{1B}[") == [.unknown])
        #expect(keys("\u{1B}\u{1B}[A") == [.escape, .up])
    }

    @Test("broken UTF-8 is no letter and swallows none")
    func brokenText() {
        #expect(keys([0x80, 0xC1, 0xFF]) == [.unknown, .unknown, .unknown])
        #expect(keys([0xED, 0x95, 0x61]) == [.character("a")])
        #expect(keys([0xED, 0xA0, 0x80]) == [.unknown])
        #expect(keys([0xED, 0x95]) == [.unknown])
        #expect(keys([0xC2, 0x9B]) == [.unknown])
    }
}
