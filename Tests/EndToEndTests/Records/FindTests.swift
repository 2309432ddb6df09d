import Foundation
import Testing

/// `find`, over the example data.
@Suite struct FindTests {
    private func mina() throws -> Analyst {
        let office = try Office()
        let mina = try office.analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally")
        for file in ["trade", "trade-annual", "trade-monthly", "events"] {
            try mina.must("import", "\(Desk.examples)/\(file).csv")
        }
        return mina
    }

    @Test("a text is found in any field, in any case; of several all must be there")
    func text() throws {
        let mina = try mina()
        let id = "event/comparative-connections-2024-01:"
        let found = try mina.must("find", "SUPPLY chain")
        #expect(
            found.output
                == "\(id)ztlpyts7qx2gzihm  summary  Supply chain plan: dependence on China in key items is "
                + "to fall below 50% by 2030.\n")
        #expect(found.errors == "1 record\n")
        try mina.must(
            "add", "event", "id=yna:1", "date=2023-09-23", "title=한덕수 총리, 시진핑 주석 면담",
            "actors=KOR;Élysée")
        #expect(try mina.must("find", "시진핑").output == "event/yna:1  title  한덕수 총리, 시진핑 주석 면담\n")
        #expect(
            try mina.must("find", "élysée", "면담").output == """
                event/yna:1  title   한덕수 총리, 시진핑 주석 면담
                             actors  Élysée

                """)
        let none = try mina.must("find", "시진핑", "supply")
        #expect(none.output.isEmpty)
        #expect(none.errors == "No record holds that\n")
        let few = try mina.must("find", "kosis", "--limit", "2", "--kind", "trade")
        #expect(
            few.output == """
                trade/KOR/AUS/M/TOTAL/1985/kosis  source  kosis
                trade/KOR/AUS/M/TOTAL/1986/kosis  source  kosis

                """)
        #expect(few.errors == "The first 2 records; more with --limit 20\n")
        let json = try mina.must("find", "SUPPLY", "--json", "--limit", "1").json
        #expect(json["schema"] as? String == "tally.find/v1")
        #expect(json["more"] as? Bool == false)
        let records = try #require(json["records"] as? [[String: Any]])
        #expect(records.map { $0["record"] as? String } == ["\(id)ztlpyts7qx2gzihm"])
    }

    @Test("with a slash the name of a record is found, across its parts")
    func names() throws {
        let mina = try mina()
        func found(_ text: String) throws -> [String] {
            let json = try mina.must("find", text, "--json", "--limit", "10000").json
            return try #require(json["records"] as? [[String: Any]]).map {
                try #require($0["record"] as? String)
            }
        }
        let records = try found("KOR/CHN/X/TOTAL/2023")
        #expect(!records.isEmpty)
        #expect(records.allSatisfy { $0.contains("KOR/CHN/X/TOTAL/2023") })
        #expect(try found("trade/KOR/CHN/X/TOTAL/2023") == records)
        let text = try mina.must("find", "kor/chn/x/total/2023", "--limit", "1").output
        #expect(text.hasPrefix("\(records[0])  record  \(records[0])\n"))
    }

    @Test("what a terminal would obey is shown, and a long text is cut around the place")
    func excerpt() throws {
        let mina = try mina()
        let long =
            String(repeating: "before ", count: 60) + "NEEDLE\nhere"
            + String(repeating: " after", count: 60)
        try mina.must("add", "event", "id=src:1", "title=x", "summary=\(long)")
        let end = try mina.must("find", "needle")
        let lines = end.output.split(separator: "\n")
        #expect(lines.count == 1)
        #expect(lines[0].count == 22 + 100, "\(lines)")
        #expect(lines[0].contains("before NEEDLE\\nhere after"))
        #expect(lines[0].hasPrefix("event/src:1  summary  …") && lines[0].hasSuffix("…"))
    }

    @Test(
        "what cannot be found is told",
        arguments: [
            (["find"], "tally: Say what to find, as in: tally find Xi Hangzhou\n"),
            (
                ["find", " "],
                "tally: \" \" is nothing to look for\nGive a text of at least one letter.\n"
            ),
            (["find", "x", "--limit", "0"], "tally: --limit 0 is less than 1.\n"),
            (
                ["find", "--duplicates", "trade", "event"],
                "tally: --duplicates takes one kind, as in: tally find --duplicates event\n"
            ),
            (
                ["find", "x", "--kind", "trad"],
                "tally: There is no kind \"trad\"\nDid you mean trade? The kinds are event, setting, trade.\n"
            ),
            (
                ["find", "--duplicates", "trad"],
                "tally: There is no kind \"trad\"\nDid you mean trade? The kinds are event, setting, trade.\n"
            ),
        ])
    func mistakes(arguments: [String], errors: String) throws {
        let office = try Office()
        let mina = try office.analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally")
        let end = try mina.tally(arguments)
        #expect(end.status == 64 || end.status == 65)
        #expect(end.errors.hasPrefix(errors), "\(end.errors)")
        #expect(end.output.isEmpty)
    }

    @Test("on a terminal the place stands out, and the lines fit")
    func terminal() throws {
        let mina = try mina()
        let terminal = try TypedTerminal()
        let end = try mina.run(
            "/bin/sh",
            ["-c", "TERM=xterm exec \(Program.tally.path) find SUPPLY > \(terminal.path)"])
        #expect(end.status == 0, "\(end.errors)")
        #expect(
            terminal.shown()
                == "event/comparative-co…01:ztlpyts7qx2gzihm  summary  "
                + "\u{1B}[1;33mSupply\u{1B}[0m chain plan: dependenc…\r\n")
    }

    @Test("likely duplicates come with the command that merges them, which works")
    func duplicates() throws {
        let mina = try mina()
        #expect(try mina.must("find", "--duplicates").errors == "No records look like the same\n")
        try mina.must(
            "add", "event", "id=yna:1", "date=2023-12-18", "title=Han meets Xi in Hangzhou",
            "type=meeting", "country=CHN")
        try mina.must("add", "event", "id=kt:7", "date=2023-12", "title=Han Meets Xi, in Hangzhou!")
        try mina.must(
            "add", "trade", "reporter=KOR", "partner=CHN", "flow=X", "product=TOTAL", "period=2023",
            "source=comparative_connections", "value=124800000000")
        let end = try mina.must("find", "--duplicates")
        let (kept, other) = (
            "trade/KOR/CHN/X/TOTAL/2023/comparative-connections-2024-01",
            "trade/KOR/CHN/X/TOTAL/2023/comparative_connections"
        )
        #expect(
            end.output == """
                event/yna:1  2023-12-18  meeting  Han meets Xi in Hangzhou
                event/kt:7   2023-12     -        Han Meets Xi, in Hangzhou!
                  the same title, dates at most 3 days apart
                  tally merge event/yna:1 event/kt:7

                \(kept)  124,800,000,000  USD  P
                \(other)          124,800,000,000  USD  -
                  source spelled alike, the same figures
                  tally merge \(kept) \(other)


                """)
        #expect(end.errors == "2 pairs; look at both before you merge them\n")
        let json = try mina.must("find", "--duplicates", "event", "--json").json
        let pairs = try #require(json["pairs"] as? [[String: Any]])
        #expect(pairs.map { $0["command"] as? String } == ["tally merge event/yna:1 event/kt:7"])
        #expect(pairs.map { $0["reason"] as? String } == ["title"])
        for pair in pairs {
            let command = try #require(pair["command"] as? String)
            try mina.must("merge", command.split(separator: " ").map(String.init)[2], "event/kt:7")
        }
        #expect(
            try mina.must("find", "--duplicates", "--limit", "1").errors
                == "1 pair; look at both before you merge them\n")
        try mina.must("verify")
    }
}
