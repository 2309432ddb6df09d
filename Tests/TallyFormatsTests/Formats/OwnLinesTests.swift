import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// What `export` has written, imported elsewhere.
struct OwnLinesTests {
    /// All kinds, settings too, as `export` gives them.
    private func export(_ copy: Copy) throws -> String {
        try ["event", "setting", "trade"].map { try copy.export($0, as: "jsonl") }.joined()
    }

    private func filled(_ folder: TestFolder) throws -> Copy {
        let mina = try folder.copy("mina")
        try mina.importing(
            """
            id,date,end_date,title,summary,latitude,longitude,intensity,actors,tags
            m:1,2023-09,2023-10,"Two
            lines; \"\"quoted\"\"","a, b",37.5,-1e-7,-2.5,KOR;CHN\\;x,"back\\\\slash; semi"
            m:2,,,한국,,,,,,
            m:3,,,,,,,,,

            """)
        try mina.importing(
            """
            reporter,partner,flow,product,period,source,value,unit,status,released,note
            KOR,CHN,X,TOTAL,2023,motie,124800000000.5,,P,2024-01-01,
            KOR,CHN,M,H6:0401,2023-12,motie,,,,,only a note
            KOR,WLD,M,TOTAL,2021-05-01/P10D,kcs,1e21,EUR,,,

            """)
        try mina.importing(
            "name,value\ndataset.name,korea\npolicy.trade.note,newest\n", kind: "setting")
        return mina
    }

    @Test("JSON lines of all kinds, imported elsewhere, give the same export byte for byte")
    func lines() throws {
        let folder = try TestFolder()
        let mina = try filled(folder)
        let text = try export(mina)
        #expect(text.split(separator: "\n").count == 8)
        let jun = try folder.copy("jun")
        let report = try jun.importing(text)
        #expect(report.format == "jsonl")
        #expect(report.brief == "8 new")
        #expect(try export(jun) == text)
        #expect(try jun.dataset.read(\.heads).count == 1)
        #expect(try jun.importing(text).brief == "8 unchanged")
        // In an array, too.
        let array = "[" + text.split(separator: "\n").joined(separator: ",\n") + "]"
        #expect(try jun.importing(array).brief == "8 unchanged")
    }

    @Test(
        "CSV of one kind, imported elsewhere, gives the same export",
        arguments: ["event", "setting", "trade"])
    func table(kind: String) throws {
        let folder = try TestFolder()
        let mina = try filled(folder)
        let text = try mina.export(kind)
        let jun = try folder.copy("jun")
        try jun.importing(text, kind: kind)
        #expect(try jun.export(kind) == text)
        #expect(try jun.export(kind, as: "jsonl") == mina.export(kind, as: "jsonl"))
    }

    @Test("a line replaces the statements that it names, and leaves the others")
    func partial() throws {
        let folder = try TestFolder()
        let mina = try filled(folder)
        let key =
            #""kind":"trade","reporter":"KOR","partner":"CHN","flow":"X","product":"TOTAL","period":2023,"source":"motie""#
        #expect(try mina.importing("{\(key),\"tags\":[\"x\"]}").brief == "1 changed")
        let address = "trade/KOR/CHN/X/TOTAL/2023/motie"
        #expect(try mina.view(address).row?.values["status"] == .text("P"))
        #expect(try mina.importing("{\(key),\"value\":\"7\"}").brief == "1 changed")
        let row = try #require(try mina.view(address).row)
        #expect(row.values["value"] == .number(7))
        #expect(row.values["status"] ?? .null == .null)
        #expect(row.sets["tags"] == ["x"])
    }

    @Test("what a line holds that this version does not know is refused with its line")
    func refused() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let text = """
            {"kind":"event","id":"a:1","titel":"t"}
            {"kind":"tariff","key":["1"],"rate":8}

            {"kind":"event","id":"a:2","carbon_kg":1}
            {"kind":"event","id":"a:3","title":["a","b"]}
            {"kind":"event","date":"2023","type":"visit","title":"t"}
            {"kind":"event","id":"a:4","actors":["KOR",{"a":1}]}
            {"kind":"event","id":"a:5","actors":null,"title":null}
            {"kind":"event","id":"a:5"}
            {"note":"x","kind":"event","id":"a:6"}
            {"kind":"trade","reporter":"KOR"}

            """
        var written = ""
        let report = try mina.importing(bytes: Array(text.utf8)) {
            $0.skipBad = true
        } refused: {
            written += $0
        }
        #expect(
            report.refusals.map { $0.prefix { $0 != "|" }.description } == [
                "1: \"titel\" is no field of event ", "2: there is no kind \"tariff\" ",
                "4: \"carbon_kg\" is no field of event ",
                "5: title holds \"a;b\", and is one value ",
                "6: source is missing, and there is no id ",
                "7: actors holds \"{\\\"a\\\":1}\", and is one value ",
                "9: the key event/a:5 stands twice in the file (row 8) ", "11: partner is missing ",
            ])
        #expect(report.new == 2)
        // What was left out can be mended and imported.
        let mended = written.replacing("titel", with: "title")
        #expect(try mina.importing(mended) { $0.skipBad = true }.new == 1)
        #expect(try mina.view("event/a:1").row?.values["title"] == .text("t"))
    }

    @Test("--kind takes the records of one kind, --source gives those without a source theirs")
    func chosen() throws {
        let folder = try TestFolder()
        let mina = try filled(folder)
        let jun = try folder.copy("jun")
        let text = try export(mina)
        let report = try jun.importing(text, kind: "setting")
        #expect(report.brief == "2 new, 6 skipped")
        #expect(report.skipped == ["records of another kind than setting": 6])
        let line = #"{"kind":"event","date":"2023","type":"visit","title":"t"}"#
        #expect(try jun.importing(line, constants: ["source": "mofa"]).brief == "1 new")
        #expect(try jun.export("event").contains("\nmofa:"))
        let given = try jun.importing(line, constants: ["source": "mofa", "title": "u"]) {
            $0.skipBad = true
        }
        #expect(given.refused.map(\.reason) == ["--set names title, which the record gives itself"])
        // As a table, where that is asked for.
        let table = try jun.importing("{\"kind\":\"Event\",\"nr\":7}") {
            $0.columns = ["id": "nr"]
            $0.constants = ["source": "x"]
        }
        #expect(table.notKept == ["kind": 1])
        #expect(try jun.view("event/x:7").isVisible)
    }

    /// Trade with fields more, and a kind more, as a newer version may have them.
    private static let newer: KindCatalog = {
        let shipped = KindCatalog.shipped
        guard let trade = shipped["trade"] else { return shipped }
        let wider = Kind(
            name: "trade", key: trade.key,
            fields: trade.fields + [
                Kind.Field(name: "carbon_kg", type: .number), Kind.Field(name: "kin", type: .set),
                Kind.Field(name: "carbon_unit", type: .text),
                Kind.Field(name: "remark", type: .text),
            ],
            statements: trade.statements.filter { $0.name != "carbon_kg" } + [
                Kind.Statement(fields: ["carbon_kg", "carbon_unit"]),
                Kind.Statement(fields: ["remark"]),
            ])
        let tariff = Kind(
            name: "tariff",
            key: [
                Kind.Field(name: "id", type: .identifier),
                Kind.Field(name: "by", type: .identifier),
            ], fields: [Kind.Field(name: "rate", type: .number)])
        return KindCatalog(shipped.all.filter { $0.name != "trade" } + [wider, tariff])
    }()

    private func whole(_ copy: Copy) throws -> String {
        var text = try copy.export("trade", as: "jsonl")
        try copy.dataset.read { try RecordExport.unknownKinds(from: $0) { text += $0 } }
        return text
    }

    @Test("what this version does not know is refused, or taken as it is where that is asked for")
    func unknown() throws {
        let folder = try TestFolder()
        let new = try folder.copy("new", kinds: Self.newer)
        try new.edit(
            korea, .note("a"), .set(statement: "carbon_kg", value: [.number(0.5), .null]),
            .set(statement: "remark", value: [.text("in\ntwo lines")]), .add("kin", "x"),
            .add("kin", "y;z"))
        try new.edit("tariff/8507/KOR", .set(statement: "rate", value: [.number(8)]))
        let old = try folder.copy("old", of: new)
        let text = try whole(old)
        #expect(
            text.contains(
                #""carbon_kg":0.5,"carbon_unit":null,"kin":["x","y;z"],"remark":"in\ntwo lines"}"#))

        let jun = try folder.copy("jun")
        let refused = #expect(throws: Refused.self) { try jun.importing(text) }
        #expect(
            refused?.report.refused.map(\.reason) == [
                "\"carbon_kg\" is no field of trade", "there is no kind \"tariff\"",
            ])
        func importing(_ text: String) throws -> String {
            try jun.importing(text) { $0.keepUnknown = true }.brief
        }
        #expect(try importing(text) == "2 new")
        #expect(try whole(jun) == text)
        #expect(try importing(text) == "2 unchanged")
        let later = text.replacing("0.5", with: "0.25").replacing(#""rate":8"#, with: #""rate":7"#)
        #expect(try importing(later) == "2 changed")
        #expect(try whole(jun) == later)

        // A newer version finds its fields where it looks for them, a statement of two fields among them.
        let third = try folder.copy("third", of: jun, kinds: Self.newer)
        #expect(
            try third.sql("SELECT note, carbon_kg, kin FROM trade")
                == [[.text("a"), .real(0.25), .text(#"["x","y;z"]"#)]])
        #expect(
            try third.sql("SELECT id, by, rate FROM tariff") == [
                [.text("8507"), .text("KOR"), .real(7)]
            ])
    }

    @Test(
        "what cannot be a field of any version is refused",
        arguments: [
            (#""a b":1"#, "\"a b\" is no name of a field"),
            (#""x":["\u0007"]"#, "x"),
        ])
    func unknowable(member: String, reason: String) throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let refused = #expect(throws: Refused.self) {
            try mina.importing(#"{"kind":"event","id":"m:1",\#(member)}"# + "\n") {
                $0.keepUnknown = true
            }
        }
        let found = try #require(refused?.report.refused.first?.reason)
        #expect(found.hasPrefix(reason), "\(found)")
    }

    @Test("a value of an unknown field is kept as every reader keeps it, or refused")
    func opaque() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        func importing(_ members: String) throws -> String {
            try mina.importing(#"{"kind":"event","id":"a:1",\#(members)}"# + "\n") {
                $0.keepUnknown = true
            }.brief
        }
        #expect(try importing(#""x":{ "a": [1.50, true, -0] },"y":false"#) == "1 new")
        #expect(try importing(#""x":{"a":[1.5,true,0]}"#) == "1 unchanged")
        let jun = try folder.copy("jun", of: mina)
        #expect(try jun.export("event", as: "jsonl") == mina.export("event", as: "jsonl"))
        #expect(try mina.verification(in: folder).faults.isEmpty)
        #expect(try jun.verification(in: folder).faults.isEmpty)

        let deep = String(repeating: #"{"a":"#, count: 40) + "1" + String(repeating: "}", count: 40)
        #expect(throws: Refused.self) { try importing(#""z":"# + deep) }
        let long = String(repeating: "x", count: 70_000)
        #expect(throws: Refused.self) { try importing(#""z":{"a":"\#(long)"}"#) }
    }

    @Test("what --set says of a statement that a line does not name changes nothing of it")
    func constantBesideLine() throws {
        let folder = try TestFolder()
        let mina = try filled(folder)
        let line =
            #"{"kind":"trade","reporter":"KOR","partner":"CHN","flow":"X","product":"TOTAL","period":"2023","#
            + #""source":"motie","note":"x"}"# + "\n"
        try mina.importing(line, constants: ["released": "2024-03-01"])
        let row = try #require(try mina.view("trade/KOR/CHN/X/TOTAL/2023/motie").row)
        #expect(row.values["note"] == .text("x"))
        #expect(row.values["value"] == .number(124800000000.5))
        #expect(row.values["released"] == .text("2024-01-01"))
    }

    @Test("of one kind, lines of others are left out, known or not")
    func oneKind() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let report = try mina.importing(
            #"{"kind":"event","id":"a:1","title":"x"}"# + "\n"
                + #"{"kind":"tariff","key":["1"],"rate":8}"#
                + "\n", kind: "event")
        #expect(report.brief == "1 new, 1 skipped")
    }
}
