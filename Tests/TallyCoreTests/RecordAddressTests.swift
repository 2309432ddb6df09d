import TallyCore
import TallySimulator
import Testing

/// é as one scalar and as two: canonically equivalent, and different keys.
private let (composed, decomposed) = ("\u{e9}", "e\u{301}")

struct RecordAddressTests {
    @Test("an address is kind/part/part and reads back")
    func roundTrip() throws {
        let text = "trade/KOR/CHN/X/TOTAL/2023/motie"
        let address = try #require(RecordAddress(text))
        #expect(address.kind == "trade")
        #expect(address.key == RecordKey(["KOR", "CHN", "X", "TOTAL", "2023", "motie"]))
        #expect(address.text == text)
        #expect("\(address)" == text)
    }

    @Test(
        "a slash in a part is %2F, a percent sign is %25",
        arguments: [
            (["2021-05-01/P10D"], "k/2021-05-01%2FP10D"), (["100%"], "k/100%25"),
            (["%2F"], "k/%252F"), (["/", "//"], "k/%2F/%2F%2F"), (["a b", "ü"], "k/a b/ü"),
            (["", "x"], "k//x"),
        ])
    func encoded(parts: [String], text: String) {
        let address = RecordAddress(kind: "k", key: RecordKey(parts))
        #expect(address.text == text)
        #expect(RecordAddress(text) == address)
    }

    @Test("a combining mark after a slash or a percent sign does not hide it")
    func combiningMarks() {
        // Swift takes "/" and U+0301 for one Character; other languages see a slash.
        for part in ["/\u{301}", "%\u{301}", "a/\u{301}b%\u{327}", "\u{301}"] {
            let address = RecordAddress(kind: "k", key: RecordKey([part, "\u{301}x"]))
            #expect(address.text.utf8.count { $0 == UInt8(ascii: "/") } == 2)
            #expect(RecordAddress(address.text) == address, "\(part.debugDescription)")
        }
    }

    @Test("any key reads back from its address")
    func anyKey() {
        var random = SeededGenerator(seed: 7)
        let pieces = ["/", "%", "2F", "a", "\u{301}", "é", "👩‍👧", ":", "\r\n", " "]
        for _ in 0..<2000 {
            let parts = (0..<random.number(in: 1...3)).map { _ in
                (0..<random.below(5)).map { _ in random.pick(pieces) }.joined()
            }
            let address = RecordAddress(kind: "k", key: RecordKey(parts))
            #expect(RecordAddress(address.text) == address, "\(address.text.debugDescription)")
        }
    }

    @Test("lower-case hexadecimal digits and needless escapes are read")
    func lenient() {
        #expect(RecordAddress("k/a%2fb")?.key == RecordKey(["a/b"]))
        #expect(RecordAddress("k/%41")?.key == RecordKey(["A"]))
        #expect(RecordAddress("k/%C3%A9")?.key == RecordKey([composed]))
    }

    @Test(
        "what is no address is refused",
        arguments: ["", "trade", "/x", "k/%", "k/%2", "k/%2G", "k/%+A", "k/%-1", "k/%ff", "k/% 1"])
    func refused(text: String) {
        #expect(RecordAddress(text) == nil)
    }

    @Test("addresses are ordered by kind, then key, by bytes")
    func order() {
        let sorted = ["a/2", "a/2/1", "a/B", "a/a", "a/e\u{301}", "a/é", "b/1"]
        let addresses = sorted.compactMap { RecordAddress($0) }
        #expect(addresses.shuffled().sorted().map(\.text) == sorted)
    }
}

struct ByteEqualityTests {
    @Test("é as one scalar and as two are different keys, elements and values")
    func different() {
        #expect(composed == decomposed, "Swift's own equality is not that of bytes")
        #expect(RecordKey([composed]) != RecordKey([decomposed]))
        #expect(Set([RecordKey([composed]), RecordKey([decomposed])]).count == 2)
        let addresses = [composed, decomposed].map {
            RecordAddress(kind: "k", key: RecordKey([$0]))
        }
        #expect(Set(addresses).count == 2)
        #expect(Value.text(composed) != .text(decomposed))
        #expect(Set([Value.text(composed), .text(decomposed)]).count == 2)
        #expect(Value.opaque("\"\(composed)\"") != .opaque("\"\(decomposed)\""))
        let elements = [composed, decomposed].map { Element(field: "tags", text: $0) }
        #expect(elements[0] != elements[1])
        #expect(Set(elements).count == 2)
        #expect(elements[1] < elements[0], "65 CC 81 comes before C3 A9")
        #expect(RecordKey([decomposed]) < RecordKey([composed]))
    }

    @Test("parts of a key do not run into each other")
    func parts() {
        #expect(RecordKey(["ab", "c"]) != RecordKey(["a", "bc"]))
        #expect(RecordKey(["a"]) != RecordKey(["a", ""]))
        #expect(RecordKey(["a"]) < RecordKey(["a", ""]))
        #expect(RecordKey(["ab", "c"]).hashValue != RecordKey(["a", "bc"]).hashValue)
    }

    @Test("records that differ by normal form live side by side")
    func records() throws {
        let record = { RecordAddress(kind: "figure", key: RecordKey([$0])) }
        var copy = ModelCopy(replica: ReplicaID(letter: "a"), kinds: HistorySpace.figures.kinds)
        for key in [composed, decomposed] {
            let row = Edit.Row(key: record(key).key, values: [.text(key)])
            let edit = Edit(kind: "figure", operation: .set(fields: ["note"]), rows: [row])
            copy.write([edit], clock: Timestamp(milliseconds: 0))
        }
        #expect(copy.records.count == 2)
        #expect(copy.conflicts().isEmpty)
    }

    @Test("bytes compare as UTF-8 does, not as UTF-16 does")
    func utf8Order() {
        // U+FFFD comes after U+10000 in UTF-16.
        #expect(RecordKey(["\u{fffd}"]) < RecordKey(["\u{10000}"]))
    }
}

struct ValueTests {
    @Test("numbers are equal by value, and −0 is 0")
    func numbers() {
        #expect(Value.number(124.80) == .number(124.8))
        #expect(Value.number(-0.0) == .number(0))
        #expect(Value.number(-0.0).hashValue == Value.number(0).hashValue)
        #expect(Value.number(1) != .text("1"))
        #expect(Value.number(1) != .opaque("1"))
        #expect(Value.null != .text(""))
        #expect(Value.text("true") != .opaque("true"))
        #expect(Value.null == .null)
    }

    @Test("a value gives its number or text, and plain text for either")
    func plain() {
        #expect(Value.number(124.8).number == 124.8)
        #expect(Value.text("x").number == nil)
        #expect(Value.text("x").text == "x")
        #expect(Value.opaque("[1]").text == nil)
        #expect(Value.null.isNull && !Value.text("").isNull)
        #expect(Value.number(1e21).plain == "1e+21")
        #expect(Value.null.plain.isEmpty)
        #expect(Value.opaque("[1]").plain == "[1]")
    }
}
