import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// What is worth a look about figures: with a conflict, and when somebody types one; texts compared whole.
@Suite struct HintTests {
    private static let china = "trade/KOR/CHN/X/TOTAL/2023/kosis"
    private static let america = "trade/KOR/USA/X/TOTAL/2023/kosis"

    private let mina: Analyst
    private let jun: Analyst

    /// Exports to China, the twelve months of 2023 among them, and what China reports; exports to the US of one year.
    init() throws {
        (mina, jun) = try Office.pair()
        let months = (1...12).map { month in
            "KOR,CHN,X,TOTAL,2023-\(month < 10 ? "0" : "")\(month),kosis,10400000000\n"
        }
        try mina.write(
            "reporter,partner,flow,product,period,source,value\n"
                + "KOR,CHN,X,TOTAL,2022,kosis,155789389000\n"
                + "KOR,CHN,X,TOTAL,2023,kosis,124817682000\n"
                + "CHN,KOR,M,TOTAL,2023,gacc,161749877000\n" + "KOR,USA,X,TOTAL,2022,kosis,100\n"
                + months.joined(), to: "trade.csv")
        try mina.must("import", "trade.csv")
    }

    /// Mina and jun disagree over the exports to China.
    private func disagree() throws -> String {
        try jun.must("clone", mina.file, "korea.tally")
        try jun.must("set", Self.china, "value=124817682", "-m", "typed")
        try mina.must("set", Self.china, "value=125000000000", "-m", "rounded")
        try mina.must("sync", "--pull", jun.file)
        return try #require(try mina.conflicts().first?["id"] as? String)
    }

    @Test("figures at the ends of what a number can be do not stop the list")
    func beyondNumbers() throws {
        try jun.must("clone", mina.file, "korea.tally")
        try mina.must("set", Self.china, "value=1.7e308")
        try jun.must("set", Self.china, "value=-1.7e308")
        try mina.must("set", "trade/KOR/CHN/X/TOTAL/2022/kosis", "value=5e-324")
        try mina.must("sync", jun.file)
        let conflicts = try mina.conflicts()
        #expect(conflicts.count == 1)
        #expect(conflicts.first?["gap"] is NSNull)
        let id = try #require(conflicts.first?["id"] as? String)
        try mina.must("conflicts", id)
        try mina.must("conflicts", "--sort", "gap")
    }

    // MARK: Of a conflict

    private static let block = """
        Worth a look:
          B is about 1,000 x A: thousands for units?
          A is 1/1,248 of the value of 2022 (155,789,389,000)
          A: the months add up to 124,800,000,000: a gap of 125 bn USD · 99.8 %
          A: CHN reports 161,749,877,000 as M (gacc): a gap of 162 bn USD · 99.9 %

        """

    @Test("under the sides stands what is worth a look, and about which of them")
    func detail() throws {
        let id = try disagree()
        let expected = """
            \(Self.china)
                   before           A jun@desk-2 13:57  B mina@laptop 13:57
            value  124,817,682,000  124,817,682         125,000,000,000
                                    “typed”             “rounded”
            5 unchanged fields hidden (--all)
            \(Self.block)Settle it with: tally resolve \(id) --take LETTER

            """
        #expect(try mina.must("conflicts", id).output.withStableTimes == expected)
    }

    @Test("on a narrow terminal a hint takes two lines; none is cut")
    func narrow() throws {
        let id = try disagree()
        let shown = try mina.shown(onTerminalOf: 50, "conflicts", id)
        let expected = """
            Worth a look:
              B is about 1,000 x A: thousands for units?
              A is 1/1,248 of the value of 2022
              (155,789,389,000)
              A: the months add up to 124,800,000,000: a gap
              of 125 bn USD · 99.8 %
              A: CHN reports 161,749,877,000 as M (gacc): a
              gap of 162 bn USD · 99.9 %
            Settle it with
            """
        #expect(shown.contains(expected), "\(shown)")
    }

    @Test("in the list a mark before the gap, and what it means below")
    func list() throws {
        let id = try disagree()
        let expected = """
            1 open conflict in 1 record (sync goes on)
            ID        RECORD                            WHAT       FIELD  SIDES                                           GAP  SINCE
            \(id)  \(Self.china)  edit/edit  value  A jun@desk-2 · B mina@laptop  ! 125 bn USD · 99.9 %  just now
            ! worth a look: tally conflicts ID says why

            """
        #expect(try mina.must("conflicts").output == expected)
    }

    @Test("as JSON: a word, the side, the text, and the figures of each sort")
    func json() throws {
        _ = try disagree()
        let hints = try #require(try mina.conflicts().first?["hints"] as? [[String: Any]])
        #expect(
            hints.map { $0["text"] as? String }
                == Self.block.split(separator: "\n").dropFirst().map { String($0.dropFirst(2)) })
        let none = [String]()
        let gaps = [124_675_182_318, 161_625_059_318]
        let expected: [[String: Any]] = [
            [
                "hint": "scale", "side": NSNull(), "sides": none, "factor": 1000,
                "larger": ["B"], "smaller": ["A"],
            ],
            [
                "hint": "jump", "side": "A", "sides": ["A"], "period": "2022",
                "value": 155_789_389_000, "ratio": 124_817_682.0 / 155_789_389_000,
            ],
            [
                "hint": "sum", "side": "A", "sides": ["A"], "parts": "months", "year": "2023",
                "sum": 124_800_000_000, "value": 124_817_682,
                "gap": [
                    "value": gaps[0], "unit": "USD", "share": Double(gaps[0]) / 124_800_000_000,
                ],
            ],
            [
                "hint": "mirror", "side": "A", "sides": ["A"], "reporter": "CHN", "flow": "M",
                "source": "gacc", "value": 161_749_877_000,
                "gap": [
                    "value": gaps[1], "unit": "USD", "share": Double(gaps[1]) / 161_749_877_000,
                ],
            ],
        ]
        func text(_ hint: [String: Any]) throws -> String {
            let plain = hint.filter { $0.key != "text" }
            return String(
                decoding: try JSONSerialization.data(
                    withJSONObject: plain, options: [.sortedKeys]), as: UTF8.self)
        }
        #expect(try hints.map(text) == expected.map(text))
    }

    @Test("resolve -i shows the same")
    func interactive() throws {
        _ = try disagree()
        let terminal = try TypedTerminal()
        let running = try mina.start(on: terminal, "resolve", "-i")
        let shown = try terminal.wait(for: "q quit > ")
        #expect(shown.contains("hidden (--all)\n\(Self.block)a b take"), "\(shown)")
        terminal.type("q")
        try terminal.wait(for: "1 left")
        #expect(running.wait().status == 0)
    }

    @Test("a conflict over something else has none, and no mark")
    func otherConflict() throws {
        try jun.must("clone", mina.file, "korea.tally")
        try jun.must("set", Self.china, "note=1000")
        try mina.must("set", Self.china, "note=1")
        try mina.must("sync", "--pull", jun.file)
        #expect(try !mina.must("conflicts").output.contains("!"))
        #expect(try (mina.conflicts().first?["hints"] as? [Any])?.isEmpty == true)
    }

    // MARK: Typed

    private func said(_ arguments: String..., by analyst: Analyst? = nil) throws -> String {
        let finished = try (analyst ?? mina).tally(arguments)
        #expect(finished.status == 0, "\(arguments): \(finished.errors)")
        return finished.errors
    }

    @Test("add and set tell after the write; nothing is refused, and -q is quiet")
    func typed() throws {
        let added = try said(
            "add", "trade", "reporter=KOR", "partner=USA", "flow=X", "product=TOTAL", "period=2023",
            "source=kosis", "value=1057")
        #expect(added == "Worth a look: 1,057 is 10.6 x the value of 2022 (100)\n")
        #expect(try said("set", Self.america, "value=99") == "")
        #expect(
            try said("set", Self.america, "value=9", "--json")
                == "Worth a look: 9 is 1/11.1 of the value of 2022 (100)\n")
        // What is so already, and what is no figure.
        #expect(try said("set", Self.america, "value=9") == "")
        #expect(try said("set", Self.america, "status=P", "note=odd") == "")
        #expect(try said("set", Self.america, "value=8", "-q") == "")
        #expect(try said("set", Self.america, "value=0") == "")
        #expect(try said("set", Self.america, "value=") == "")
        #expect(try said("set", Self.america, "value=7", "unit=KRW") == "")
    }

    @Test("a month that makes another year of it")
    func month() throws {
        #expect(
            try said("set", "trade/KOR/CHN/X/TOTAL/2023-05/kosis", "value=14000000000") == """
                Worth a look: 14,000,000,000: with it the months of 2023 add up to 128,400,000,000, \
                the year is 124,817,682,000: a gap of 3.58 bn USD · 2.8 %

                """)
        #expect(
            try said("set", "trade/KOR/CHN/X/TOTAL/2023-05/kosis", "value=11000000000") == "")
    }

    @Test("edit tells of the figure that was written in the editor")
    func edited() throws {
        try mina.write("sed -i 's/^value = .*/value = 9/' \"$1\"", to: "editor.sh")
        let finished = try mina.tally(
            ["edit", "trade/KOR/USA/X/TOTAL/2022/kosis"], environment: ["VISUAL": "sh editor.sh"])
        #expect(finished.status == 0)
        #expect(finished.errors == "")
        try mina.must(
            "add", "trade", "reporter=KOR", "partner=USA", "flow=X", "product=TOTAL", "period=2023",
            "source=kosis", "value=10")
        try mina.write("sed -i 's/^value = .*/value = 1000/' \"$1\"", to: "editor.sh")
        let jump = try mina.tally(
            ["edit", Self.america], environment: ["VISUAL": "sh editor.sh"])
        #expect(jump.status == 0)
        #expect(jump.errors == "Worth a look: 1,000 is 111 x the value of 2022 (9)\n")
    }

    @Test("resolve tells of a value that is set, not of a side that is taken; of several by record")
    func resolved() throws {
        let id = try disagree()
        #expect(try said("resolve", id, "--take", "A") == "")
        try mina.must("undo")
        #expect(try said("resolve", id, "--set", "value=1", "--dry-run") == "")
        #expect(
            try said("resolve", id, "--set", "value=90000000000") == """
                Worth a look: 90,000,000,000: the months add up to 124,800,000,000: a gap of 34.8 bn USD · 27.8 %
                Worth a look: 90,000,000,000: CHN reports 161,749,877,000 as M (gacc): \
                a gap of 71.7 bn USD · 44.3 %

                """)
    }
}
