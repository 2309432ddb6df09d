import TallyCore

/// How far apart the figures of a conflict are.
public struct ConflictStake: Sendable, Equatable {
    /// The largest less the smallest.
    public let gap: Double
    /// The currency or unit that all sides name; nil where the field has none.
    public let unit: String?
    /// The gap as a part of the figure that is furthest from 0.
    public let share: Double
}

extension Conflict {
    /// - Returns: nil where the sides are not figures of one unit.
    public func stake(in kinds: KindCatalog) -> ConflictStake? {
        guard let kind = kinds[record.kind], let own = kind.statement(of: statement),
            let figure = own.fields.firstIndex(where: { kind.field($0)?.type == .number })
        else { return nil }
        let unit = own.fields.firstIndex { $0 == "unit" || $0.hasSuffix("_unit") }
        var figures: [Double] = []
        var units: Set<Value> = []
        for side in sides {
            guard case .values(let values) = side.content, case .number(let number) = values[figure]
            else { return nil }
            figures.append(number)
            if let unit { units.insert(values[unit]) }
        }
        guard units.count < 2, let least = figures.min(), let most = figures.max() else {
            return nil
        }
        let largest = max(abs(least), abs(most))
        return ConflictStake(
            gap: most - least, unit: units.first?.text,
            share: largest == 0 ? 0 : (most - least) / largest)
    }
}

extension Value {
    fileprivate var text: String? {
        if case .text(let text) = self { return text }
        return nil
    }
}
