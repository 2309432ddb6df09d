import StoreTestSupport
import TallyCore
import TallyStore
import Testing

@testable import TallyFormats

/// Tables of GDELT, made small here as it publishes them: columns by position, no names, quotes as characters.
struct GDELTTests {
    /// A row of 58 columns, or of 61 with a second level of districts, by the positions of the cells that are not empty.
    private static func row(_ id: Int, _ cells: [Int: String], count: Int = 58) -> String {
        var row = Array(repeating: "", count: count)
        let standard = [
            0: "\(id)", 1: "20160728", 2: "201607", 3: "2016", 4: "2016.5699", 25: "1",
            26: "040", 27: "040", 28: "04", 29: "1", 30: "1.0", count - 2: "20160728",
        ]
        for (index, text) in standard.merging(cells, uniquingKeysWith: { $1 }) {
            row[index] = text
        }
        return row.joined(separator: "\t") + "\n"
    }

    private static let meeting = row(
        7,
        [
            5: "CHNGOV", 6: "CHINA", 7: "CHN", 15: "KOR", 16: "SOUTH KOREA", 17: "KOR",
            49: "4", 50: "Beijing, Beijing, China", 51: "CH", 52: "CH22", 53: "39.9289",
            54: "116.388", 55: "-1898541", 57: "http://example.org/a",
        ])

    @Test(
        "a row of the first version: countries, the place with its code of FIPS, the code as text")
    func first() throws {
        let (report, events) = try importedEvents(Self.meeting)
        #expect(report.format == "gdelt")
        #expect(report.brief == "1 new")
        #expect(report.remarks == [])
        #expect(
            events == [
                #"{"kind":"event","id":"gdelt:7","date":"2016-07-28","type":"consult","code":"040","location":"Beijing, Beijing, China","country":"CHN","latitude":39.9289,"longitude":116.388,"intensity":1,"actors":["CHN"],"targets":["KOR"],"participants":["CHINA","SOUTH KOREA"],"source":"gdelt","citations":["http://example.org/a"]}"#
            ])
        // What others say too (QuadClass) is not counted; who of China it was is.
        #expect(
            report.notKept == [
                "Actor1Code": 1, "IsRootEvent": 1, "ActionGeo_Type": 1, "ActionGeo_ADM1Code": 1,
                "ActionGeo_FeatureID": 1, "DATEADDED": 1,
            ])
    }

    @Test("rows of before 2013 have no address; they may stand among others, the first or not")
    func oldRows() throws {
        let old = Self.row(8, [26: "057", 30: "8.0"]).replacing(
            "\t20160728\t\n", with: "\t20160728\n")
        #expect(old.filter { $0 == "\t" }.count == 56)
        for text in [old + Self.meeting, Self.meeting + old] {
            let (report, events) = try importedEvents(text)
            #expect(report.brief == "2 new")
            #expect(events.map { $0.contains("citations") } == [true, false])
        }
    }

    @Test("a row of names before them changes nothing but the numbers of the rows")
    func namedOldRows() throws {
        let names = GDELTColumns.first.joined(separator: "\t") + "\n"
        let old = Self.row(8, [6: "\"LONE"]).replacing("\t20160728\t\n", with: "\t20160728\n")
        let (report, events) = try importedEvents(names + Self.meeting + old)
        #expect(report.brief == "2 new")
        #expect(events == (try importedEvents(Self.meeting + old).events))
    }

    @Test("the second version has a column more a place; what is known of nobody is left out")
    func second() throws {
        let text = Self.row(
            9,
            [
                15: "IGOEUREEC", 16: "THE EU", 17: "EUR", 26: "0831", 52: "Seoul, South Korea",
                53: "KS", 56: "37.5664", 57: "127", 60: "https://example.org/b",
            ], count: 61)
        let (report, events) = try importedEvents(text) { $0.constants = ["source": "gdelt2"] }
        #expect(report.format == "gdelt")
        #expect(
            events == [
                #"{"kind":"event","id":"gdelt2:9","date":"2016-07-28","type":"concede","code":"0831","location":"Seoul, South Korea","country":"KOR","latitude":37.5664,"longitude":127,"intensity":1,"targets":["IGOEUREEC"],"participants":["THE EU"],"source":"gdelt2","citations":["https://example.org/b"]}"#
            ])
    }

    @Test("a row of names may stand before the rows, also in a CSV of others with quotes")
    func named() throws {
        let names =
            "GlobalEventID\tSQLDATE\tEventCode\tActor1Name\tSOURCEURL\n1\t20191024\t112\t\"LONE\thttp://a\n"
            + "2\t20191024\t112\tOTHER\thttp://b\n"
        let (report, events) = try importedEvents(names)
        #expect(report.brief == "2 new")
        #expect(events[0].contains(#""participants":["\"LONE"]"#))
        let csv = "SQLDATE,GLOBALEVENTID,EventCode,Actor1Name\n2019-10-24,3,112,\"HAN, THE\"\n"
        #expect(
            try importedEvents(csv).events == [
                #"{"kind":"event","id":"gdelt:3","date":"2019-10-24","type":"disapprove","code":"112","participants":["HAN, THE"],"source":"gdelt"}"#
            ])
    }

    @Test("a lone quote swallows no line, and what is refused of such a file can be mended")
    func quotes() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let text =
            Self.row(1, [6: "\"LONE"]) + Self.row(2, [6: "\"LONE", 1: "20160732"])
            + Self.row(3, [6: "A \"B\""])
        var refused = ""
        let report = try mina.importing(
            bytes: Array(text.utf8), { $0.skipBad = true }, refused: { refused += $0 })
        #expect(report.brief == "2 new, 1 refused")
        #expect(
            report.refusals == [
                "2: date \"20160732\" is not a date: 2023, 2023-09 or 2023-09-23"
            ])
        let mended = refused.replacing("20160732", with: "20160730")
        #expect(try mina.importing(mended).brief == "1 new")
        let lines = try mina.export("event", as: "jsonl").split(separator: "\n")
        #expect(lines.map { $0.contains(#""participants":["\"LONE"]"#) } == [true, true, false])
    }

    @Test("codes that nobody has are told; the sea has no country; half a point is none")
    func unknown() throws {
        let text =
            Self.row(1, [7: "XYZ", 5: "XYZOPP", 51: "ZZ", 53: "1.5"])
            + Self.row(2, [51: "OS", 50: "North Sea", 53: "1.5", 54: "181"])
            + Self.row(3, [26: "999", 7: "ROM", 5: "ROM"])
            + Self.row(4, [50: "San\u{91}a'", 53: "27.971800000000002", 54: "3"])
        let (report, events) = try importedEvents(text)
        #expect(
            report.remarks == [
                "codes that CAMEO does not have, whose events have no type: \"999\" 1",
                "codes of countries that are not known: \"XYZ\" 1, \"ZZ\" 1",
                "1 name has control characters where quotes of Windows-1252 were, and gets these",
                "latitudes and longitudes that are no place, which are left out: \"1.5, -\" 1, \"1.5, 181\" 1",
            ])
        #expect(report.notKept["ActionGeo_CountryCode"] == 1)
        #expect(report.notKept.keys.allSatisfy { !$0.contains("Lat") })
        #expect(events[0].contains(#""actors":["XYZOPP"]"#))
        #expect(events.allSatisfy { !$0.contains(#""country""#) })
        #expect(events[2].contains(#""code":"999","intensity":1,"actors":["ROU"]"#))
        #expect(events[3].contains(#""location":"San‘a'","latitude":27.9718,"longitude":3"#))
    }

    @Test("of rows that are refused nothing is counted")
    func refusedCounts() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let text =
            Self.meeting
            + Self.row(
                2, [1: "20160732", 7: "XYZ", 6: "San\u{91}a", 51: "OS", 15: "KORGOV", 17: "KOR"])
        let report = try mina.importing(text) { $0.skipBad = true }
        #expect(report.brief == "1 new, 1 refused")
        #expect(report.remarks == [])
        #expect(report.notKept["ActionGeo_CountryCode"] == nil)
        #expect(report.notKept["Actor2Code"] == nil)
    }

    @Test(
        "rows that cannot be taken say why",
        arguments: [
            (
                row(1, [26: "57"]),
                "1: code \"57\" has lost the zero before it | A program has made a number of it; have the column written as text."
            ),
            (
                row(1, [26: "10"]),
                "1: code \"10\" has lost the zero before it | A program has made a number of it; have the column written as text."
            ),
            (
                row(1, [56: "http://a"]),
                "1: DATEADDED \"http://a\" is no time as 20191024143000 | Is a cell missing in this row?"
            ),
            (
                meeting + "12\t13\n",
                "2: it has 2 cells, those of its sort have 58 | Is there a delimiter too many, or a quote missing?"
            ),
            (
                meeting + meeting.replacing("KOR\t", with: "PRK\t"),
                "2: the key event/gdelt:7 stands twice in the file (row 1) | Leave one of the two rows."
            ),
            (
                "GLOBALEVENTID,SQLDATE,EventCode\n8.8E+08,20160728,040\n",
                "2: GLOBALEVENTID \"8.8E+08\" is no whole number | Has a program written it anew? Have the column written as text."
            ),
        ])
    func refusals(text: String, refusal: String) throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let error = #expect(throws: Refused.self) { try mina.importing(text) }
        #expect(error?.report.refusals == [refusal])
    }

    @Test("a bad first row is a bad row where the format is said, and said where it is not")
    func badFirstRow() throws {
        let mina = try TestFolder().copy("mina")
        let bad = Self.row(1, [1: "soon"])
        for first in [bad, bad.replacing("\t20160728\t\n", with: "\t20160728\n"), "x\ty\n"] {
            let report = try mina.importing(first + Self.row(2, [:])) {
                $0.format = "gdelt"
                $0.skipBad = true
            }
            #expect(report.refused.map(\.row) == [1])
            #expect(report.new + report.unchanged == 1)
        }
        for first in [bad, "x\ty\n"] {
            let error = #expect(throws: FormatError.self) {
                try mina.importing(first + Self.row(2, [:]))
            }
            #expect(
                error?.hint
                    == "Rows of GDELT have 57, 58 or 61 cells and begin with an id, a day, a month and a year. If it is GDELT whose first row is bad: --format gdelt reads each row by itself."
            )
        }
        let other = #expect(throws: FormatError.self) { try mina.importing("a,b\n1,2\n") }
        #expect(other?.hint?.contains("--map date=COLUMN --map title=COLUMN (events)") == true)
    }

    /// A table with a row of names, of one row whose cells stand in another order.
    private static func table(_ order: ([String]) -> [String], quoted: Bool = false) -> String {
        let cells = row(7, [6: "CHINA"]).dropLast().split(
            separator: "\t", omittingEmptySubsequences: false
        ).map(String.init)
        let names = GDELTColumns.first.map { quoted ? "\"\($0)\"" : $0 }
        return order(names).joined(separator: "\t") + "\n" + order(cells).joined(separator: "\t")
            + "\n"
    }

    @Test(
        "where columns are named they are read by their names, also where the format is said",
        arguments: [
            table({ $0 }, quoted: true), table({ Array($0.dropFirst()) + $0.prefix(1) }),
            table({ $0.reversed() }, quoted: true),
            // The index that pandas writes before them, and no last column.
            table({ [$0[0] == "7" ? "0" : ""] + $0.dropLast() }),
        ])
    func namedAndSaid(text: String) throws {
        let (report, events) = try importedEvents(text) { $0.format = "gdelt" }
        #expect(report.brief == "1 new" && report.rows == 1)
        #expect(events.count == 1 && events[0].contains(#""id":"gdelt:7","date":"2016-07-28""#))
        #expect(events[0].contains(#""participants":["CHINA"]"#))
    }

    @Test("rows that were left out are known for what they are, also where the format is said")
    func refusedAndSaid() throws {
        let mina = try TestFolder().copy("mina")
        // With the two columns before it a row of 59 cells has 61.
        let text =
            Self.row(1, [:], count: 59) + Self.row(2, [1: "20160732"], count: 61)
            + Self.row(3, [:], count: 61)
        var refused = ""
        try mina.importing(
            bytes: Array(text.utf8), { ($0.skipBad, $0.format) = (true, "gdelt") },
            refused: { refused += $0 })
        let report = try mina.importing(refused.replacing("20160732", with: "20160729")) {
            ($0.skipBad, $0.format) = (true, "gdelt")
        }
        #expect(report.brief == "1 new, 1 refused" && report.rows == 2)
        #expect(try mina.view("event/gdelt:2").row?.values["date"] == .text("2016-07-29"))
    }

    @Test(
        "the width is that of most rows, whatever the first one has lost",
        arguments: [nil, "gdelt"])
    func width(format: String?) throws {
        let mina = try TestFolder().copy("mina")
        let whole = (2...4).map { Self.row($0, [:], count: 61) }
        let cut =
            Self.row(1, [:], count: 61).split(
                separator: "\t", omittingEmptySubsequences: false
            ).prefix(58).joined(separator: "\t") + "\n"
        for rows in [whole, [whole[0]]] {
            let report = try mina.importing(cut + rows.joined()) {
                ($0.skipBad, $0.format) = (true, format)
            }
            #expect(
                report.refusals == [
                    "1: it has 58 cells, those of its sort have 61 | Is there a delimiter too many, or a quote missing?"
                ])
        }
        #expect(try mina.view("event/gdelt:4").isVisible)
    }

    @Test("a file that may be cut within its last cell is told so, and only that")
    func cut() throws {
        let remark = "the last row has no line end: the file may be cut within its last cell"
        let whole = Self.meeting + Self.row(8, [57: "http://example.org/abc"])
        #expect(try importedEvents(whole).report.remarks == [])
        let report = try importedEvents(String(whole.dropLast(4))).report
        #expect(report.remarks == [remark])
        // What lacks cells is refused already.
        let mina = try TestFolder().copy("mina")
        let short = try mina.importing(String(whole.dropLast(80))) { $0.skipBad = true }
        #expect(short.refusedCount == 1 && short.remarks == [])
        // A table of one's own may end as it will.
        let own = "GLOBALEVENTID,SQLDATE,EventCode\n7,20160728,112"
        #expect(try importedEvents(own).report.remarks == [])
    }

    @Test(
        "members that BigQuery leaves out where they are null may first stand behind a thousand objects"
    )
    func lateMembers() throws {
        let lines = (1...1001).map { id in
            let more = id == 1001 ? #","Actor1Name":"KOREA","Actor1Type2Code":"GOV""# : ""
            return #"{"GLOBALEVENTID":"\#(id)","SQLDATE":"20160728","EventCode":"112"\#(more)}"#
        }
        let (report, events) = try importedEvents(lines.joined(separator: "\n"))
        #expect(report.brief == "1001 new" && report.notKept == ["Actor1Type2Code": 1])
        #expect(events.contains { $0.contains(#""participants":["KOREA"]"#) })
    }

    @Test("an extract without ids is refused as a whole, and so is another kind")
    func extracts() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let reduced = "1979\u{1}\u{1}BWA\u{1}043\u{1}043\u{1}04\u{1}2.8\u{1}2\n"
        let error = #expect(throws: FormatError.self) { try mina.importing(reduced) }
        #expect(
            error?.message
                == "the file is an extract of GDELT whose rows have no id and no date, only a year"
        )
        let kind = #expect(throws: FormatError.self) {
            try mina.importing(Self.meeting, kind: "trade")
        }
        #expect(kind?.message == "a file in the format gdelt holds events, not trade")
        let set = #expect(throws: FormatError.self) {
            try mina.importing(Self.meeting, constants: ["type": "visit"])
        }
        #expect(set?.message == "--set names type, which the file gives itself")
        // 58 columns of something else.
        let other = Self.meeting.replacing("20160728\t201607", with: "x\ty")
        #expect(throws: FormatError.self) { try mina.importing(other) }
    }

    @Test("blank lines and Windows' line ends do not move rows")
    func lines() throws {
        let text = "\n" + Self.meeting + "\r\n" + Self.row(8, [26: "57"])
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let error = #expect(throws: Refused.self) {
            try mina.importing(text.replacing("\n", with: "\r\n"))
        }
        #expect(error?.report.refused.map(\.row) == [4])
    }
}
