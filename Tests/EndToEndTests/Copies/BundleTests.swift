import Foundation
import TallySimulator
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// `tally bundle create`, and what `sync` and `clone` do with what it made.
@Suite struct BundleTests {
    private static let record = "trade/KOR/CHN/X/TOTAL/2023/kosis"

    /// mina has a dataset of one record, of which jun knows nothing yet.
    private func pair() throws -> (mina: Analyst, jun: Analyst) {
        let pair = try Office.pair()
        try pair.mina.must(
            "add", "trade", "reporter=KOR", "partner=CHN", "flow=X", "product=TOTAL", "period=2023",
            "source=kosis", "value=1")
        return pair
    }

    /// The path of a file of another analyst.
    private func path(_ name: String, of analyst: Analyst) -> String {
        "\(analyst.folder)/\(name)"
    }

    @Test("two who meet by bundles alone come to have the same, a conflict and its resolution too")
    func exchange() throws {
        let (mina, jun) = try pair()
        let made = try mina.must("bundle", "create", "all.bundle")
        #expect(made.output.hasPrefix("Bundled 1 changeset in all.bundle: "))
        let cloned = try jun.must("clone", path("all.bundle", of: mina), "korea.tally")
        #expect(cloned.output == "Cloned korea into korea.tally: 0 event, 1 trade\n")
        // A bundle is no remote: plain sync asks with what.
        #expect(try jun.tally("sync").status == 64)

        try mina.must("set", Self.record, "value=2")
        try jun.must("set", Self.record, "value=3")
        try jun.must("bundle", "create", "juns.bundle", "--since", path("all.bundle", of: mina))
        let juns = path("juns.bundle", of: jun)
        let dry = try mina.must("sync", juns, "--dry-run")
        #expect(dry.output.hasPrefix("Would send 0 changesets, fetch 1: jun@desk-2 1\n"))
        #expect(dry.output.hasSuffix("Nothing was written\n"))
        let taken = try mina.must("sync", juns)
        #expect(
            taken.output == "Fetched 1 changeset\n1 open conflict, 1 of them new: tally conflicts\n"
        )
        try mina.must("resolve", "--all", "--take", "author:jun")
        try mina.must("bundle", "create", "minas.bundle", "--since", juns)
        let sync = try jun.must("sync", path("minas.bundle", of: mina), "--json").json
        #expect(sync["pulled"] as? Int == 2 && sync["pushed"] as? Int == 0)
        #expect(sync["open_conflicts"] as? Int == 0)
        #expect(try mina.export() == jun.export())
        let again = try jun.must("sync", path("minas.bundle", of: mina))
        #expect(again.output == "Nothing new: all that the bundle holds is here\n")
        for analyst in [mina, jun] { try analyst.must("verify") }
    }

    @Test("what there is nothing for, or no place, makes no file and says why")
    func refusedMaking() throws {
        let (mina, jun) = try pair()
        try jun.must("init", "korea.tally")
        let empty = try jun.tally("bundle", "create", "b")
        #expect(empty.status == 1)
        #expect(
            empty.errors
                == "tally: There is nothing to bundle: the dataset has no changes yet\nNo file was made.\n"
        )
        try mina.must("bundle", "create", "b")
        let nothing = try mina.tally("bundle", "create", "c", "--since", "b")
        #expect(nothing.status == 1)
        #expect(nothing.errors.contains("nothing to bundle: b is known to hold everything"))
        let twice = try mina.tally("bundle", "create", "b")
        #expect(twice.status == 73)
        #expect(twice.errors.hasPrefix("tally: b exists already; it was left as it is\n"))
        #expect(try mina.tally("bundle", "create", "nowhere/b").status == 73)
        let unknown = try mina.tally("bundle", "create", "d", "--since", "origin")
        #expect(unknown.status == 66)
        #expect(
            unknown.errors.hasPrefix(
                "tally: \"origin\" is nothing that this file has synced with\n"))
        try mina.must("remote", "add", "origin", jun.file)
        let never = try mina.tally("bundle", "create", "d", "--since", "origin")
        #expect(never.status == 1)
        #expect(
            never.errors.hasPrefix(
                "tally: What origin holds is not known: this file has not synced with it yet\n"))
        #expect(try mina.names() == ["b", "korea.tally"])
    }

    @Test("--since a file leaves out what it was known to hold")
    func sinceFile() throws {
        let (mina, jun) = try pair()
        try jun.must("clone", mina.file, "korea.tally")
        try jun.must("set", Self.record, "value=2")
        let json = try jun.must("bundle", "create", "b", "--since", "origin", "--json").json
        #expect(json["schema"] as? String == "tally.bundle-create/v1")
        #expect(json["changesets"] as? Int == 1)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path("b", of: jun)))
        #expect(json["bytes"] as? Int == bytes.count)
        #expect((json["since"] as? [String: Any])?.count == 1)
        #expect((json["heads"] as? [String: Any])?.count == 2)
        try mina.must("sync", path("b", of: jun))
        #expect(try mina.export() == jun.export())
    }

    @Test("what is no whole bundle of this dataset is refused, and nothing is changed")
    func refusedTaking() throws {
        let (mina, jun) = try pair()
        try mina.must("bundle", "create", "all")
        try mina.must("set", Self.record, "value=2")
        try mina.must("bundle", "create", "late", "--since", "all")
        try jun.must("clone", mina.file, "korea.tally")
        let cut = try Data(contentsOf: URL(fileURLWithPath: path("all", of: mina))).dropLast(9)
        try cut.write(to: URL(fileURLWithPath: path("cut", of: jun)))
        let stranger = try mina.office.analyst("ana", machine: "desk-3")
        try stranger.must("init", "korea.tally")

        for (analyst, arguments, status, text) in [
            (jun, ["sync", "cut"], 65, "/cut is cut off: its end is missing\n"),
            (jun, ["sync", "cut", "--dry-run"], 65, "/cut is cut off: its end is missing\n"),
            (jun, ["sync", "gone"], 66, "\"gone\" is no saved remote, no address and no file\n"),
            (jun, ["sync", path("all", of: mina), "--push"], 64, "nothing can be sent into it\n"),
            (jun, ["sync", path("all", of: mina), "--watch"], 64, "which does not change\n"),
            (stranger, ["sync", path("all", of: mina)], 1, "holds another dataset"),
            (
                stranger, ["clone", path("late", of: mina), "new.tally"], 1,
                "goes on from changesets that are not here: of replica"
            ),
        ] {
            let before = try analyst.revisions()
            let end = try analyst.tally(["-f", "korea.tally"] + arguments)
            #expect(end.status == status, "\(arguments): \(end.errors)")
            #expect(end.errors.contains(text), "\(arguments): \(end.errors)")
            #expect(end.output.isEmpty)
            #expect(try analyst.revisions() == before)
        }
        #expect(try stranger.names() == ["korea.tally"])
        try jun.must("sync", path("late", of: mina))
    }

    @Test("a bundle that was killed stands in nobody's way")
    func killed() throws {
        let (mina, _) = try pair()
        try mina.write(Workload.csv(Array(0..<3_000), Workload.value), to: "base.csv")
        try mina.must("import", "base.csv")
        var chance = Chance()
        let began = Date()
        try mina.must("bundle", "create", "whole")
        let durationUs = Int(Date().timeIntervalSince(began) * 1_000_000)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path("whole", of: mina)))
        for _ in 0..<Effort.moments(6) {
            let running = try mina.start("-f", "korea.tally", "bundle", "create", "b")
            // The moment is what is tested; nothing waits for it.
            usleep(UInt32(chance.generator.below(durationUs + durationUs / 4)))
            kill(running.id, SIGKILL)
            let isMade = running.wait().status == 0
            let made = try mina.names().filter { $0.hasPrefix("b") && $0 != "base.csv" }
            let context: Comment = "\(made): \(chance.replay("BundleTests"))"
            #expect(made.isEmpty || made == ["b"] || made == ["b.part"], context)
            #expect(!isMade || made == ["b"], context)
            if made != ["b"] { try mina.must("-f", "korea.tally", "bundle", "create", "b") }
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path("b", of: mina)))
            #expect(bytes == whole, context)
            #expect(try mina.names().filter { $0.hasSuffix(".part") } == [], context)
            try FileManager.default.removeItem(atPath: path("b", of: mina))
        }
    }

    @Test("edits that another tool made and nobody has taken are not in it, which is said")
    func waiting() throws {
        let (mina, _) = try pair()
        try OtherTool.sqlite.run(by: mina, "korea.tally", "UPDATE trade SET note = 'by hand'")
        let made = try mina.must("bundle", "create", "b")
        #expect(made.output.hasPrefix("Bundled 1 changeset in b"))
        #expect(made.errors.contains("Take it with: tally capture"))
    }
}
