import StoreTestSupport
import Testing

@testable import TallyFormats

/// What is the same of the rows of all publishers of events.
struct EventRowTests {
    /// One row of each, by the texts in it that a test may replace.
    static let rows: [String: String] = [
        "gdelt": "GLOBALEVENTID,SQLDATE,EventCode,GoldsteinScale\n7,20160728,112,-9\n",
        "icews":
            "event_id,event_date,source_name,cameo_code,target_name,intensity,sentence_number,story_id\n"
            + "7,2016-07-28,A,112,B,-9,3,47\n",
        "plover": #"[{"id":"7","date":"2016-07-28","event":"AID","source":"KOR"}]"#,
        "ucdp-ged":
            "id,side_a,side_b,date_start,date_end,type_of_violence,date_prec,best\n"
            + "7,A,B,2016-07-28,2016-07-28,3,5,19\n",
        "acled":
            "event_id_cnty,event_date,event_type,actor1,time_precision,iso,timestamp,fatalities\n"
            + "7,2016-07-28,Riots,A,2,410,1700000000,19\n",
    ]

    private func refusals(_ text: String) throws -> [String] {
        let mina = try TestFolder().copy("mina")
        do {
            #expect(try mina.importing(text).brief == "1 new")
            return []
        } catch let error as Refused { return error.report.refusals }
    }

    @Test("the rows by themselves are taken", arguments: rows.keys.sorted())
    func whole(format: String) throws {
        let mina = try TestFolder().copy("mina")
        let report = try mina.importing(try wanted(Self.rows[format]))
        #expect(report.format == format && report.brief == "1 new")
    }

    @Test(
        "an event without its date is refused, whoever publishes it",
        arguments: [
            ("gdelt", "20160728", "", "SQLDATE"), ("icews", "2016-07-28", "NA", "event_date"),
            ("plover", "2016-07-28", "", "date"), ("plover", "2016-07-28", "0000-00-00", "date"),
            ("ucdp-ged", "2016-07-28,2016-07-28", ",2016-07-28", "date_start"),
            ("acled", "2016-07-28", "NA", "event_date"),
        ])
    func undated(format: String, date: String, without: String, column: String) throws {
        let text = try wanted(Self.rows[format]).replacing(date, with: without)
        #expect(
            try refusals(text) == [
                "2: the row has no \(column) | Every event has one; --skip-bad leaves such rows out."
            ])
    }

    @Test(
        "ids and codes of which a program has made figures are refused, not read as others or as none",
        arguments: [
            ("gdelt", "7,", "7.0,", "GLOBALEVENTID \"7.0\" is no whole number"),
            ("icews", "\n7,", "\n7.0,", "event_id \"7.0\" is no whole number"),
            ("icews", ",3,", ",3.0,", "sentence_number \"3.0\" is no whole number"),
            ("icews", ",47\n", ",2.07182e+07\n", "story_id \"2.07182e+07\" is no whole number"),
            ("plover", "\"7\"", "7.0", "id \"7.0\" is a figure, not a text"),
            ("acled", "\n7,", "\n7.0,", "event_id_cnty \"7.0\" is a figure, not a text"),
            ("ucdp-ged", "\n7,", "\n7.0,", "id \"7.0\" is no whole number"),
            ("ucdp-ged", ",3,5,", ",3.0,5,", "type_of_violence \"3.0\" is no whole number"),
            ("ucdp-ged", ",3,5,", ",3,5.0,", "date_prec \"5.0\" is no whole number"),
            ("acled", ",2,", ",2.0,", "time_precision \"2.0\" is no whole number"),
            ("acled", "410", "410.0", "iso \"410.0\" is no whole number"),
            (
                "acled", "1700000000", "1700000000.0",
                "timestamp \"1700000000.0\" is no whole number"
            ),
        ])
    func figures(format: String, cell: String, figure: String, reason: String) throws {
        let text = try wanted(Self.rows[format]).replacing(cell, with: figure)
        #expect(
            try refusals(text) == [
                "2: \(reason) | Has a program written it anew? Have the column written as text."
            ])
    }

    @Test(
        "a code of CAMEO of which a program has made a figure is refused",
        arguments: ["gdelt", "icews"], ["112.0", "11e1", "1.1e+02"])
    func codes(format: String, code: String) throws {
        let text = try wanted(Self.rows[format]).replacing("112,", with: code + ",")
        #expect(
            try refusals(text) == [
                "2: code \"\(code)\" is a figure, not a code | A program has made a number of it; have the column written as text."
            ])
    }

    @Test(
        "a figure that is none is refused by the name of its column",
        arguments: [
            ("gdelt", "GoldsteinScale"), ("icews", "intensity"), ("ucdp-ged", "best"),
            ("ucdp-ged", "best_est"), ("acled", "fatalities"),
        ])
    func intensity(format: String, column: String) throws {
        let text = try wanted(Self.rows[format]).replacing("-9", with: "two")
            .replacing("19", with: "two")
            .replacing(",best\n", with: ",\(format == "ucdp-ged" ? column : "")\n")
        #expect(
            try refusals(text) == [
                "2: \(column) \"two\" is no number | Write digits, as in 124800000000 or 0.5"
            ])
    }

    @Test(
        "fewer than no people are a placeholder, and refused by the name of their column",
        arguments: [("ucdp-ged", "best"), ("ucdp-ged", "best_est"), ("acled", "fatalities")],
        ["-1", "-99", "-99.0"])
    func placeholders(format: (String, column: String), figure: String) throws {
        let text = try wanted(Self.rows[format.0])
            .replacing(",best\n", with: ",\(format.column)\n")
        #expect(
            try refusals(text.replacing("19\n", with: figure + "\n")) == [
                "2: \(format.column) \"\(figure)\" is no number of people | "
                    + "Where it stands for what is not known, leave the cell empty."
            ])
        #expect(try refusals(text.replacing("19\n", with: "0\n")).isEmpty)
    }

    @Test("an id that only looks like a figure is one")
    func ids() {
        for figure in ["7.0", "20718200.0", "2.07182e+07", "2.07E7", "1e+05"] {
            #expect(CodeText.isFigure(figure), "\(figure)")
        }
        for id in ["", "7", "ETH7", "12e7", "7.25", "7.0.1", "v7.0", "GSR-7.0", "+7", "e+5"] {
            #expect(!CodeText.isFigure(id), "\(id)")
        }
    }

    @Test(
        "members that are first there behind a thousand objects are read, or counted as not kept, whatever the publisher",
        arguments: [
            ("icews", "event_text", "source_sectors"), ("ucdp-ged", "conflict_name", "relid"),
            ("acled", "sub_event_type", "region"),
        ])
    func lateMembers(format: String, title: String, other: String) throws {
        let rows = try wanted(Self.rows[format]).split(separator: "\n").map {
            $0.split(separator: ",")
        }
        let objects = (1...1001).map { number in
            var cells = zip(rows[0], rows[1]).map { ($0, $1 == "7" ? "\(number)" : String($1)) }
            if number == 1001 { cells += [(title[...], "at last"), (other[...], "5")] }
            return "{" + cells.map { "\"\($0)\":\"\($1)\"" }.joined(separator: ",") + "}"
        }
        let (report, events) = try importedEvents(objects.joined(separator: "\n"))
        #expect(report.format == format && report.brief == "1001 new")
        #expect(events.count { $0.contains(#""title":"at last""#) } == 1)
        #expect(report.notKept[other] == 1)
    }

    @Test(
        "a year, or a month, that is not that of the date is told; one of its last day is",
        arguments: [
            ("gdelt", "Year", "2016", "2015", "2015 beside 2016"),
            ("gdelt", "MonthYear", "201607", "201608", "201608 beside 201607"),
            ("ucdp-ged", "year", "2016", "2017", "2017 beside 2016"),
            ("ucdp-ged", "year", "2016.0", "2015.0", "2015.0 beside 2016"),
            ("gdelt", "Year", "2016", "20160728", "20160728 beside 2016"),
            ("gdelt", "MonthYear", "201607", "2016", "2016 beside 201607"),
            ("acled", "year", "2016", "16", "16 beside 2016"),
            ("acled", "year", "2016", "20", "20 beside 2016"),
        ])
    func years(format: String, column: String, year: String, other: String, said: String) throws {
        let rows = try wanted(Self.rows[format])
        func remarks(_ year: String, _ change: (String) -> String = { $0 }) throws -> [String] {
            let lines = change(rows).split(separator: "\n")
            let text = "\(lines[0]),\(column)\n\(lines[1]),\(year)\n"
            return try importedEvents(text).report.remarks.filter { $0.hasPrefix("years") }
        }
        #expect(try remarks(year).isEmpty && remarks("").isEmpty)
        #expect(
            try remarks(other) == [
                "years that are not those of the date, which is taken: \"\(said)\" 1"
            ])
        if format == "ucdp-ged" {
            let isLong = { (rows: String) in
                rows.replacing("28,3,5", with: "28,3,1")
                    .replacing(",2016-07-28,3", with: ",2017-01-02,3")
            }
            #expect(try remarks("2017", isLong).isEmpty)
            #expect(try remarks("2018", isLong).count == 1)
        }
    }

    @Test(
        "a precision of the date that the publisher does not have is told",
        arguments: [("ucdp-ged", ",3,5,", ",3,9,"), ("acled", ",2,", ",9,")])
    func precision(format: String, cell: String, other: String) throws {
        let text = try wanted(Self.rows[format])
        let remark = "precisions of dates that the publisher does not have: \"9\" 1"
        #expect(!(try importedEvents(text).report.remarks.contains(remark)))
        let odd = text.replacing(cell, with: other)
        #expect(try importedEvents(odd).report.remarks.contains(remark))
    }
}
