import TallyCore
import TallySimulator
import TallyWire
import Testing

/// The fault of a text that is not the JSON that the format allows; nil where it is.
private func fault(_ text: String) -> String? {
    do throws(JSONFault) {
        _ = try JSONValue(parsing: Array(text.utf8))
        return nil
    } catch { return error.reason }
}

struct JSONReaderTests {
    @Test(
        "JSON is read as RFC 8259 says",
        arguments: [
            ("null", "null"), (" \t\r\n true ", "true"), ("false", "false"), ("[]", "[]"),
            ("{}", "{}"), ("[ 1 , [ ] , { } ]", "[1,[],{}]"),
            (#"{ "b" : 1 , "a" : [ null ] }"#, #"{"b":1,"a":[null]}"#), (#""""#, #""""#),
            (#""\"\\\/\b\f\n\r\t\u0041""#, #""\"\\/\u0008\u000c\n\r\tA""#),
            (#""\u00e9\u20AC\ud83d\uDE00""#, #""é€😀""#), (#""\u0000""#, #""\u0000""#),
            (#""\ufeff\u2028\uffff""#, "\"\u{feff}\u{2028}\u{ffff}\""), (#"{"":0}"#, #"{"":0}"#),
            ("\"\u{7f}\u{80}\"", "\"\u{7f}\u{80}\""),
            (#"{"e\u0301":1,"é":2}"#, "{\"e\u{301}\":1,\"é\":2}"),
        ])
    func taken(text: String, plain: String) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)).text == plain)
    }

    @Test(
        "what is not JSON is refused, and so are texts that two readers could read in two ways",
        arguments: [
            ("", "expected a value"), (" ", "expected a value"), ("nul", "expected null"),
            ("True", "expected a value"), ("truefalse", "something stands after the end"),
            ("1 2", "something stands after the end"), ("{} {}", "something stands after the end"),
            ("[1]\0", "something stands after the end"), ("[", "expected a value"),
            ("[1", "expected ]"), ("[1,", "expected a value"), ("[1,]", "expected a value"),
            ("[,1]", "expected a value"), ("[1 1]", "expected ]"), ("]", "expected a value"),
            ("{", "expected a member name"), (#"{"a""#, "expected :"),
            (#"{"a":"#, "expected a value"),
            (#"{"a":1"#, "expected ,"), (#"{"a":1,}"#, "expected a member name"),
            (#"{,"a":1}"#, "expected a member name"), ("{a:1}", "expected a member name"),
            ("{1:1}", "expected a member name"), (#"{"a" 1}"#, "expected :"),
            (#"{"a":1 "b":2}"#, "expected ,"), ("[1}", "expected ]"), (#"{"a":1]"#, "expected ,"),
            ("'a'", "expected a value"), ("\"a", "a string has no end"),
            ("\"a\\", "a string has no end"), (#""\"#, "a string has no end"),
            ("\"\n\"", "a control character in a string is not escaped"),
            ("\"\u{1f}\"", "a control character in a string is not escaped"),
            ("\"\0\"", "a control character in a string is not escaped"),
            (#""\x41""#, "an unknown escape"), (#""\'""#, "an unknown escape"),
            (#""\U0041""#, "an unknown escape"), (#""\u12"#, "\\u wants four hexadecimal digits"),
            (#""\u12x4""#, "\\u wants four hexadecimal digits"),
            (#""\u+123""#, "\\u wants four hexadecimal digits"),
            (#""\ud800""#, "a lone surrogate"), (#""\udfff""#, "a lone surrogate"),
            (#""\ud800\ud800""#, "a lone surrogate"), (#""\ud800\u0041""#, "a lone surrogate"),
            (#""\ud800x""#, "a lone surrogate"), (#""\udc00\ud800""#, "a lone surrogate"),
            (#"["\ud83d","\ude00"]"#, "a lone surrogate"),
            (#""\ud800\u"#, "\\u wants four hexadecimal digits"),
            ("\u{feff}1", "a byte order mark"), ("\u{a0}1", "expected a value"),
            ("// a\n1", "expected a value"), ("1/**/", "something stands after the end"),
        ])
    func refused(text: String, reason: String) {
        #expect(fault(text) == reason)
    }

    @Test(
        "a member stands once in an object, however its name is escaped and however deep it is",
        arguments: [
            #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, #"{"\u0061":1,"b":0,"\u0061":2}"#,
            #"[[{"b":{"a":1,"b":2,"a":3}}]]"#, #"{"":1,"":2}"#, #"{"\/":1,"/":2}"#,
            #"{"\ud83d\ude00":1,"😀":2}"#,
        ])
    func duplicates(text: String) {
        #expect(fault(text)?.hasSuffix("stands twice") == true)
    }

    @Test("a member stands once among many, wherever the second one is")
    func duplicatesAmongMany() throws {
        for count in [1, 11, 12, 13, 14, 40] {
            let names = (0..<count).map { "\"m\($0)\":\($0)" }
            #expect(fault("{" + names.joined(separator: ",") + "}") == nil, "\(count)")
            for again in [0, count / 2, count - 1] {
                let text = "{" + (names + ["\"m\(again)\":0"]).joined(separator: ",") + "}"
                #expect(fault(text) == #"the member "m\#(again)" stands twice"#, "\(count)")
            }
        }
    }

    @Test("a fault quotes a name from outside, and not all of a long one")
    func quotedNames() {
        #expect(fault(#"{"a\n":1,"a\n":2}"#) == #"the member "a\n" stands twice"#)
        let long = "a" + String(repeating: "\u{301}", count: 10_000)
        let reason = fault("{\"\(long)\":1,\"\(long)\":2}") ?? ""
        #expect(reason.hasSuffix("…\" stands twice") && reason.utf8.count < 300)
        #expect((fault("[1\(String(repeating: "0", count: 5000))]") ?? "").utf8.count < 200)
    }

    @Test("64 levels are read, and 65 are too many")
    func depth() {
        func nested(_ levels: Int, _ open: String, _ close: String) -> String {
            String(repeating: open, count: levels) + "1" + String(repeating: close, count: levels)
        }
        #expect(fault(nested(64, "[", "]")) == nil)
        #expect(fault(nested(65, "[", "]")) == "more than 64 levels")
        #expect(fault(nested(64, #"{"a":"#, "}")) == nil)
        #expect(fault(nested(65, #"{"a":"#, "}")) == "more than 64 levels")
        #expect(fault(nested(100_000, "[", "]")) == "more than 64 levels")
        let siblings = Array(repeating: nested(63, "[", "]"), count: 50).joined(separator: ",")
        #expect(fault("[\(siblings)]") == nil, "levels that are closed do not count")
    }

    @Test(
        "bytes that are not UTF-8 are refused",
        arguments: [
            [0xff], [0xc3], [0xc0, 0xaf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80],
            [0xed, 0xb0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0x80],
            [0xe2, 0x82], [0xf0, 0x9f, 0x98],
        ] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        let fault = #expect(throws: JSONFault.self) {
            try JSONValue(parsing: [0x22] + bytes + [0x22])
        }
        #expect(fault?.reason == "the bytes are not UTF-8")
    }

    @Test("a valid text that is cut short at any byte is refused, and never a crash")
    func truncated() throws {
        let text = #"{"a":[1,-2.5e+10,"\u00e9\ud83d\ude00é😀",true,false,null,{"b":{}}],"c":"\"\\"}"#
        let bytes = Array(text.utf8)
        #expect(try JSONValue(parsing: bytes).object?.count == 2)
        for count in bytes.indices {
            #expect(throws: JSONFault.self, "\(count) bytes") {
                try JSONValue(parsing: Array(bytes[..<count]))
            }
        }
    }

    @Test("skipping a value is as strict as reading it")
    func skipping() throws {
        var random = SeededGenerator(seed: 51)
        let alphabet = Array("{}[]\",:\\u0dbe18.-+tfnr aé".utf8)
        let start = Array(#"[{"a":1.5e1,"b":["\u0041",true]},null,-0]"#.utf8)
        for round in 0..<4000 {
            var bytes = start
            for _ in 0...random.below(3) {
                bytes[random.below(bytes.count)] = random.pick(alphabet)
            }
            guard String(validating: bytes, as: UTF8.self) != nil else { continue }
            var (reading, skipping) = (JSONReader(bytes), JSONReader(bytes))
            let read: Void? = try? {
                _ = try reading.readValue(); try reading.expectEnd()
            }()
            let skipped: Void? = try? {
                try skipping.skipValue(); try skipping.expectEnd()
            }()
            #expect(
                (read == nil) == (skipped == nil),
                "seed 51, round \(round): \(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test("a forbidden name is found at any depth and in any spelling")
    func forbidden() {
        for text in [#"{"sig":1}"#, #"{"a":[{"sig":1}]}"#, #"{"\u0073ig":1}"#] {
            var reader = JSONReader(Array(text.utf8), forbiddenName: "sig")
            #expect(throws: JSONFault.self, "\(text)") { try reader.skipValue() }
        }
        var reader = JSONReader(Array(#"{"Sig":"sig","sig ":1}"#.utf8), forbiddenName: "sig")
        #expect(throws: Never.self) { try reader.skipValue() }
    }
}
