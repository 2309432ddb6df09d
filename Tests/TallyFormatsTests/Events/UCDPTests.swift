import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// UCDP GED, with the quirks of its releases.
struct UCDPTests {
    private static let header =
        "id,relid,year,type_of_violence,conflict_name,dyad_name,side_a,side_b,source_article,"
        + "where_coordinates,latitude,longitude,country,country_id,date_prec,date_start,date_end,best,high\n"

    private static func row(
        _ id: String, violence: String = "1", sides: String = "Government of Syria,IS",
        article: String = "", country: String = "Syria", precision: String = "1",
        dates: String = "2013-01-03,2013-01-03", best: String = "2", point: String = "35.76,36.55"
    ) -> String {
        "\(id),X-\(id),2013,\(violence),Syria: Government,A - B,\(sides),\(article),Rami village,"
            + "\(point),\(country),652,\(precision),\(dates),\(best),9\n"
    }

    @Test("sides, places, deaths and articles become fields; the rest is counted")
    func fields() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let articles = "\"\"\"AP,2013-01-03,One; two\"\";\"\"VDC,2013-01-03,Line\n\nend\"\"\""
        let text = Self.header + Self.row("7", article: articles)
        let report = try mina.importing(text)
        #expect(report.format == "ucdp-ged")
        #expect(report.brief == "1 new")
        #expect(report.notKept == ["relid": 1, "dyad_name": 1, "country_id": 1, "high": 1])
        #expect(
            try mina.export("event", as: "jsonl") == """
                {"kind":"event","id":"ucdp:7","date":"2013-01-03","type":"assault","code":"1",\
                "title":"Syria: Government","location":"Rami village","country":"SYR",\
                "latitude":35.76,"longitude":36.55,"intensity":2,"actors":["IS","SYR"],\
                "participants":["Government of Syria","IS"],"source":"ucdp",\
                "citations":["AP,2013-01-03,One; two","VDC,2013-01-03,Line end"]}

                """)
        #expect(try mina.importing(text).brief == "1 unchanged")
        // The next release says another number of deaths.
        let next = Self.header + Self.row("7", article: articles, best: "3")
        #expect(try mina.importing(next).brief == "1 changed")
    }

    @Test("violence against civilians has one who acts and one to whom it is done")
    func direction() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(
            Self.header + Self.row("8", violence: "3", sides: "Government of Syria,Civilians"))
        let row = try mina.view("event/ucdp:8").row
        #expect(row?.sets["actors"] == ["SYR"])
        #expect(row?.sets["targets"] == ["Civilians"])
    }

    @Test("of several governments of one side each is one; another party with a comma stays whole")
    func governments() throws {
        let mina = try TestFolder().copy("mina")
        try mina.importing(
            Self.header
                + Self.row(
                    "9",
                    sides: "\"Government of Australia, Government of United Kingdom\",\"A, B\""))
        let row = try mina.view("event/ucdp:9").row
        #expect(row?.sets["actors"] == ["A, B", "AUS", "GBR"])
        #expect(
            row?.sets["participants"] == [
                "A, B", "Government of Australia", "Government of United Kingdom",
            ])
    }

    @Test("an answer of UCDP's server has its events under Result")
    func answer() throws {
        let mina = try TestFolder().copy("mina")
        let report = try mina.importing(
            """
            {"TotalCount":1,"TotalPages":1,"PreviousPageUrl":"","NextPageUrl":"","Result":[{"id":7,\
            "type_of_violence":1,"side_a":"Government of Syria","side_b":"IS","country":"Syria",\
            "date_start":"2013-01-03","date_end":"2013-01-03","best":2}]}
            """)
        #expect(report.format == "ucdp-ged")
        #expect(try mina.view("event/ucdp:7").row?.sets["actors"] == ["IS", "SYR"])
    }

    static let precisions: [(String, String, String, String?)] = [
        ("1", "2013-01-03,2013-01-03", "2013-01-03", nil),
        ("1", "2013-01-03 00:00:00.000,2013-01-03 00:00:00.000", "2013-01-03", nil),
        ("2", "2013-01-03,2013-01-05", "2013-01-03", "2013-01-05"),
        ("3", "1989-05-10,1989-05-16", "1989-05-10", "1989-05-16"),
        ("4", "1995-04-10,1995-04-20", "1995-04", nil),
        ("4", "2003-11-24,2003-12-24", "2003-11", "2003-12"),
        ("5", "2019-01-01,2019-12-22", "2019-01", "2019-12"),
    ]

    @Test("dates are as precise as they are known", arguments: precisions)
    func precision(_ precision: String, _ given: String, _ first: String, _ last: String?) throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(Self.header + Self.row("9", precision: precision, dates: given))
        let values = try #require(try mina.view("event/ucdp:9").row?.values)
        #expect(values["date"] == .text(first))
        #expect(values["end_date"] ?? .null == last.map { .text($0) } ?? .null)
    }

    static let states: [(String, String, String)] = [
        ("DR Congo (Zaire)", "1996", "COD"), ("Bosnia-Herzegovina", "1993", "BIH"),
        ("Russia (Soviet Union)", "1990", "SUN"), ("Russia (Soviet Union)", "1999", "RUS"),
        ("Serbia (Yugoslavia)", "1991", "YUG"), ("Serbia (Yugoslavia)", "2004", "SCG"),
        ("Serbia (Yugoslavia)", "2008", "SRB"), ("\"Macedonia, FYR\"", "2001", "MKD"),
        ("Kingdom of eSwatini (Swaziland)", "2021", "SWZ"), ("East Timor", "2006", "TLS"),
    ]

    @Test(
        "a country is the state of the time, by the name that UCDP has for it", arguments: states
    )
    func country(_ name: String, _ year: String, _ code: String) throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(
            Self.header
                + Self.row(
                    "1", sides: "Government of X,Y", country: name,
                    dates: "\(year)-06-10,\(year)-06-10"))
        #expect(try mina.view("event/ucdp:1").row?.values["country"] == .text(code))
    }

    @Test("a row without its id or its date is refused")
    func unidentified() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let report = try mina.importing(
            Self.header + Self.row("") + Self.row("NA")
                + Self.row("3", country: "Russia (Soviet Union)", dates: ",1999-06-10")
        ) { $0.skipBad = true }
        #expect(
            report.refused.map { "\($0.row): \($0.reason)" } == [
                "2: the row has no id", "3: the row has no id", "4: the row has no date_start",
            ])
        #expect(try mina.export("event", as: "jsonl").isEmpty)
    }

    @Test("half a point is none; a point has what a tenth of a millimetre needs; NA is nothing")
    func points() throws {
        let (report, events) = try importedEvents(
            Self.header + Self.row("1", point: "35.76,")
                + Self.row("2", best: "NA", point: "27.971800000000002,36.55")
                + Self.row("3", country: "NA", point: "NA,NA"))
        #expect(report.brief == "3 new")
        #expect(
            report.remarks == [
                "latitudes and longitudes that are no place, which are left out: \"35.76, -\" 1"
            ])
        #expect(!events[0].contains("itude"))
        #expect(events[1].contains(#""latitude":27.9718,"longitude":36.55,"actors""#))
        #expect(!events[2].contains("itude") && !events[2].contains("country"))
    }

    @Test("a country that is not known is told; long articles are counted")
    func unknown() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let long = String(repeating: "x", count: 1025)
        let report = try mina.importing(
            Self.header + Self.row("1", article: long, country: "Ruritania")
                + Self.row("2", article: "AFP 2006-04-12", country: "Ruritania"))
        #expect(report.brief == "2 new")
        #expect(
            report.remarks == [
                "countries that are not known, whose events are taken without one: \"Ruritania\" 2"
            ])
        #expect(report.notKept["source_article (longer than 1 KiB)"] == 1)
        #expect(try mina.view("event/ucdp:2").row?.sets["citations"] == ["AFP 2006-04-12"])
    }
}
