import TallyCore

/// How far apart figures of one unit are: the sides of a conflict, or any two.
public struct ConflictStake: Sendable, Hashable {
    /// The largest less the smallest.
    public let gap: Double
    /// The currency or unit that all sides name; nil where the field has none.
    public let unit: String?
    /// The gap as a part of the figure that is furthest from 0.
    public let share: Double

    /// - Returns: nil where there is no figure, where they are not of one unit, or too far apart for a number.
    public init?(_ figures: [Figure]) {
        let amounts = figures.map(\.amount)
        guard let least = amounts.min(), let most = amounts.max(), let first = figures.first,
            figures.allSatisfy({ $0.unit == first.unit })
        else { return nil }
        let largest = max(abs(least), abs(most))
        gap = most - least
        unit = first.unit.text
        share = largest == 0 ? 0 : gap / largest
        guard gap.isFinite, share.isFinite else { return nil }
    }
}

extension Conflict {
    /// - Returns: nil where the sides are not figures of one unit.
    public func stake(in kinds: KindCatalog) -> ConflictStake? {
        guard let figures = figures(in: kinds), !figures.contains(nil) else { return nil }
        return ConflictStake(figures.compactMap(\.self))
    }
}
