import StoreTestSupport
import TallyCore
import TallyReports
import Testing

@testable import TallyStore

/// What is gathered around a figure from a file, and what is said of conflicts.
@Suite struct HintReaderTests {
    private let folder: TestFolder
    private let mina: Copy
    private let jun: Copy
    private let clock = TestClock()
    private static let figure: Set<String> = ["value"]

    init() throws {
        folder = try TestFolder()
        mina = try folder.copy("mina", clock: clock)
        jun = try folder.copy("jun", of: mina, clock: clock)
    }

    private func address(
        _ period: String, source: String = "kosis", reporter: String = "KOR",
        partner: String = "CHN", flow: String = "X"
    ) -> String {
        "trade/\(reporter)/\(partner)/\(flow)/TOTAL/\(period)/\(source)"
    }

    private func add(_ figures: [String: Double]) throws {
        try mina.write { editor in
            for (record, value) in figures {
                try editor.edit(try wanted(RecordAddress(record)), [.figure(value)])
            }
        }
    }

    /// `jump`, `sum`, `mirror`, with the sides that they are about.
    private func words(_ hints: [Hint]) -> [String] {
        hints.map { hint in
            let word =
                switch hint.finding {
                case .scale(let scale):
                    "scale " + (scale.larger + [">"] + scale.smaller).joined()
                case .jump(let jump): "jump \(jump.period)"
                case .sum(let sum): "\(sum.parts.rawValue) \(NumberText.of(sum.total))"
                case .mirror(let mirror): "mirror \(mirror.reporter) \(mirror.source)"
                }
            return (hint.sides + [word]).joined(separator: " ")
        }
    }

    private func typed(_ record: String, _ fields: Set<String> = figure) throws -> [String] {
        let address = try wanted(RecordAddress(record))
        return words(
            try mina.dataset.read { try HintReader($0).hints(on: address, typed: fields) })
    }

    private func conflicts() throws -> [[String]] {
        try mina.dataset.read { access in
            let reader = HintReader(access)
            return try access.conflicts().map { conflict in
                let hints = try reader.hints(on: conflict)
                #expect(try reader.hasHints(on: conflict) == !hints.isEmpty)
                return words(hints)
            }
        }
    }

    @Test("neighbours are of the same series and frequency")
    func neighbours() throws {
        try add([
            address("2022"): 100, address("2023"): 5000, address("2023-Q3"): 1,
            address("2023-Q4"): 5000, address("2024-Q1"): 4000, address("2024", source: "motie"): 1,
            address("2022-12"): 1,
        ])
        #expect(try typed(address("2023")) == ["jump 2022"])
        #expect(try typed(address("2023-Q4")) == [])
        #expect(try typed(address("2023-Q3")) == ["jump 2023-Q4"])
        #expect(try typed(address("2022-12")) == [])
    }

    @Test("all twelve months have to be there, and the year; quarters are added up by themselves")
    func years() throws {
        let months = (1...12).map { address("2023-" + ($0 < 10 ? "0\($0)" : "\($0)")) }
        try add(Dictionary(uniqueKeysWithValues: months.dropLast().map { ($0, 100) }))
        try add([address("2023"): 1500])
        #expect(try typed(address("2023")) == [])
        #expect(try typed(months[0]) == [])
        try add([months[11]: 100])
        #expect(try typed(address("2023")) == ["months 1200"])
        #expect(try typed(months[11]) == ["months 1200"])
        try add(Dictionary(uniqueKeysWithValues: (1...4).map { (address("2023-Q\($0)"), 400) }))
        #expect(try typed(address("2023")) == ["months 1200", "quarters 1600"])
        #expect(try typed(address("2023-Q2")) == ["quarters 1600"])
        try mina.edit(months[3], .figure(nil))
        #expect(try typed(address("2023")) == ["quarters 1600"])
    }

    @Test("the partner's opposite flow, of any source; not the same flow, nor other flows")
    func mirrors() throws {
        try add([
            address("2023"): 100, address("2023", source: "motie", flow: "RX"): 100,
            address("2023", source: "gacc", reporter: "CHN", partner: "KOR", flow: "X"): 1,
            address("2023", source: "gacc", reporter: "CHN", partner: "KOR", flow: "RM"): 1,
            address("2022", source: "gacc", reporter: "CHN", partner: "KOR", flow: "M"): 200,
        ])
        #expect(try typed(address("2023")) == [])
        try add([
            address("2023", source: "gacc", reporter: "CHN", partner: "KOR", flow: "M"): 300,
            address("2023", source: "comtrade", reporter: "CHN", partner: "KOR", flow: "M"): 200,
        ])
        #expect(try typed(address("2023")) == ["mirror CHN comtrade"])
        #expect(try typed(address("2023", source: "motie", flow: "RX")) == [])
        #expect(
            try typed(
                address("2023", source: "gacc", reporter: "CHN", partner: "KOR", flow: "M"))
                == ["mirror KOR kosis"])
        // What a country brings back.
        try add([
            address("2023", reporter: "CHN", partner: "CHN", flow: "M"): 1,
            address("2023", reporter: "CHN", partner: "CHN", flow: "X"): 9,
        ])
        #expect(try typed(address("2023", reporter: "CHN", partner: "CHN", flow: "M")) == [])
    }

    @Test("who types something else than the figure is told nothing; a deleted neighbour is none")
    func otherFields() throws {
        try add([address("2022"): 100, address("2023"): 5000])
        #expect(try typed(address("2023"), ["status", "note"]) == [])
        #expect(try typed(address("2023"), ["unit"]) == ["jump 2022"])
        #expect(try typed(address("1999")) == [])
        #expect(try typed("event/summit") == [])
        try mina.edit(address("2022"), .delete)
        #expect(try typed(address("2023")) == [])
    }

    @Test("of a conflict each side is judged; between them too")
    func sides() throws {
        try add([address("2022"): 110, address("2023"): 100])
        try jun.pull(from: mina)
        try jun.edit(address("2023"), .figure(102_000))
        clock.advance(seconds: 1)
        try mina.edit(address("2023"), .figure(101.5))
        try mina.pull(from: jun)
        #expect(try conflicts() == [["scale A>B", "A jump 2022"]])
    }

    @Test("each sort of hint is found where it is the only one")
    func eachAlone() throws {
        let quarters = (1...4).map { address("2023-Q\($0)") }
        let mirror = address("2021", source: "gacc", reporter: "CHN", partner: "KOR", flow: "M")
        try add(Dictionary(uniqueKeysWithValues: quarters.map { ($0, 25) }))
        try add([
            address("2019"): 100, address("2021"): 100, mirror: 200, address("2023"): 100,
            address("2025"): 100, address("2026"): 2000, address("2028"): 100,
        ])
        try jun.pull(from: mina)
        for (copy, value) in [(jun, 101.0), (mina, 102.0)] {
            for year in ["2019", "2021", "2023", "2025"] {
                try copy.edit(address(year), .figure(value * (year == "2023" ? 2 : 1)))
            }
            try copy.edit(address("2028"), .figure(value * (value > 101 ? 1000 : 1)))
            clock.advance(seconds: 1)
        }
        try mina.pull(from: jun)
        #expect(
            try conflicts() == [
                [], ["A mirror CHN gacc", "B mirror CHN gacc"],
                ["A quarters 100", "B quarters 100"], ["A jump 2026", "B jump 2026"],
                ["scale B>A"],
            ])
    }

    @Test("sides that hold one figure, and sides that hold none")
    func sameFigures() throws {
        try add([address("2022"): 1, address("2023"): 100])
        try jun.pull(from: mina)
        let third = try folder.copy("yuna", of: mina)
        try jun.edit(address("2023"), .figure(100, status: "A"))
        try mina.edit(address("2023"), .figure(100, status: "P"))
        try third.edit(address("2023"), .figure(nil))
        try mina.pull(from: jun)
        try mina.pull(from: third)
        let found = try conflicts()
        #expect(found.count == 1)
        #expect(found.first?.count == 1)
        #expect(found.first?.first?.hasSuffix("jump 2022") == true, "\(found)")
        #expect(found.first?.first?.split(separator: " ").count == 4, "\(found)")
    }

    @Test("a deletion beside an edit, a note and a record of another kind have no hints")
    func otherConflicts() throws {
        try add([address("2022"): 1, address("2023"): 100])
        try mina.edit("event/summit", .set(statement: "title", value: [.text("a")]))
        try jun.pull(from: mina)
        try jun.edit(address("2023"), .delete)
        try mina.edit(address("2023"), .figure(5000))
        try jun.edit(address("2022"), .note("1000"))
        try mina.edit(address("2022"), .note("1"))
        try jun.edit("event/summit", .set(statement: "title", value: [.text("1000")]))
        try mina.edit("event/summit", .set(statement: "title", value: [.text("1")]))
        try mina.pull(from: jun)
        #expect(try conflicts() == [[], [], []])
    }

    @Test("of other figures than the value only the sides are compared")
    func quantities() throws {
        try add([address("2023"): 100])
        try jun.pull(from: mina)
        try jun.edit(
            address("2023"),
            .set(statement: "quantity", value: [.number(5000), .text("kg"), .null]))
        try mina.edit(
            address("2023"), .set(statement: "quantity", value: [.number(5), .text("kg"), .null]))
        try jun.edit(address("2023"), .set(statement: "net_weight_kg", value: [.number(7)]))
        try mina.edit(address("2023"), .set(statement: "net_weight_kg", value: [.number(7000)]))
        try mina.pull(from: jun)
        #expect(try conflicts().map { $0.map { $0.hasPrefix("scale") } } == [[true], [true]])
    }

    @Test("of a trade with another key, as another version may have it, nothing is known")
    func otherKinds() throws {
        let trade = try wanted(KindCatalog.shipped["trade"])
        let setting = try wanted(KindCatalog.shipped["setting"])
        let other = Kind(
            name: "trade", key: Array(trade.key.dropLast()), fields: trade.fields,
            statements: trade.statements)
        let copy = try folder.copy("other", kinds: KindCatalog([other, setting]))
        try copy.edit("trade/KOR/CHN/X/TOTAL/2022", .figure(1))
        try copy.edit("trade/KOR/CHN/X/TOTAL/2023", .figure(1000))
        let address = try wanted(RecordAddress("trade/KOR/CHN/X/TOTAL/2023"))
        let hints = try copy.dataset.read {
            try HintReader($0).hints(on: address, typed: ["value"])
        }
        #expect(hints == [])
    }

    @Test("figures are found by their keys: no table is read whole")
    func plans() throws {
        let table = KindTable(try wanted(KindCatalog.shipped["trade"]))
        for sharedCount in [5, 6] {
            let sql = table.select(["value", "unit"], sharing: sharedCount)
                .replacing("LIMIT ?", with: "LIMIT 1").replacing("?", with: "'x'")
            let plan = "\(try mina.sql("EXPLAIN QUERY PLAN \(sql)"))"
            #expect(plan.contains("SEARCH trade USING PRIMARY KEY"), "\(plan)")
            #expect(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "\(plan)")
        }
    }
}
