import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// `tally resolve`: which conflicts are meant, what each becomes, all or nothing.
@Suite struct ResolveTests {
    private static let china = "trade/KOR/CHN/X/TOTAL/2023/motie"
    private static let america = "trade/KOR/USA/X/TOTAL/2023/motie"

    private let mina: Analyst
    private let jun: Analyst

    /// Four conflicts: two figures, a note, a deletion beside an edit.
    init() throws {
        (mina, jun) = try Office.pair()
        try mina.write(
            "reporter,partner,flow,product,period,source,value,released\n"
                + "KOR,CHN,X,TOTAL,2023,motie,100,2024-01\n"
                + "KOR,USA,X,TOTAL,2023,motie,200,2024-01\n", to: "motie.csv")
        try mina.must("import", "motie.csv")
        try mina.must("add", "event", "id=panel", "title=WTO panel", "date=2023-02-01")
        try jun.must("clone", mina.file, "korea.tally")
        try jun.must("set", Self.china, "value=101", "released=2024-02")
        try jun.must("set", Self.america, "value=201", "note=jun's")
        try jun.must("delete", "event/panel")
        try mina.must("set", Self.china, "value=102", "released=2024-03")
        try mina.must("set", Self.america, "value=202", "note=mina's")
        try mina.must("set", "event/panel", "title=panel")
        try mina.must("sync", "--pull", jun.file)
        try #require(try mina.conflicts().count == 4)
    }

    /// What a dry run says that each would become, by record and field.
    private func planned(_ arguments: String...) throws -> [String: String] {
        let finished = try mina.tally(["resolve", "--dry-run", "--json"] + arguments)
        try #require(finished.status == 0, "\(finished.errors)")
        let list = finished.json["resolved"] as? [[String: Any]] ?? []
        return Dictionary(
            uniqueKeysWithValues: list.map {
                ("\($0["record"] ?? "")#\($0["field"] ?? "")", $0["outcome"] as? String ?? "")
            })
    }

    @Test("conditions choose; a dry run says what each would become, and writes nothing")
    func dryRun() throws {
        let export = try mina.export()
        let expected = """
            ID        RECORD                            FIELD  WOULD BECOME  INSTEAD OF
            bw3rxvp5  trade/KOR/USA/X/TOTAL/2023/motie  note   mina's        jun's
            2qiw32sw  trade/KOR/USA/X/TOTAL/2023/motie  value  202 USD       201 USD

            """
        let partner = ["--where", "partner = 'USA'"]
        let finished = try mina.tally(["resolve", "--take", "mine", "--dry-run"] + partner)
        #expect(finished.output == expected)
        #expect(try mina.export() == export)
        #expect(try mina.conflicts().count == 4)
    }

    @Test("every rule")
    func rules() throws {
        let value = "\(Self.china)#value"
        for (rule, outcome) in [
            ("A", "101 USD 2024-02"), ("b", "102 USD 2024-03"), ("mine", "102 USD 2024-03"),
            ("newest", "102 USD 2024-03"), ("base", "100 USD 2024-01"),
            ("vintage", "102 USD 2024-03"), ("max", "102 USD 2024-03"), ("min", "101 USD 2024-02"),
            ("author:jun", "101 USD 2024-02"), ("machine:laptop", "102 USD 2024-03"),
        ] {
            #expect(try planned("7evi", "--take", rule) == [value: outcome], "\(rule)")
        }
        #expect(
            try planned("--field", "-", "--take", "author:jun") == ["event/panel#-": "deleted"])
        #expect(try planned("--field", "-", "--take", "mine") == ["event/panel#-": "kept"])
    }

    @Test(
        "several at once are one changeset, whose message says what was rejected; undo takes it back"
    )
    func several() throws {
        try mina.must("resolve", "--kind", "trade", "--take", "mine", "--note", "ours")
        #expect(try mina.conflicts().count == 1)
        let log = try mina.must("log", "--json").json["changesets"] as? [[String: Any]]
        #expect(
            log?.first?["message"] as? String
                == "ours (resolve 3 conflicts: \(Self.china) value: 102 USD 2024-03 over 101 USD 2024-02; "
                + "\(Self.america) note: mina's over jun's; "
                + "\(Self.america) value: 202 USD over 201 USD)")
        try mina.must("undo")
        #expect(try mina.conflicts().count == 4)
    }

    @Test("values for several conflicts: each takes those of its fields")
    func values() throws {
        #expect(
            try planned(
                "2qiw", "bw3r", "--set", "value=203", "--set", "note=both", "--set",
                "released=2024-05")
                == ["\(Self.america)#value": "203 USD 2024-05", "\(Self.america)#note": "both"])
        let missing = try mina.tally("resolve", "2qiw", "bw3r", "--set", "value=203")
        #expect(missing.status == 65)
        #expect(
            missing.errors.contains(
                "bw3rxvp5 (\(Self.america)) is over note, for which nothing is set"))
        let foreign = try mina.tally("resolve", "2qiw", "bw3r", "--set", "title=x")
        #expect(foreign.errors.hasPrefix("tally: None of these conflicts is over title\n"))
        #expect(try mina.conflicts().count == 4)
    }

    @Test("all or nothing: what cannot be settled so is named")
    func allOrNothing() throws {
        let finished = try mina.tally("resolve", "--all", "--take", "max")
        #expect(finished.status == 65)
        #expect(
            finished.errors == """
                tally: 2 of 4 conflicts cannot be settled so; nothing was written
                  wkwnajep (event/panel): max does not decide
                  bw3rxvp5 (\(Self.america)): max does not decide
                Leave them out, by ids or by conditions, or settle them otherwise.

                """)
        #expect(try mina.conflicts().count == 4)
    }

    /// Settles one in an editor that does what the script says.
    private func edit(_ id: String, _ script: String) throws -> Finished {
        try mina.write("#!/bin/sh\n\(script)\n", to: "editor")
        try #require(chmod("\(mina.folder)/editor", 0o755) == 0)
        return try mina.tally(
            ["resolve", id, "--edit", "--note", "by hand"],
            environment: ["EDITOR": "\(mina.folder)/editor", "VISUAL": ""])
    }

    @Test("--edit: a form with the value before and the sides; what is written there settles it")
    func editor() throws {
        let form = "\(mina.folder)/form"
        let finished = try edit("7evi", "cp $1 \(form); sed -i 's/^value = .*/value = 105/' $1")
        #expect(finished.output.hasPrefix("Resolved 1 conflict; 3 left. "), "\(finished.errors)")
        let text = try String(contentsOfFile: form, encoding: .utf8)
            .withStableTimes
        #expect(
            text.contains(
                """
                # before  100
                # A jun@desk-2 13:57  101
                # B mina@laptop 13:57  102
                value = 102

                unit = USD

                """), "\(text)")
        let log = try mina.must("log", "--json").json["changesets"] as? [[String: Any]]
        #expect(
            (log?.first?["message"] as? String)?.hasPrefix("by hand (resolve value: 105 USD")
                == true)
    }

    @Test("--edit: nothing changed, a value that is none, sides that have changed, a deletion")
    func editorFails() throws {
        #expect(try edit("7evi", "true").output == "Nothing was changed; 7evirar6 stays open\n")
        let untouched = try mina.tally(
            ["resolve", "7evi", "--edit", "--json"], environment: ["EDITOR": "true", "VISUAL": ""])
        #expect((untouched.json["resolved"] as? [Any])?.isEmpty == true)
        #expect(untouched.json["left"] as? Int == 4)
        let bad = try edit("7evi", "sed -i 's/^value = .*/value = much/' $1")
        #expect(bad.status == 65)
        #expect(bad.errors.contains("Your text is kept in "))
        try jun.must("set", Self.china, "value=103")
        let pull = "cd '\(mina.folder)' && '\(Program.tally.path)' -q sync --pull '\(jun.file)'"
        let stale = try edit("7evi", "sed -i 's/^value = .*/value = 105/' $1; \(pull) > /dev/null")
        #expect(stale.status == 1)
        #expect(
            stale.errors.hasPrefix(
                "tally: The sides of 7evirar6 are no longer those that were shown"))
        #expect(stale.errors.contains("Your text is kept in "))
        #expect(
            try edit("wkwn", "true").errors.hasPrefix(
                "tally: wkwnajep (event/panel) is over a deletion"))
        #expect(try mina.conflicts().count == 4)
    }

    @Test("no conflict that is meant, and unclear orders")
    func nothing() throws {
        let none = try mina.must("resolve", "--author", "nobody", "--take", "A")
        #expect(none.output == "There is nothing to resolve; 4 left\n")
        for arguments in [
            ["--kind", "trade"], ["7evi", "--kind", "trade", "--take", "A"], ["--take", "A"],
            ["7evi", "--take", "A", "--delete"], ["7evi", "--all", "--take", "A"],
        ] {
            #expect(try mina.tally(["resolve"] + arguments).status == 64, "\(arguments)")
        }
    }

    @Test("a policy says how many open conflicts it settles and opens")
    func policy() throws {
        #expect(
            try mina.must("config", "policy", "trade.value=max").output
                == "trade.value = max\nThis settles 2 conflicts.\n")
        #expect(
            try mina.must("show", Self.china, "--all").output.split(separator: "\n").first {
                $0.hasPrefix("  value ")
            }?.hasSuffix("max beat 1") == true)
        let fields =
            try mina.must("show", Self.china, "--json").json["fields"] as? [[String: Any]] ?? []
        #expect(
            fields.first { $0["field"] as? String == "value" }?["settled_by"] as? String == "max")
        #expect(
            try mina.must("config", "policy", "trade.value=vintage").output
                == "trade.value = vintage\nThis opens 1 conflict.\n")
        #expect(
            try mina.must("config", "policy", "trade.value=manual").output
                == "trade.value = manual\nThis opens 1 conflict.\n")
    }
}
