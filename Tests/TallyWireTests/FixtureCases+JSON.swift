import TallyCore
import TallyWire

private let json1 = "5: one line of UTF-8 JSON"
private let duplicate = "5, Invalid: duplicate member names at any depth"
private let surrogate = "5, Invalid: lone surrogates"
private let sig = "5, Invalid: a member `sig` elsewhere"
private let after = "5, Invalid: anything after the last }"
private let end = #"5: a line ends in ,"sig":" + 86 characters + "}"#

extension FixtureCases {
    /// The base line with an unknown member of this JSON at its front: nothing else is wrong with it.
    private func front(_ json: String) -> String { #"{"x":\#(json),"# + base.unsigned.dropFirst() }

    var json: [FixtureDraft] {
        let many = (0..<20).map { #""m\#($0)":\#($0)"# }.joined(separator: ",")
        var invalidUTF8 = Array(front(#""?""#).utf8)
        invalidUTF8[6] = 0xff
        var surrogateBytes = Array(front(#""???""#).utf8)
        surrogateBytes.replaceSubrange(6..<9, with: [0xed, 0xa0, 0x80])
        var overlong = Array(front(#""??""#).utf8)
        overlong.replaceSubrange(6..<8, with: [0xc0, 0xaf])
        let notUTF8 = "not JSON: the bytes are not UTF-8"
        func bytes(_ name: String, _ unsigned: [UInt8]) -> FixtureDraft {
            FixtureDraft(
                name: name, breaks: json1, content: .bytes(LineDraft.sign(unsigned, with: mina)),
                reason: notUTF8)
        }
        return [
            bytes("bytes-not-utf8", invalidUTF8), bytes("bytes-surrogate", surrogateBytes),
            bytes("bytes-overlong", overlong),
            signed("bom", "5, Invalid: BOM", "\u{feff}" + base.unsigned, "a byte order mark"),
            signed("newline-inside", json1, front("1,\n \"y\":2"), "a line break inside"),
            signed("carriage-return-inside", json1, front("1,\r\"y\":2"), "a line break inside"),
            signed("newline-in-string", json1, front("\"a\nb\""), "is not escaped at byte 8"),
            signed("tab-in-string", json1, front("\"a\tb\""), "is not escaped at byte 8"),
            signed("array", json1, #"["x"]"#, "expected { at byte 1").with(signer: nil),
            signed("trailing-comma", json1, base.unsigned.dropLast() + ",}", "expected a member"),
            signed("missing-colon", json1, #"{"x" 1,"# + base.unsigned.dropFirst(), "expected :"),
            signed("missing-comma", json1, front(#"1 "y":2"#), "expected ,"),
            signed("single-quotes", json1, front("'a'"), "expected a value"),
            signed("comment", json1, front("1/**/"), "expected ,"),
            signed("word-nan", json1, front("NaN"), "expected a value"),
            signed("word-true-long", json1, front("trueish"), "expected ,"),
            signed("word-nul", json1, front("nul"), "expected null"),
            signed("number-leading-zero", json1, front("01"), "a needless 0"),
            signed("number-leading-point", json1, front(".5"), "expected a value"),
            signed("number-trailing-point", json1, front("1."), "no digits after the point"),
            signed("number-plus", json1, front("+1"), "expected a value"),
            signed("number-empty-exponent", json1, front("1e"), "no digits in its exponent"),
            signed("number-hexadecimal", json1, front("0x10"), "expected ,"),
            signed("number-minus-alone", json1, front("-"), "expected a value"),
            signed("unclosed-array", json1, front("[1"), "expected ]"),
            signed("duplicate-member", duplicate, front(#"1,"seq":1"#), #""seq" stands twice"#),
            signed("duplicate-escaped", duplicate, front(#"1,"s\u0065q":1"#), "stands twice"),
            signed("duplicate-unknown", duplicate, front(#"1,"x":1"#), #""x" stands twice"#),
            signed("duplicate-nested", duplicate, front(#"[{"a":{"b":1,"b":1}}]"#), #""b" stands"#),
            signed(
                "duplicate-nested-escaped", duplicate, front(#"{"\u00e9":1,"é":2}"#), #""é" stands"#
            ),
            signed("duplicate-of-many", duplicate, front("{\(many),\"m3\":3}"), #""m3" stands"#),
            signed("duplicate-late", duplicate, front("{\(many),\"m19\":3}"), #""m19" stands"#),
        ]
    }

    var escapes: [FixtureDraft] {
        [
            signed("surrogate-lead-alone", surrogate, front(#""\ud83d""#), "a lone surrogate"),
            signed("surrogate-trail-alone", surrogate, front(#""\ude00""#), "a lone surrogate"),
            signed(
                "surrogate-lead-twice", surrogate, front(#""\ud83d\ud83d""#), "a lone surrogate"),
            signed("surrogate-lead-letter", surrogate, front(#""\ud83da""#), "a lone surrogate"),
            signed("surrogate-lead-escape", surrogate, front(#""\ud83d\n""#), "a lone surrogate"),
            signed("surrogate-swapped", surrogate, front(#""\ude00\ud83d""#), "a lone surrogate"),
            signed("surrogate-in-name", surrogate, front(#"{"\ud83d":1}"#), "a lone surrogate"),
            signed("escape-unknown", json1, front(#""\x41""#), "an unknown escape"),
            signed("escape-short", json1, front(#""\u41""#), "four hexadecimal digits"),
            signed("escape-not-hex", json1, front(#""\u00g0""#), "four hexadecimal digits"),
        ]
    }

    var endings: [FixtureDraft] {
        let line = base.signed(with: mina)
        let text = String(decoding: line, as: UTF8.self)
        let signature = mina.signature(of: Array(base.unsigned.utf8))
        let (head, tail) = (text.dropLast(2), text.suffix(2))
        let wrong = "the line does not end in"
        func ending(
            _ name: String, _ breaks: String, _ text: some StringProtocol, _ reason: String = wrong
        ) -> FixtureDraft {
            unsigned(name, breaks, Array(text.utf8), reason)
        }
        let spare = String(head.dropLast()) + String(Self.withSpareBit(head.suffix(1))) + tail
        return [
            ending("empty", json1, "", "the line is no object"),
            ending("string", json1, #""a""#, "the line is no object"),
            ending("empty-object", json1, "{}"),
            signed("only-a-signature", json1, "{}", "no member of a changeset"),
            ending("truncated", json1, text.dropLast(60), "not JSON: "),
            ending("without-signature", end, base.unsigned),
            ending("after-space", after, text + " "),
            ending("after-newline", after, text + "\n"),
            ending("after-nul", after, text + "\0", "something stands after the end"),
            ending("after-object", after, text + "{}", "something stands after the end"),
            ending("after-member", after, text.dropLast() + #","y":1}"#),
            ending("signature-85", end, String(head.dropLast()) + tail),
            ending("signature-padded", end, head + "==" + tail),
            ending("signature-spare-bits", "5: spare bits 0", spare),
            ending("signature-space-before", end, text.replacing(#","sig""#, with: #", "sig""#)),
            ending("signature-space-after", end, text.replacing(#""sig":"#, with: #""sig": "#)),
            ending(
                "signature-base64", "5: base64url without padding",
                head.dropLast(20) + "+/"
                    + head.suffix(18) + tail),
            signed(
                "sig-first", sig, #"{"sig":"","# + base.unsigned.dropFirst(), #""sig" may stand"#),
            signed("sig-nested", sig, front(#"[{"sig":1}]"#), #""sig" may stand only at the end"#),
            signed("sig-escaped", sig, front(#"1,"\u0073ig":1"#), #""sig" may stand only"#),
            signed(
                "sig-in-value", sig,
                base.with(
                    "edits",
                    ##"[{"kind":"novel","op":"set","fields":["a"],"rows":"##
                        + ##"[[["k"],{"sig":1}]]}]"##
                ).unsigned, #""sig" may stand only"#),
            unsigned(
                "signature-of-other-line", "5: every line's signature is verified",
                LineDraft.sign(
                    Array(base.with("author", #""eve""#).unsigned.utf8), signature: signature),
                "the signature is not that of replica"),
            unsigned(
                "signature-of-other-key", "5: every line's signature is verified",
                base.signed(with: jun), "the signature is not that of replica"),
            unsigned(
                "signature-zero", "5: every line's signature is verified",
                LineDraft.sign(
                    Array(base.unsigned.utf8), signature: Array(repeating: 0, count: 64)),
                "the signature is not that of replica"),
            unsigned(
                "signature-not-reduced", "5: every line's signature is verified (RFC 8032: S < L)",
                LineDraft.sign(
                    Array(base.unsigned.utf8), signature: Self.withOrderAdded(signature)),
                "the signature is not that of replica"),
        ]
    }

    /// The character whose value is one more: the four spare bits of the last character are then not 0.
    private static func withSpareBit(_ character: Substring) -> Character {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let index = alphabet.firstIndex(of: character.first ?? "A") ?? 0
        return alphabet[index + 1]
    }

    /// The same signature to a verifier that does not check S < L: L, the order of the group, is added to S.
    private static func withOrderAdded(_ signature: [UInt8]) -> [UInt8] {
        let order: [UInt8] =
            [
                0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9,
                0xde, 0x14,
            ] + Array(repeating: 0, count: 15) + [0x10]
        var (result, carry) = (signature, 0)
        for index in 0..<32 {
            let sum = Int(signature[32 + index]) + Int(order[index]) + carry
            result[32 + index] = UInt8(sum & 0xff)
            carry = sum >> 8
        }
        return result
    }
}
