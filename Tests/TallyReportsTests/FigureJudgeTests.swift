import TallyCore
import TallyStore
import Testing

@testable import TallyReports

/// The judge of figures: every hint, where it begins, and what raises none.
@Suite struct FigureJudgeTests {
    private static func usd(_ amount: Double) -> Figure { Figure(amount, unit: .text("USD")) }
    private static func eur(_ amount: Double) -> Figure { Figure(amount, unit: .text("EUR")) }

    /// `A 1000 B exact`
    private func scales(_ figures: Figure...) -> [String] {
        let sides = figures.enumerated().map {
            (letter: SideLetter.text(of: $0.offset), figure: $0.element)
        }
        return FigureJudge.scaleHints(between: sides).map { hint in
            guard case .scale(let scale) = hint.finding else { return "?" }
            return "\(scale.larger.joined()) \(Int(scale.factor)) \(scale.smaller.joined())"
                + (scale.isExact ? "" : " about")
        }
    }

    private func findings(
        _ figure: Figure, _ change: (inout Surroundings) -> Void
    ) -> [Hint.Finding] {
        var surroundings = Surroundings()
        change(&surroundings)
        return FigureJudge.hints(on: figure, in: surroundings).map(\.finding)
    }

    // MARK: Scale

    @Test("a thousand, a million or a billion times, exactly and about")
    func scale() {
        #expect(scales(Self.usd(115_696_334), Self.usd(115_696_334_000)) == ["B 1000 A"])
        #expect(scales(Self.usd(124_817_682_000), Self.usd(124_818)) == ["A 1000000 B about"])
        #expect(scales(Self.usd(124.8), Self.usd(124_817_682_000)) == ["B 1000000000 A about"])
        #expect(scales(Self.usd(-5), Self.usd(-5000)) == ["B 1000 A"])
        #expect(scales(Figure(2), Figure(2000)) == ["B 1000 A"])
    }

    @Test("decimals that were typed a thousand times smaller are told exactly")
    func scaleOfDecimals() {
        for cents in stride(from: 1, through: 99_999, by: 7) {
            guard let large = Double("\(cents)e1"), let small = Double("\(cents)e-2") else {
                continue
            }
            #expect(scales(Self.usd(small), Self.usd(large)) == ["B 1000 A"])
        }
    }

    @Test("figures too far apart for a number raise nothing, and are no fault")
    func beyondNumbers() {
        let (huge, tiny) = (Self.usd(1.7e308), Self.usd(.leastNonzeroMagnitude))
        #expect(ConflictStake([huge, Self.usd(-1.7e308)]) == nil)
        #expect(scales(huge, tiny) == [])
        #expect(
            findings(huge) {
                $0.neighbours = [.init(period: "2022", figure: tiny)]
                $0.mirrors = [
                    .init(reporter: "CHN", flow: "M", source: "gacc", figure: tiny)
                ]
            }.isEmpty == false)
        let year = Surroundings.Year(
            "2023", .quarters, whole: nil, others: Array(repeating: huge, count: 4))
        #expect(findings(Self.usd(-1.7e308)) { $0.years = [year] } == [])
    }

    @Test("up to 5 % off, either way, and no further")
    func scaleBounds() {
        #expect(scales(Self.usd(100), Self.usd(105_000)) == ["B 1000 A about"])
        #expect(scales(Self.usd(105), Self.usd(100_000)) == ["B 1000 A about"])
        #expect(scales(Self.usd(100), Self.usd(105_100)) == [])
        #expect(scales(Self.usd(105.1), Self.usd(100_000)) == [])
        #expect(scales(Self.usd(100), Self.usd(1000)) == [])
        #expect(scales(Self.usd(100), Self.usd(101)) == [])
    }

    @Test("nothing, other signs and other units have no factor")
    func noScale() {
        #expect(scales(Self.usd(0), Self.usd(1000)) == [])
        #expect(scales(Self.usd(0), Self.usd(0)) == [])
        #expect(scales(Self.usd(-1), Self.usd(1000)) == [])
        #expect(scales(Self.usd(1), Self.eur(1000)) == [])
        #expect(scales(Figure(1), Self.usd(1000)) == [])
        #expect(scales() == [])
    }

    @Test("of five sides those are told together that hold one figure, or stand against one")
    func fiveSides() {
        let (unit, thousand) = (Self.usd(5_000_000), Self.usd(5000))
        #expect(
            scales(unit, thousand, unit, Self.usd(5), thousand) == [
                "AC 1000 BE", "BE 1000 D", "AC 1000000 D",
            ])
    }

    // MARK: Jump

    private func jump(
        _ amount: Double, before: Figure? = nil, after: Figure? = nil
    ) -> String? {
        let found = findings(Self.usd(amount)) { around in
            let all = [("before", before), ("after", after)]
            around.neighbours = all.compactMap { name, figure in
                figure.map { .init(period: name, figure: $0) }
            }
        }
        guard case .jump(let jump)? = found.first else { return nil }
        return "\(jump.period) \(NumberText.of(jump.ratio))"
    }

    @Test("more than ten times a neighbour, or less than a tenth")
    func jump() {
        #expect(jump(1001, before: Self.usd(100)) == "before 10.01")
        #expect(jump(1000, before: Self.usd(100)) == nil)
        #expect(jump(10, before: Self.usd(100)) == nil)
        #expect(jump(8, after: Self.usd(100)) == "after 0.08")
        #expect(jump(-2000, before: Self.usd(-100)) == "before 20")
    }

    @Test("of two neighbours both, to the same side: else the other one jumps, or the series grows")
    func bothNeighbours() {
        #expect(jump(2000, before: Self.usd(100), after: Self.usd(125)) == "after 16")
        #expect(jump(4, before: Self.usd(100), after: Self.usd(125)) == "before 0.04")
        #expect(jump(2000, before: Self.usd(100), after: Self.usd(2100)) == nil)
        #expect(jump(2000, before: Self.usd(100), after: Self.usd(50_000)) == nil)
    }

    @Test("neighbours that are nothing, of another unit or of another sign say nothing")
    func noJump() {
        #expect(jump(2000) == nil)
        #expect(jump(2000, before: Self.usd(0)) == nil)
        #expect(jump(2000, before: Self.usd(0), after: Self.usd(100)) == "after 20")
        #expect(jump(2000, before: Self.eur(100)) == nil)
        #expect(jump(2000, before: Self.eur(1900), after: Self.usd(100)) == "after 20")
        #expect(jump(2000, before: Self.usd(-100), after: Self.usd(100)) == nil)
        #expect(jump(0, before: Self.usd(100)) == nil)
    }

    // MARK: Sum

    private func sum(_ figure: Figure, _ year: Surroundings.Year) -> String? {
        guard case .sum(let sum)? = findings(figure, { $0.years = [year] }).first else {
            return nil
        }
        return "\(NumberText.of(sum.total)) for \(NumberText.of(sum.whole)), "
            + "\(sum.isPart ? "a part" : "the whole"), gap \(NumberText.of(sum.stake.gap))"
    }

    private static let hundreds = Array(repeating: usd(100), count: 12)

    @Test("months that do not add up to the year, and what the gap is")
    func sumOfYear() {
        let months = Surroundings.Year("2023", .months, whole: nil, others: Self.hundreds)
        #expect(sum(Self.usd(1200), months) == nil)
        #expect(sum(Self.usd(1300), months) == "1200 for 1300, the whole, gap 100")
        #expect(sum(Self.usd(1100), months) == "1200 for 1100, the whole, gap 100")
    }

    @Test("a month that makes the sum another, and a quarter")
    func sumOfPart() {
        let months = Surroundings.Year(
            "2023", .months, whole: Self.usd(1200), others: Array(Self.hundreds.dropLast()))
        #expect(sum(Self.usd(100), months) == nil)
        #expect(sum(Self.usd(400), months) == "1500 for 1200, a part, gap 300")
        let quarters = Surroundings.Year(
            "2023", .quarters, whole: Self.usd(400), others: Array(Self.hundreds.prefix(3)))
        #expect(sum(Self.usd(0), quarters) == "300 for 400, a part, gap 100")
        #expect(sum(Self.usd(-100), quarters) == "200 for 400, a part, gap 200")
    }

    @Test("figures of three digits may be off by their rounding: 1 % of the larger")
    func sumTolerance() {
        let months = Surroundings.Year("2023", .months, whole: nil, others: Self.hundreds)
        #expect(sum(Self.usd(1188), months) == nil)
        #expect(sum(Self.usd(1212), months) == nil)
        #expect(sum(Self.usd(1187), months) == "1200 for 1187, the whole, gap 13")
        #expect(sum(Self.usd(1213), months) == "1200 for 1213, the whole, gap 13")
    }

    @Test("a year of several units is not added up; nothing adds up to nothing")
    func mixedSum() {
        let mixed = Surroundings.Year(
            "2023", .quarters, whole: nil,
            others: Array(Self.hundreds.prefix(3)) + [Self.eur(100)])
        #expect(sum(Self.usd(5000), mixed) == nil)
        let euro = Surroundings.Year(
            "2023", .quarters, whole: Self.eur(400), others: Array(Self.hundreds.prefix(3)))
        #expect(sum(Self.usd(5000), euro) == nil)
        let nothing = Surroundings.Year(
            "2023", .quarters, whole: nil, others: Array(repeating: Self.usd(0), count: 4))
        #expect(sum(Self.usd(0), nothing) == nil)
        let huge = Surroundings.Year(
            "2023", .quarters, whole: nil, others: Array(repeating: Self.usd(1e308), count: 4))
        #expect(sum(Self.usd(1), huge) == nil)
    }

    // MARK: Mirror

    private func mirror(_ amount: Double, _ others: (source: String, figure: Figure)...) -> String?
    {
        let found = findings(Self.usd(amount)) { around in
            around.mirrors = others.map {
                .init(reporter: "CHN", flow: "M", source: $0.source, figure: $0.figure)
            }
        }
        guard case .mirror(let mirror)? = found.first else { return nil }
        return "\(mirror.source) \(NumberText.of(mirror.stake.gap))"
    }

    @Test("more than a quarter of the larger of the two, either way")
    func mirror() {
        #expect(mirror(75, ("gacc", Self.usd(100))) == nil)
        #expect(mirror(74, ("gacc", Self.usd(100))) == "gacc 26")
        #expect(mirror(100, ("gacc", Self.usd(74))) == "gacc 26")
        #expect(mirror(100, ("gacc", Self.usd(0))) == "gacc 100")
        // What freight and insurance come to.
        #expect(mirror(100, ("gacc", Self.usd(110))) == nil)
    }

    @Test("of several sources the nearest: where one agrees there is nothing to look for")
    func nearestMirror() {
        #expect(mirror(100, ("comtrade", Self.usd(105)), ("gacc", Self.usd(300))) == nil)
        #expect(
            mirror(100, ("comtrade", Self.usd(200)), ("gacc", Self.usd(300))) == "comtrade 100")
    }

    @Test("other units, corrections below nothing and nobody else say nothing")
    func noMirror() {
        #expect(mirror(100) == nil)
        #expect(mirror(100, ("gacc", Self.eur(300))) == nil)
        #expect(mirror(-100, ("gacc", Self.usd(300))) == nil)
        #expect(mirror(100, ("gacc", Self.usd(-300))) == nil)
        #expect(mirror(0, ("gacc", Self.usd(0))) == nil)
    }
}
