import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// `tally resolve -i` on a pseudo-terminal: each key, and what is written when.
@Suite struct InteractiveTests {
    private static let china = "trade/KOR/CHN/X/TOTAL/2023/motie"

    private let mina: Analyst
    private let jun: Analyst

    /// Figures of three partners, and a deletion beside an edit, which stands first: it is the newest.
    init() throws {
        (mina, jun) = try Office.pair()
        try mina.write(
            "reporter,partner,flow,product,period,source,value\n"
                + ["CHN", "USA", "VNM"].map { "KOR,\($0),X,TOTAL,2023,motie,100\n" }.joined(),
            to: "motie.csv")
        try mina.must("import", "motie.csv")
        try mina.must("add", "event", "id=panel", "title=WTO panel", "date=2023-02-01")
        try jun.must("clone", mina.file, "korea.tally")
        for (analyst, value) in [(jun, 101), (mina, 102)] {
            for partner in ["VNM", "USA", "CHN"] {
                try analyst.must("set", "trade/KOR/\(partner)/X/TOTAL/2023/motie", "value=\(value)")
            }
        }
        try jun.must("delete", "event/panel")
        try mina.must("set", "event/panel", "title=한국 패널")
        try mina.must("sync", "--pull", jun.file)
    }

    private func open() throws -> [String] {
        try mina.conflicts().compactMap { $0["record"] as? String }.sorted()
    }

    private static let keys =
        "a b take · 0 before · e edit · s skip · u undo · ! alike · ? help · q quit > "

    @Test("what is shown, and that each answer is written at once")
    func answers() throws {
        let terminal = try TypedTerminal()
        let running = try mina.start(on: terminal, "resolve", "-i", "--note", "as agreed")
        let first = try terminal.wait(for: "q quit > ")
        #expect(
            first.withStableTimes == """

                1 of 4  event/panel
                        before  A jun@desk-2 13:57  B mina@laptop 13:57
                record  there   deleted             kept, and edited:
                title                               한국 패널
                1 unchanged field hidden (--all)
                a b take · d delete · k keep · s skip · u undo · ! alike · ? help · q quit > 
                """)
        terminal.type("d")
        let second = try terminal.wait(for: "q quit > ")
        #expect(
            second.withStableTimes == """
                d
                record: deleted

                2 of 4  \(Self.china)
                       before  A jun@desk-2 13:57  B mina@laptop 13:57
                value  100     101                 102
                5 unchanged fields hidden (--all)
                \(Self.keys)
                """)
        // Written already, by a file that is closed while somebody thinks.
        #expect(try open().count == 3)
        terminal.type("b")
        try terminal.wait(for: "3 of 4")
        terminal.type("0")
        try terminal.wait(for: "4 of 4")
        terminal.type("s")
        try terminal.wait(for: "Resolved 3 conflicts, 1 skipped; 1 left")
        #expect(running.wait().status == 0)
        #expect(try open() == ["trade/KOR/VNM/X/TOTAL/2023/motie"])
        let log = try mina.must("log", "--json").json["changesets"] as? [[String: Any]] ?? []
        #expect(
            log.prefix(3).map { $0["message"] as? String } == [
                "as agreed (resolve value: 100 USD over 101 USD, 102 USD)",
                "as agreed (resolve value: 102 USD over 101 USD)",
                "as agreed (resolve deletion: deleted over kept)",
            ])
    }

    @Test("k keeps what somebody deleted, and says that undo does not bring the deletion back")
    func keep() throws {
        let terminal = try TypedTerminal()
        let running = try mina.start(on: terminal, "resolve", "-i", "--kind", "event")
        try terminal.wait(for: "quit > ")
        terminal.type("k")
        try terminal.wait(
            for: """
                k
                record: kept, for good: undo does not bring the deletion back
                Resolved 1 conflict; 3 left

                """)
        #expect(running.wait().status == 0)
        #expect(try mina.must("show", "event/panel").output.contains("한국 패널"))
    }

    @Test("u takes the last answer back and asks again; ? helps; other keys do nothing; q ends")
    func otherKeys() throws {
        let terminal = try TypedTerminal()
        let running = try mina.start(on: terminal, "resolve", "-i", "--kind", "trade")
        try terminal.wait(for: "1 of 3")
        terminal.type("u")
        try terminal.wait(for: "There is nothing to take back")
        try terminal.wait(for: "> ")
        terminal.type("zk\u{1B}[A?")
        try terminal.wait(for: "skip it: it stays open")
        terminal.type("a")
        try terminal.wait(for: "2 of 3")
        #expect(try open().count == 3)
        terminal.type("u")
        try terminal.wait(for: "1 of 3")
        #expect(try open().count == 4)
        terminal.type("q")
        try terminal.wait(for: "Resolved 0 conflicts; 4 left")
        #expect(running.wait().status == 0)
    }

    @Test("! settles all that are alike, by the same person's side, in one changeset")
    func alike() throws {
        let terminal = try TypedTerminal()
        let running = try mina.start(on: terminal, "resolve", "-i", "--kind", "trade")
        try terminal.wait(for: "1 of 3")
        terminal.type("!")
        try terminal.wait(for: "For 3 conflicts like this: a b take · 0 before > ")
        terminal.type("x")
        try terminal.wait(for: "Nothing was written")
        try terminal.wait(for: "1 of 3")
        terminal.type("!")
        try terminal.wait(for: "For 3 conflicts like this")
        terminal.type("a")
        try terminal.wait(for: "Settled 3 conflicts\nResolved 3 conflicts; 1 left")
        #expect(running.wait().status == 0)
        #expect(
            try mina.must("list", "trade", "--where", "value = 101", "--json").output.contains(
                "VNM"))
        #expect(try open() == ["event/panel"])
    }

    @Test("! takes the side that was typed where both are one person's, as after an undo")
    func alikeAfterUndo() throws {
        let terminal = try TypedTerminal()
        let running = try mina.start(on: terminal, "resolve", "-i", "--kind", "trade")
        try terminal.wait(for: "1 of 3")
        terminal.type("a")
        try terminal.wait(for: "2 of 3")
        terminal.type("u")
        try terminal.wait(for: "A mina@laptop")
        try terminal.wait(for: "B mina@laptop")
        try terminal.wait(for: "quit > ")
        terminal.type("!")
        try terminal.wait(for: "For 1 conflict like this: a b take · 0 before > ")
        terminal.type("b")
        try terminal.wait(for: "value: 102 USD")
        try terminal.wait(for: "2 of 3")
        terminal.type("s")
        try terminal.wait(for: "3 of 3")
        terminal.type("u")
        try terminal.wait(for: "1 of 3")
        terminal.type("s")
        try terminal.wait(for: "2 of 3")
        terminal.type("!\u{03}")
        try terminal.wait(for: "Resolved 0 conflicts, 2 skipped; 4 left")
        #expect(running.wait().status == 130)
        #expect(terminal.echoes)
    }

    @Test("e opens the editor on the value; where nothing is changed the conflict stays")
    func editor() throws {
        try mina.write("#!/bin/sh\nsed -i 's/^value = .*/value = 105/' \"$1\"\n", to: "editor")
        #expect(chmod("\(mina.folder)/editor", 0o755) == 0)
        let terminal = try TypedTerminal()
        let running = try mina.start(
            on: terminal, editor: "\(mina.folder)/editor", "resolve", "-i", "--kind", "trade")
        try terminal.wait(for: "1 of 3")
        terminal.type("e")
        try terminal.wait(for: "value: 105 USD")
        try terminal.wait(for: "2 of 3")
        terminal.type("q")
        #expect(running.wait().status == 0)
        #expect(try mina.must("show", Self.china, "--json").output.contains("105"))

        let untouched = try TypedTerminal()
        let other = try mina.start(
            on: untouched, editor: "true", "resolve", "-i", "--kind", "trade")
        try untouched.wait(for: "1 of 2")
        untouched.type("e")
        try untouched.wait(for: "Nothing was changed")
        try untouched.wait(for: "1 of 2")
        untouched.type("q")
        #expect(other.wait().status == 0)
        #expect(try open().count == 3)
    }

    @Test("Ctrl-C: what was answered is written, the rest is as it was")
    func interrupted() throws {
        let terminal = try TypedTerminal()
        let running = try mina.start(on: terminal, "resolve", "-i", "--kind", "trade")
        try terminal.wait(for: "1 of 3")
        terminal.type("a")
        try terminal.wait(for: "2 of 3")
        terminal.type("\u{03}")
        try terminal.wait(for: "Resolved 1 conflict; 3 left")
        #expect(running.wait().status == 130)
        #expect(terminal.echoes)
        #expect(try open().count == 3)
        #expect(!FileManager.default.fileExists(atPath: mina.file + "-wal"))
    }

    @Test("sides that have changed while somebody thinks are shown anew, and nothing is written")
    func stale() throws {
        let terminal = try TypedTerminal()
        let running = try mina.start(on: terminal, "resolve", "-i", "7evi")
        try terminal.wait(for: "1 of 1")
        try jun.must("set", Self.china, "value=103")
        try mina.must("sync", "--pull", jun.file)
        terminal.type("a")
        try terminal.wait(
            for: "The sides are no longer those that were shown; nothing was written")
        try terminal.wait(for: "103")
        terminal.type("q")
        #expect(running.wait().status == 0)
        #expect(try open().count == 4)
    }

    @Test("a window that becomes narrower is drawn anew; Korean text keeps its columns")
    func resized() throws {
        let terminal = try TypedTerminal()
        let running = try mina.start(on: terminal, columns: 200, "resolve", "-i", "--kind", "event")
        try terminal.wait(for: "> ")
        terminal.resize(columns: 40, lines: 30)
        let shown = try terminal.wait(for: "> ")
        #expect(
            shown.withStableTimes == """

                1 of 1  event/panel
                before
                  record  there
                A jun@desk-2 13:57
                  record  deleted
                B mina@laptop 13:57
                  record  kept, and edited:
                  title   한국 패널
                1 unchanged field hidden (--all)
                a b take · d delete · k keep · s skip · u undo · ! alike · ? help · q quit > 
                """)
        terminal.type("q")
        #expect(running.wait().status == 0)
    }

    @Test("without a terminal it says so")
    func noTerminal() throws {
        let finished = try mina.tally("resolve", "-i")
        #expect(finished.status == 74)
        #expect(
            finished.errors
                == "tally: -i asks for keys, and there is no terminal\n"
                + "Give a rule: tally resolve --all --take RULE --dry-run\n")
        #expect(try mina.tally("resolve", "-i", "--take", "A").status == 64)
        #expect(try mina.tally("resolve", "-i", "--json").status == 64)
    }
}
