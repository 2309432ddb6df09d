import Foundation
import Testing

/// `rename`, `merge` and `set --where`, as somebody types them.
@Suite struct RecordCommandTests {
    @Test("a record is renamed: all goes along, and the log says from where")
    func rename() throws {
        let desk = try Desk()
        let mina = desk.mina
        let end = try mina.must("rename", Desk.kosis, "source=motie")
        #expect(end.plainOutput == "Renamed \(Desk.kosis) to \(Desk.motie)\n")
        #expect(end.errors.isEmpty)
        #expect(
            try mina.export() == """
                {"kind":"trade","reporter":"KOR","partner":"CHN","flow":"X","product":"TOTAL",\
                "period":"2023","source":"motie","value":124817682000,"unit":"USD","status":"A",\
                "note":"customs","tags":["a","b"]}

                """)
        #expect(try mina.changesetCount() == 2)
        #expect(
            try mina.must("log").output.contains("rename \(Desk.kosis) to \(Desk.motie)"))

        let back = try mina.must("rename", Desk.motie, "source=kosis", "-m", "a slip", "--json")
        #expect(back.json["schema"] as? String == "tally.rename/v1")
        #expect(back.json["record"] as? String == Desk.kosis)
        #expect(back.json["was"] as? String == Desk.motie)
        #expect(back.json["over_deleted"] as? Bool == true)
        #expect((back.json["revision"] as? String)?.hasSuffix(":3") == true)
        #expect(try mina.must("log", "-n", "1").output.contains("a slip"))
        try mina.must("verify")
    }

    @Test(
        "an edit of the old record meanwhile is a conflict with its deletion, and nothing is lost")
    func renameBesideEdit() throws {
        let desk = try Desk()
        try desk.mina.must("rename", Desk.kosis, "source=motie")
        try desk.jun.must("set", Desk.kosis, "value=124818000000")
        try desk.sync()
        #expect(try desk.mina.export() == desk.jun.export())
        for analyst in [desk.mina, desk.jun] {
            let conflicts = try analyst.conflicts()
            #expect(conflicts.map { $0["record"] as? String } == [Desk.kosis])
            #expect(conflicts.map { $0["what"] as? String } == ["delete/edit"])
            #expect(try analyst.export().contains("\"source\":\"motie\",\"value\":124817682000"))
            #expect(try analyst.export().contains("\"source\":\"kosis\",\"value\":124818000000"))
        }
        let id = try #require(try desk.mina.conflicts().first?["id"] as? String)
        // It cannot be renamed or merged while that is open.
        let again = try desk.mina.tally("rename", Desk.kosis, "period=2024")
        #expect(again.status == 65)
        #expect(
            again.errors
                == "tally: \(Desk.kosis) cannot be renamed while it has an open conflict: \(id)\n"
                + "Settle it first: tally conflicts \(id), then tally resolve \(id) --take RULE\n")
        let merged = try desk.mina.tally("merge", Desk.motie, Desk.kosis)
        #expect(merged.status == 65)
        #expect(
            merged.errors.hasPrefix("tally: \(Desk.kosis) cannot be merged while it has an open"))

        try desk.mina.must("resolve", id, "--keep")
        let end = try desk.mina.must("merge", Desk.motie, Desk.kosis)
        #expect(
            end.plainOutput == """
                Merged \(Desk.kosis) into \(Desk.motie)
                Both said something; these values of the duplicate were left:
                  FIELD  KEPT             LEFT
                  value  124,817,682,000  124,818,000,000

                """)
        try desk.sync()
        #expect(try desk.mina.export() == desk.jun.export())
        #expect(try desk.jun.conflicts().isEmpty)
        try desk.jun.must("verify")
    }

    @Test("two who rename one record differently have two records, and no conflict")
    func renamedTwice() throws {
        let desk = try Desk()
        try desk.mina.must("rename", Desk.kosis, "source=motie")
        try desk.jun.must("rename", Desk.kosis, "source=kita")
        try desk.sync()
        #expect(try desk.mina.export() == desk.jun.export())
        #expect(try desk.mina.conflicts().isEmpty)
        #expect(try desk.mina.export().split(separator: "\n").count == 2)
    }

    @Test("a merge fills what is blank, and the message tells what was left")
    func merge() throws {
        let desk = try Desk()
        let mina = desk.mina
        try mina.must(
            "add", "trade", "reporter=KOR", "partner=CHN", "flow=X", "product=TOTAL", "period=2023",
            "source=motie", "value=1", "quantity=5", "quantity_unit=kg", "tags=b;한국", "note=첫째")
        let json = try mina.must("merge", Desk.kosis, Desk.motie, "-m", "둘", "--json").json
        #expect(json["schema"] as? String == "tally.merge/v1")
        #expect(json["record"] as? String == Desk.kosis)
        #expect(json["deleted"] as? String == Desk.motie)
        #expect(json["filled"] as? [String] == ["quantity", "quantity_unit", "tags"])
        let left = try #require(json["left"] as? [[String: Any]])
        #expect(left.map { $0["field"] as? String } == ["value", "note"])
        #expect(left.map { $0["left"] as? String } == [nil, "첫째"])
        #expect(
            try mina.must("log", "-n", "1", "--json").output.contains(
                "둘 (merge \(Desk.motie) into \(Desk.kosis); left value 1, note 첫째)"))
        #expect(try mina.export().contains("\"tags\":[\"a\",\"b\",\"한국\"]"))
    }

    @Test("set --where changes all records that meet the condition, and says how many were so")
    func setWhere() throws {
        let desk = try Desk { mina in
            for file in ["trade-annual", "trade-monthly"] {
                try mina.must("import", "\(Desk.examples)/\(file).csv")
            }
        }
        let mina = desk.mina
        let condition = "partner = 'CHN' AND period >= '2022' AND author = 'mina'"
        let dry = try mina.must(
            "set", "trade", "--where", condition, "status=A", "tags+=checked", "--dry-run")
        #expect(
            dry.output == """
                RECORD                               FIELD   BEFORE     AFTER
                trade/KOR/CHN/M/TOTAL/2022/kosis     tags    -       →  checked
                trade/KOR/CHN/M/TOTAL/2023/kosis     tags    -       →  checked
                trade/KOR/CHN/X/TOTAL/2022/kosis     tags    -       →  checked
                trade/KOR/CHN/X/TOTAL/2023/kosis     tags    a; b    →  a; b; checked
                trade/KOR/CHN/X/TOTAL/2023-12/motie  status  P       →  A
                                                     tags    -       →  checked
                5 trade records would change; nothing was written

                """)
        #expect(dry.errors.isEmpty)
        let before = try mina.changesetCount()
        let end = try mina.must("set", "trade", "--where", condition, "status=A")
        #expect(end.plainOutput == "Changed 1 trade record\n")
        #expect(end.errors == "4 trade records are so already\n")
        let none = try mina.must("set", "trade", "--where", condition, "status=A")
        #expect(none.output == "Nothing to change\n")
        #expect(none.errors == "5 trade records are so already\n")
        let nobody = try mina.must("set", "trade", "--where", "author = 'jun'", "status=A")
        #expect(nobody.errors == "No trade record meets the condition\n")
        #expect(try mina.changesetCount() == before + 1)
        #expect(
            try mina.must("log", "-n", "1").output
                .contains("set status=A in trade where \(condition)"))

        let json = try mina.must("set", "trade", "--where", "1", "status=E", "--json").json
        #expect(json["schema"] as? String == "tally.set/v1")
        #expect(json["changed"] as? Int == 1016)
        #expect(json["dry_run"] as? Bool == false)
        #expect(try mina.must("query", "SELECT DISTINCT status FROM trade").output == "status\nE\n")
        try mina.must("verify")
    }

    @Test("set --where on a conflicted statement settles it, and says so, in a dry run too")
    func setWhereSettles() throws {
        let desk = try Desk()
        try desk.mina.must("set", Desk.kosis, "value=1")
        try desk.jun.must("set", Desk.kosis, "value=2")
        try desk.sync()
        #expect(try desk.mina.conflicts().count == 1)
        let arguments = ["set", "trade", "--where", "1", "value=2", "unit=USD"]
        let dry = try desk.mina.tally(arguments + ["--dry-run"])
        #expect(dry.errors == "Would settle 1 conflict\n")
        #expect(
            dry.output == """
                RECORD                            FIELD  BEFORE          AFTER
                \(Desk.kosis)  value  in conflict  →  settled
                1 trade record would change; nothing was written

                """)
        #expect(try desk.mina.conflicts().count == 1)
        let end = try desk.mina.tally(arguments)
        #expect(end.plainOutput == "Changed 1 trade record\n")
        #expect(end.errors == "Settled 1 conflict\n")
        try desk.sync()
        #expect(try desk.jun.conflicts().isEmpty)
    }

    @Test(
        "a condition that would make records, or bring deleted ones back, is refused by all who take one",
        arguments: ["'zzz'", "'gone'", "'a'||char(7)||'b'"])
    func setWhereOutside(key: String) throws {
        let desk = try Desk { mina in
            for id in ["one", "gone"] { try mina.must("add", "event", "id=\(id)", "title=x") }
            try mina.must("delete", "event/gone")
        }
        let before = try desk.mina.export()
        let condition = "1) UNION SELECT \(key) WHERE (1"
        for arguments in [
            ["set", "event", "--where", condition, "note=z"],
            ["list", "event", "--where", condition],
            ["set", "event", "--where", condition, "note=z", "--dry-run"],
            ["export", "--kind", "event", "--where", condition],
        ] {
            let end = try desk.mina.tally(arguments)
            #expect(end.status == 65)
            #expect(
                end.errors.hasPrefix(
                    "tally: --where: SQL: the condition closes a bracket that it has not opened\n"))
        }
        #expect(try desk.mina.export() == before)
        try desk.mina.must("set", "event", "--where", "id = 'one' -- (or two)", "note=z")
        try desk.sync()
        try desk.jun.must("verify")
    }

    @Test("the help of query names the tables that there are for questions, and each can be asked")
    func tables() throws {
        let mina = try Desk().mina
        let help = try mina.must("query", "--help").output
        for table in ["trade", "event", "setting", "tally_conflict", "tally_log", "tally_refused"] {
            #expect(help.contains(table))
            try mina.must("query", "SELECT count(*) FROM \(table)")
        }
    }

    @Test("a record that would break a rule leaves all as they were")
    func setWhereWhole() throws {
        let desk = try Desk { mina in
            try mina.must("add", "event", "id=src:1", "date=2023-01", "title=a")
            try mina.must("add", "event", "id=src:2", "date=2023-05", "title=b")
        }
        let before = try desk.mina.export()
        let end = try desk.mina.tally("set", "event", "--where", "1", "end_date=2023-03", "note=n")
        #expect(end.status == 65)
        #expect(
            end.errors
                == "tally: event/src:2: end_date 2023-03 is before date 2023-05; nothing was written\n"
                + "Leave the record out with --where, or set it by itself.\n")
        #expect(try desk.mina.export() == before)
    }

    @Test("an address that a shell would take apart is quoted in what is to be typed")
    func quoted() throws {
        let desk = try Desk { mina in
            for id in ["it's one", "two"] { try mina.must("add", "event", "id=\(id)", "title=x") }
        }
        let end = try desk.mina.tally("rename", "event/two", "id=it's one")
        #expect(end.errors.hasSuffix("tally merge 'event/it'\\''s one' event/two\n"))
    }
}
