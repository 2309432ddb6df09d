import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// One conflict between many people: how it looks, and what becomes of it when they settle it differently.
@Suite struct ManySidesTests {
    private static let china = "trade/KOR/CHN/X/TOTAL/2023/motie"
    private static let id = "7evirar6"

    private let mina: Analyst
    private let others: [Analyst]

    init() throws {
        let pair = try Office.pair()
        mina = pair.mina
        try mina.must(
            "add", "trade", "reporter=KOR", "partner=CHN", "flow=X", "product=TOTAL", "period=2023",
            "source=motie", "value=100", "tags=first")
        let office = mina.office
        others =
            try [pair.jun] + (3...5).map { try office.analyst("analyst\($0)", machine: "pc-\($0)") }
        for other in others { try other.must("clone", mina.file, "korea.tally") }
    }

    private var everybody: [Analyst] { [mina] + others }

    /// Each writes another value, in the order of `everybody`, and adds a tag.
    private func quarrel(_ people: [Analyst]) throws {
        for (number, person) in people.enumerated() {
            try person.must("set", Self.china, "value=\(101 + number)", "tags+=of-\(person.name)")
        }
    }

    /// Everybody has what everybody has.
    private func meet(_ people: [Analyst]) throws {
        for _ in 0..<2 {
            for person in people.dropFirst() { try people[0].must("sync", person.file) }
        }
        let exports = try people.map { try $0.export() }
        #expect(exports.allSatisfy { $0 == exports[0] })
    }

    private func sides(_ person: Analyst) throws -> [String] {
        let conflicts = try person.conflicts()
        try #require(conflicts.count == 1)
        #expect(conflicts[0]["id"] as? String == Self.id)
        return (conflicts[0]["sides"] as? [[String: Any]] ?? []).map { side in
            let value = (side["value"] as? [String: Any])?["value"] ?? ""
            return "\(side["letter"] ?? "") \(value) \(side["author"] ?? "")"
        }
    }

    /// What the record is after all.
    private func value(_ person: Analyst) throws -> String {
        let json = try person.must("query", "--json", "SELECT value, tags FROM trade").json
        return (json["rows"] as? [[Any]])?.first.map { "\($0[0]) \($0[1])" } ?? ""
    }

    private static let columns = """
               before  A mina@laptop 13:57  B jun@desk-2 13:57  C analyst3@pc-3 13:57  D analyst4@pc-4 13:57  E analyst5@pc-5 13:57
        value  100     101                  102                 103                    104                    105
        tags           +of-mina             +of-jun             +of-analyst3           +of-analyst4           +of-analyst5           merged
        5 unchanged fields hidden (--all)

        """

    @Test("five sides, and a set to which all have added: a column each, or one below the other")
    func five() throws {
        try quarrel(everybody)
        try meet(everybody)
        let advice = "Settle it with: tally resolve \(Self.id) --take LETTER\n"
        #expect(
            try mina.shown(onTerminalOf: 200, "conflicts", Self.id).withStableTimes
                == "\(Self.china)\n\(Self.columns)\(advice)")
        #expect(
            try mina.shown(onTerminalOf: 200, "conflicts") == """
                1 open conflict in 1 record (sync goes on)
                ID        RECORD                            WHAT       FIELD  SIDES                                                                                         GAP  SINCE
                7evirar6  trade/KOR/CHN/X/TOTAL/2023/motie  edit/edit  value  A mina@laptop · B jun@desk-2 · C analyst3@pc-3 · D analyst4@pc-4 · E analyst5@pc-5  4 USD · 3.8 %  just now

                """)
        #expect(
            try mina.shown(onTerminalOf: 80, "conflicts", Self.id).withStableTimes == """
                \(Self.china)
                                       value  tags (merged)
                before                 100
                A mina@laptop 13:57    101    +of-mina
                B jun@desk-2 13:57     102    +of-jun
                C analyst3@pc-3 13:57  103    +of-analyst3
                D analyst4@pc-4 13:57  104    +of-analyst4
                E analyst5@pc-5 13:57  105    +of-analyst5
                5 unchanged fields hidden (--all)
                \(advice)
                """)
        #expect(
            try mina.shown(onTerminalOf: 80, "conflicts") == """
                1 open conflict in 1 record (sync goes on)
                RECORD
                  ID        WHAT       FIELD  SIDES                                GAP  SINCE
                trade/KOR/CHN/X/TOTAL/2023/motie
                  7evirar6  edit/edit  value  A mina@laptop · B jun@desk-2 · C   4 USD  just now
                                              analyst3@pc-3 · D analyst4@pc-4 ·
                                              E analyst5@pc-5

                """)

        let terminal = try TypedTerminal()
        let running = try mina.start(on: terminal, columns: 200, "resolve", "-i")
        #expect(
            try terminal.wait(for: "q quit > ").withStableTimes == """

                1 of 1  \(Self.china)
                \(Self.columns)\
                a b c D E take · 0 before · e edit · s skip · u undo · ! alike · ? help · q quit > 
                """)
        terminal.type("E")
        try terminal.wait(for: "Resolved 1 conflict; 0 left")
        #expect(running.wait().status == 0)
        try meet(everybody)
        #expect(
            try value(mina)
                == #"105 ["first","of-analyst3","of-analyst4","of-analyst5","of-jun","of-mina"]"#)
    }

    @Test("colours on a terminal that has them, and the same text without")
    func colours() throws {
        let people = Array(everybody.prefix(2))
        try quarrel(people)
        try meet(people)
        func shown(_ color: Bool) throws -> String {
            let terminal = try TypedTerminal()
            let running = try mina.start(on: terminal, color: color, "conflicts", Self.id)
            #expect(running.wait().status == 0)
            return terminal.shown()
        }
        let (coloured, plain) = (try shown(true), try shown(false))
        #expect(coloured.contains("\u{1B}["))
        #expect(!plain.contains("\u{1B}"))
        #expect(coloured.replacing(/\x1B\[[0-9;]*m/, with: "") == plain)
    }

    @Test("what a third person wrote beside a conflict is not lost where lines are short")
    func third() throws {
        let people = Array(everybody.prefix(3))
        try people[0].must("set", Self.china, "value=101")
        try people[1].must("set", Self.china, "value=102", "-m", "from the release of the ministry")
        try people[2].must("set", Self.china, "note=checked with the yearbook")
        try meet(people)
        #expect(
            try mina.shown(onTerminalOf: 70, "conflicts", Self.id).withStableTimes == """
                \(Self.china)
                                     value
                before               100
                A mina@laptop 13:57  101
                B jun@desk-2 13:57   102    “from the release of the ministry”
                note  checked with the yearbook, merged: from analyst3
                5 unchanged fields hidden (--all)
                Settle it with: tally resolve \(Self.id) --take LETTER

                """)
        #expect(
            try mina.shown(onTerminalOf: 40, "conflicts", Self.id).withStableTimes == """
                \(Self.china)
                before
                  value  100
                A mina@laptop 13:57
                  value  101
                B jun@desk-2 13:57
                  value  102
                         “from the release of the
                         ministry”
                note  checked with the yearbook, merged:
                      from analyst3
                5 unchanged fields hidden (--all)
                Settle it with: tally resolve \(Self.id) --take LETTER

                """)
    }

    @Test(
        "three settle it in three ways: a conflict again, the same for all, and settled once for all"
    )
    func threeWays() throws {
        let people = Array(everybody.prefix(3))
        try quarrel(Array(people.prefix(2)))
        try meet(people)
        for person in people {
            #expect(try sides(person) == ["A 101 mina", "B 102 jun"])
        }
        try mina.must("resolve", Self.id, "--take", "A")
        try people[1].must("resolve", Self.id, "--take", "B")
        try people[2].must("resolve", Self.id, "--set", "value=103")
        try meet(people)
        for person in people {
            #expect(try sides(person) == ["A 101 mina", "B 102 jun", "C 103 analyst3"])
        }
        // Two of them alike.
        try mina.must("resolve", Self.id, "--take", "C")
        try people[1].must("resolve", Self.id, "--take", "C")
        try people[2].must("resolve", Self.id, "--take", "A")
        try meet(people)
        for person in people { #expect(try sides(person).count == 2) }
        try people[1].must("resolve", Self.id, "--set", "value=104")
        try meet(people)
        for person in people {
            #expect(try person.conflicts().isEmpty)
            try person.must("verify")
        }
        #expect(try value(mina).hasPrefix("104 "))
    }
}
