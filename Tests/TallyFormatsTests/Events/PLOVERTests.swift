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
        #"{"id":"G-4","date":"0000-00-00","source":[],"event":"PROTEST","eventText":"marched"}"#,
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
                {"kind":"event","id":"plover:G-4","type":"protest","code":"PROTEST","title":"marched",\
                "source":"plover"}
                {"kind":"event","id":"plover:G-5","date":"2000-01-01","type":"aid","code":"AID",\
                "title":"gave","actors":["USA"],"participants":["USA"],"source":"plover"}
                {"kind":"event","id":"plover:PLOVER-GSR01-AID-0001","type":"aid","code":"AID",\
                "title":"gave","actors":["JPN"],"targets":["NGO"],"participants":["Japan","NGO"],\
                "source":"plover"}

                """)
        #expect(try mina.importing(text).brief == "6 unchanged, 1 skipped")
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
        #expect(try mina.view("event/mine:G-3").row?.values["source"] == .text("mine"))
    }
}
