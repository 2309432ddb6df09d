import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import TallyWire
import Testing

/// Files in Tally's own CSV: what the header says, and which rows are bad.
struct NativeImportTests {
    static let header = "reporter,partner,flow,product,period,source"

    @Test("the header tells the kind")
    func kinds() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        #expect(
            try mina.importing("\(Self.header),value\nKOR,CHN,X,TOTAL,2023,motie,1\n").brief
                == "1 new")
        #expect(try mina.importing("id,title\nx,t\n").brief == "1 new")
        #expect(try mina.importing("date,type,title,source\n2023,visit,t,motie\n").brief == "1 new")
        #expect(try mina.importing("name,value\ndataset.name,Korea\n").brief == "1 new")
        // The header names fields in any case and with spaces beside; order and blank lines mean nothing.
        #expect(
            try mina.importing("\u{feff} Title , ID \r\n\r\nt2,y\r\n").brief == "1 new")
        #expect(
            try mina.dataset.read { try $0.counts() }.map { "\($0.kind) \($0.count ?? -1)" }
                == ["event 3", "setting 1", "trade 1"])
    }

    @Test("a source may be given for the whole file")
    func constants() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let text = "reporter,partner,flow,product,period,value\nKOR,CHN,X,TOTAL,2023,1\n"
        #expect(try mina.importing(text, constants: ["source": "motie"]).brief == "1 new")
        #expect(try mina.view(korea).row?.values["unit"] == .text("USD"))
        #expect(try mina.importing(text, constants: ["source": "motie"]).brief == "1 unchanged")
        // A column of the file stands before what is given for the whole.
        let own = "\(Self.header),value\nKOR,CHN,X,TOTAL,2023,kosis,1\n"
        #expect(try mina.importing(own, constants: ["source": "motie"]).brief == "1 new")
    }

    @Test(
        "a header that does not fit is refused with what to do",
        arguments: [
            ("", nil, "the file is empty", "x.csv", "The first row must name the columns."),
            (
                "a,b\n1,2\n", nil, #"no format is known that has the columns "a", "b""#,
                "x.csv, row 1",
                "The first row must name the columns. Say which hold the fields, as in --map period=COLUMN --map value=COLUMN "
                    + "(figures) or --map date=COLUMN --map title=COLUMN (events), and what is the same in every row, as in "
                    + "--set reporter=KOR or --set type=visit. The fields are shown by: tally kinds"
            ),
            (
                "period,value\n", nil, #"the header "period,value" has the key of no kind"#,
                "x.csv, row 1",
                "The key columns are, event: id; setting: name; trade: "
                    + "reporter, partner, flow, product, period, source. Name the columns that hold them: "
                    + "--map FIELD=COLUMN, and what is the same in every row: --set FIELD=VALUE"
            ),
            (
                "id,titel\n", nil, #"the column "titel" is no field of event"#, "x.csv, row 1",
                "Did you mean title?"
            ),
            (
                "id,qqqqq\n", nil, #"the column "qqqqq" is no field of event"#, "x.csv, row 1",
                "See the fields with: tally kinds event"
            ),
            (
                "id,\(String(repeating: "q", count: 1000))\n", nil,
                "the column \"\(String(repeating: "q", count: 60))…\" is no field of event",
                "x.csv, row 1", "See the fields with: tally kinds event"
            ),
            ("id,title,title\n", nil, "the column title stands twice", "x.csv, row 1", nil),
            (
                "reporter,partner,flow,product,period\n", "trade",
                "the column source is missing; it is part of the key of trade", "x.csv, row 1",
                "Give it for the whole file: --source NAME"
            ),
            (
                "id\n", "visit", #"there is no kind "visit""#, "x.csv",
                "The kinds are event, setting, trade."
            ),
        ] as [(String, String?, String, String, String?)])
    func headerFaults(
        _ text: String, _ kind: String?, _ message: String, _ location: String, _ hint: String?
    ) throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        #expect(throws: FormatError(message, location: location, hint: hint)) {
            try mina.importing(text, kind: kind)
        }
    }

    @Test("bad rows are all named, and nothing is written")
    func badRows() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let text = """
            id,title,date,country
            a,t,2023-02-30,KOR
            b,t,2023,KOR
            c,t
            ,t,2023,KOR
            d,t,2023,KRO

            """
        let refused = #expect(throws: Refused.self) { try mina.importing(text) }
        #expect(
            refused?.report.refused.map { "\($0.row): \($0.reason)" } == [
                #"2: date "2023-02-30" is a date that does not exist"#,
                "4: it has 2 cells, the header has 4", "5: id is missing",
                #"6: country "KRO" is not in the code list area"#,
            ])
        #expect(try mina.dataset.read(\.heads).isEmpty)
        #expect(try mina.person.identities.replicas().isEmpty)
        let report = try mina.importing(text) { $0.skipBad = true }
        #expect(report.brief == "1 new, 4 refused")
        #expect(try mina.view("event/b").isVisible)
    }

    @Test("a file that breaks off in the middle is named with its line, and nothing is written")
    func broken() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let error = #expect(throws: FormatError.self) {
            try mina.importing("id,title\na,t\nb,\"t\n") { $0.skipBad = true }
        }
        #expect(error?.location == "x.csv, line 3")
        #expect(try mina.dataset.read(\.heads).isEmpty)
    }

    @Test("a key that stands twice in one file names both rows")
    func twice() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let refused = #expect(throws: Refused.self) {
            try mina.importing("id,title\na,t\nb,t\na,u\n")
        }
        #expect(
            refused?.report.refusals == [
                "4: the key event/a stands twice in the file (row 2) | Leave one of the two rows."
            ])
        // Far apart, in another changeset, too.
        let many = (0..<25_000).map { "k\($0),t" }.joined(separator: "\n")
        let far = #expect(throws: Refused.self) {
            try mina.importing("id,title\n\(many)\nk0,u\nk12000,u\n")
        }
        #expect(far?.report.refused.map(\.row) == [25_002, 25_003])
        #expect(
            far?.report.refused.last?.reason
                == "the key event/k12000 stands twice in the file (row 12002)")
    }

    @Test("two people who import one file of events without ids get the same events")
    func derivedKeys() throws {
        let folder = try TestFolder()
        let text = """
            date,type,title,actors
            2023-09-23,visit,"Prime minister, visit",KOR;CHN
            2023-09-24,,Meeting,

            """
        let mina = try folder.copy("mina")
        let jun = try folder.copy("jun", of: mina)
        for copy in [mina, jun] {
            #expect(try copy.importing(text, constants: ["source": "motie"]).brief == "2 new")
        }
        #expect(try mina.export("event") == jun.export("event"))
        try mina.pull(from: jun)
        #expect(try mina.dataset.read { try $0.conflictCount() } == 0)
        #expect(try mina.dataset.read { try $0.counts() }.first?.count == 2)
        let ids = try mina.sql("SELECT id FROM event ORDER BY date")
        #expect(
            ids == [
                [.text(Self.id(#"["2023-09-23","visit","Prime minister, visit"]"#))],
                [.text(Self.id(#"["2023-09-24",null,"Meeting"]"#))],
            ])
        let refused = #expect(throws: Refused.self) { try mina.importing(text) }
        #expect(
            refused?.report.refused.first?.reason == "source is missing, and there is no id")
    }

    private static func id(_ json: String) -> String {
        "motie:" + Base32.encode(ChangesetHash(of: Array(json.utf8)).bytes).prefix(16)
    }
}
