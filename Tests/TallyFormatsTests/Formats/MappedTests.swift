import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// Tables of which the user says which column holds which field, and how that is kept.
struct MappedTests {
    static let visits = """
        Day,Who,Where,What,Link
        03-Dec-2023,KOR;CHN,Republic of Korea,Foreign ministers meet,https://example.org/1
        December 2023,KOR,US,"A visit, long planned",

        """

    private func read(_ options: inout ImportOptions) {
        options.columns = [
            "date": "Day", "actors": "Who", "country": "where", "title": "What",
            "citations": "Link",
        ]
        options.constants = ["type": "visit", "source": "mofa"]
    }

    @Test("dates, areas and sets are read as tables have them; the key is made of what there is")
    func events() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let report = try mina.importing(Self.visits) { read(&$0) }
        #expect(report.format == "mapped")
        #expect(report.brief == "2 new")
        let export = try mina.export("event", as: "jsonl")
        #expect(
            export.contains(
                "\"date\":\"2023-12-03\",\"type\":\"visit\",\"title\":\"Foreign ministers meet\",\"country\":\"KOR\""
            ))
        #expect(export.contains("\"actors\":[\"CHN\",\"KOR\"]"))
        #expect(export.contains("\"date\":\"2023-12\""))
        // A second import finds the same events.
        #expect(try mina.importing(Self.visits) { read(&$0) }.brief == "2 unchanged")
    }

    @Test("what to do without a type is said; actors that are no areas are told")
    func typesAndActors() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let table = "Day,What,Who\n2023,a,United States;Acme\n2024,b,Acme;Untied States\n"
        func read(_ constants: [String: String]) throws -> ImportReport {
            try mina.importing(table, constants: constants) {
                $0.columns = ["date": "Day", "title": "What", "actors": "Who"]
            }
        }
        let error = #expect(throws: FormatError.self) { try read(["source": "x"]) }
        #expect(
            error?.hint
                == "Name its column: --map type=COLUMN, or say what holds for all: --set type=VALUE; "
                + "the codes are shown by: tally codes event_type")
        #expect(
            try read(["source": "x", "type": "visit"]).remarks == [
                "actors and targets that are no area, taken as names: \"Acme\" 2, \"Untied States\" 1"
            ])
    }

    @Test("an id of the publisher stands behind the source; one of Tally's stays")
    func ids() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let uuid = "0192f0c1-7b5e-7d11-8a0a-0a0b0c0d0e0f"
        let text = "nr,what\nP1_NYT_0001,a\nother:7,b\n\(uuid),c\n12:30,d\n"
        try mina.importing(text, constants: ["source": "nyt"]) {
            $0.columns = ["id": "nr", "title": "what"]
        }
        // What stands before a colon may be a source.
        let ids = try mina.export("event").split(separator: "\n").dropFirst().map {
            String($0.prefix { $0 != "," })
        }
        #expect(ids == [uuid, "12:30", "nyt:P1_NYT_0001", "other:7"])
        #expect(
            try mina.importing("nr,what\n17,a\n") { $0.columns = ["id": "nr", "title": "what"] }
                .brief == "1 new")
        #expect(try mina.view("event/17").isVisible)
    }

    @Test(
        "a row that says nothing but an id, as one of totals, is no event; other ids that are none of Tally's are told where no source makes them some"
    )
    func totals() throws {
        let mina = try TestFolder().copy("mina")
        let text = "nr,what\n1,a\nTOTAL,\n Summe:,\n합계,\nTotal 2023,c\nx:total,d\n"
        func read(_ options: inout ImportOptions) {
            options.columns = ["id": "nr", "title": "what"]
            options.skipBad = true
        }
        let refusals = [(3, "TOTAL"), (4, "Summe:"), (5, "합계")].map {
            "\($0.0): the row says nothing of \"\($0.1)\": all its other cells are empty | Is it one of totals? Take it out of the file, or leave it out with --skip-bad."
        }
        let plain = try mina.importing(text) { read(&$0) }
        #expect(plain.brief == "3 new, 3 refused" && plain.refusals == refusals)
        #expect(
            plain.remarks == [
                "ids that are no SOURCE:ID and no UUID, taken as they are: \"1\" 1, \"Total 2023\" 1"
            ])
        let sourced = try mina.importing(text, constants: ["source": "nyt"]) { read(&$0) }
        #expect(sourced.refusals == refusals && sourced.remarks.isEmpty)
        #expect(try mina.view("event/nyt:Total 2023").isVisible)
    }

    @Test("dates that may be two are refused until their order is said, which a saved map keeps")
    func order() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let text = "day,what\n07/10/2022,a\n17/10/2022,b\n"
        func read(_ options: inout ImportOptions) {
            options.columns = ["date": "day", "title": "what"]
            options.constants = ["type": "policy", "source": "bis"]
        }
        let refused = #expect(throws: Refused.self) { try mina.importing(text) { read(&$0) } }
        #expect(
            refused?.report.refusals == [
                "2: date \"07/10/2022\" may be two dates | Say what stands first: --dates dmy for the day, --dates mdy for the month."
            ])
        let wrong = #expect(throws: Refused.self) {
            try mina.importing(text) {
                read(&$0)
                $0.dates = .mdy
            }
        }
        #expect(
            wrong?.report.refusals == [
                "3: date \"17/10/2022\" has no month 17 | --dates mdy puts the month first."
            ])
        try mina.importing(text) {
            read(&$0)
            $0.dates = .dmy
            $0.saveMap = "bis"
        }
        #expect(try mina.importing(text).brief == "2 unchanged")
        #expect(try mina.export("event").contains(",2022-10-07,"))
        let error = #expect(throws: FormatError.self) {
            try mina.importing("id,title\na:1,t\n") { $0.dates = .dmy }
        }
        #expect(error?.message == "--dates does nothing for a file in the format csv")
    }

    @Test("actors that are areas by name are these; two letters of ISO 3166 are no name")
    func actors() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(
            "day,who,whom\n2023,south korea; IS ;KOR;The \\; Four,\"['NVDA', 'AMD']\"\n"
        ) {
            $0.columns = ["date": "day", "actors": "who", "targets": "whom"]
            $0.constants = ["type": "visit", "title": "t", "source": "x"]
        }
        #expect(
            try mina.export("event", as: "jsonl").hasSuffix(
                "\"actors\":[\"IS\",\"KOR\",\"The ; Four\"],\"targets\":[\"['NVDA', 'AMD']\"],\"source\":\"x\"}\n"
            ))
    }

    @Test("three letters are a code only in capitals: Ben, Guy and Per are persons")
    func persons() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(
            "day,who,whom\n2023,Ben;Guy;Per;Andean;Peru,BEN;PRK;UAE;north korea;kor\n"
        ) {
            $0.columns = ["date": "day", "actors": "who", "targets": "whom"]
            $0.constants = ["type": "visit", "title": "t", "source": "x"]
        }
        let export = try mina.export("event", as: "jsonl")
        #expect(export.contains(#""actors":["Andean","Ben","Guy","PER","Per"]"#))
        #expect(export.contains(#""targets":["ARE","BEN","PRK","kor"]"#))
    }

    @Test(
        "names of former states mean those of the row's time, whether a column or a constant says it"
    )
    func formerStates() throws {
        let mina = try TestFolder().copy("mina")
        try mina.importing(
            "who,where,when\nBurma;BUR;ZAR,Zaire,1985\nBurma;BUR;Ben,Zaire,2023\n"
        ) {
            $0.columns = ["date": "when", "actors": "who", "country": "where"]
            $0.constants = ["type": "visit", "title": "t", "source": "x"]
        }
        try mina.importing("who\nBurma\nPeru\n") {
            $0.columns = ["targets": "who", "title": "who"]
            $0.constants = ["type": "meeting", "date": "1985", "source": "x"]
        }
        let events = try mina.export("event", as: "jsonl")
        #expect(
            events.contains(
                #""date":"1985","type":"visit","title":"t","country":"ZAR","actors":["BUR","ZAR"]"#)
        )
        #expect(
            events.contains(
                #""date":"2023","type":"visit","title":"t","country":"COD","actors":["BUR","Ben","MMR"]"#
            ))
        #expect(events.contains(#""title":"Burma","targets":["BUR"]"#))
        try mina.importing("who,year\nBurma,1985\nBurma,2023\n") {
            $0.columns = ["reporter": "who", "period": "year"]
            $0.constants = ["partner": "WLD", "flow": "X", "product": "TOTAL", "source": "x"]
        }
        #expect(try mina.view("trade/BUR/WLD/X/TOTAL/1985/x").isVisible)
        #expect(try mina.view("trade/MMR/WLD/X/TOTAL/2023/x").isVisible)
    }

    @Test(
        "of two letters those are areas that the list has as a code or an abbreviation, in capitals"
    )
    func twoLetters() throws {
        let mina = try TestFolder().copy("mina")
        let report = try mina.importing(
            "day,who,whom\n2023,US;UK;EU;EA;AU,us;Uk;IN;NO;DE;NA;G7;R4\n"
        ) {
            $0.columns = ["date": "day", "actors": "who", "targets": "whom"]
            $0.constants = ["type": "visit", "title": "t", "source": "x"]
        }
        let export = try mina.export("event", as: "jsonl")
        #expect(export.contains(#""actors":["AU","EA","EU","GBR","USA"]"#))
        #expect(export.contains(#""targets":["DE","G7","IN","NA","NO","R4","Uk","us"]"#))
        #expect(
            report.remarks == [
                "actors and targets that are no area, taken as names: \"AU\" 1, \"DE\" 1, \"IN\" 1, \"NA\" 1, \"NO\" 1 and 3 more"
            ])
    }

    @Test("a row without the date that its column should give is refused")
    func undated() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let report = try mina.importing("day,what\nNA,a\n2023,b\n") {
            $0.columns = ["date": "day", "title": "what"]
            $0.constants = ["type": "policy", "source": "x"]
            $0.skipBad = true
        }
        #expect(
            report.refusals == [
                "2: date is missing | It is part of what tells one event from another; --skip-bad leaves such rows out."
            ])
    }

    @Test("trade with a flow a row, in words")
    func trade() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let text = "when,who,with,dir,hs,mn,extra\n2023.12,South Korea,CN,Re-export,850760,1.5,x\n"
        let report = try mina.importing(text) {
            $0.columns = [
                "period": "when", "reporter": "who", "partner": "with", "flow": "dir",
                "product": "hs",
                "value": "mn",
            ]
            $0.constants = ["source": "kita"]
            $0.classification = "H6"
            $0.scale = 6
        }
        #expect(report.notKept == ["extra": 1])
        #expect(
            try mina.view("trade/KOR/CHN/RX/H6:850760/2023-12/kita").row?.values["value"]
                == .number(1_500_000))
    }

    static let faults: [([String: String], [String: String], String)] = [
        (["titel": "What"], [:], "--map names no field of any kind"),
        (["title": "Titel"], [:], "there is no column \"Titel\""),
        (
            ["title": "What", "valeu": "Day"], [:],
            "--map names \"valeu\", which is no field of event"
        ),
        (
            ["title": "What"], [:],
            "nothing gives the date: without an id, date, type, title, source tell one event from another"
        ),
        (
            ["title": "What", "date": "Day"], ["source": "mofa"],
            "nothing gives the type: without an id, date, type, title, source tell one event from another"
        ),
        (
            ["title": "What", "date": "Day"], ["type": "visit"],
            "nothing gives the source: without an id, date, type, title, source tell one event from another"
        ),
        (
            ["value": "Day"], [:],
            "nothing gives the reporter, which is part of the key of trade"
        ),
        (
            ["title": "What", "date": "Day"], ["type": "visit", "note2": "x"],
            "--set names \"note2\", which is no field of event"
        ),
    ]

    @Test("what does not fit is refused with what to do", arguments: faults.indices)
    func refused(_ index: Int) throws {
        let (columns, constants, message) = Self.faults[index]
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let error = #expect(throws: FormatError.self) {
            try mina.importing(Self.visits) {
                $0.columns = columns
                $0.constants = constants
            }
        }
        #expect(error?.message == message)
    }

    @Test("a saved map has the encoding of its file, and not the vintage")
    func savedEncoding() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        // Корея, in Windows-1251.
        let bytes: [UInt8] =
            Array("year,value,what\n2023,5,".utf8) + [0xca, 0xee, 0xf0, 0xe5, 0xff, 0x0a]
        try mina.importing(bytes: bytes) {
            $0.columns = ["period": "year", "value": "value", "note": "what"]
            $0.constants = [
                "reporter": "KOR", "partner": "RUS", "flow": "X", "product": "TOTAL", "source": "x",
                "released": "2024",
            ]
            $0.encoding = .windows1251
            $0.saveMap = "x"
        }
        let next = try mina.importing(
            bytes: Array("year,value,what\n2024,6,".utf8) + bytes.suffix(6))
        #expect(next.map == "x")
        #expect(next.encoding == .windows1251)
        #expect(
            try mina.export("trade", as: "jsonl").hasSuffix(
                "\"value\":6,\"unit\":\"USD\",\"note\":\"Корея\"}\n"))
    }

    @Test("a saved map keeps the decimal mark that the figures have shown")
    func savedMark() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let header = "jahr,land,wert\n"
        try mina.importing(header + "2001,CN,\"1.234,5\"\n2001,JP,\"1.234\"\n") {
            $0.columns = ["period": "jahr", "partner": "land", "value": "wert"]
            $0.constants = [
                "reporter": "DEU", "flow": "X", "product": "TOTAL", "source": "x", "unit": "EUR",
            ]
            $0.scale = 6
            $0.saveMap = "de"
        }
        #expect(try mina.importing(header + "2001,JP,\"1.234\"\n").brief == "1 unchanged")
        #expect(
            try mina.view("trade/DEU/JPN/X/TOTAL/2001/x").row?.values["value"]
                == .number(1_234_000_000))
    }

    @Test("a saved map that two people have made differently is settled before it is used")
    func mapInConflict() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let jun = try folder.copy("jun", of: mina)
        for (copy, scale) in [(mina, 3), (jun, 6)] {
            try copy.importing("jahr,wert\n2001,5\n") {
                $0.columns = ["period": "jahr", "value": "wert"]
                $0.constants = [
                    "reporter": "DEU", "partner": "CHN", "flow": "X", "product": "TOTAL",
                    "source": "x",
                ]
                $0.scale = scale
                $0.saveMap = "de"
            }
        }
        _ = try mina.dataset.take(try jun.dataset.lines(), durable: false)
        for name in ["de", nil] {
            let error = #expect(throws: FormatError.self) {
                try mina.importing("jahr,wert\n2002,6\n") { $0.map = name }
            }
            #expect(error?.message == "the saved map \"de\" is in conflict")
        }
        try mina.edit("setting/map.broken", .set(statement: "value", value: [.text("{\"x")]))
        let broken = #expect(throws: FormatError.self) {
            try mina.importing("jahr,wert\n2002,6\n") { $0.map = "broken" }
        }
        #expect(
            broken?.message
                == "the setting map.broken is no map that can be read: it is no JSON object")
    }

    @Test("a saved map is a setting, and reads the next file with the same columns")
    func saved() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(Self.visits) {
            read(&$0)
            $0.saveMap = "mofa-visits"
        }
        let setting = try mina.view("setting/map.mofa-visits").row?.values["value"]?.text
        #expect(
            setting?.hasPrefix("{\"header\":[\"Day\",\"Who\",\"Where\",\"What\",\"Link\"]") == true)
        // Found by its columns, or by its name; what is said beside it comes first.
        let report = try mina.importing(Self.visits)
        #expect(report.map == "mofa-visits")
        #expect(report.brief == "2 unchanged")
        #expect(
            try mina.importing(Self.visits) { $0.map = "mofa-visits" }.brief == "2 unchanged")
        #expect(
            try mina.importing(Self.visits) { $0.constants = ["source": "other"] }.brief == "2 new")
        let error = #expect(throws: FormatError.self) {
            try mina.importing(Self.visits) { $0.map = "visits" }
        }
        #expect(error?.message == "there is no saved map \"visits\"")
        // Saved once more under another name, the user has to say which.
        try mina.importing(Self.visits) {
            read(&$0)
            $0.saveMap = "other"
        }
        let replaced = try mina.importing(Self.visits) {
            read(&$0)
            $0.constants["note"] = "n"
            $0.saveMap = "other"
        }
        #expect(replaced.remarks == ["the saved map \"other\" is another one now"])
        let several = #expect(throws: FormatError.self) { try mina.importing(Self.visits) }
        #expect(
            several?.message
                == "several saved maps are for files with these columns: mofa-visits, other")
    }

    @Test("a table whose own type is another thing is read by the columns that one names")
    func ownTypes() throws {
        let mina = try TestFolder().copy("mina")
        let timeline = #"[{"date":"2018-01-22","title":"A","type":"gray","source":"https://a.b"}]"#
        let error = #expect(throws: FormatError.self) {
            try mina.importing(timeline, constants: ["type": "policy", "source": "ustr"])
        }
        #expect(
            error?.hint
                == "Leave it away and change the records afterwards with tally set; or name the columns that are to be read: --format mapped --map FIELD=COLUMN"
        )
        let report = try mina.importing(
            timeline, constants: ["type": "policy", "source": "ustr"]
        ) {
            $0.format = "mapped"
            $0.columns = ["date": "date", "title": "title"]
        }
        #expect(report.brief == "1 new" && report.notKept == ["type": 1, "source": 1])
    }
}
