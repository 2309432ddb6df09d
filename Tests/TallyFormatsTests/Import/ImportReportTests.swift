import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// What an import says: rows that stand twice, rows that are left out, samples, and sources that have changed their mind.
struct ImportReportTests {
    private static let header = NativeImportTests.header + ",value,note\n"

    private static func row(_ period: String, _ value: String, _ note: String = "") -> String {
        "KOR,CHN,X,TOTAL,\(period),kosis,\(value),\(note)\n"
    }

    @Test(
        "equal rows are one; others with one key are refused with both rows, also where nothing changes"
    )
    func twice() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let equal =
            Self.header + Self.row("2022", "1") + Self.row("2023", "2") + Self.row("2022", "1")
        #expect(try mina.importing(equal).brief == "2 new, 1 skipped")
        #expect(try mina.importing(equal).brief == "2 unchanged, 1 skipped")
        let other =
            Self.header + Self.row("2022", "1") + Self.row("2023", "2") + Self.row("2022", "3")
        let refused = #expect(throws: Refused.self) { try mina.importing(other) }
        #expect(
            refused?.report.refusals == [
                "4: the key trade/KOR/CHN/X/TOTAL/2022/kosis stands twice in the file (row 2) | "
                    + "Leave one of the two rows."
            ])
        #expect(try mina.importing(other) { $0.skipBad = true }.brief == "2 unchanged, 1 refused")
    }

    @Test("rows that are left out go to a file that can be mended and imported")
    func refusedRows() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let text =
            Self.header + Self.row("2022", "x", "\"a, b\"") + Self.row("2023", "2") + "KOR,CHN,X\n"
            + Self.row("2023-13", "3")
        var file = ""
        let report = try mina.importing(bytes: Array(text.utf8)) {
            $0.skipBad = true
        } refused: {
            file += $0
        }
        #expect(report.brief == "1 new, 3 refused")
        #expect(
            file == """
                \u{feff}tally_row,tally_reason,reporter,partner,flow,product,period,source,value,note
                2,"value ""x"" is no number",KOR,CHN,X,TOTAL,2022,kosis,x,"a, b"
                4,"it has 3 cells, the header has 8",KOR,CHN,X
                5,"period ""2023-13"" is not a period: 2023, 2023-S1, 2023-Q4, 2023-12, 2023-W05 or 2023-12-31",KOR,CHN,X,TOTAL,2023-13,kosis,3,

                """)
        let mended = file.split(separator: "\n").filter { !$0.contains("3 cells") }.joined(
            separator: "\n"
        )
        .replacing("kosis,x,", with: "kosis,1,").replacing("2023-13,", with: "2023-12,")
        #expect(try mina.importing(mended).brief == "2 new")
    }

    @Test(
        "the file of rows that are left out is read as the first one was, and refuses what is not mended"
    )
    func refusedAgain() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let text = """
            DATAFLOW;REF_AREA;COUNTERPART_AREA;TRADE_FLOW;FREQ;UNIT_MEASURE;TRANSFORMATION;TIME_PERIOD;OBS_VALUE
            OECD.SDD.TPS:DSD_IMTS@DF_IMTS(1.0);KOR;W;X;A;USD_EXC;N;2022;1.187,5
            OECD.SDD.TPS:DSD_IMTS@DF_IMTS(1.0);KOR;W;X;A;USD_EXC;N;2023x;1.187
            OECD.SDD.TPS:DSD_IMTS@DF_IMTS(1.0);KOR;W;X

            """
        var file = ""
        let report = try mina.importing(bytes: Array(text.utf8)) {
            $0.skipBad = true
        } refused: {
            file += $0
        }
        #expect(report.brief == "1 new, 2 refused")
        #expect(throws: Refused.self) { try mina.importing(file) }
        let mended = file.replacing("2023x", with: "2023").split(separator: "\n").dropLast().joined(
            separator: "\n")
        // What the other figures had shown has to be said now.
        let refused = #expect(throws: Refused.self) { try mina.importing(mended) }
        #expect(refused?.report.refused.first?.reason == "value \"1.187\" may be 1187 or 1.187")
        #expect(try mina.importing(mended) { $0.decimalMark = .comma }.brief == "1 new")
        #expect(
            try mina.view("trade/KOR/WLD/X/TOTAL/2023/oecd").row?.values["value"] == .number(1187))
    }

    static let ragged = [
        "id,title,note\na,t,n\nb\n", "id,title,note\na,t,n\nb,t,n,x\n",
        "id,title,note\na,t,n\nb,t,n,\n",
        "id,title,note\na,t,n,\nb,t,n\n",
    ]

    @Test(
        "a row with the wrong number of cells is not taken from the file of refused rows either",
        arguments: ragged)
    func raggedAgain(_ text: String) throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        var file = ""
        let report = try mina.importing(bytes: Array(text.utf8)) {
            $0.skipBad = true
        } refused: {
            file += $0
        }
        #expect(report.brief == "1 new, 1 refused")
        #expect(throws: Refused.self) { try mina.importing(file) }
        #expect(try mina.view("event/b").isUnknown)
    }

    @Test("rows behind blank lines have the numbers that a spreadsheet shows")
    func rowNumbers() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let refused = #expect(throws: Refused.self) {
            try mina.importing(Self.header + "\n\n\n" + Self.row("2023", "x"))
        }
        #expect(refused?.report.refused.map(\.row) == [5])
    }

    @Test("an event whose row is refused leaves its key to a later row")
    func refusedKey() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let report = try mina.importing(
            "id,date,end_date,title\nm:1,2023-05,2023-04,t\nm:1,2023-05,2023-06,t\n"
        ) { $0.skipBad = true }
        #expect(report.brief == "1 new, 1 refused")
        #expect(report.refused.map(\.row) == [2])
    }

    @Test("objects of JSON need not have the same members; one that comes late ends the reading")
    func members() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let start = "[{\"id\": \"a\"}, {\"id\": \"b\", \"title\": \"t\"}"
        #expect(try mina.importing(start + "]").brief == "2 new")
        #expect(try mina.view("event/b").row?.values["title"] == .text("t"))
        let many = (0..<1000).map { ", {\"id\": \"x\($0)\"}" }.joined()
        let error = #expect(throws: FormatError.self) {
            try mina.importing(start + many + ", {\"id\": \"z\", \"note\": \"n\"}]")
        }
        #expect(
            error?.message
                == "the JSON is damaged: the member \"note\" is in none of the first 1000 objects")
        #expect(
            try #require(#expect(throws: FormatError.self) { try mina.importing("[]") }).message
                == "the JSON holds no rows")
    }

    static let broken: [(String, String)] = [
        ("{\"data\":[R]", "it ends too early"), ("[R] xxx", "something stands behind its end"),
        ("[R][R]", "something stands behind its end"),
        ("{\"data\":[R],\"note\":{\"x\":[1,2", "it ends too early"),
        ("{\"data\":[R],\"dataset\":[R]}", "rows stand in it twice"),
    ]

    @Test("JSON that was cut, or that goes on, is not taken for whole", arguments: broken)
    func brokenJSON(_ text: String, _ reason: String) throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let error = #expect(throws: FormatError.self) {
            try mina.importing(text.replacing("R", with: "{\"id\":\"a\",\"title\":\"t\"}"))
        }
        #expect(error?.message == "the JSON is damaged: \(reason)")
        #expect(try mina.dataset.read(\.heads).isEmpty)
    }

    @Test("JSON that says that something failed is not imported; arrays are sets")
    func failedJSON() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let row = "{\"id\":\"a\",\"title\":\"t\",\"tags\":[\"x;y\",\"z\"]}"
        let error = #expect(throws: FormatError.self) {
            try mina.importing("{\"data\":[\(row)],\"error\":\"limit exceeded\"}")
        }
        #expect(error?.message == "the publisher says that something failed: \"limit exceeded\"")
        #expect(throws: FormatError.self) {
            try mina.importing("{\"error\":\"limit exceeded\",\"data\":[\(row)]}")
        }
        #expect(
            try mina.importing("{\"data\":[\(row)],\"error\":\"\",\"count\":1}").brief == "1 new")
        #expect(try mina.view("event/a").row?.sets["tags"] == ["x;y", "z"])
    }

    @Test("where every row ends with a delimiter, a row with a cell too few is refused")
    func trailing() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let report = try mina.importing(
            "id,title,note\na,t,n,\nb,t,\nc,t,n,\nd,t,n,x\ne,t,n,,\n"
        ) { $0.skipBad = true }
        #expect(report.brief == "2 new, 3 refused")
        #expect(report.refused.map(\.row) == [3, 5, 6])
        #expect(
            report.refused.first?.reason
                == "it has 3 cells, the header has 3, and the first row one more at its end")
        // Where the first has none, none may have one.
        let other = try mina.importing("id,title,note\nf,t,n\ng,t,,\n") { $0.skipBad = true }
        #expect(other.brief == "1 new, 1 refused")
    }

    @Test("Excel's first line, a bar between cells, and bytes of zero")
    func beginnings() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        #expect(try mina.importing("sep=;\r\nid;title\r\na;t,u\r\n").brief == "1 new")
        #expect(try mina.importing("id|title\nb|t;u,v\n").brief == "1 new")
        let refused = #expect(throws: Refused.self) { try mina.importing("sep=;\nid;title\n;t\n") }
        #expect(refused?.report.refused.map(\.row) == [3])
        let error = #expect(throws: FormatError.self) {
            try mina.importing(bytes: "id,title\n".utf16.flatMap { [UInt8($0), 0] })
        }
        #expect(error?.hint == "Is it UTF-16 without a mark? Say so: --encoding utf-16")
    }

    static let idle: [(String, ImportOptions)] = {
        var scale = ImportOptions()
        scale.scale = 3
        var decimal = ImportOptions()
        decimal.decimalMark = .comma
        var classification = ImportOptions()
        classification.classification = "H6"
        return [("scale", scale), ("decimal", decimal), ("classification", classification)]
    }()

    @Test("an option that does nothing is refused", arguments: idle.indices)
    func idleOptions(_ index: Int) throws {
        let (name, options) = Self.idle[index]
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let error = #expect(throws: FormatError.self) {
            try mina.importing(Self.header + Self.row("2023", "1")) { $0 = options }
        }
        #expect(error?.message == "--\(name) does nothing for a file in the format csv")
    }

    @Test("rows with nothing in them are counted, and end nothing")
    func emptyRows() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let report = try mina.importing(
            Self.header + Self.row("2022", "1") + "\n,,,,,,,\n" + Self.row("2023", "2")
                + ",,,,,,,,\n\n\n")
        #expect(report.brief == "2 new, 2 skipped")
        #expect(report.skipped == ["empty rows": 2])
        #expect(report.rows == 2)
    }

    @Test("a sample of everything that happens, with what was before and what the file says")
    func samples() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let years = (2001...2009).map { Self.row("\($0)", "1") }.joined()
        try mina.importing(Self.header + years)
        let key = "trade/KOR/CHN/X/TOTAL"
        try mina.edit("\(key)/2002/kosis", .figure(5))
        try mina.write { try $0.edit(wanted(RecordAddress("\(key)/2003/kosis")), [.delete]) }
        let report = try mina.importing(
            Self.header + Self.row("2001", "2", "n") + Self.row("2002", "1") + Self.row("2003", "1")
                + Self.row("2004", "1") + Self.row("2000", "7"))
        let samples = report.samples.map { sample in
            let fields = sample.fields.map { "\($0.name) \($0.before.plain)>\($0.after.plain)" }
            return
                "\(sample.what) \(sample.record.key.parts[4]) \(sample.row) \(fields.joined(separator: ", "))"
        }
        #expect(
            samples == [
                "changed 2001 2 value 1>2, note >n", "kept 2002 3 value 5>1",
                "deleted 2003 4 value >1, unit >USD",
                "unchanged 2004 5 ", "new 2000 6 value >7, unit >USD",
            ])
        // At most so many of one sort.
        #expect(try folder.copy("jun").importing(Self.header + years).samples.count == 5)
        #expect(
            try mina.importing(Self.header + years).samples.count { $0.what == .unchanged } == 2)
    }

    @Test("of a record of which a part is kept, the sample shows what is written")
    func keptBeside() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(Self.header + Self.row("2023", "5"))
        try mina.edit("trade/KOR/CHN/X/TOTAL/2023/kosis", .figure(6))
        let report = try mina.importing(Self.header + Self.row("2023", "5", "n"))
        #expect(report.brief == "1 changed, 1 kept")
        #expect(report.countedTwice == 1)
        #expect(report.samples.flatMap(\.fields).map(\.name) == ["note"])
    }

    @Test("kept figures of which the source has changed its mind since are listed")
    func revised() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(Self.header + Self.row("2022", "1") + Self.row("2023", "2"))
        for year in ["2022", "2023"] {
            try mina.edit("trade/KOR/CHN/X/TOTAL/\(year)/kosis", .figure(9))
        }
        // The same file again says nothing new.
        let same = try mina.importing(Self.header + Self.row("2022", "1") + Self.row("2023", "2"))
        #expect(same.brief == "2 kept")
        #expect(same.revisedCount == 0)
        let report = try mina.importing(Self.header + Self.row("2022", "1") + Self.row("2023", "3"))
        #expect(report.brief == "2 kept")
        #expect(report.revisedCount == 1)
        #expect(report.revised.first?.record.key.parts[4] == "2023")
        #expect(
            report.revised.first?.fields.map { "\($0.name) \($0.before.plain)>\($0.after.plain)" }
                == ["value 2>3"])
    }
}
