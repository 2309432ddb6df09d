import Foundation
import Testing

/// Looking back through the real program: mina and jun, over sync.
@Suite struct HistoryTests {
    private let office: Office
    private let mina: Analyst
    private let jun: Analyst
    private let record = "trade/KOR/CHN/X/TOTAL/2023/motie"

    init() throws {
        office = try Office()
        mina = try office.analyst("mina", machine: "laptop")
        jun = try office.analyst("jun", machine: "desk-2")
        try mina.must("init", "korea.tally")
        try mina.write(row("100", "2024-01-05"), to: "january.csv")
        try mina.must("import", "january.csv")
        try jun.must("clone", mina.file, "korea.tally")
    }

    private func row(_ value: String, _ released: String) -> String {
        "reporter,partner,flow,product,period,source,value,released\n"
            + "KOR,CHN,X,TOTAL,2023,motie,\(value),\(released)\n"
    }

    /// The text with times and replicas that are the same at every run.
    private func stable(_ text: String) throws -> String {
        var text = text
        for analyst in [mina, jun] {
            let replica = try analyst.must("status", "--json").json["replica"] as? String
            guard let replica else { continue }
            let name = (analyst.name + "00").prefix(6)
            text = text.replacingOccurrences(
                of: replica.prefix(6), with: name + String(repeating: "0", count: 6 - name.count))
        }
        return text.withStableTimes
    }

    private func shown(_ arguments: String...) throws -> String {
        let finished = try mina.tally(arguments)
        return try stable(finished.output + finished.errors)
    }

    private func sync() throws { try mina.must("sync", jun.file) }

    @Test("edits of two people, a conflict and its resolution: who, from what, over whom")
    func resolution() throws {
        try mina.must("set", record, "value=101", "-m", "typed from the article")
        try jun.must("set", record, "value=102", "note=rounded", "tags+=checked")
        try sync()
        let id = try #require(try mina.conflicts().first?["id"] as? String)
        #expect(
            try shown("why", record, "value") == """
                \(record)
                  value     102
                  stated    102 USD
                  by        jun@desk-2 13:57, by hand (jun000:1)
                  replaced  100 USD 2024-01-05, mina@laptop 13:57, imported (mina00:1) “import january.csv”
                  source    motie
                In conflict over value: tally conflicts \(id)

                """)
        try mina.must("resolve", id, "--take", "A", "--note", "final")
        #expect(
            try shown("why", record, "value") == """
                \(record)
                  value      101
                  stated     101 USD
                  by         mina@laptop 13:57, by hand (mina00:3) “final (resolve value: 101 USD over 102 USD)”
                  took       A 101 USD, mina@laptop 13:57, by hand (mina00:2) “typed from the article”
                  overruled  B 102 USD, jun@desk-2 13:57, by hand (jun000:1)
                  replaced   100 USD 2024-01-05, mina@laptop 13:57, imported (mina00:1) “import january.csv”
                  source     motie

                """)
        let why = try mina.must("why", record, "value", "--json").json
        #expect(why["schema"] as? String == "tally.why/v1")
        #expect(why["value"] as? Double == 101)
        let overruled = try #require((why["overruled"] as? [[String: Any]])?.first)
        #expect(overruled["author"] as? String == "jun" && overruled["letter"] as? String == "B")
        #expect((overruled["value"] as? [String: Any])?["value"] as? Double == 102)
    }

    @Test("the history of a record tells each step against what its author saw")
    func history() throws {
        try mina.must("set", record, "value=101", "-m", "typed from the article")
        try jun.must("set", record, "value=102", "note=rounded", "tags+=checked")
        try sync()
        let id = try #require(try mina.conflicts().first?["id"] as? String)
        try mina.must("resolve", id, "--take", "A", "--note", "final")
        try mina.must("delete", record, "-m", "twice")
        let steps = """
              mina00:3  13:57  mina@laptop  value     101 | 102   101 (settled)  final (resolve value: 101 USD over 102 USD)
              jun000:1  13:57  jun@desk-2   value     100         102
                                            released  2024-01-05  -
                                            note      -           rounded
                                            tags      -           checked
              mina00:2  13:57  mina@laptop  value     100         101            typed from the article
                                            released  2024-01-05  -
              mina00:1  13:57  mina@laptop  added                                import january.csv
                                            value     -           100
                                            unit      -           USD
                                            released  -           2024-01-05

            """
        #expect(
            try shown("history", record) == """
                \(record)  deleted by mina@laptop 13:57
                  REVISION  WHEN   BY           WHAT      BEFORE      AFTER          WHY
                  mina00:4  13:57  mina@laptop  deleted                              twice

                """ + steps)
        try mina.must("restore", record)
        try mina.must("set", record, "tags+=b", "tags-=checked")
        #expect(
            try shown("history", record) == """
                \(record)
                  REVISION  WHEN   BY           WHAT      BEFORE      AFTER          WHY
                  mina00:6  13:57  mina@laptop  tags      checked     +b; -checked
                  mina00:5  13:57  mina@laptop  restored
                  mina00:4  13:57  mina@laptop  deleted                              twice

                """ + steps)
        let json = try mina.must("history", record, "--json").json
        let changesets = try #require(json["changesets"] as? [[String: Any]])
        #expect(
            changesets.map { $0["what"] as? String }
                == ["changed", "restored", "deleted", "changed", "changed", "changed", "added"])
        #expect(
            changesets.map { $0["concurrent"] as? Bool } == [
                false, false, false, false, true, false, false,
            ])
    }

    @Test("changes and diff tell what everybody sees otherwise, and by whom")
    func comparisons() throws {
        try mina.must("set", record, "value=101")
        try jun.must("set", record, "note=rounded", "tags+=checked")
        try sync()
        try mina.must("set", record, "tags+=b", "tags-=checked")
        try mina.must("add", "event", "date=2023-09", "title=A visit", "type=visit", "id=x:1")
        #expect(
            try shown("changes", "--since", "1h", "--kind", "trade") == """
                RECORD                            WHAT   BEFORE  AFTER                                 BY           WHEN
                \(record)  added          value 101, unit USD, note rounded, …  mina@laptop  just now
                1 record added since 13:57

                """)
        #expect(
            try shown("changes", "--since", "today", "--author", "jun") == """
                RECORD                            WHAT  BEFORE  AFTER    BY          WHEN
                \(record)  note  -       rounded  jun@desk-2  just now
                1 record changed since 13:57

                """)
        #expect(
            try shown("log", "--author", "jun@desk-2", "--kind", "trade") == """
                REVISION  WHEN      BY          ROWS  MESSAGE
                jun000:1  just now  jun@desk-2     2

                """)
        try mina.must("remote", "add", "origin", jun.file)
        #expect(
            try shown("diff").hasSuffix("from origin (never synced) to now\n"))
        try mina.must("sync")
        try mina.must("delete", "event/x:1")
        let diff = try shown("diff")
        #expect(
            diff == """
                RECORD     WHAT     BEFORE                                   AFTER  BY           WHEN
                event/x:1  deleted  date 2023-09, type visit, title A visit         mina@laptop  just now
                1 record deleted from origin (as of 13:57) to now

                """)
        try mina.must("sync")
        #expect(try shown("diff") == "Nothing to send: origin (as of 13:57) has it all\n")
        #expect(try shown("diff", "now") == "Nothing differs from now to now\n")
        let path = "../jun/korea.tally"
        try mina.must("sync", path)
        #expect(
            try shown("diff", path) == "Nothing differs from \(path) (as of 13:57) to now\n")
        #expect(try shown("log", "-n", "1").hasSuffix("There are more: tally log --limit N\n"))
        let revision = try #require(
            (try mina.must("log", "--author", "jun", "--json").json["changesets"]
                as? [[String: Any]])?.first?["revision"] as? String)
        #expect(
            try shown("diff", revision, "now", "--kind", "trade") == """
                RECORD                            WHAT      BEFORE      AFTER         BY           WHEN
                \(record)  value     100         101           mina@laptop  just now
                                                  released  2024-01-05  -             mina@laptop  just now
                                                  tags      checked     +b; -checked  mina@laptop  just now
                1 record changed from jun000:1 to now

                """)
        #expect(
            try shown("diff", "now", revision, "--json").contains(#""schema": "tally.diff/v1""#))
        let json = try mina.must("diff", revision, "--kind", "trade", "--json").json
        let records = try #require(json["records"] as? [[String: Any]])
        #expect(records.map { $0["what"] as? String } == ["changed"])
        let fields = try #require(records[0]["fields"] as? [[String: Any]])
        #expect(fields.map { $0["field"] as? String } == ["value", "released", "tags"])
        #expect(fields[2]["before"] as? [String] == ["checked"])
        #expect(fields[2]["after"] as? [String] == ["b"])
        #expect(
            try mina.must("diff", "now", "--json").json["records"].map { ($0 as? [Any])?.count }
                == 0)
    }

    @Test("an import, a correction by hand and a newer import, under the policy vintage")
    func vintages() throws {
        try mina.must("add", "setting", "name=policy.trade.value", "value=vintage")
        try mina.must("set", record, "value=105", "released=2024-02-05", "-m", "a digit was lost")
        try mina.write(row("110", "2024-03-05"), to: "march.csv")
        try mina.must("import", "march.csv", "--overwrite")
        try mina.must("import", "january.csv", "--overwrite")
        #expect(
            try shown("show", record, "--vintages") == """
                \(record)
                  RELEASED    VALUE  UNIT  BY           WHEN      WHY
                  2024-01-05    100  USD   mina@laptop  just now  import january.csv
                  2024-02-05    105  USD   mina@laptop  just now  a digit was lost
                  2024-03-05    110  USD   mina@laptop  just now  import march.csv    in force

                """)
        try mina.must("set", record, "value=111", "released=2024-05-05")
        try jun.must("set", record, "value=109", "released=2024-04-05")
        try sync()
        #expect(
            try shown("why", record, "value") == """
                \(record)
                  value     111
                  stated    111 USD 2024-05-05
                  by        mina@laptop 13:57, by hand (mina00:5)
                  replaced  110 USD 2024-03-05, mina@laptop 13:57, imported (mina00:4) “import march.csv”
                  policy    vintage beat 109 USD 2024-04-05, jun@desk-2 13:57, by hand (jun000:1)
                  source    motie

                """)
        let json = try mina.must("show", record, "--vintages", "--json").json
        let list = try #require(json["vintages"] as? [[String: Any]])
        #expect(list.map { $0["in_force"] as? Bool } == [false, false, false, false, true])
        #expect(list.map { $0["author"] as? String } == ["mina", "mina", "mina", "jun", "mina"])
    }

    @Test("a record at each moment of its history")
    func moments() throws {
        try mina.must("set", record, "value=101")
        try mina.must("delete", record)
        try mina.must("restore", record)
        let log = try mina.must("log", "--json").json["changesets"] as? [[String: Any]] ?? []
        let deleted = "mina@laptop 13:57 had deleted it"
        let hint = "See when it was there with: tally history \(record)\n"
        let names = "  South Korea – China · Export · All commodities\n"
        let sheet =
            names + """
                  FIELD  VALUE            BY           WHEN
                  value  101              mina@laptop  just now
                  unit   USD (US Dollar)  mina@laptop  just now

                """
        for (entry, seq) in zip(log.reversed(), 1...) {
            let revision = try #require(entry["revision"] as? String)
            let short = String(revision.prefix(4)) + ":\(seq)"
            let at = try #require(entry["at"] as? String)
            for (moment, name) in [
                (revision, "mina00:\(seq)"), (short, "mina00:\(seq)"), (at, "13:57"),
            ] {
                let expected =
                    switch seq {
                    case 1:
                        """
                        \(record)  at \(name)
                        \(names)\
                          FIELD     VALUE            BY           WHEN
                          value     100              mina@laptop  just now
                          unit      USD (US Dollar)  mina@laptop  just now
                          released  2024-01-05       mina@laptop  just now

                        """
                    case 3: "tally: \(record) was not there at \(name): \(deleted)\n\(hint)"
                    default: "\(record)  at \(name)\n\(sheet)"
                    }
                #expect(try shown("show", record, "--at", moment) == expected)
            }
        }
        #expect(
            try shown("show", record, "--at", "1h")
                == "tally: \(record) was not there yet at 13:57\n"
                + "It was added by mina@laptop 13:57 (mina00:1).\n")
        #expect(
            try shown("show", record, "--at", "2123-01-01")
                == "\(record)  at 13:57\n\(sheet)13:57 lies ahead: this is what is known now\n")
        let json = try mina.must("show", record, "--at", "2123-01-01T00:00:00.000Z", "--json").json
        #expect(json["at"] as? String == "2123-01-01T00:00:00.000Z")
    }

    private static let times =
        "A time is 2023-05-01, 2023-05-01T13:57, today, yesterday, or how long ago: 90m, 2h, 3d, 1w.\n"
    private static let record = "trade/KOR/CHN/X/TOTAL/2023/motie"

    static let mistakes: [(arguments: [String], status: Int32, text: String)] = [
        (
            ["show", record, "--at", "x"], 64,
            "tally: \"x\" is no revision and no time\nA revision is one of tally log, as k3m9x2:8. \(times)"
        ),
        (
            ["show", record, "--at", "2023-02-30"], 64,
            "tally: \"2023-02-30\" is a time that does not exist\n\(times)"
        ),
        (
            ["show", record, "--at", "3"], 64,
            "tally: \"3\" is no revision and no time\nA revision is one of tally log, as k3m9x2:8. \(times)"
        ),
        (
            ["show", record, "--at", "k3m9x2:x"], 64,
            "tally: \"k3m9x2:x\" is no revision and no time\n"
                + "A revision is one of tally log, as k3m9x2:8. \(times)"
        ),
        (
            ["undo", "x"], 64,
            "tally: \"x\" is no revision\n"
                + "It is REPLICA:NUMBER, as in k3m9x2:8. See them with: tally log\n"
        ),
        (
            ["undo", "k3m9x2:0"], 64,
            "tally: \"k3m9x2:0\" is no revision\n"
                + "It is REPLICA:NUMBER, as in k3m9x2:8. See them with: tally log\n"
        ),
        (
            ["undo", "k3m9x2:8"], 66,
            "tally: There is no revision \"k3m9x2:8\" here\n"
                + "See them with: tally log. Fetch what others wrote with: tally sync\n"
        ),
        (
            ["diff", "k3m9x2:8"], 66,
            "tally: There is no revision \"k3m9x2:8\" here\n"
                + "See them with: tally log. Fetch what others wrote with: tally sync\n"
        ),
        (
            ["show", record, "--at", "k3m9x2:8"], 66,
            "tally: There is no revision \"k3m9x2:8\" here\n"
                + "See them with: tally log. Fetch what others wrote with: tally sync\n"
        ),
        (
            ["diff"], 64,
            "tally: There is no remote origin\n"
                + "Say from when: tally diff yesterday. Or publish: tally publish URL\n"
        ),
        (
            ["diff", "soon"], 64,
            "tally: \"soon\" is no revision, no time and no saved remote\n"
                + "A revision is one of tally log, as k3m9x2:8. \(times)"
        ),
        (["changes", "--since", "soon"], 64, "tally: \"soon\" is no time\n\(times)"),
        (
            ["changes", "--since", "k3m9x2:8"], 64,
            "tally: \"k3m9x2:8\" is a revision, no time\n"
                + "What has changed since a revision: tally diff k3m9x2:8. \(times)"
        ),
        (
            ["changes", "--since", "2123-01-01"], 0,
            "Nothing has changed since 13:57, which lies ahead\n"
        ),
        (
            ["changes", "--since", "1h", "--kind", "trades"], 65,
            "tally: There is no kind \"trades\"\nDid you mean trade? The kinds are event, setting, trade.\n"
        ),
        (
            ["log", "--since", "2123-01-01"], 0,
            "Nothing has been written since 13:57, which lies ahead\n"
        ),
        (["log", "--author", "mino"], 0, "Nothing has been written by mino. Did you mean mina?\n"),
        (["log", "--kind", "event"], 0, "Nothing has been written of kind event\n"),
        (
            ["why", record, "source"], 65,
            "tally: source is part of the key of \(record)\n"
                + "It names the record. See who added that: tally history \(record)\n"
        ),
        (
            ["why", record, "valu"], 65,
            "tally: \"valu\" is no field of trade\nDid you mean value or valuation?\n"
        ),
        (
            ["why", record, "note"], 0,
            "\(record)\n  note    -\n  source  motie\nNobody has written note here\n"
        ),
        (
            ["history", "trade/KOR/CHN/X/TOTAL/2022/motie"], 66,
            "tally: There is no record trade/KOR/CHN/X/TOTAL/2022/motie\n"
                + "See what there is with: tally list trade\n"
        ),
        (
            ["show", "event/x:1", "--vintages"], 65,
            "tally: Records of \"event\" have no vintages\n"
                + "See what they have held with: tally history event/x:1\n"
        ),
    ]

    @Test("a mistake has a message and an exit code, and what is empty says so")
    func mistakes() throws {
        for (arguments, status, text) in Self.mistakes {
            if arguments[1...].contains("event/x:1") {
                try mina.must("add", "event", "date=2023-09", "title=x", "id=x:1")
            }
            let finished = try mina.tally(arguments)
            #expect(finished.status == status, "\(arguments)")
            #expect(try stable(finished.output + finished.errors) == text, "\(arguments)")
        }
    }

    @Test("a beginning that two replicas share is refused")
    func ambiguity() throws {
        func replica(of analyst: Analyst) throws -> String {
            try #require(analyst.must("status", "--json").json["replica"] as? String)
        }
        // Two of 33 replicas begin with the same of 32 letters.
        var replicas = [try replica(of: mina)]
        while Set(replicas.map(\.first)).count == replicas.count {
            let name = "jun-\(replicas.count)"
            let other = try office.analyst(name, machine: name)
            try other.must("clone", mina.file, "korea.tally")
            try other.must("set", record, "tags+=\(name)")
            try mina.must("sync", other.file, "--pull")
            replicas.append(try replica(of: other))
        }
        let letter = try #require(replicas.last?.first)
        let both = replicas.filter { $0.first == letter }.sorted()
        let finished = try mina.tally("show", record, "--at", "\(letter):1")
        #expect(finished.status == 65)
        #expect(finished.errors.hasPrefix("tally: \"\(letter):1\" could be \(both[0]):1 ("))
        #expect(finished.errors.contains(", \(both[1]):1 ("))
        #expect(finished.errors.hasSuffix(")\nGive more of the replica.\n"))
        #expect(try mina.tally("show", record, "--at", "\(both[1]):1").status == 0)
    }
}
