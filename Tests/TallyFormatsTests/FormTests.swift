import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// A record as a text in an editor, and back.
struct FormTests {
    private let folder: TestFolder
    private let mina: Copy
    private let kind: Kind

    init() throws {
        folder = try TestFolder()
        mina = try folder.copy("mina")
        kind = try wanted(KindCatalog.shipped["trade"])
    }

    private func form() throws -> String { RecordForm.text(of: try mina.view(korea), kind: kind) }

    private func changes(_ text: String) throws -> RecordInput {
        let answers = try FormReader.answers(Array(text.utf8), kind: kind)
        return try FormChanges(answers, of: mina.view(korea), kind: kind, in: .shipped).input
    }

    private func fault(_ text: String) -> FormFault? {
        do {
            _ = try changes(text)
            return nil
        } catch { return error as? FormFault }
    }

    @Test("the form shows every field of the kind, and says how to fill it in")
    func whole() throws {
        try mina.edit(
            korea, .figure(124.5, status: "P"), .note("one\n\n# two"), .add("tags", "a; b"),
            .add("tags", "\"c\""))
        let text = try form()
        #expect(
            text.hasPrefix(
                """
                # trade/KOR/CHN/X/TOTAL/2023/motie
                #
                # Change what stands behind the =, save and close. Only what you change is written.
                # Nothing behind the = takes a value away; a field without a line stays as it is.
                # A set has one element a line, as "- KOR". Text of several lines has "| " before each.
                # What begins with a double quote is read as JSON. Lines that begin with # are not read.
                # The key is changed with: tally rename

                # in units, not millions
                value = 124.5

                # currency of the value (tally codes currency)
                unit = USD

                # FOB or CIF (tally codes valuation)
                valuation =

                """), "\(text)")
        #expect(
            text.hasSuffix(
                """
                # anything worth saying
                note =
                | one
                |
                | # two

                # the team's own labels
                tags =
                - "\\"c\\""
                - a; b

                # where it was read
                citations =

                """), "\(text)")
    }

    @Test(
        "any text comes back as it was, and is then no change",
        arguments: [
            "plain", "= | - # \"", "\"quoted\"", " space before", "space behind ", "\ttab", "a\tb",
            "one\ntwo", "\none", "one\n", "\n", "one\n  two\n\n\nthree", "one \ntwo",
            "zero\u{200b}width",
            "right\u{202e}left", "\u{feff}bom", "시진핑 주석", "e\u{301}", "👨‍👩‍👧", "a\u{a0}",
            "| one\n- two\n# three",
            "back\\slash \\n", "value = 1\nunit = KRW", "\u{e0001}tag", "line\u{2028}separator",
        ])
    func roundTrip(text: String) throws {
        // As a line of the log may hold it: input would bring it to NFC.
        try mina.edit(korea, .figure(1), .note(text))
        let form = try form()
        let answers = try FormReader.answers(Array(form.utf8), kind: kind)
        let note = try wanted(answers.first { $0.field == "note" })
        guard case .text(let read) = note.content else {
            Issue.record("the note is no text: \(form)")
            return
        }
        #expect(Array(read.utf8) == Array(text.utf8), "\(form)")
        #expect(answers.map(\.field) == kind.fields.map(\.name))
        #expect(try changes(form).values.isEmpty)
        // An editor that ends lines as Windows does, or takes spaces away, changes nothing either.
        let windows = "\u{feff}" + form.replacing("\n", with: "\r\n")
        let stripped = form.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.reversed().drop { $0 == " " }.reversed().map(String.init).joined()
        }.joined(separator: "\n")
        #expect(try changes(windows).values.isEmpty)
        #expect(try changes(stripped).values.isEmpty)
    }

    @Test("what is changed, added and taken out is the change; what has no line is left")
    func changed() throws {
        try mina.edit(
            korea, .figure(1, status: "P"), .note("n"), .add("tags", "a"), .add("tags", "b"))
        let input = try changes(
            """
              value=2
            status =
            tags =
              - b
            -   c
            -  c
            citations =
            """)
        #expect(input.values.byName == ["value": .number(2), "status": .null])
        #expect(input.added == [Element(field: "tags", text: "c")])
        #expect(input.removed == [Element(field: "tags", text: "a")])
        for nothing in ["", "\n\n", "# only a comment", "value = 1.0", "value = 1", "note = n"] {
            let input = try changes(nothing)
            #expect(input.values.isEmpty && input.added.isEmpty && input.removed.isEmpty)
        }
        #expect(try changes("note = \"a\\tb\\u00e9\"").values.byName == ["note": .text("a\tbé")])
        #expect(
            try changes("note =\n| a\n# between\n\n|  b").values.byName == ["note": .text("a\n b")])
    }

    @Test("what cannot be read or taken is told with its line")
    func faults() throws {
        try mina.edit(korea, .figure(1))
        func text(_ form: String) -> String? {
            fault(form).map { $0.text + ($0.hint.map { " / " + $0 } ?? "") }
        }
        #expect(
            text("\n# c\nhello") == "line 3: \"hello\" is no field = value / Text of several lines "
                + "has | before each line, a comment has # before it.")
        #expect(text("valeu = 1") == "line 1: trade has no field \"valeu\" / Did you mean value?")
        #expect(
            text("reporter = PRK")
                == "line 1: reporter is part of the key and cannot be changed here / "
                + "Give the record another key with: tally rename RECORD reporter=VALUE")
        #expect(
            text("value = 1\nvalue = 2")
                == "line 2: value stands there twice / Leave one of the two lines.")
        #expect(
            text("tags = a; b")
                == "line 1: tags is a set, whose elements stand on lines of their own / "
                + "Write each below, as: - ELEMENT")
        #expect(text("note = a\n- b")?.hasPrefix("line 2: a line with - is of no set") == true)
        #expect(text("tags =\n-") == "line 2: an element of tags is empty / Take the line out.")
        #expect(
            text("note = a\n| b")?.hasPrefix("line 2: a line with | goes on with no text") == true)
        #expect(text("| b")?.hasPrefix("line 1: a line with | goes on with no text") == true)
        #expect(
            text("tags =\n| b")?.hasPrefix("line 2: a line with | goes on with no text") == true)
        #expect(
            text("note = \"a\" b")?.hasPrefix("line 1: what begins with a double quote") == true)
        #expect(
            text("# c\nvalue = many")
                == "line 2: value \"many\" is no number / Write digits, as in 124800000000 or 0.5")
        #expect(text("note = a\u{0}b")?.hasPrefix("line 1: note \"a\\u0000b\" is not text") == true)
        #expect(text("note = \"\\u0007\"")?.hasPrefix("line 1: note") == true)
        #expect(text("tags =\n- \u{7}")?.hasPrefix("line 1: tags") == true)
        let bytes = Array("value = 1\nnote = ".utf8) + [0xff]
        let error = #expect(throws: FormFault.self) { try FormReader.answers(bytes, kind: kind) }
        #expect(error == FormFault(line: 2, "it is not UTF-8", hint: "Save the file in UTF-8."))
    }

    @Test("whatever an editor writes is read or refused, and no more is changed than stands there")
    func garbage() throws {
        try mina.edit(korea, .figure(1, status: "P"), .note("a\nb"), .add("tags", "t"))
        let view = try mina.view(korea)
        let form = Array(try form().utf8)
        let pieces =
            ["\n", "=", "|", "- ", "\"", "#", " ", "\u{301}", "value", "tags =", "\0", "\r"]
            .map { Array($0.utf8) } + [[0xff], [0xe2, 0x82], [0xef, 0xbb, 0xbf]]
        let random = TestRandom(seed: 11)
        var refused = 0
        for _ in 0..<2000 {
            var text = form
            for _ in 0..<(1 + Int(random.bytes(1)[0]) % 4) {
                let bytes = random.bytes(4).map(Int.init)
                let place = (bytes[0] << 8 | bytes[1]) % (text.count + 1)
                let end = min(text.count, place + bytes[3] % 8)
                text.replaceSubrange(place..<end, with: pieces[bytes[2] % pieces.count])
            }
            do throws(FormFault) {
                let answers = try FormReader.answers(text, kind: kind)
                let names = Set(answers.map(\.field))
                let input = try FormChanges(answers, of: view, kind: kind, in: .shipped).input
                #expect(input.values.names.allSatisfy(names.contains))
                #expect((input.added + input.removed).allSatisfy { names.contains($0.field) })
            } catch {
                refused += 1
                #expect(!error.message.isEmpty)
            }
        }
        #expect((100..<1900).contains(refused))
    }

    @Test("a rule between fields is told with the line of the field")
    func rules() throws {
        let event = try wanted(KindCatalog.shipped["event"])
        try mina.edit("event/a", .set(statement: "date", value: [.text("2023-09-23"), .null]))
        let answers = try FormReader.answers(
            Array("date = 2023-09-23\nend_date = 2023-09-22".utf8), kind: event)
        let view = try mina.view("event/a")
        let error = #expect(throws: FormFault.self) {
            try FormChanges(answers, of: view, kind: event, in: .shipped)
        }
        #expect(error?.text == "line 2: end_date 2023-09-22 is before date 2023-09-23")
    }

    @Test(
        "a statement that became another meanwhile is overtaken, another statement and sets are not"
    )
    func overtaken() throws {
        try mina.edit(korea, .figure(1, status: "P"), .note("n"), .add("tags", "a"))
        let old = try mina.view(korea)
        func overtaken(_ text: String) throws -> [String] {
            let answers = try FormReader.answers(Array(text.utf8), kind: kind)
            let changes = try FormChanges(answers, of: old, kind: kind, in: .shipped)
            return changes.overtaken(since: old, by: try mina.view(korea)).map(\.statement.name)
        }
        let form = "value = 2\nnote = m\ntags =\n- b"
        #expect(try overtaken(form) == [])
        try mina.edit(korea, .add("tags", "c"))
        #expect(try overtaken(form) == [])
        try mina.edit(korea, .figure(1, status: "A"))
        #expect(try overtaken(form) == ["value"])
        #expect(try overtaken("note = m") == [])
        try mina.edit(korea, .note("m"))
        #expect(try overtaken("note = m") == [])
        #expect(try overtaken("note = x") == ["note"])
    }
}

extension FieldValues {
    fileprivate var byName: [String: Value] {
        Dictionary(uniqueKeysWithValues: map { ($0.field, $0.value) })
    }
}
