import StoreTestSupport
import TallyCore
import Testing

@testable import TallyStore

/// What is known of a record beside its row, as text.
struct StateTextTests {
    private let copy: Copy
    private let address: RecordAddress

    init() throws {
        copy = try TestFolder().copy("mina")
        try copy.edit(korea, .figure(1))
        try copy.edit(korea, .figure(2))
        address = try wanted(RecordAddress(korea))
    }

    @Test("a state comes back as it was written")
    func roundTrip() throws {
        try copy.dataset.read { access in
            let (one, two) = (
                try access.revisions.revision(at: 1), try access.revisions.revision(at: 2)
            )
            var state = RecordState()
            state.existence = [Version(.present, one), Version(.deleted, two)]
            state.statements["note"] = StatementState(
                versions: [
                    Version([.text("\"a\\ \n 한\u{1F1F0}\u{0}")], one),
                    Version([.null], two, order: 0),
                    Version([.text("")], two, order: 1),
                ], hasHistory: true)
            state.statements["value"] = StatementState(versions: [
                Version([.number(-0.1), .number(1e300), .number(0), .null], one)
            ])
            state.statements["of a newer version"] = StatementState(versions: [
                Version([.opaque(#"{"a":[1,true]}"#)], two)
            ])
            for (field, text) in [("tags", ""), ("tags", "a/b"), ("\u{e9}", "x")] {
                state.elements[Element(field: field, text: text)] = [
                    Version(true, one), Version(false, two),
                ]
            }
            let text = StateText(revisions: access.revisions)
            #expect(try text.read(text.write(state), of: address) == state)
            #expect(try text.read(text.write(RecordState()), of: address) == RecordState())
        }
    }

    @Test(
        "a text that is no state is told, with its record and what to do",
        arguments: [
            "", "{", "[]", #"{"e":[],"s":{}}"#, #"{"e":[],"s":{},"m":{},"x":0}"#,
            #"{"e":[],"s":{},"m":{}} "x""#, #"{"e":[],"e":[],"m":{}}"#,
            #"{"e":[[1]],"s":{},"m":{}}"#, #"{"e":[[1,"there"]],"s":{},"m":{}}"#,
            #"{"e":[[-1,"present"]],"s":{},"m":{}}"#, #"{"e":[[1.5,"present"]],"s":{},"m":{}}"#,
            #"{"e":[],"s":{"note":{"v":[]}},"m":{}}"#,
            #"{"e":[],"s":{"note":{"h":0,"v":[]}},"m":{}}"#,
            #"{"e":[],"s":{"note":{"h":true,"v":[[1,0]]}},"m":{}}"#,
            #"{"e":[],"s":{"note":{"h":true,"v":[[1,0,[true]]]}},"m":{}}"#,
            #"{"e":[],"s":{"note":{"h":true,"v":[[1,0,[{}]]]}},"m":{}}"#,
            #"{"e":[],"s":{"note":{"h":true,"v":[[1,0,[1e400]]]}},"m":{}}"#,
            #"{"e":[],"s":{},"m":{"tags":{"a":[[1,"true"]]}}}"#,
        ])
    func damaged(text: String) throws {
        let error = try #require(throws: StoreError.self) {
            try copy.dataset.read { access in
                _ = try StateText(revisions: access.revisions).read(text, of: address)
            }
        }
        #expect(error.code == .damaged)
        #expect(error.message.hasPrefix("The state of \(korea) in tally_state cannot be read: "))
        #expect(error.hint?.contains("tally doctor --into FILE") == true)
    }

    @Test("a revision that the log has not is told")
    func unknownRevision() throws {
        let error = try #require(throws: StoreError.self) {
            try copy.dataset.read { access in
                let text = #"{"e":[[9,"present"]],"s":{},"m":{}}"#
                _ = try StateText(revisions: access.revisions).read(text, of: address)
            }
        }
        #expect(error.code == .damaged)
        #expect(error.message.contains("position 9"))
    }

    @Test(
        "a key is an array of texts, one at least",
        arguments: [
            (#"["a"]"#, ["a"]), (#"["","/\u0001\u0002",  "한"]"#, ["", "/\u{1}\u{2}", "한"]),
            ("[]", nil), ("", nil), (#"["a""#, nil), (#"["a"] 1"#, nil), ("[1]", nil),
            (#"["a",null]"#, nil), (#"{"a":"b"}"#, nil),
        ] as [(String, [String]?)])
    func key(json: String, parts: [String]?) {
        #expect(RecordKey(json: json)?.parts == parts)
    }
}
