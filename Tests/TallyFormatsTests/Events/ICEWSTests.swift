import StoreTestSupport
import TallyFormats
import TallyStore
import Testing

/// Tables of ICEWS, made small here as it publishes them.
struct ICEWSTests {
    private static let names =
        "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\t"
        + "Target Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry\tLatitude\t"
        + "Longitude\n"

    private static let seoul = "Seoul\tNA\tSeoul\tSouth Korea\t37.566\t126.9784"
    private static let china = ("Minister (China)", "China")
    private static let korea = ("Ministry (South Korea)", "South Korea")

    private static func row(
        _ id: Int, _ source: (String, String), _ target: (String, String), _ code: String = "040",
        text: String = "Consult", sentence: Int = 1, place: String = seoul
    ) -> String {
        "\(id)\t2018-06-01\t\(source.0)\tNA\t\(source.1)\t\(text)\t\(code)\t1\t\(target.0)\tGovernment\t\(target.1)\t47\t"
            + "\(sentence)\tXinhua \"News\t\(place)\n"
    }

    @Test("the two rows of a meeting are one event of both, with the lower id")
    func pair() throws {
        let text =
            Self.names + Self.row(12, Self.china, Self.korea) + Self.row(11, Self.korea, Self.china)
        let (report, events) = try importedEvents(text)
        #expect(report.format == "icews")
        #expect(report.brief == "1 new, 1 joined")
        #expect(report.rows == 2)
        #expect(report.remarks == [])
        #expect(
            events == [
                #"{"kind":"event","id":"icews:11","date":"2018-06-01","type":"consult","code":"040","title":"Consult","location":"Seoul, Seoul","country":"KOR","latitude":37.566,"longitude":126.9784,"intensity":1,"actors":["CHN","KOR"],"targets":["CHN","KOR"],"participants":["Minister (China)","Ministry (South Korea)"],"source":"icews","citations":["Xinhua \"News"]}"#
            ])
        #expect(
            report.notKept == ["Target Sectors": 1, "Story ID": 1, "Sentence Number": 1])
    }

    @Test(
        "names of former states are those of the date, however that is written",
        arguments: ["2018-06-01", "1-Jun-2018", "June 1, 2018"])
    func formerStates(date: String) throws {
        let row = Self.row(
            1, ("Minister", "East Timor"), ("Envoy", "Zaire"), "112",
            place: "Dili\tNA\tDili\tEast Timor\tNA\tNA")
        let (_, events) = try importedEvents(Self.names + row.replacing("2018-06-01", with: date))
        #expect(events.first?.contains(#""country":"TLS""#) == true)
        #expect(events.first?.contains(#""actors":["TLS"],"targets":["COD"]"#) == true)
    }

    @Test("of rows that are refused no name and no place is counted")
    func refusedCounts() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let bad = ("Minister", "Ruritania")
        let text =
            Self.names + Self.row(1, bad, Self.korea, "57")
            + Self.row(2, Self.china, ("Minister", "Zenda"), "112")
        let report = try mina.importing(text) { $0.skipBad = true }
        #expect(report.brief == "1 new, 1 refused")
        #expect(report.remarks == ["names of countries that are not known: \"Zenda\" 1"])
    }

    @Test("rows of a sentence may stand between the two, each with its own")
    func interleaved() throws {
        let text =
            Self.names + Self.row(1, Self.china, Self.korea, "030", text: "Express intent")
            + Self.row(3, Self.china, Self.korea)
            + Self.row(2, Self.korea, Self.china, "030", text: "x")
            + Self.row(4, Self.korea, Self.china)
        let (report, events) = try importedEvents(text)
        #expect(report.brief == "2 new, 2 joined")
        #expect(events.map { $0.contains(#""id":"icews:1""#) } == [true, false])
    }

    @Test(
        "what is not the same event stays two",
        arguments: [
            // Of another sentence.
            row(1, china, korea) + row(2, korea, china, sentence: 2),
            // With another code.
            row(1, china, korea, "042") + row(2, korea, china, "043"),
            // Each accuses the other: two acts.
            row(1, china, korea, "112") + row(2, korea, china, "112"),
            // From one side.
            row(1, china, korea) + row(2, china, korea),
            // Of another country under one name.
            row(1, china, korea) + row(2, (korea.0, "NA"), china),
        ])
    func notPairs(rows: String) throws {
        let (report, events) = try importedEvents(Self.names + rows)
        #expect(report.brief == "2 new")
        #expect(events.count == 2)
    }

    @Test("three rows of one sentence are a pair and one alone")
    func three() throws {
        let (report, _) = try importedEvents(
            Self.names + Self.row(1, Self.china, Self.korea) + Self.row(2, Self.korea, Self.china)
                + Self.row(3, Self.china, Self.korea))
        #expect(report.brief == "2 new, 1 joined")
    }

    @Test("where the two rows say two places, what they have in common is kept")
    func places() throws {
        let text =
            Self.names + Self.row(1, Self.china, Self.korea)
            + Self.row(2, Self.korea, Self.china, place: "Busan\tNA\tNA\tSouth Korea\t35.1\t129.04")
            + Self.row(3, Self.china, Self.korea, sentence: 2)
            + Self.row(4, Self.korea, Self.china, sentence: 2, place: "NA\tNA\tNA\tChina\t35\t103")
        let (report, events) = try importedEvents(text)
        #expect(
            report.remarks == [
                "of 2 joined events the two rows say two places: kept is what they have in common"
            ])
        #expect(events[0].contains(#""title":"Consult","country":"KOR","intensity":1"#))
        #expect(events[1].contains(#""title":"Consult","intensity":1"#))
    }

    @Test("countries are names; one that is not known, and who is of none, stay as they are")
    func actors() throws {
        let text =
            Self.names
            + Self.row(
                1, ("Army", "Occupied Palestinian Territory"), ("Rebels", "NA"), "193",
                text: "fight",
                place: "NA\tNA\tNA\tNA\tNA\tNA")
            + Self.row(
                2, ("A", "Ruritania"), ("B", "Russian Federation"), "020",
                place: "NA\tNA\tNA\tRuritania\tNA\tNA")
        let (report, events) = try importedEvents(text)
        #expect(report.remarks == ["names of countries that are not known: \"Ruritania\" 2"])
        #expect(events[0].contains(#""actors":["PSE"],"targets":["Rebels"]"#))
        #expect(events[1].contains(#""actors":["A"],"targets":["RUS"]"#))
        #expect(events.allSatisfy { !$0.contains(#""country""#) && !$0.contains(#""location""#) })
    }

    @Test("a state that was is the one that came after it, in what happens later")
    func formerStates() throws {
        let text =
            Self.names + Self.row(1, ("A", "Zaire"), ("B", "East Timor"), "112")
            + Self.row(2, ("A", "Zaire"), ("B", "NA"), "112").replacing("2018-", with: "1996-")
        let (_, events) = try importedEvents(text)
        #expect(events[0].contains(#""actors":["COD"],"targets":["TLS"]"#))
        #expect(events[1].contains(#""actors":["ZAR"]"#))
    }

    @Test("a lone quote swallows no line; names of columns as R writes them are known")
    func quotes() throws {
        let text =
            Self.names + Self.row(1, ("\"Minister", "China"), Self.korea, "020")
            + Self.row(2, Self.china, Self.korea, "020")
        #expect(try importedEvents(text).report.brief == "2 new")
        let r =
            "event_id,event_date,source_name,source_country,cameo_code,target_name,story_id,sentence_number\n"
            + "1,2018-06-01,\"Minister, Foreign\",China,040,B,4,1\n2,2018-06-01,B,NA,040,\"Minister, Foreign\",4,1\n"
        let (report, events) = try importedEvents(r)
        // B is of no country in one of the rows.
        #expect(report.brief == "2 new")
        #expect(
            events[0].contains(
                #""actors":["CHN"],"targets":["B"],"participants":["B","Minister, Foreign"]"#)
        )
    }

    @Test("of a pair that is refused both rows are named and can be mended together")
    func refused() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let text =
            Self.names + Self.row(1, Self.china, Self.korea).replacing("06-01", with: "06-31")
            + Self.row(2, Self.korea, Self.china).replacing("06-01", with: "06-31")
            + Self.row(3, Self.korea, Self.china, "57", sentence: 3)
            + "x\ty\n" + Self.row(5, Self.korea, Self.china, "057")
        var refused = ""
        let report = try mina.importing(
            bytes: Array(text.utf8), { $0.skipBad = true }, refused: { refused += $0 })
        #expect(report.brief == "1 new, 4 refused")
        #expect(report.rows == 5)
        #expect(report.refused.map(\.row) == [2, 3, 4, 5])
        #expect(report.refused[2].reason == "code \"57\" has lost the zero before it")
        #expect(report.refused[3].reason == "it has 2 cells, the header has 20")
        let mended = refused.split(separator: "\n").prefix(3).joined(separator: "\n")
            .replacing("06-31", with: "06-30")
        #expect(try mina.importing(mended + "\n").brief == "1 new, 1 joined")
    }

    @Test("a sentence of any length is taken in parts")
    func longSentence() throws {
        var text = Self.names
        for id in 0..<700 {
            text += Self.row(2 * id, ("A\(id)", "China"), Self.korea)
            text += Self.row(2 * id + 1, Self.korea, ("A\(id)", "China"))
        }
        #expect(try importedEvents(text).report.brief == "700 new, 700 joined")
    }

    @Test(
        "of a long file of objects the members are known by the names as R writes them too, late ones as well",
        arguments: [true, false], [1, 1001])
    func members(isOfR: Bool, from: Int) throws {
        func member(_ name: String, _ text: String) -> String {
            let name = isOfR ? name.replacing(" ", with: "_").lowercased() : name
            return "\"\(name)\":\"\(text)\""
        }
        let objects = (1...1002).map { number in
            let sides = number.isMultiple(of: 2) ? ["B", "A"] : ["A", "B"]
            var members = [
                member("Event ID", "\(number)"), member("Event Date", "2018-06-01"),
                member("Source Name", sides[0]), member("CAMEO Code", "040"),
                member("Target Name", sides[1]),
            ]
            if number >= from {
                members += [
                    member("Event Text", "Consult"), member("Story ID", "\((number + 1) / 2)"),
                    member("Sentence Number", "1"), member("Country", "South Korea"),
                ]
            }
            return "{" + members.joined(separator: ",") + "}"
        }
        let (report, events) = try importedEvents("[" + objects.joined(separator: ",") + "]")
        let joined = (1003 - from) / 2
        #expect(report.brief == "\(1002 - joined) new, \(joined) joined")
        let late = try wanted(events.first { $0.contains(#""id":"icews:1001""#) })
        #expect(late.contains(#""title":"Consult""#) && late.contains(#""country":"KOR""#))
    }
}
