import TallyCore
import TallySimulator
import Testing

struct SeededGeneratorTests {
    @Test("the sequence is that of SplitMix64")
    func sequence() {
        var random = SeededGenerator(seed: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect((0..<5).map { _ in random.next() } == expected)
    }

    @Test("choices stay in their bounds and reach all of them")
    func choices() {
        var random = SeededGenerator(seed: 16)
        #expect(Set((0..<500).map { _ in random.below(7) }) == Set(0..<7))
        #expect(Set((0..<500).map { _ in random.number(in: -2...2) }) == Set(-2...2))
        #expect(Set((0..<200).map { _ in random.pick(["a", "b"]) }) == ["a", "b"])
        let hits = (0..<10_000).count { _ in random.chance(percent: 25) }
        #expect((2300...2700).contains(hits))
        let shuffles = Set((0..<500).map { _ in random.shuffled([1, 2, 3]) })
        #expect(shuffles.count == 6)
    }
}

struct HistoryGeneratorTests {
    @Test("one seed gives one history, which plays the same every time")
    func repeatable() throws {
        for seed in [1, 17, 4242] as [UInt64] {
            let histories = (0..<2).map { _ in HistoryGenerator.history(seed: seed) }
            #expect(histories[0].description == histories[1].description)
            let worlds = try histories.map { history in
                var world = ModelWorld(history)
                var player = HistoryPlayer(history)
                try player.playAll(on: &world)
                return world
            }
            #expect(worlds[0].changesets == worlds[1].changesets)
            #expect(worlds[0].copies.map(\.records) == worlds[1].copies.map(\.records))
        }
        #expect(
            HistoryGenerator.history(seed: 1).description
                != HistoryGenerator.history(seed: 2).description)
    }

    @Test("there are 2 to 5 copies, each doing something")
    func copies() {
        let counts = (1...200).map { HistoryGenerator.history(seed: $0).copies }
        #expect(Set(counts) == Set(2...5))
    }

    @Test("shrinking leaves the steps that matter")
    func shrinks() throws {
        let history = HistoryGenerator.history(seed: 3)
        let (first, last) = (try #require(history.steps.first), try #require(history.steps.last))
        let shrunk = history.shrunk { $0.steps.contains(first) && $0.steps.contains(last) }
        #expect(shrunk.steps == [first, last])
    }
}

struct ModelCopyTests {
    private let record = RecordAddress(kind: "figure", key: RecordKey(["1"]))

    private func copy(_ letter: Character) -> ModelCopy {
        ModelCopy(replica: ReplicaID(letter: letter), kinds: HistorySpace.figures.kinds)
    }

    private func note(_ text: String) -> Edit {
        Edit(
            kind: "figure", operation: .set(fields: ["note"]),
            rows: [Edit.Row(key: record.key, values: [.text(text)])])
    }

    private let clock = Timestamp(milliseconds: 1000)

    @Test("a changeset is taken in once")
    func once() throws {
        var (a, b) = (copy("a"), copy("b"))
        let changeset = a.write([note("x")], clock: clock)
        #expect(try b.integrate(changeset))
        let before = b.records
        #expect(try !b.integrate(changeset))
        #expect(b.records == before)
        #expect(b.log == [changeset])
    }

    @Test("a changeset is refused before what it has seen, and changes nothing")
    func causality() throws {
        var (a, b, c) = (copy("a"), copy("b"), copy("c"))
        let first = a.write([note("x")], clock: clock)
        let second = a.write([note("y")], clock: clock)
        try b.pull(from: a)
        let third = b.write([note("z")], clock: clock)
        for (changeset, has) in [(second, []), (third, []), (third, [first])] {
            c = copy("c")
            for early in has { try c.integrate(early) }
            let (records, vector) = (c.records, c.vector)
            #expect(throws: ModelFault.notCausal(changeset.revision, has: vector)) {
                try c.integrate(changeset)
            }
            #expect(c.records == records && c.vector == vector)
        }
    }

    @Test("a pull that breaks off goes on where it was")
    func halfWay() throws {
        var (a, b) = (copy("a"), copy("b"))
        for text in ["1", "2", "3"] { a.write([note(text)], clock: clock) }
        #expect(try b.pull(from: a, limit: 2) == 2)
        #expect(b.vector[a.replica] == 2)
        #expect(try b.pull(from: a, limit: 0) == 0)
        #expect(try b.pull(from: a) == 1)
        #expect(b.records == a.records)
        #expect(try b.pull(from: a) == 0)
    }

    @Test("part of a statement is refused, and changes nothing")
    func partOfStatement() throws {
        var a = copy("a")
        let row = Edit.Row(key: record.key, values: [.number(1)])
        let part = Edit(kind: "figure", operation: .set(fields: ["value"]), rows: [row])
        let changeset = ModelChangeset(
            revision: Revision(ReplicaID(letter: "b"), 1), seen: RevisionVector(), at: clock,
            edits: [note("x"), part])
        let fault = StatementLayout.Fault.partOfStatement(field: "value", missing: "unit")
        #expect(throws: ModelFault.layout(changeset.revision, fault)) {
            try a.integrate(changeset)
        }
        #expect(a.records.isEmpty && a.vector.isEmpty)
    }

    @Test("times follow what was seen, but for a clock that is a day ahead; others still count")
    func times() throws {
        var (a, b, c, d) = (copy("a"), copy("b"), copy("c"), copy("d"))
        b.write([note("near")], clock: Timestamp(milliseconds: 5000))
        c.write([note("far")], clock: Timestamp(milliseconds: 100_000_000))
        try a.pull(from: b)
        try a.pull(from: c)
        #expect(a.write([note("x")], clock: clock).at.milliseconds == 5001)
        try d.pull(from: c)
        #expect(d.write([note("x")], clock: clock).at == clock)
        #expect(d.write([note("y")], clock: clock).at.milliseconds == 1001)
    }

    @Test("the export shows what stands, and the conflicts")
    func export() throws {
        var (a, b) = (copy("a"), copy("b"))
        a.write(
            [
                note("x"),
                Edit(
                    kind: "figure", operation: .add(field: "tags"),
                    rows: [Edit.Row(key: record.key, values: [.text("u"), .text("t")])]),
            ], clock: clock)
        b.write([note("y")], clock: clock)
        try a.pull(from: b)
        #expect(
            a.exportText() == """
                figure/1 there
                  note "y"
                  tags ["t","u"]
                conflict figure/1 note add/add A "x" by A1 | B "y" by B1
                """)
        #expect(
            a.versionLines() == [
                "figure/1 - present A1", "figure/1 - present B1", #"figure/1 note "x" A1#0"#,
                #"figure/1 note "y" B1#0"#, #"figure/1 tags "t" in A1"#,
                #"figure/1 tags "u" in A1"#,
            ])
    }
}
