import TallyCore
import TallyWire

/// The lines of `valid.jsonl`: one log that a reader can take from the first to the last.
struct FixtureLines {
    struct Line {
        let name: String
        let note: String
        let bytes: [UInt8]
        let replica: ReplicaID
        let seq: Int
        let hash: ChangesetHash
    }

    private(set) var lines: [Line] = []
    private let keys: [(name: String, key: ReplicaKey)]

    init(keys: [(name: String, key: ReplicaKey)]) throws {
        self.keys = keys
        try writtenByUs()
        try writtenByOthers()
        try writtenByImports()
    }

    func hash(_ name: String) -> String {
        lines.first { $0.name == name }?.hash.text ?? ""
    }

    /// The next line of a replica, its members written plainly, those given added or replaced.
    func draft(_ writer: String, _ members: [(String, String)]) throws -> LineDraft {
        let key = key(writer)
        var draft = try LineDraft(key: key).with("author", "\"\(writer)\"")
            .with("machine", "\"\(writer)-laptop\"")
        if let last = last(of: writer) {
            draft = draft.without("key").with("seq", "\(last.seq + 1)")
                .with("prev", "\"\(last.hash)\"")
        }
        for (name, json) in members { draft = draft.with(name, json) }
        return draft
    }

    /// The JSON of `seen` that names these lines.
    func seen(_ names: String...) -> String {
        let entries = names.map { name in
            let line = lines.first { $0.name == name }
            return "\"\(line?.replica.text ?? "")\":[\(line?.seq ?? 0),\"\(hash(name))\"]"
        }
        return "{" + entries.joined(separator: ",") + "}"
    }

    func key(_ writer: String) -> ReplicaKey {
        guard let key = keys.first(where: { $0.name == writer })?.key else {
            preconditionFailure("\(writer) has no key")
        }
        return key
    }

    private func last(of writer: String) -> Line? {
        lines.last { $0.replica == key(writer).replica }
    }

    private mutating func append(
        _ writer: String, _ note: String, _ members: [(String, String)]
    ) throws {
        append(writer, note, unsigned: try draft(writer, members).unsigned)
    }

    private mutating func append(_ writer: String, _ note: String, unsigned: String) {
        let (bytes, key) = (Array(unsigned.utf8), key(writer))
        let seq = (last(of: writer)?.seq ?? 0) + 1
        lines.append(
            Line(
                name: "\(writer)-\(seq)", note: note, bytes: LineDraft.sign(bytes, with: key),
                replica: key.replica, seq: seq, hash: ChangesetHash(of: bytes)))
    }

    private static let korea = #"["KOR","CHN","X","TOTAL","2023","motie"]"#
    private static let fields = Samples.tradeFields.map { "\"\($0)\"" }.joined(separator: ",")

    private mutating func writtenByUs() throws {
        try append(
            "mina",
            "plain members, a figure and an event that is only created; the key, as in every seq 1",
            [
                ("message", #""import korea.csv""#),
                (
                    "edits",
                    #"[{"kind":"trade","op":"set","fields":[\#(Self.fields)],"rows":"#
                        + #"[[\#(Self.korea),124800000000,"USD",null,"P",null,null]]},"#
                        + #"{"kind":"event","op":"set","fields":[],"rows":[[["e1"]],[["e2"]]]}]"#
                ),
            ])
        try append(
            "mina", "every operation but reopen, on different records or fields",
            [
                (
                    "edits",
                    #"[{"kind":"event","op":"set","fields":["title","date","end_date"],"rows":"#
                        + #"[[["e1"],"Visit","2023-09",null],[["e3"],null,null,null]]},"#
                        + #"{"kind":"event","op":"add","field":"actors","rows":[[["e1"],"KOR","CHN"]]},"#
                        + #"{"kind":"event","op":"remove","field":"tags","rows":[[["e1"],"draft"]]},"#
                        + #"{"kind":"event","op":"restore","rows":[[["e3"]]]},"#
                        + #"{"kind":"event","op":"delete","rows":[[["e2"]]]}]"#
                )
            ])
        try append(
            "jun", "names the revision of another replica that it has seen; sets what mina set",
            [
                ("seen", seen("mina-1")),
                (
                    "edits",
                    #"[{"kind":"event","op":"set","fields":["note"],"rows":[[["e1"],"A"]]}]"#
                ),
            ])
        try append(
            "mina", "an undo that puts two versions of a statement back: reopen",
            [
                ("seen", seen("jun-1")),
                (
                    "edits",
                    #"[{"kind":"event","op":"reopen","fields":["date","end_date"],"rows":"#
                        + #"[[["e1"],["2023-09",null],["2023","2024"]]]}]"#
                ),
            ])
    }

    private mutating func writtenByOthers() throws {
        let spaced =
            "\t{ \"edits\" : [ { \"rows\" : [ [ [ \"e\\u0031\" ] , \"\\u00fc \\ud83d\\ude00 \\/ \\b\" , 1.0 ] ] ,"
            + " \"fields\" : [ \"novelty\" , \"intensity\" ] , \"op\" : \"\\u0073et\" , \"kind\" : \"event\" } ] ,"
            + "\"machine\":\"jun's desk\",\"author\":\"전 준\",\"at\":\"2026-11-23T17:00:00.000Z\","
            + "\"seen\":\(seen("mina-2")),\"prev\":\"\(hash("jun-1"))\",\"seq\":2,"
            + "\"replica\":\"\(key("jun").replica)\",\"dataset\":\"6f9619ff-8b86-4d01-b42d-00cf4fc964ff\",\"format\":1 }"
        append(
            "jun",
            "another writer's JSON: members and those of the edit the other way round, spaces, "
                + "escapes, a number with a point", unsigned: spaced)
        let numbers = [
            "1.248e11", "124800000000.00", "12.48E+10", "-0", "0.1", "1e-7", "5e-324", "1e-400",
            "1.7976931348623157e308", "9007199254740993", "123456789012345678901234567890",
            "2.2250738585072011e-308", "0.1000000000000000055511151231257827", "-1.5",
        ]
        let rows = numbers.enumerated().map { #"[["n\#($0 + 10)"],\#($1)]"# }
        try append(
            "hana", "numbers in many spellings: each is the nearest double",
            [
                (
                    "edits",
                    #"[{"kind":"event","op":"set","fields":["intensity"],"rows":[\#(rows.joined(separator: ","))]}]"#
                )
            ])
        try append(
            "hana", "a message and a text with everything that may stand in them",
            [
                (
                    "message",
                    #""tab\t newline\n quote\" back\\ slash\/ \u00e9 \ud83d\ude00 \u2028 é 😀 \u00a0""#
                ),
                (
                    "edits",
                    #"[{"kind":"setting","op":"set","fields":["value"],"rows":"#
                        + #"[[["quo\"te/\u00e9"],"a\tb\nc\u2028d\\\" \ufeff e\u0301 é"],[["%2F"],""]]}]"#
                ),
            ])
        try append(
            "jun", "a kind, fields, members and values that nobody knows yet: kept as they are",
            [
                ("seen", seen("mina-3", "hana-2")), ("novelty", #"{"a":[1,{"b":null}]}"#),
                (
                    "edits",
                    #"[{"kind":"novel_kind","op":"set","fields":["a","b","c"],"hint":[1],"rows":"#
                        + #"[[["k","l"],true,{"z":[1.50,null],"a":"\u00e9"},"t\u0000"]]},"#
                        + #"{"kind":"event","op":"add","field":"novel_set","rows":[[["e1"],"x"]]},"#
                        + #"{"kind":"event","op":"set","fields":["novelty"],"rows":[[["e1"],[1,2]]]},"#
                        + #"{"kind":"novel_kind","op":"reopen","fields":["d","e"],"rows":"#
                        + #"[[["k","l"],[1,null],[2,"x"]]]},"#
                        + #"{"kind":"event","op":"reopen","fields":["date","novel","end_date"],"rows":"#
                        + #"[[["e1"],["2023",1,null]]]}]"#
                ),
            ])
    }

    private mutating func writtenByImports() throws {
        let id = #""id":"0192f0c1-5f3e-7c3a-9a43-2b1f6a0d9c11""#
        let edit = #"[{"kind":"trade","op":"set","fields":["note"],"rows":[[\#(Self.korea),"1"]]}]"#
        try append(
            "hana", "the first part of an import",
            [
                ("seen", seen("mina-3", "jun-3")), ("by", #""import""#),
                ("group", #"{\#(id),"part":1}"#), ("edits", edit),
            ])
        try append(
            "hana", "its last part, and an unknown member in the group",
            [
                ("by", #""import""#), ("group", #"{"note":"","last":true,"part":2,\#(id)}"#),
                ("edits", edit),
            ])
        try append(
            "repair", "a line written anew to repair a fork: `was` is its old hash",
            [
                ("was", #""\#(hash("hana-4"))""#), ("by", #""novelty""#),
                ("group", #"{\#(id),"part":3,"last":false}"#),
            ])
    }
}
