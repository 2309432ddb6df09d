import TallyCore
import TallyWire

extension FixtureCases {
    /// Lines at a bound, which must be taken, and one beyond it.
    var bounds: [FixtureDraft] {
        let rows = "5, Bounds: 10,000 rows a line"
        let text = "5, Bounds: text 64 KiB"
        let set = "5, Bounds: a set 1,000 elements of 1 KiB"
        let x = JSONValue.string("x")
        func repeated(_ text: String, _ count: Int) -> JSONValue {
            ["repeat": .string(text), "from": 1, "to": .number(Double(count))]
        }
        func row(_ kind: String, _ field: String, _ value: [JSONValue]) -> [JSONValue] {
            [.string(#"[{"kind":"\#(kind)","op":"set","fields":["\#(field)"],"rows":[[["k"],"#)]
                + value + [.string("]]}]")]
        }
        func tags(_ elements: [JSONValue]) -> [JSONValue] {
            [.string(##"[{"kind":"event","op":"add","field":"tags","rows":[[["e"]"##)] + elements
                + [.string("]]}]")]
        }
        func letters(_ count: Int) -> [JSONValue] { ["\"", repeated("x", count), "\""] }
        let head = #"[{"kind":"setting","op":"delete","rows":["#
        let half = #"]},{"kind":"event","op":"delete","rows":["#
        let deep = { (levels: Int) -> [JSONValue] in
            [repeated("[", levels), repeated("]", levels)]
        }
        return [
            bound(
                "rows-10000", rows,
                edits: [
                    .string(head), repeated(#"[["r{n}"]],"#, 9999),
                    #"[["last"]]]}]"#,
                ]),
            bound(
                "rows-10001", rows,
                edits: [
                    .string(head), repeated(#"[["r{n}"]],"#, 10_000),
                    #"[["last"]]]}]"#,
                ], "more than 10000 rows in one line"),
            bound(
                "rows-10001-in-two-edits", rows,
                edits: [
                    .string(head), repeated(#"[["r{n}"]],"#, 4999), .string(#"[["last"]]\#(half)"#),
                    repeated(#"[["r{n}"]],"#, 5000), #"[["last"]]]}]"#,
                ], "more than 10000 rows in one line"),
            bound("text-65536", text, edits: row("event", "note", letters(65_536))),
            bound("text-65537", text, edits: row("event", "note", letters(65_537)), "is no text"),
            bound(
                "text-65536-escaped", text,
                edits: row(
                    "event", "note",
                    [
                        "\"", repeated(#"\u00e9"#, 32_768), "\"",
                    ])),
            bound(
                "text-65538-escaped", text,
                edits: row(
                    "event", "note",
                    [
                        "\"", repeated(#"\u00e9"#, 32_769), "\"",
                    ]), "is no text"),
            bound("unknown-field-65536", text, edits: row("event", "novel", letters(65_536))),
            bound(
                "unknown-field-65537", text, edits: row("event", "novel", letters(65_537)),
                "novel is longer than 65536 bytes"),
            bound("message-65536", text, member: "message", letters(65_536)),
            bound("message-65537", text, member: "message", letters(65_537), "longer than 64 KiB"),
            bound("elements-1000", set, edits: tags([repeated(#","t{n}""#, 1000)])),
            bound(
                "elements-1001", set, edits: tags([repeated(#","t{n}""#, 1001)]),
                "more than 1000 elements"),
            bound("element-1024", set, edits: tags([",\"", repeated("x", 1024), "\""])),
            bound(
                "element-1025", set, edits: tags([",\"", repeated("x", 1025), "\""]),
                "no text of 1 to 1024 bytes"),
            bound("depth-64", "12: bounded in depth", member: "x", deep(63)),
            bound("depth-65", "12: bounded in depth", member: "x", deep(64), "more than 64 levels"),
            bytes("line-4-mib", x, over: 0), bytes("line-4-mib-and-1", x, over: 1),
        ]
    }

    /// The base line with one member made of pieces.
    private func bound(
        _ name: String, _ breaks: String, member: String = "edits", _ pieces: [JSONValue],
        _ reason: String = ""
    ) -> FixtureDraft {
        let mark = "@"
        let parts = base.with(member, mark).unsigned.split(separator: mark)
        return signed(
            name, breaks, [.string(String(parts[0]))] + pieces + [.string(String(parts[1]))], reason
        )
    }

    private func bound(
        _ name: String, _ breaks: String, edits: [JSONValue], _ reason: String = ""
    ) -> FixtureDraft {
        bound(name, breaks, edits, reason)
    }

    /// A line of 4 MiB and `over` bytes: an unknown member fills it up.
    private func bytes(_ name: String, _ filler: JSONValue, over: Int) -> FixtureDraft {
        let rest = base.with("x", #""""#).signed(with: mina).count
        let pieces: [JSONValue] = [
            "\"",
            ["repeat": filler, "from": 1, "to": .number(Double(4 * 1024 * 1024 + over - rest))],
            "\"",
        ]
        var draft = bound(
            name, "5, Bounds: 4 MiB a line", member: "x", pieces,
            over > 0 ? "the line has 4194305 bytes; at most 4194304 are taken" : "")
        if over > 0 { draft.word = ProblemWord.tooLarge.rawValue }
        return draft
    }

    private func signed(
        _ name: String, _ breaks: String, _ pieces: [JSONValue], _ reason: String
    ) -> FixtureDraft {
        let unsigned = pieces.flatMap(LineFixtures.expanded)
        let tail = LineDraft.sign(unsigned, with: mina).suffix(96)
        var pieces = pieces
        let last = pieces.removeLast().string ?? ""
        pieces.append(.string(last.dropLast() + String(decoding: tail, as: UTF8.self)))
        var draft = FixtureDraft(
            name: name, breaks: breaks, content: .pieces(pieces), reason: reason)
        if reason.isEmpty { draft.word = "accepted" }
        return draft
    }
}
