import Foundation
import TallyCore
import TallySimulator
import Testing

struct Base32Tests {
    @Test(
        "the test vectors of RFC 4648, in lower case and without padding",
        arguments: [
            ("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foob", "mzxw6yq"),
            ("fooba", "mzxw6ytb"), ("foobar", "mzxw6ytboi"),
        ])
    func vectors(text: String, encoded: String) {
        #expect(Base32.encode(Array(text.utf8)) == encoded)
    }

    @Test("ten bytes make the sixteen characters of a replica's id")
    func replica() {
        #expect(Base32.encode([UInt8](repeating: 0xff, count: 10)) == "7777777777777777")
        #expect(Base32.encode([UInt8](repeating: 0, count: 10)) == "aaaaaaaaaaaaaaaa")
    }
}

struct JSONStringTests {
    @Test(
        "text is written in one fixed way",
        arguments: [
            ("", #""""#), ("a", #""a""#), (#"a"b"#, #""a\"b""#), (#"a\b"#, #""a\\b""#),
            ("a\nb\rc\td", #""a\nb\rc\td""#), ("\u{0}\u{1f}", #""\u0000\u001f""#),
            ("\u{8}\u{c}", #""\u0008\u000c""#), ("a/b", #""a/b""#), ("\u{7f}é中👩‍👧", "\"\u{7f}é中👩‍👧\""),
        ])
    func fixed(text: String, json: String) {
        #expect(JSONString.quoted(text) == json)
        var bytes = Array("x".utf8)
        JSONString.append(text, to: &bytes)
        #expect(bytes == Array("x\(json)".utf8))
    }

    @Test("a value in an error text holds nothing that a terminal takes for a command")
    func shown() {
        #expect(
            JSONString.shown("a\"\n\u{1b}\u{7f}\u{80}\u{9b}31m\u{9f}\u{a0}é")
                == #""a\"\n\u001b\u007f\u0080\u009b31m\u009f"# + "\u{a0}é\"")
    }

    @Test("any JSON reader reads back the same bytes")
    func readsBack() throws {
        var random = SeededGenerator(seed: 8)
        let scalars = (0...0x2ff).compactMap { UnicodeScalar(UInt32($0)) }
        for _ in 0..<300 {
            let text = String(String.UnicodeScalarView((0..<20).map { _ in random.pick(scalars) }))
            let json = Data("[\(JSONString.quoted(text))]".utf8)
            let read = try JSONDecoder().decode([String].self, from: json)
            #expect(Array(read[0].utf8) == Array(text.utf8))
        }
    }

    @Test("a key is a JSON array of strings")
    func key() {
        #expect(RecordKey(["KOR", "a\"b"]).json == #"["KOR","a\"b"]"#)
        #expect(RecordKey(["x"]).json == #"["x"]"#)
        #expect(RecordKey([]).json == "[]")
    }
}

struct ChangesetHashTests {
    private let text = String(repeating: "0123456789abcdef", count: 4)

    @Test("a hash is 64 lower-case hexadecimal digits, and reads back")
    func roundTrip() throws {
        let hash = try #require(ChangesetHash(text))
        #expect(hash.text == text)
        #expect("\(hash)" == text)
        #expect(hash.bytes.prefix(3) == [0x01, 0x23, 0x45])
        #expect(ChangesetHash(bytes: hash.bytes) == hash)
    }

    @Test("anything else is refused")
    func refused() {
        #expect(ChangesetHash("") == nil)
        #expect(ChangesetHash(text.dropLast()) == nil)
        #expect(ChangesetHash(text + "00") == nil)
        #expect(ChangesetHash(text.uppercased()) == nil)
        #expect(ChangesetHash(text.dropLast() + "g") == nil)
        #expect(ChangesetHash(bytes: [UInt8](repeating: 0, count: 31)) == nil)
    }

    @Test("hashes are ordered as their texts are: the smaller one wins a fork")
    func order() throws {
        let texts = [
            "00" + text.dropFirst(2), text.dropLast(2) + "00", text, "f" + text.dropFirst(),
        ]
        let hashes = texts.compactMap { ChangesetHash($0) }
        #expect(hashes.shuffled().sorted().map(\.text) == texts.sorted())
    }
}

struct DatasetIDTests {
    @Test("a dataset's id is a UUID in lower case")
    func uuid() {
        let text = "6f9619ff-8b86-4011-b42d-00c04fc964ff"
        #expect(DatasetID(text)?.text == text)
        #expect(DatasetID(text).map { "\($0)" } == text)
        for bad in [
            "", text.uppercased(), String(text.dropLast()), text + "0", "{\(text)}",
            text.replacing("-", with: ""), "6f9619f-f8b86-4011-b42d-00c04fc964ff",
            "6f9619fg-8b86-4011-b42d-00c04fc964ff", "6f9619ff-8b86-4011-b42d-00c04fc964ff-",
        ] {
            #expect(DatasetID(bad) == nil, "\(bad)")
        }
    }
}
