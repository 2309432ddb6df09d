import TallyCore

/// A number, and the currency or unit that its statement names beside it.
///
/// Only figures in one unit can be compared.
public struct Figure: Hashable, Sendable {
    public let amount: Double
    /// Null where the statement has no such field, or says nothing in it.
    public let unit: Value

    public init(_ amount: Double, unit: Value = .null) {
        (self.amount, self.unit) = (amount, unit)
    }
}

extension Kind {
    /// Where in a statement its figure and the unit of that stand: the first field that is a number, and the first that is
    /// named `unit` or ends so.
    public struct FigureFields: Hashable, Sendable {
        public let amount: Int
        public let unit: Int?

        /// - Returns: nil where there is no number, as in a statement that a newer version wrote in another way.
        public func figure(in values: [Value]) -> Figure? {
            guard amount < values.count, let number = values[amount].number else { return nil }
            guard let unit, unit < values.count else { return Figure(number) }
            return Figure(number, unit: values[unit])
        }
    }

    /// - Returns: nil for a statement without a figure.
    public func figureFields(of statement: Statement) -> FigureFields? {
        guard let amount = statement.fields.firstIndex(where: { field($0)?.type == .number }) else {
            return nil
        }
        let unit = statement.fields.firstIndex { $0 == "unit" || $0.hasSuffix("_unit") }
        return FigureFields(amount: amount, unit: unit)
    }
}

extension Conflict {
    /// The figure of each side, nil of those that have none.
    ///
    /// - Returns: nil for a conflict over something else.
    public func figures(in kinds: KindCatalog) -> [Figure?]? {
        guard let kind = kinds[record.kind], let own = kind.statement(of: statement),
            let fields = kind.figureFields(of: own)
        else { return nil }
        return sides.map { side in
            guard case .values(let values) = side.content else { return nil }
            return fields.figure(in: values)
        }
    }
}
