import TallyCore
import TallyWire
import Testing

struct ChangesetWriterTests {
    private let head =
        #"{"format":1,"dataset":"6f9619ff-8b86-4d01-b42d-00cf4fc964ff","replica":"cc5gqlek2e2rhfy6","#
    private let key = #""key":"0EqyMnQrtKs6E2i9RhXk5tAiSrcaAWuvhSCjMsl3hzc""#

    /// The line as text, its signature cut out.
    private func unsigned(_ changeset: Changeset) throws -> String {
        let line = try ChangesetWriter(key: Samples.key()).line(changeset)
        let text = String(decoding: line.bytes, as: UTF8.self)
        #expect(text.suffix(96).hasPrefix(#","sig":""#) && text.hasSuffix(#""}"#))
        let unsigned = text.dropLast(96) + "}"
        #expect(line.hash == ChangesetHash(of: Array(unsigned.utf8)))
        let read = try ChangesetLine(line.bytes)
        #expect(read.hash == line.hash)
        try read.checkSignature(with: Samples.key().publicKey)
        return String(unsigned)
    }

    @Test("the first line of a replica carries its key and no prev")
    func first() throws {
        let written = try unsigned(Samples.changeset())
        #expect(
            written == head + #""seq":1,"seen":{},"at":"2026-11-23T16:45:12.345Z","author":"mina","#
                + #""machine":"mina-laptop","edits":[{"kind":"setting","op":"set","fields":["value"],"#
                + #""rows":[[["r1"],"a note"]]}],\#(key)}"#)
    }

    @Test("a later line has prev and seen, message, group and by, each in its place")
    func later() throws {
        let (jun, hana) = (try Samples.key(0x22).replica, try Samples.key(0x33).replica)
        let hash = ChangesetHash(of: [])
        var changeset = try Samples.changeset()
        changeset.revision = Revision(changeset.revision.replica, 9_007_199_254_740_991)
        changeset.previous = ChangesetHash(of: Array("abc".utf8))
        changeset.seen = [
            .init(revision: Revision(jun, 3), hash: hash),
            .init(revision: Revision(hana, 1), hash: hash),
        ]
        (changeset.author, changeset.message) = (#"mi"na"#, "line one\nline \\ two\t.")
        changeset.group = .init(id: "0192f0c1-5f3e-7c3a-9a43-2b1f6a0d9c11", part: 2, isLast: true)
        changeset.isImport = true
        #expect(
            try unsigned(changeset) == head + #""seq":9007199254740991,"prev":""#
                + "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
                + #"","seen":{"cms3qugcq4mrn2xc":[3,"\#(hash)"],"nshymb635byhpjrk":[1,"\#(hash)"]},"#
                + #""at":"2026-11-23T16:45:12.345Z","author":"mi\"na","machine":"mina-laptop","#
                + #""message":"line one\nline \\ two\t.","group":{"id":"#
                + #""0192f0c1-5f3e-7c3a-9a43-2b1f6a0d9c11","part":2,"last":true},"by":"import","#
                + #""edits":[{"kind":"setting","op":"set","fields":["value"],"rows":[[["r1"],"a note"]]}]}"#
        )
        changeset.group = .init(id: "0192f0c1-5f3e-7c3a-9a43-2b1f6a0d9c11", part: 1, isLast: false)
        #expect(try unsigned(changeset).contains(#""part":1},"by""#))
    }

    @Test("every operation is written as DESIGN.md section 5 shows it")
    func operations() throws {
        let (e1, e2) = (RecordKey(["e1"]), RecordKey(["e2", "x\"/é"]))
        let edits = [
            Edit(
                kind: "event", operation: .set(fields: ["date", "end_date"]),
                rows: [
                    .init(key: e1, values: [.text("2023"), .null]),
                    .init(key: e2, values: [.number(-0.0), .opaque(#"{"a":[1]}"#)]),
                ]),
            Edit(kind: "event", operation: .set(fields: []), rows: [.init(key: e1)]),
            Edit(
                kind: "event", operation: .add(field: "tags"),
                rows: [.init(key: e1, values: [.text("a"), .text("b")])]),
            Edit(
                kind: "event", operation: .remove(field: "tags"),
                rows: [.init(key: e1, values: [.text("c")])]),
            Edit(kind: "event", operation: .delete, rows: [.init(key: e1), .init(key: e2)]),
            Edit(kind: "event", operation: .restore, rows: [.init(key: e1)]),
            Edit(
                kind: "event", operation: .reopen(fields: ["date", "end_date"]),
                rows: [
                    .init(key: e1, values: [.text("2023"), .null, .text("2024"), .number(1e21)])
                ]),
        ]
        let written = try unsigned(Samples.changeset(edits))
        let json = try JSONValue(parsing: Array(written.utf8))["edits"]?.array?.map(\.text)
        #expect(
            json == [
                #"{"kind":"event","op":"set","fields":["date","end_date"],"rows":"#
                    + #"[[["e1"],"2023",null],[["e2","x\"/é"],0,{"a":[1]}]]}"#,
                #"{"kind":"event","op":"set","fields":[],"rows":[[["e1"]]]}"#,
                #"{"kind":"event","op":"add","field":"tags","rows":[[["e1"],"a","b"]]}"#,
                #"{"kind":"event","op":"remove","field":"tags","rows":[[["e1"],"c"]]}"#,
                #"{"kind":"event","op":"delete","rows":[[["e1"]],[["e2","x\"/é"]]]}"#,
                #"{"kind":"event","op":"restore","rows":[[["e1"]]]}"#,
                #"{"kind":"event","op":"reopen","fields":["date","end_date"],"rows":"#
                    + #"[[["e1"],["2023",null],["2024",1e+21]]]}"#,
            ])
        for edit in json ?? [] { #expect(written.contains(edit), "without spaces") }
    }
}
