import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// Which files a saved map reads, and what is said of one that does not fit.
struct SavedMapTests {
    private let folder: TestFolder
    private let mina: Copy

    /// A dataset with the map `de`, for files with the columns `jahr`, `land` and `wert`.
    init() throws {
        folder = try TestFolder()
        mina = try folder.copy("mina")
        try mina.importing("jahr,land,wert\n2001,CN,5\n") {
            $0.columns = ["period": "jahr", "partner": "land", "value": "wert"]
            $0.constants = [
                "reporter": "DEU", "flow": "X", "product": "TOTAL", "source": "x", "unit": "EUR",
            ]
            $0.saveMap = "de"
        }
    }

    private func unit(_ period: String) throws -> Value? {
        try mina.view("trade/DEU/CHN/X/TOTAL/\(period)/x").row?.values["unit"]
    }

    @Test(
        "the columns may stand in another order and case",
        arguments: ["Wert,LAND,jahr\n5,CN,2001\n", "wert,jahr,land\n5,2001,CN\n"])
    func otherOrder(_ text: String) throws {
        let report = try mina.importing(text)
        #expect(report.map == "de")
        #expect(report.brief == "1 unchanged")
    }

    @Test("of two maps the one with the same order is taken; where none has it, it is asked which")
    func twoOrders() throws {
        try mina.importing("wert,land,jahr\n5,CN,2001\n") {
            $0.map = "de"
            $0.saveMap = "turned"
        }
        #expect(try mina.importing("jahr,land,wert\n2001,CN,5\n").map == "de")
        #expect(try mina.importing("wert,land,jahr\n5,CN,2001\n").map == "turned")
        let error = #expect(throws: FormatError.self) {
            try mina.importing("land,wert,jahr\nCN,5,2001\n")
        }
        #expect(
            error?.message
                == "several saved maps are for files with these columns: de, turned")
    }

    @Test("a constant of the map that is said to be empty is left away for this file")
    func leftAway() throws {
        let report = try mina.importing("jahr,land,wert\n2002,CN,6\n", constants: ["unit": ""])
        #expect(report.map == "de")
        #expect(report.remarks == ["values are taken in USD; --set unit=EUR says another"])
        #expect(try unit("2002") == .text("USD"))
        // Only then: of a field that the map does not say, an empty text is said, as ever.
        try mina.importing(
            "reporter,partner,flow,product,period,source,note\nDEU,CHN,X,TOTAL,2002,x,old\n")
        try mina.importing("jahr,land,wert\n2003,CN,6\n2002,CN,6\n", constants: ["note": ""])
        #expect(try unit("2003") == .text("EUR"))
        #expect(
            try mina.view("trade/DEU/CHN/X/TOTAL/2002/x").row?.values["note"] ?? .null == .null)
        // The file may say what the map has said.
        try mina.importing("jahr,land,wert,unit\n2004,CN,6,KRW\n", constants: ["unit": ""]) {
            $0.map = "de"
            $0.columns = ["unit": "unit"]
        }
        #expect(try unit("2004") == .text("KRW"))
    }

    static let faults: [(before: String, after: String, message: String)] = [
        (
            "\"DEU\"", "\"XXX\"",
            "the saved map \"de\" says what cannot be taken: reporter \"XXX\" is not in the code list area"
        ),
        (
            "\"wert\"}", "\"Werte\"}",
            "there is no column \"Werte\", which the saved map \"de\" names"
        ),
        (
            "\"value\":", "\"valeu\":",
            "the saved map \"de\" names \"valeu\", which is no field of trade"
        ),
        (
            "\"reporter\":", "\"reportr\":",
            "the saved map \"de\" names \"reportr\", which is no field of trade"
        ),
        (
            "\"flow\":", "\"period\":\"2001\",\"flow\":",
            "the saved map \"de\" names period, which the file gives itself"
        ),
        (
            "}}", "},\"encoding\":\"ebcdic\"}",
            "there is no encoding \"ebcdic\", which the saved map \"de\" names"
        ),
        (
            "}}", "},\"format\":\"excel\"}",
            "there is no format \"excel\", which the saved map \"de\" names"
        ),
        (
            "}}", "},\"kind\":\"visit\"}",
            "there is no kind \"visit\", which the saved map \"de\" names"
        ),
        (
            "}}", "},\"format\":\"wide\"}",
            "value=wert of the saved map \"de\" names nothing that a table"
        ),
        (
            "}}", "},\"format\":\"csv\"}",
            "the list of columns of the saved map \"de\" does nothing for a file in the format csv"
        ),
    ]

    @Test(
        "what does not fit is said of the map, not of an option that nobody gave", arguments: faults
    )
    func named(_ before: String, _ after: String, _ message: String) throws {
        let setting = "setting/map.de"
        let text = try #require(try mina.view(setting).row?.values["value"]?.text)
        let broken = text.replacing(before, with: after, maxReplacements: 1)
        try #require(broken != text)
        try mina.edit(setting, .set(statement: "value", value: [.text(broken)]))
        let error = #expect(throws: FormatError.self) {
            try mina.importing("jahr,land,wert\n2001,CN,5\n")
        }
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }

    @Test("what the user says beside a map stays the user's")
    func own() throws {
        let error = #expect(throws: FormatError.self) {
            try mina.importing("jahr,land,wert\n2001,CN,5\n", constants: ["reporter": "XXX"])
        }
        #expect(
            error?.message
                == "--set says what cannot be taken: reporter \"XXX\" is not in the code list area")
    }

    @Test("a file may not bring a map that cannot be read")
    func imported() throws {
        let refused = #expect(throws: Refused.self) {
            try mina.importing("name,value\nmap.x,nonsense\n", kind: "setting")
        }
        #expect(
            refused?.report.refused.map(\.reason)
                == ["the setting map.x would be no map that can be read: it is no JSON object"])
    }

    @Test("of JSON the columns are those that its first objects have, however many there are")
    func longAndShort() throws {
        func file(_ count: Int) -> String {
            (1...count).map {
                #"{"GLOBALEVENTID":"\#($0)","SQLDATE":"20160728","EventCode":"112"}"#
            }.joined(separator: "\n")
        }
        for counts in [(2, 1000), (1000, 2)] {
            let name = "of-\(counts.0)"
            let jun = try folder.copy(name)
            try jun.importing(file(counts.0), constants: ["source": "own"]) { $0.saveMap = name }
            let report = try jun.importing(file(counts.1))
            #expect(report.map == name)
            #expect(try jun.view("event/own:1").isVisible)
            #expect(try jun.view("event/gdelt:1").isUnknown)
        }
    }

    @Test("rows that were left out of a long file of objects are read with its map")
    func refusedOfLong() throws {
        let text = (1...1001).map { number in
            let late = number > 1000 ? #","Actor1Name":"KOREA""# : ""
            let day = number == 5 || number > 1000 ? "20160732" : "20160728"
            return
                #"{"GLOBALEVENTID":"\#(number)","SQLDATE":"\#(day)","EventCode":"112"\#(late)}"#
        }.joined(separator: "\n")
        let jun = try folder.copy("jun")
        try jun.importing(
            #"[{"GLOBALEVENTID":"1","SQLDATE":"20160728","EventCode":"112"}]"#,
            constants: ["source": "own"]
        ) { $0.saveMap = "own" }
        var refused = ""
        let report = try jun.importing(
            bytes: Array(text.utf8), { $0.skipBad = true }, refused: { refused += $0 })
        #expect(report.map == "own" && report.refusedCount == 2)
        let again = try jun.importing(refused.replacing("20160732", with: "20160731"))
        #expect(again.map == "own" && again.brief == "2 new")
        #expect(try jun.view("event/own:1001").row?.sets["participants"] == ["KOREA"])
    }
}
