import TallyCore
import TallyStore

/// Says what looks wrong about a figure, from the figures around it.
///
/// A judge of numbers only: it reads nothing, and refuses nothing. Figures of other units are passed over.
public enum FigureJudge {
    /// Units against thousands, millions, billions.
    public static let scales: [Double] = [1e3, 1e6, 1e9]
    /// What a figure may be off by that was rounded to two digits: 1.05 rounded to 1.
    public static let scaleTolerance = 0.05
    /// A figure jumps when it is more than this many times its neighbours, or they are of it.
    public static let jumpRatio = 10.0
    /// Months rounded to three digits, as ministries publish them, are off by at most 0.5 %, and so is such a year.
    public static let sumTolerance = 0.01
    /// Freight and insurance explain some 10 % between exports (FOB) and imports (CIF), the time at sea and trade by way
    /// of a third country more.
    public static let mirrorTolerance = 0.25

    // MARK: Between sides

    /// Sides of which one is about a thousand, a million or a billion times another, the least first.
    ///
    /// - Parameter sides: letters and figures, in their order.
    /// - Complexity: O(sides²).
    public static func scaleHints(between sides: [(letter: String, figure: Figure)]) -> [Hint] {
        let groups = groups(sides)
        return scales.flatMap { factor in
            groups.compactMap { holders in
                let figure = sides[holders[0]].figure
                let smaller = sides.filter { isScaled(figure, factor, of: $0.figure) }
                guard !smaller.isEmpty else { return nil }
                let scale = Hint.Scale(
                    factor: factor, larger: holders.map { sides[$0].letter },
                    smaller: smaller.map(\.letter),
                    // The quotient is rounded to what would be typed; a product need not be.
                    isExact: smaller.allSatisfy { figure.amount / factor == $0.figure.amount })
                return Hint(sides: [], figure: figure, finding: .scale(scale))
            }
        }
    }

    private static func isScaled(_ large: Figure, _ factor: Double, of small: Figure) -> Bool {
        guard large.unit == small.unit, let ratio = ratio(large.amount, small.amount) else {
            return false
        }
        return ratio <= factor * (1 + scaleTolerance) && ratio * (1 + scaleTolerance) >= factor
    }

    /// The positions of those that hold one figure, each figure once.
    static func groups(_ sides: [(letter: String, figure: Figure)]) -> [[Int]] {
        sides.indices.reduce(into: [[Int]]()) { groups, index in
            let known = groups.firstIndex { sides[$0[0]].figure == sides[index].figure }
            if let known { groups[known].append(index) } else { groups.append([index]) }
        }
    }

    // MARK: Against what stands around it

    /// - Parameter sides: the letters of those that hold the figure.
    public static func hints(
        on figure: Figure, in surroundings: Surroundings, sides: [String] = []
    ) -> [Hint] {
        var findings: [Hint.Finding] = []
        if let jump = jump(figure, surroundings.neighbours) { findings.append(.jump(jump)) }
        findings += surroundings.years.compactMap { sum(figure, $0).map { .sum($0) } }
        if let mirror = mirror(figure, surroundings.mirrors) { findings.append(.mirror(mirror)) }
        return findings.map { Hint(sides: sides, figure: figure, finding: $0) }
    }

    /// Away from every neighbour to the same side: where one of two is near, the other one is what jumps.
    private static func jump(
        _ figure: Figure, _ neighbours: [Surroundings.Neighbour]
    ) -> Hint.Jump? {
        let jumps = neighbours.filter { $0.figure.unit == figure.unit && $0.figure.amount != 0 }
            .map { neighbour in
                ratio(figure.amount, neighbour.figure.amount).map {
                    Hint.Jump(period: neighbour.period, neighbour: neighbour.figure, ratio: $0)
                }
            }
        let known = jumps.compactMap(\.self)
        // A figure of the other sign is no multiple: of such a series nothing is known.
        guard known.count == jumps.count else { return nil }
        // By division: 0.1 is no double.
        let isAbove = known.allSatisfy { $0.ratio > jumpRatio }
        let isBelow = known.allSatisfy { 1 / $0.ratio > jumpRatio }
        if isAbove { return known.min { $0.ratio < $1.ratio } }
        return isBelow ? known.max { $0.ratio < $1.ratio } : nil
    }

    /// - Returns: nil where one is 0, the two are of different signs, or too far apart for a number.
    private static func ratio(_ a: Double, _ b: Double) -> Double? {
        guard a != 0, b != 0, (a < 0) == (b < 0) else { return nil }
        let ratio = a / b
        return ratio.isFinite && ratio != 0 && (1 / ratio).isFinite ? ratio : nil
    }

    /// The gap is taken as a part of the larger of the two.
    private static func sum(_ figure: Figure, _ year: Surroundings.Year) -> Hint.Sum? {
        let all = year.others + [figure] + (year.whole.map { [$0] } ?? [])
        guard all.allSatisfy({ $0.unit == figure.unit }) else { return nil }
        let others = year.others.reduce(0) { $0 + $1.amount }
        let total = year.whole == nil ? others : others + figure.amount
        let whole = year.whole?.amount ?? figure.amount
        guard total.isFinite,
            let stake = ConflictStake([
                Figure(total, unit: figure.unit), Figure(whole, unit: figure.unit),
            ]), stake.share > sumTolerance
        else { return nil }
        return Hint.Sum(
            year: year.year, parts: year.parts, total: total, whole: whole,
            isPart: year.whole != nil, stake: stake)
    }

    /// The nearest of the partner's figures: where one of its sources agrees there is nothing to look for here.
    private static func mirror(
        _ figure: Figure, _ mirrors: [Surroundings.Mirror]
    ) -> Hint.Mirror? {
        // What is below 0 is a correction, not what crossed a border.
        guard figure.amount >= 0 else { return nil }
        let compared = mirrors.filter { $0.figure.amount >= 0 }.compactMap { mirror in
            ConflictStake([figure, mirror.figure]).map { (mirror: mirror, stake: $0) }
        }
        guard let nearest = compared.min(by: { $0.stake.share < $1.stake.share }),
            nearest.stake.share > mirrorTolerance
        else { return nil }
        let mirror = nearest.mirror
        return Hint.Mirror(
            reporter: mirror.reporter, flow: mirror.flow, source: mirror.source,
            reported: mirror.figure, stake: nearest.stake)
    }
}
