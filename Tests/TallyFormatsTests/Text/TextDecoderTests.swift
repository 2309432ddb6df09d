import Testing

@testable import TallyFormats

struct TextDecoderTests {
    private func decoded(
        _ bytes: [UInt8], of size: Int, as encoding: TextEncoding? = nil
    ) throws -> (text: String, encoding: TextEncoding?) {
        let decoder = TextDecoder(try pieces(bytes, of: size)(), encoding: encoding)
        var text: [UInt8] = []
        while true {
            let piece = try decoder.next()
            if piece.isEmpty { break }
            text += piece
        }
        return (String(decoding: text, as: UTF8.self), decoder.encoding)
    }

    static let texts: [(bytes: [UInt8], given: TextEncoding?, text: String, found: TextEncoding?)] =
        [
            ([], nil, "", nil),
            (Array("plain".utf8), nil, "plain", nil),
            (Array("Séoul 서울 🇰🇷".utf8), nil, "Séoul 서울 🇰🇷", .utf8),
            ([0xef, 0xbb, 0xbf] + Array("a".utf8), nil, "a", .utf8),
            ([0x43, 0xf4, 0x74, 0x65, 0x20, 0x64, 0x92], nil, "Côte d’", .windows1252),
            // The first byte beyond ASCII at the very end, and the euro sign.
            ([0x61, 0xe9], nil, "aé", .windows1252), ([0x80, 0x31], nil, "€1", .windows1252),
            ([0xca, 0xee, 0xf0, 0xe5, 0xff], .windows1251, "Корея", .windows1251),
            ([0x43, 0xf4], .latin1, "Cô", .latin1),
            ([0xff, 0xfe, 0x61, 0, 0x1c, 0xc1], nil, "a서", .utf16),
            ([0xfe, 0xff, 0, 0x61, 0xc1, 0x1c], nil, "a서", .utf16),
            ([0xff, 0xfe, 0x3d, 0xd8, 0, 0xde], nil, "😀", .utf16),
            ([0x61, 0, 0x62, 0], .utf16, "ab", .utf16), ([0, 0x61, 0, 0x62], .utf16, "ab", .utf16),
        ]

    @Test(
        "the encoding is found, or taken as it is given, however small the pieces",
        arguments: texts.indices)
    func found(_ index: Int) throws {
        let (bytes, given, text, found) = Self.texts[index]
        for size in [1, 2, 3, 5, 1 << 20] {
            let result = try decoded(bytes, of: size, as: given)
            #expect(result.text == text, "pieces of \(size)")
            #expect(result.encoding == found, "pieces of \(size)")
        }
    }

    static let faults: [(bytes: [UInt8], given: TextEncoding?, message: String, location: String)] =
        [
            ([0x61, 0x81], nil, "the byte 0x81 fits neither UTF-8 nor Windows-1252", "byte 2"),
            // A character of UTF-8 behind a byte that is none: one of the two is damaged.
            (
                [0xe9, 0x20, 0xc3, 0xa9], nil, "the byte 0xc3 fits neither UTF-8 nor Windows-1252",
                "byte 3"
            ),
            (
                [0xc3, 0xa9, 0x20, 0xe9], nil,
                "the byte 0xe9 is no UTF-8, which what stands before it is", "byte 4"
            ),
            ([0x61, 0xc3], .utf8, "the byte 0xc3 is no UTF-8", "byte 2"),
            ([0x98], .windows1251, "the byte 0x98 is no Windows-1251", "byte 1"),
            (
                [0xff, 0xfe, 0x61, 0, 0x61], nil,
                "the byte 0x61 is no UTF-16", "byte 5"
            ),
            ([0xff, 0xfe, 0, 0xdc], .utf16, "the byte 0x00 is no UTF-16", "byte 3"),
        ]

    @Test("a byte that stands for nothing is named with its place", arguments: faults.indices)
    func refused(_ index: Int) {
        let (bytes, given, message, location) = Self.faults[index]
        for size in [1, 2, 1 << 20] {
            let error = #expect(throws: FormatError.self, "pieces of \(size)") {
                _ = try decoded(bytes, of: size, as: given)
            }
            #expect(error?.message == message, "pieces of \(size)")
            #expect(error?.location == location, "pieces of \(size)")
            #expect(error?.hint?.isEmpty == false)
        }
    }

    @Test("what stands before a byte that is refused is given first")
    func before() throws {
        let decoder = TextDecoder(try pieces(Array("ab".utf8) + [0x81], of: 100)())
        #expect(try decoder.next() == Array("ab".utf8))
        #expect(throws: FormatError.self) { try decoder.next() }
    }

    @Test("every sequence of UTF-8 is told as the standard library tells it")
    func sequences() {
        let interesting: [UInt8] = [
            0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1,
            0xec,
            0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
        ]
        for a in interesting {
            for b in interesting {
                for c in interesting {
                    for d in interesting {
                        let bytes = [a, b, c, d]
                        let found = bytes.withUnsafeBufferPointer { UTF8Sequence(in: $0, at: 0) }
                        let length = (1...4).first {
                            String(validating: bytes.prefix($0), as: UTF8.self) != nil
                        }
                        #expect(
                            found == (length.map { .whole(length: $0) } ?? .malformed), "\(bytes)")
                    }
                }
            }
        }
    }

    @Test("an encoding is known by the names that people write")
    func names() {
        for (name, encoding) in [
            ("utf8", TextEncoding.utf8), ("UTF-8", .utf8), ("cp1252", .windows1252),
            ("Latin-1", .latin1), ("ISO_8859-1", .latin1), ("windows-1251", .windows1251),
            ("UTF-16LE", .utf16),
        ] {
            #expect(TextEncoding(named: name) == encoding)
        }
        #expect(TextEncoding(named: "ebcdic") == nil)
    }
}
