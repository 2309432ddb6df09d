import TallyCore
import TallyWire

private let type = "3: readers of lines check structure, type, shape and size"
private let key = "3: the key is the kind's key fields, each of its shape"
private let numbers = "3: numbers are finite doubles"
private let control = "3: control characters (but newline and tab in long text) are refused"
private let set = "3: a set field holds text"

extension FixtureCases {
    private static let keyTexts = ["KOR", "CHN", "X", "TOTAL", "2023", "motie"]
    private static let nulls = "null,null,null,null,null,null"

    private func trade(_ name: String, key parts: [String], reason: String) -> FixtureDraft {
        let row = "[" + parts.map { "\"\($0)\"" }.joined(separator: ",") + "]"
        return raw(name, key, row: "[\(row)]", op: "delete", reason: reason)
    }

    private func trade(_ name: String, part: Int, _ text: String, _ reason: String) -> FixtureDraft
    {
        var parts = Self.keyTexts
        parts[part] = text
        return trade(name, key: parts, reason: reason)
    }

    private func raw(
        _ name: String, _ breaks: String, row: String, op: String, reason: String
    ) -> FixtureDraft {
        edits(name, breaks, #"{"kind":"trade","op":"\#(op)","rows":[\#(row)]}"#, reason)
    }

    /// One field of an event set to this JSON.
    private func event(
        _ field: String, _ name: String, _ breaks: String, _ json: String, _ reason: String
    ) -> FixtureDraft {
        edits(
            "\(field)-\(name)", breaks,
            #"{"kind":"event","op":"set","fields":["\#(field)"],"rows":[[["e"],\#(json)]]}"#, reason
        )
    }

    /// The figure of a trade record, its values replaced from the first.
    private func figure(_ name: String, _ values: String, _ reason: String) -> FixtureDraft {
        let fields = Samples.tradeFields.map { "\"\($0)\"" }.joined(separator: ",")
        let row = "[" + Self.keyTexts.map { "\"\($0)\"" }.joined(separator: ",") + "]"
        return edits(
            "figure-\(name)", type,
            #"{"kind":"trade","op":"set","fields":[\#(fields)],"rows":[[\#(row),\#(values)]]}"#,
            reason)
    }

    private func elements(_ name: String, _ list: String, _ reason: String) -> FixtureDraft {
        edits(
            "element-\(name)", set,
            #"{"kind":"event","op":"add","field":"tags","rows":[[["e"]\#(list)]]}"#, reason)
    }

    var values: [FixtureDraft] {
        let noElement = "an element is no text of 1 to 1024 bytes on one line"
        return [
            trade("key-area-lower-case", part: 0, "kor", #"reporter "kor" is no area"#),
            trade("key-area-short", part: 1, "K", #"partner "K" is no area"#),
            trade("key-product", part: 3, "850760", #"product "850760" is no product"#),
            trade("key-period", part: 4, "2023-13", #"period "2023-13" is no period"#),
            trade("key-source", part: 5, "Motie", #"source "Motie" is no source"#),
            trade("key-empty-part", part: 2, "", #"flow "" is no code"#),
            trade("key-control", part: 2, #"X\u0000"#, #"is no code"#),
            trade("key-too-few", key: ["KOR"], reason: "the key has 1 parts; trade has 6"),
            trade("key-too-many", key: Self.keyTexts + ["x"], reason: "the key has 7 parts"),
            raw("key-none", key, row: "[[]]", op: "delete", reason: "key part 1 is no text"),
            raw("key-number", key, row: "[[1]]", op: "delete", reason: "key part 1 is no text"),
            raw("key-text", key, row: #"["KOR"]"#, op: "delete", reason: "expected an array"),
            raw("row-empty", key, row: "[]", op: "delete", reason: "expected an array"),
            raw("row-number", key, row: "1", op: "delete", reason: "expected an array"),
            edits(
                "key-unknown-kind", key, #"{"kind":"novel","op":"delete","rows":[[[""]]]}"#,
                "key part 1 is no text of 1 to 1024 bytes"),
            edits(
                "key-unknown-kind-17", key,
                #"{"kind":"novel","op":"delete","rows":[[[\#(Array(repeating: "\"a\"", count: 17).joined(separator: ","))]]]}"#,
                "more than 16 parts"),
            figure("too-few-values", "1,null,null,null,null", "no value for confidentiality"),
            figure(
                "too-many-values", "\(Self.nulls),1", "more than the key and the values of the 6"),
            figure("value-text", #""1",null,null,null,null,null"#, #"value "1" is no number"#),
            figure("value-true", "true,null,null,null,null,null", "value true is no number"),
            figure("value-array", "[1],null,null,null,null,null", "value [1] is no number"),
            figure("unit-number", "1,1,null,null,null,null", "unit 1 is no code"),
            figure("released", #"1,null,null,null,"23.11.2023",null"#, "is no date"),
            figure("status-newline", #"1,null,null,"A\n",null,null"#, "is no code"),
            event("intensity", "1e400", numbers, "1e400", "the number 1e400 is out of range"),
            event("intensity", "minus-1e400", numbers, "-1e400", "is out of range"),
            event("note", "nul", control, #""a\u0000b""#, "is no text"),
            event("note", "escape", control, #""\u001b[2J""#, "is no text"),
            event("note", "delete", control, #""\u007f""#, "is no text"),
            event("note", "c1", control, #""\u009b""#, "is no text"),
            event("note", "return", control, #""a\r\n""#, "is no text"),
            event("note", "number", type, "1", "note 1 is no text"),
            event("note", "object", type, #"{"a":1}"#, #"note {"a":1} is no text"#),
            event("type", "empty", type, #""""#, #"type "" is no code"#),
            event("country", "lower-case", type, #""kor""#, #"country "kor" is no area"#),
            event("source", "shape", type, #""-a""#, #"source "-a" is no source"#),
            elements("none", "", "no elements"),
            elements("empty", #","""#, noElement),
            elements("null", ",null", noElement),
            elements("number", ",1", noElement),
            elements("array", #",["a"]"#, noElement),
            elements("newline", #","a\nb""#, noElement),
            raw(
                "delete-with-value", type,
                row: "[[" + Self.keyTexts.map { "\"\($0)\"" }.joined(separator: ",") + "],1]",
                op: "delete", reason: "more than the key and the values of the 0 fields"),
        ]
    }
}
