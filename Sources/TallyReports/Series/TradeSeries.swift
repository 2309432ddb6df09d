import TallyCore
import TallyStore

/// How the kind `trade` holds series of figures: the one place that knows its fields by name.
///
/// A series is the figures of one reporter, partner, flow, product and source, period by period. Of another version of the
/// kind, with another key or another sort of value, nothing is known, and nothing said.
struct TradeSeries {
    let kind: Kind
    /// The statement that holds the figure.
    let statement: Kind.Statement
    private let positions: Kind.FigureFields

    private static let kindName = "trade"
    private static let key = ["reporter", "partner", "flow", "product", "period", "source"]
    private static let value = "value"
    private static let opposite = ["X": "M", "M": "X"]

    /// - Returns: nil where there is no such kind.
    init?(_ kinds: KindCatalog) {
        guard let kind = kinds[Self.kindName], kind.key.map(\.name) == Self.key,
            let statement = kind.statement(of: Self.value),
            let positions = kind.figureFields(of: statement),
            statement.fields[positions.amount] == Self.value
        else { return nil }
        (self.kind, self.statement, self.positions) = (kind, statement, positions)
    }

    /// The field of the figure, and that of its unit.
    var fields: [String] {
        [statement.fields[positions.amount]] + (positions.unit.map { [statement.fields[$0]] } ?? [])
    }

    /// - Parameter values: those of `fields`.
    func figure(_ values: [Value]) -> Figure? {
        values[0].number.map { Figure($0, unit: values.count > 1 ? values[1] : .null) }
    }

    /// A record of the kind, by the parts of its key.
    struct Place {
        let reporter, partner, flow, product, source: String
        /// Nil where nothing stands directly before or after it.
        let period: SeriesPeriod?
        private let periodText: String

        /// - Precondition: the key is one of the kind.
        fileprivate init(_ key: RecordKey) {
            let parts = key.parts
            (reporter, partner, flow, product) = (parts[0], parts[1], parts[2], parts[3])
            (periodText, source) = (parts[4], parts[5])
            period = SeriesPeriod(periodText)
        }

        /// The record of the same series and another period.
        func key(at other: SeriesPeriod) -> RecordKey {
            RecordKey([reporter, partner, flow, product, other.text, source])
        }

        /// What the keys of those begin with who report the same trade from the other side.
        ///
        /// - Returns: nil where there is no other side: of flows that are neither exports nor imports, and of a country with
        ///   itself.
        var mirror: (parts: [String], flow: String)? {
            guard let opposite = TradeSeries.opposite[flow], reporter != partner else { return nil }
            return ([partner, reporter, opposite, product, periodText], opposite)
        }
    }

    /// - Returns: nil for a record of another kind.
    func place(of record: RecordAddress) -> Place? {
        guard record.kind == kind.name, record.key.count == kind.key.count else { return nil }
        return Place(record.key)
    }
}

extension TradeSeries.Place {
    /// How many parts of the key all that report one trade from one side share.
    static let mirrorPartCount = 5
}
