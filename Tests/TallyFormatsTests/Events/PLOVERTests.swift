import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// PLOVER, in the shapes that its JSON has.
struct PLOVERTests {
    private static let lines = [
        #"{"id":"G-1","date":"2014-05-03","source":[{"actorText":"Hungarian","code":"HUN","sector":"GOV"},{"actorText":"Romanian","code":"ROM"}],"event":"AGREE","eventText":"agreed  cooperate","context":"refugees","mode":"","text":"They agreed; all of them.","publication":"Daily News","language":"en","eventLoc":{"name":"Geneva","country code":"CH"}}"#,
        #"{"id":"G-2","date":"2014-05-00","source":{"actorText":"rebels","code":"REB"},"target":"","event":"FIGHT","eventText":"attacked","context":"military","mode":"shoot","comment":"Ambiguous"}"#,
        #"{"id":"G-3","date":"20140505","source":"KOR","target":["JPN","an unnamed official"],"event":"REQUEST","eventText":"asked"}"#,
        #"{"id":"G-4","date":"2014-00-00","source":[],"event":"PROTEST","eventText":"marched"}"#,
        #"{"id":"PLOVER-GSR01-AID-0001","date":"2000-01-01","source":[{"actorText":"Japan","code":"JPN"}],"target":[{"actorText":"NGO"}],"event":"AID","eventText":"gave"}"#,
        #"{"id":"G-5","date":"2000-01-01","source":"USA","event":"AID","eventText":"gave"}"#,
        #"{"id":"G-0","event":"DOCUMENT","eventText":"about","comment":"the file"}"#,
    ]

    private static let array = "[\n" + lines.joined(separator: ",\n") + "\n]"

    @Test(
        "actors are a list, one, a text, nothing or not there; an array and lines are read alike",
        arguments: [array, lines.joined(separator: "\n")])
    func shapes(_ text: String) throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let report = try mina.importing(text)
        #expect(report.format == "plover")
        #expect(report.brief == "6 new, 1 skipped")
        #expect(report.skipped == ["objects that describe the file (DOCUMENT)": 1])
        #expect(report.notKept == ["context": 2, "language": 1, "mode": 1])
        #expect(
            report.remarks == [
                "2000-01-01 stands for no date in gold standard records; events taken without one: 1"
            ])
        #expect(
            try mina.export("event", as: "jsonl") == """
                {"kind":"event","id":"plover:G-1","date":"2014-05-03","type":"agree","code":"AGREE",\
                "title":"agreed cooperate","summary":"They agreed; all of them.","location":"Geneva",\
                "country":"CHE","actors":["HUN","ROU"],"participants":["Hungarian","Romanian"],\
                "source":"plover","citations":["Daily News"]}
                {"kind":"event","id":"plover:G-2","date":"2014-05","type":"assault","code":"FIGHT",\
                "title":"attacked","actors":["REB"],"participants":["rebels"],"source":"plover",\
                "note":"Ambiguous"}
                {"kind":"event","id":"plover:G-3","date":"2014-05-05","type":"demand","code":"REQUEST",\
                "title":"asked","actors":["KOR"],"targets":["JPN","an unnamed official"],\
                "participants":["JPN","KOR","an unnamed official"],"source":"plover"}
                {"kind":"event","id":"plover:G-4","date":"2014","type":"protest","code":"PROTEST","title":"marched",\
                "source":"plover"}
                {"kind":"event","id":"plover:G-5","date":"2000-01-01","type":"aid","code":"AID",\
                "title":"gave","actors":["USA"],"participants":["USA"],"source":"plover"}
                {"kind":"event","id":"plover:PLOVER-GSR01-AID-0001","type":"aid","code":"AID",\
                "title":"gave","actors":["JPN"],"targets":["NGO"],"participants":["Japan","NGO"],\
                "source":"plover"}

                """)
        #expect(try mina.importing(text).brief == "6 unchanged, 1 skipped")
    }

    @Test("of a place the coordinates are taken, an unknown code is told, the rest is counted")
    func places() throws {
        func line(_ id: Int, _ place: String) -> String {
            #"{"id":"\#(id)","date":"2014-05-03","source":"","event":"AID","eventLoc":\#(place)}"#
        }
        let (report, events) = try importedEvents(
            [
                line(
                    1,
                    #"{"name":"Geneva","country code":"XQ","lat":46.2,"lon":"6.15","geo":{"id":1}}"#
                ),
                line(
                    2, #"{"name":"Bern","country code":"CHE","latitude":46.9,"state":"","x":null}"#),
                line(3, #""Basel""#),
            ].joined(separator: "\n"))
        #expect(
            report.remarks == [
                "codes of countries that are not known: \"XQ\" 1",
                "latitudes and longitudes that are no place, which are left out: \"46.9, -\" 1",
            ])
        #expect(report.notKept == ["eventLoc, beside name, country code and coordinates": 1])
        #expect(events[0].contains(#""location":"Geneva","latitude":46.2,"longitude":6.15"#))
        #expect(events[1].contains(#""location":"Bern","country":"CHE""#))
        #expect(!events[1].contains("itude"))
        #expect(events[2].contains(#""location":"Basel""#))
    }

    @Test("what Tally has exported are the same events, which keep what PLOVER has no place for")
    func ownExport() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(
            """
            {"kind":"event","id":"gdelt:881","date":"2016-07-28","type":"consult","code":"040","title":"met","location":"Bern","country":"CHE","latitude":46.9,"longitude":7.4,"source":"gdelt"}
            {"kind":"event","id":"00000000-0000-4000-8000-000000000001","date":"2016","type":"aid","title":"gave","note":"mine"}

            """)
        let before = try mina.export("event", as: "jsonl")
        var text = ""
        try mina.dataset.read { access in
            let event = try wanted(access.kinds["event"])
            _ = try RecordExport.write(event, as: "plover", from: access, where: nil) { text += $0 }
        }
        let report = try mina.importing(text)
        #expect(report.format == "plover")
        #expect(report.brief == "2 unchanged")
        #expect(try mina.export("event", as: "jsonl") == before)
        // Elsewhere they are new, of their own source.
        let jun = try folder.copy("jun")
        try jun.importing(text)
        #expect(try jun.view("event/gdelt:881").row?.values["source"] == .text("gdelt"))
    }

    @Test("a mode that is a type of ours within its category is the type; another is counted")
    func modes() throws {
        func line(_ id: Int, _ event: String, _ mode: String) -> String {
            #"{"id":"\#(id)","date":"2014-05-03","source":"","event":"\#(event)","mode":"\#(mode)"}"#
        }
        let (report, events) = try importedEvents(
            [
                line(1, "CONSULT", "visit"), line(2, "CONSULT", "phone"), line(3, "AID", "visit"),
                line(4, "AGREE", "agreement"), line(5, "CONSULT", ""),
            ].joined(separator: "\n"))
        let types = ["visit", "consult", "aid", "agreement", "consult"]
        #expect(zip(events, types).allSatisfy { $0.contains(#""type":"\#($1)","code""#) })
        #expect(report.notKept == ["mode": 2])
    }

    @Test("every type that PLOVER has a category for comes back as it was")
    func types() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let types = try wanted(CodeList.named("event_type")).entries.map(\.code)
        try mina.importing(
            "id,date,type,source\n" + types.map { "m:\($0),2023,\($0),m\n" }.joined())
        var text = ""
        try mina.dataset.read { access in
            let event = try wanted(access.kinds["event"])
            let report = try RecordExport.write(event, as: "plover", from: access) { text += $0 }
            #expect(report.leftOut == ["events of types that PLOVER has not": 4])
        }
        let jun = try folder.copy("jun")
        #expect(try jun.importing(text).brief == "\(types.count - 4) new")
        let left = ["milestone", "other", "policy", "statement"]
        for type in types where !left.contains(type) {
            #expect(try jun.view("event/m:\(type)").row?.values["type"] == .text(type))
        }
        #expect(try mina.importing(text).brief == "\(types.count - 4) unchanged")
    }

    @Test(
        "events without ids are refused with what is missing",
        arguments: [
            #"[{"date":"2014","event":"AID","source":""}]"#,
            lines[2].replacing(#""id":"G-3","#, with: ""),
        ])
    func withoutIDs(_ text: String) throws {
        let mina = try TestFolder().copy("mina")
        let error = #expect(throws: FormatError.self) { try mina.importing(text + "\n") }
        #expect(
            error?.message
                == "the events of PLOVER have no id, by which they would be known when they come again"
        )
        #expect(error?.hint == "Give each object a member \"id\" that stays the same.")
    }

    @Test("what is no event of PLOVER is refused with its row; another source is another event")
    func refused() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let text = Self.lines[2] + "\n" + Self.lines[3].replacing("PROTEST", with: "VISIT") + "\n"
        let report = try mina.importing(text, constants: ["source": "mine"]) { $0.skipBad = true }
        #expect(
            report.refusals == [
                "2: \"VISIT\" is no category of PLOVER | See the categories with: tally codes event_type"
            ])
        // What was left out can be mended and imported.
        var written = ""
        try mina.importing(bytes: Array(text.utf8)) {
            $0.skipBad = true
        } refused: {
            written += $0
        }
        let mended = written.replacing("VISIT", with: "PROTEST")
        let again = try mina.importing(mended)
        #expect(again.format == "plover")
        #expect(again.brief == "1 new")
        #expect(try mina.view("event/plover:G-4").isVisible)
        #expect(try mina.view("event/mine:G-3").row?.values["source"] == .text("mine"))
    }

    @Test(
        "of a long export the members of all events come back, also those that the first thousand lack"
    )
    func lateMembers() throws {
        let mina = try TestFolder().copy("mina")
        let count = 1002
        let rows = (1...count).map { id in
            let text = id == count ? "at last,of one,Bern,CHE,https://a.b" : ",,,,"
            return "m:\(id + 10_000),2023,aid,KOR,m,\(text)\n"
        }
        try mina.importing(
            "id,date,type,actors,source,title,summary,location,country,citations\n" + rows.joined())
        let before = try mina.export("event")
        var lines = ""
        try mina.dataset.read { access in
            _ = try RecordExport.write(
                try wanted(access.kinds["event"]), as: "plover", from: access
            ) { lines += $0 }
        }
        let array = "[" + lines.split(separator: "\n").joined(separator: ",") + "]"
        for text in [lines, array] {
            let jun = try TestFolder().copy("jun")
            let report = try jun.importing(text) { $0.constants = ["source": "m"] }
            #expect(report.brief == "\(count) new")
            #expect(
                try jun.view("event/m:\(count + 10_000)").row?.values["title"] == .text("at last"))
            #expect(try jun.importing(text).brief == "\(count) unchanged")
            #expect(try mina.importing(text).brief == "\(count) unchanged")
        }
        #expect(try mina.export("event") == before)
        // What no event of PLOVER has is as strange there as before.
        let strange = lines.replacing(#""eventText":"at last""#, with: #""evenText":"at last""#)
        let error = #expect(throws: FormatError.self) { try mina.importing(strange) }
        #expect(
            error?.message == #"the member "evenText" is in none of the first 1000 objects"#)
    }

    @Test("a publication is one text, whatever stands in it, and comes back from the export so")
    func publication() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(
            #"{"id":"A","event":"AID","date":"2023-01-03","source":"KOR","publication":"http://a.b/x;y=1"}"#
                + "\n")
        try mina.importing("id,date,type,citations\nm:1,2023-01-03,aid,a;b\n")
        #expect(try mina.export("event").contains(#"http://a.b/x\;y=1"#))
        var text = ""
        try mina.dataset.read { access in
            _ = try RecordExport.write(
                try wanted(access.kinds["event"]), as: "plover", from: access
            ) { text += $0 }
        }
        #expect(text.contains(#""publication":["http://a.b/x;y=1"]"#))
        #expect(text.contains(#""publication":["a","b"]"#))
        let jun = try folder.copy("jun")
        try jun.importing(text)
        for id in ["plover:A", "m:1"] {
            #expect(
                try jun.view("event/\(id)").row?.sets["citations"]
                    == mina.view("event/\(id)").row?.sets["citations"])
        }
    }

    @Test(
        "rows that were left out of a file without titles are known again; a table of others' is not taken for it"
    )
    func refusedWithoutTitles() throws {
        let mina = try TestFolder().copy("mina")
        let text = #"[{"id":"A","event":"AID","date":"soon","source":"KOR"}]"#
        var written = ""
        try mina.importing(bytes: Array(text.utf8)) {
            $0.skipBad = true
        } refused: {
            written += $0
        }
        let report = try mina.importing(written.replacing("soon", with: "2023-01-03"))
        #expect(report.format == "plover" && report.brief == "1 new")
        #expect(throws: FormatError.self) {
            try mina.importing("id,event,date,source\n1,Aid,2023,KOR\n")
        }
    }

    @Test("an actor without code and name refuses the row")
    func strangeActors() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        for source in [#"[{"code":["KOR","JPN"]}]"#, #"{"CODE":"KOR"}"#, #"[["KOR"]]"#] {
            let refused = #expect(throws: Refused.self, "\(source)") {
                try mina.importing(
                    #"{"id":"A","event":"AID","date":"2023","source":\#(source)}"# + "\n")
            }
            #expect(
                refused?.report.refused.first?.reason.contains("says no code and no name") == true,
                "\(source)")
        }
    }
}
