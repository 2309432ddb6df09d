import Foundation
import Testing

/// The shapes that other programs rely on (DESIGN.md section 10), and the file as SQLite's own shell reads it.
@Suite struct ShapeTests {
    private func analyst() throws -> Analyst {
        let office = try Office()
        let mina = try office.analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally", "--name", "korea")
        try mina.write(
            "reporter,partner,flow,product,period,source,value,tags\nKOR,CHN,X,TOTAL,2023,kosis,124817682000,b;a\n",
            to: "trade.csv")
        try mina.must("import", "trade.csv")
        return mina
    }

    @Test("status has the dataset, the vector, counts, conflicts and remotes")
    func status() throws {
        let mina = try analyst()
        try mina.must("remote", "add", "origin", "https://hub.example.org/korea")
        let json = try mina.must("status", "--json").json
        #expect(json["schema"] as? String == "tally.status/v1")
        #expect(json["name"] as? String == "korea")
        #expect((json["dataset"] as? String)?.count == 36)
        let replica = try #require(json["replica"] as? String)
        #expect(json["vector"] as? [String: Int] == [replica: 1])
        #expect(json["records"] as? [String: Int] == ["trade": 1, "event": 0, "setting": 0])
        #expect(json["conflicts"] as? Int == 0)
        let remote = try #require((json["remotes"] as? [[String: Any]])?.first)
        #expect(remote["name"] as? String == "origin")
        #expect(remote["url"] as? String == "https://hub.example.org/korea")
        #expect(remote["unpushed"] as? Int == 1)
        #expect(remote["last_sync"] is NSNull)
    }

    @Test("export --format jsonl is a flat object a record")
    func jsonLines() throws {
        let mina = try analyst()
        #expect(
            try mina.export()
                == #"{"kind":"trade","reporter":"KOR","partner":"CHN","flow":"X","product":"TOTAL","period":"2023","#
                + #""source":"kosis","value":124817682000,"unit":"USD","tags":["a","b"]}"# + "\n")
    }

    @Test("query gives columns and rows, import its counts")
    func queryAndImport() throws {
        let mina = try analyst()
        let query = try mina.must("query", "--json", "SELECT partner, value FROM trade").json
        #expect(query["columns"] as? [String] == ["partner", "value"])
        #expect((query["rows"] as? [[Any]])?.first?.last as? Double == 124_817_682_000)
        let again = try mina.must("import", "trade.csv", "--json").json
        for name in ["new", "changed", "kept", "deleted", "skipped", "conflicted"] {
            #expect(again[name] as? Int == 0, "\(name)")
        }
        #expect(again["unchanged"] as? Int == 1)
        #expect((again["refused"] as? [Any])?.isEmpty == true)
    }

    @Test("sync and conflicts have their shapes, and --exit-code its code")
    func syncAndConflicts() throws {
        let mina = try analyst()
        let jun = try mina.office.analyst("jun", machine: "desk-2")
        try jun.must("clone", mina.file, "korea.tally")
        let record = "trade/KOR/CHN/X/TOTAL/2023/kosis"
        try mina.must("set", record, "value=1", "-m", "one")
        try jun.must("set", record, "value=2")
        let sync = try jun.must("sync", "--json").json
        #expect(sync["pushed"] as? Int == 1)
        #expect(sync["pulled"] as? Int == 1)
        #expect(sync["new_conflicts"] as? Int == 1)
        #expect(sync["open_conflicts"] as? Int == 1)
        let listed = try jun.tally("conflicts", "--json", "--exit-code")
        #expect(listed.status == 20)
        let conflict = try #require((listed.json["conflicts"] as? [[String: Any]])?.first)
        #expect(conflict["what"] as? String == "edit/edit")
        #expect(conflict["kind"] as? String == "trade")
        #expect(conflict["record"] as? String == record)
        #expect(conflict["field"] as? String == "value")
        #expect((conflict["before"] as? [String: Any])?["value"] as? Double == 124_817_682_000)
        let sides = try #require(conflict["sides"] as? [[String: Any]])
        #expect(sides.map { $0["letter"] as? String } == ["A", "B"])
        #expect(sides.map { $0["author"] as? String } == ["mina", "jun"])
        #expect(sides.map { $0["machine"] as? String } == ["laptop", "desk-2"])
        #expect(sides.map { ($0["value"] as? [String: Any])?["value"] as? Double } == [1, 2])
        #expect(sides.map { $0["deleted"] as? Bool } == [false, false])
        #expect(
            sides.allSatisfy { $0["replica"] is String && $0["seq"] is Int && $0["at"] is String })
        #expect(try jun.tally("resolve", "--all", "--take", "A").status == 0)
        #expect(try jun.tally("conflicts", "--exit-code").status == 0)
    }

    @Test("the sqlite3 shell reads trade, event and tally_conflict")
    func sqliteShell() throws {
        let mina = try analyst()
        try mina.must(
            "add", "event", "date=2023-09", "type=meeting", "title=Han meets Xi", "actors=KOR;CHN")
        let jun = try mina.office.analyst("jun", machine: "desk-2")
        try jun.must("clone", mina.file, "korea.tally")
        for (analyst, value) in [(mina, "1"), (jun, "2")] {
            try analyst.must("set", "trade/KOR/CHN/X/TOTAL/2023/kosis", "value=\(value)")
        }
        try jun.must("sync")
        let sql = """
            SELECT reporter, partner, value, tags FROM trade;
            SELECT date, title, actors FROM event;
            SELECT record, field, side, author, json_extract(value, '$.value') FROM tally_conflict ORDER BY side;
            """
        let shell = try mina.run("/usr/bin/sqlite3", [mina.file, sql])
        #expect(shell.errors.isEmpty)
        #expect(
            shell.output == """
                KOR|CHN|2.0|["a","b"]
                2023-09|Han meets Xi|["CHN","KOR"]
                trade/KOR/CHN/X/TOTAL/2023/kosis|value|A|mina|1
                trade/KOR/CHN/X/TOTAL/2023/kosis|value|B|jun|2

                """)
        // At rest the dataset is one file.
        #expect(!FileManager.default.fileExists(atPath: mina.file + "-wal"))
    }

    @Test(
        "the help of every command has an example",
        arguments: [
            "init", "clone", "status", "backup", "import", "export", "add", "set", "delete",
            "restore",
            "show", "list", "query",
            "kinds", "codes", "log", "remote add", "remote list", "login", "publish", "sync",
            "conflicts", "resolve",
            "verify", "doctor", "config", "replica list", "replica retire", "completions",
        ])
    func help(command: String) throws {
        let office = try Office()
        let mina = try office.analyst("mina", machine: "laptop")
        let words = command.split(separator: " ").map(String.init)
        let help = try mina.tally(words + ["--help"])
        #expect(help.status == 0)
        #expect(help.output.contains("Example: tally \(command)"))
    }
}
