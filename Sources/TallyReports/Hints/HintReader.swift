import TallyCore
import TallyStore

/// Gathers what stands around the figures of records, and has them judged.
///
/// Not Sendable: it lives inside one access to the database.
public final class HintReader {
    private let access: DatasetAccess
    private let trade: TradeSeries?
    private var opened: FieldReader?

    /// Sources of one figure of the partner's that are looked at.
    private static let maximumMirrors = 20

    public init(_ access: DatasetAccess) {
        self.access = access
        trade = TradeSeries(access.kinds)
    }

    /// Opened where it is asked for: another tool may have dropped the table of a kind that nobody asks of.
    private func reader(_ trade: TradeSeries) throws -> FieldReader {
        if let opened { return opened }
        let new = try FieldReader(
            trade.fields, of: trade.kind, sharing: TradeSeries.Place.mirrorPartCount, in: access)
        opened = new
        return new
    }

    /// What is worth a look about the sides of a conflict over a figure; nothing for any other.
    ///
    /// First what is between sides, then side by side; those that hold one figure are told together.
    ///
    /// - Throws: `StoreError` where another tool has dropped or rebuilt the table of the record.
    /// - Complexity: at most 19 look-ups by key and a short range of it, each O(log records); O(sides²).
    public func hints(on conflict: Conflict) throws -> [Hint] {
        guard let figures = conflict.figures(in: access.kinds) else { return [] }
        let sides = zip(conflict.sides, figures).compactMap { side, figure in
            figure.map { (letter: side.letter, figure: $0) }
        }
        let hints = FigureJudge.scaleHints(between: sides)
        guard let trade, conflict.statement == trade.statement.name,
            let place = trade.place(of: conflict.record), !sides.isEmpty
        else { return hints }
        let surroundings = try surroundings(of: place, trade)
        return hints
            + FigureJudge.groups(sides).flatMap { group in
                FigureJudge.hints(
                    on: sides[group[0]].figure, in: surroundings,
                    sides: group.map { sides[$0].letter })
            }
    }

    /// What is worth a look about the figure that a record now holds.
    ///
    /// - Parameter fields: those that somebody has typed: where the figure is not among them nothing is said.
    /// - Throws: as of a conflict.
    /// - Complexity: as of a conflict.
    public func hints(
        on record: RecordAddress, typed fields: some Sequence<String>
    ) throws -> [Hint] {
        guard let trade, let place = trade.place(of: record),
            fields.contains(where: trade.fields.contains),
            let figure = try figure(at: record.key, trade)
        else { return [] }
        return FigureJudge.hints(on: figure, in: try surroundings(of: place, trade))
    }

    // MARK: Reading

    private func surroundings(
        of place: TradeSeries.Place, _ trade: TradeSeries
    ) throws -> Surroundings {
        var found = Surroundings()
        if let period = place.period {
            for other in [period.previous, period.next].compactMap(\.self) {
                guard let figure = try figure(at: place.key(at: other), trade) else { continue }
                found.neighbours.append(.init(period: other.text, figure: figure))
            }
            found.years = try Hint.Parts.allCases.compactMap {
                try year(of: place, period, $0, trade)
            }
        }
        if let (parts, flow) = place.mirror {
            let records = try reader(trade).records(sharing: parts, limit: Self.maximumMirrors)
            for (rest, values) in records {
                guard let figure = trade.figure(values) else { continue }
                found.mirrors.append(
                    .init(reporter: place.partner, flow: flow, source: rest[0], figure: figure))
            }
        }
        return found
    }

    /// - Returns: nil unless the year and all of its parts are there, but for the one that is judged.
    private func year(
        of place: TradeSeries.Place, _ period: SeriesPeriod, _ parts: Hint.Parts,
        _ trade: TradeSeries
    ) throws -> Surroundings.Year? {
        guard period.frequency == .year || period.frequency == parts.frequency,
            let year = SeriesPeriod(.year, period.year)
        else { return nil }
        var whole: Figure?
        if period.frequency != .year {
            whole = try figure(at: place.key(at: year), trade)
            if whole == nil { return nil }
        }
        var others: [Figure] = []
        for number in 1...parts.frequency.count(in: year.year) {
            guard let part = SeriesPeriod(parts.frequency, year.year, number), part != period else {
                continue
            }
            // Most years have no months: the first that is missing ends it.
            guard let figure = try figure(at: place.key(at: part), trade) else { return nil }
            others.append(figure)
        }
        return Surroundings.Year(year.text, parts, whole: whole, others: others)
    }

    private func figure(at key: RecordKey, _ trade: TradeSeries) throws -> Figure? {
        try reader(trade).values(of: key).flatMap(trade.figure)
    }
}

extension Hint.Parts {
    fileprivate var frequency: SeriesPeriod.Frequency {
        switch self {
        case .months: return .month
        case .quarters: return .quarter
        }
    }
}
