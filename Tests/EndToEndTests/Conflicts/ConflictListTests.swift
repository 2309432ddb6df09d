import Foundation
import Testing

/// `tally conflicts`: what is listed, in which order, and one conflict in detail; texts compared whole.
@Suite struct ConflictListTests {
    private static let china = "trade/KOR/CHN/X/TOTAL/2023/motie"
    private static let america = "trade/KOR/USA/X/TOTAL/2023/motie"

    private let mina: Analyst
    private let jun: Analyst

    /// Five conflicts in four records.
    init() throws {
        (mina, jun) = try Office.pair()
        try mina.write(
            "reporter,partner,flow,product,period,source,value,status\n"
                + "KOR,CHN,X,TOTAL,2023,motie,124800000000,P\n"
                + "KOR,USA,X,TOTAL,2023,motie,115700000000,\n", to: "motie.csv")
        try mina.must("import", "motie.csv")
        try mina.must(
            "add", "event", "id=summit", "title=한미 정상회담", "date=2023-04-26",
            "summary=윤석열 대통령이 워싱턴을 방문하여 조 바이든 대통령과 정상회담을 가졌다.")
        try mina.must("add", "event", "id=panel", "title=WTO panel", "date=2023-02-01")
        try jun.must("clone", mina.file, "korea.tally")
        try jun.must("set", Self.china, "value=124900000000", "-m", "ministry, rounded")
        try jun.must("set", Self.america, "value=115696334", "note=typed")
        try jun.must(
            "set", "event/summit",
            "summary=윤석열 대통령이 워싱턴을 국빈 방문하여 바이든 대통령과 정상회담을 갖고 워싱턴 선언을 발표했다.")
        try jun.must("delete", "event/panel", "-m", "not ours")
        try mina.must(
            "set", Self.china, "value=124817682000", "status=A", "note=checked", "-m",
            "customs, final")
        try mina.must("set", Self.america, "value=115696334000", "note=customs")
        try mina.must(
            "set", "event/summit", "title=한미 정상 회담",
            "summary=윤석열 대통령이 미국 워싱턴을 방문하여 조 바이든 대통령과 확대 정상회담을 가졌다.")
        try mina.must("set", "event/panel", "summary=talks go on")
        try mina.must("sync", "--pull", jun.file)
    }

    private func listed(_ arguments: String...) throws -> [String] {
        let finished = try mina.tally(["conflicts", "--json"] + arguments)
        try #require(finished.status == 0, "\(finished.errors)")
        let json = finished.json
        let conflicts = json["conflicts"] as? [[String: Any]] ?? []
        return conflicts.map { "\($0["record"] ?? "")#\($0["field"] ?? "")" }
    }

    @Test("those of one record stand together, the newest record first")
    func list() throws {
        let expected = """
            5 open conflicts in 4 records (sync goes on)
            ID        RECORD                            WHAT         FIELD    SIDES                                                    GAP  SINCE
            wkwnajep  event/panel                       delete/edit  -        A jun deleted · B mina edited summary                         just now
            ufjtnkcq  event/summit                      edit/edit    summary  A jun@desk-2 · B mina@laptop                                  just now
            bw3rxvp5  trade/KOR/USA/X/TOTAL/2023/motie  add/add      note     A jun@desk-2 · B mina@laptop                                  just now
            2qiw32sw                                    edit/edit    value    A jun@desk-2 · B mina@laptop           ! 116 bn USD · 99.9 %  just now
            7evirar6  trade/KOR/CHN/X/TOTAL/2023/motie  edit/edit    value    A jun@desk-2 · B mina@laptop            82.3 M USD · 0.066 %  just now
            ! worth a look: tally conflicts ID says why

            """
        #expect(try mina.must("conflicts").output == expected)
    }

    @Test("on 80 columns records stand above their conflicts, and no line is longer")
    func narrow() throws {
        let shown = try mina.shown(onTerminalOf: 80, "conflicts")
        let expected = """
            5 open conflicts in 4 records (sync goes on)
            RECORD
              ID        WHAT         FIELD    SIDES                            GAP  SINCE
            event/panel
              wkwnajep  delete/edit  -        A jun deleted · B mina                just now
                                              edited summary
            event/summit
              ufjtnkcq  edit/edit    summary  A jun@desk-2 · B                      just now
                                              mina@laptop
            trade/KOR/USA/X/TOTAL/2023/motie
              bw3rxvp5  add/add      note     A jun@desk-2 · B                      just now
                                              mina@laptop
              2qiw32sw  edit/edit    value    A jun@desk-2 · B        ! 116 bn USD  just now
                                              mina@laptop
            trade/KOR/CHN/X/TOTAL/2023/motie
              7evirar6  edit/edit    value    A jun@desk-2 · B          82.3 M USD  just now
                                              mina@laptop
            ! worth a look: tally conflicts ID says why

            """
        #expect(shown == expected)
    }

    @Test("the largest gap first: dollars, then other figures, then what is no figure")
    func byGap() throws {
        #expect(
            try listed("--sort", "gap") == [
                "\(Self.america)#note", "\(Self.america)#value", "\(Self.china)#value",
                "event/panel#-", "event/summit#summary",
            ])
        #expect(try listed("--sort", "record").first == "event/panel#-")
    }

    @Test("filters: all of them have to hold")
    func filters() throws {
        #expect(try listed("--kind", "event") == ["event/panel#-", "event/summit#summary"])
        #expect(try listed("--field", "note") == ["\(Self.america)#note"])
        // A field of a statement of several.
        #expect(
            try listed("--field", "status", "--where", "partner = 'CHN'") == ["\(Self.china)#value"]
        )
        #expect(try listed("--field", "-") == ["event/panel#-"])
        #expect(
            try listed("--where", "partner = 'USA' AND field = 'value'") == [
                "\(Self.america)#value"
            ])
        #expect(try listed("--author", "jun", "--since", "2h").count == 5)
        #expect(try listed("--author", "jun@desk-2", "--kind", "trade").count == 3)
        #expect(try listed("--author", "jun@laptop") == [])
        #expect(try listed("--author", "nobody") == [])
        #expect(
            try mina.must("conflicts", "--author", "nobody").output
                == "No open conflicts of that kind\n")
    }

    @Test("what is no condition, no field, no kind and no time is said, and what could be meant")
    func mistakes() throws {
        let mistakes = [
            (["--where", "partner = CHN"], "tally: --where: SQLite: no such column: CHN\n"),
            (["--where", "1) OR (1"], "tally: --where: SQL: the condition closes a bracket"),
            (["--field", "nte"], "tally: No kind has a field \"nte\"\nDid you mean note?\n"),
            (["--field", "title", "--kind", "trade"], "tally: trade has no field \"title\"\n"),
            (["--kind", "evnt"], "tally: There is no kind \"evnt\"\n"),
            (["--since", "soon"], "tally: \"soon\" is no time\n"),
            (["7evi", "--kind", "trade"], "tally: Give an id or conditions, not both.\n"),
        ]
        for (arguments, text) in mistakes {
            let finished = try mina.tally(["conflicts"] + arguments)
            #expect(finished.status != 0, "\(arguments)")
            #expect(finished.errors.hasPrefix(text), "\(arguments): \(finished.errors)")
        }
    }

    @Test("one conflict: the value before, the sides, what was merged beside it, the messages")
    func detail() throws {
        let expected = """
            \(Self.china)
                    before           A jun@desk-2 13:57   B mina@laptop 13:57
            value   124,800,000,000  124,900,000,000      124,817,682,000
            status  P                ·                    A
            note                                          checked              merged: from mina
                                     “ministry, rounded”  “customs, final”
            4 unchanged fields hidden (--all)
            Settle it with: tally resolve 7evirar6 --take LETTER

            """
        #expect(try mina.must("conflicts", "7evi").output.withStableTimes == expected)
    }

    @Test("on 80 columns the sides stand below each other")
    func narrowDetail() throws {
        let expected = """
            \(Self.china)
                                 value            status  note (merged)
            before               124,800,000,000  P
            A jun@desk-2 13:57   124,900,000,000  ·                      “ministry, rounded”
            B mina@laptop 13:57  124,817,682,000  A       checked        “customs, final”
            4 unchanged fields hidden (--all)
            Settle it with: tally resolve 7evirar6 --take LETTER

            """
        #expect(try mina.shown(onTerminalOf: 80, "conflicts", "7evi").withStableTimes == expected)
    }

    @Test("a long text is shown word by word")
    func longText() throws {
        let expected = """
            event/summit
                   before  A jun@desk-2 13:57  B mina@laptop 13:57
            title                              한미 정상 회담       merged: from mina
            summary
              before
                윤석열 대통령이 워싱턴을 방문하여 조 바이든 대통령과 정상회담을 가졌다.
              A jun@desk-2 13:57
                윤석열 대통령이 워싱턴을 [-방문하여-]{+국빈+} [-조-]{+방문하여+} 바이든 대통령과 정상회담을 [-가졌다.-]{+갖고 워싱턴 선언을 발표했다.+}
              B mina@laptop 13:57
                윤석열 대통령이 {+미국 +}워싱턴을 방문하여 조 바이든 대통령과{+ 확대+} 정상회담을 가졌다.
            Settle it with: tally resolve ufjtnkcq --take LETTER

            """
        #expect(try mina.must("conflicts", "ufjt").output.withStableTimes == expected)
    }

    @Test("a list of some conflicts forgets nothing of what another list has shown")
    func shownLetters() throws {
        try mina.must("conflicts")
        try jun.must("set", Self.china, "value=1")
        try mina.must("sync", "--pull", jun.file)
        try mina.must("conflicts", "--kind", "event")
        let stale = try mina.tally("resolve", "7evi", "--take", "A")
        #expect(stale.status == 1)
        #expect(stale.errors.contains("are no longer those that were shown"))
    }

    @Test(
        "a refusal that shows the new sides makes its letters those; one for programs, which does not, does not"
    )
    func shownByRefusal() throws {
        try mina.must("conflicts")
        try jun.must("set", Self.china, "value=1")
        try mina.must("sync", "--pull", jun.file)
        for _ in 1...2 {
            let stale = try mina.tally("resolve", "7evi", "--take", "A", "--json")
            #expect(stale.status == 1 && stale.output.isEmpty)
            #expect(stale.errors.contains(#""code": "changed""#))
        }
        let shown = try mina.tally("resolve", "7evi", "--take", "A")
        #expect(shown.status == 1 && shown.output.contains("A mina"))
        #expect(shown.errors.contains("as they are above"))
        try mina.must("resolve", "7evi", "--take", "A")
    }

    @Test("a field of a newer version that is in conflict is shown so, with who wrote it")
    func unknownField() throws {
        let (mina, jun) = try Office.pair()
        try mina.must("add", "event", "id=x:1", "title=a")
        try jun.must("clone", mina.file, "korea.tally")
        for (person, value) in [(mina, "7"), (jun, "8")] {
            try person.write(#"{"kind":"event","id":"x:1","novelty":\#(value)}"#, to: "new.jsonl")
            try person.must("import", "--keep-unknown", "new.jsonl")
        }
        try mina.must("sync", jun.file)
        let text = try mina.must("show", "event/x:1").output
        #expect(text.contains(/novelty +8 +jun@\S+ +just now +in conflict/), "\(text)")
        let fields = try mina.must("show", "event/x:1", "--json").json["fields"] as? [[String: Any]]
        let field = try #require(fields?.first { $0["field"] as? String == "novelty" })
        #expect(field["conflict"] as? Bool == true && field["author"] as? String == "jun")
    }

    @Test("elements that both added stand in both columns; what was cleared is said")
    func elements() throws {
        let (mina, jun) = try Office.pair()
        try mina.must(
            "add", "trade", "reporter=KOR", "partner=CHN", "flow=X", "product=TOTAL", "period=2023",
            "source=motie", "value=100", "tags=old", "note=typed")
        try jun.must("clone", mina.file, "korea.tally")
        try jun.must("set", Self.china, "value=101", "tags+=both", "tags-=old", "note=")
        try mina.must("set", Self.china, "value=102", "tags+=both", "tags+=own")
        try mina.must("sync", "--pull", jun.file)
        #expect(
            try mina.must("conflicts", "7evirar6").output.withStableTimes == """
                \(Self.china)
                       before  A jun@desk-2 13:57  B mina@laptop 13:57
                value  100     101                 102
                note           cleared                                  merged: from jun
                tags           +both; -old         +both; +own          merged
                5 unchanged fields hidden (--all)
                Settle it with: tally resolve 7evirar6 --take LETTER

                """)
    }
}
