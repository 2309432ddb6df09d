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
    /// - Complexity: at most 18 look-ups by key and a short range of it, each O(log records); O(sides²).
    public func hints(on conflict: Conflict) throws -> [Hint] {
        let sides = figures(of: conflict)
        let hints = FigureJudge.scaleHints(between: sides)
        guard !sides.isEmpty, let (trade, place) = place(of: conflict) else { return hints }
        let surroundings = try surroundings(of: place, trade)
        return hints
            + FigureJudge.groups(sides).flatMap { group in
                FigureJudge.hints(
                    on: sides[group[0]].figure, in: surroundings,
                    sides: group.map { sides[$0].letter })
            }
    }

    /// Whether there is anything worth a look about a conflict; reads no further than to the first that is found.
    ///
    /// - Throws: as the hints themselves.
    /// - Complexity: as the hints themselves.
    public func hasHints(on conflict: Conflict) throws -> Bool {
        let sides = figures(of: conflict)
        if !FigureJudge.scaleHints(between: sides).isEmpty { return true }
        guard !sides.isEmpty, let (trade, place) = place(of: conflict) else { return false }
        func isOdd(_ surroundings: Surroundings) -> Bool {
            sides.contains { !FigureJudge.hints(on: $0.figure, in: surroundings).isEmpty }
        }
        // What takes the most look-ups comes last.
        return try isOdd(Surroundings(neighbours: neighbours(of: place, trade)))
            || isOdd(Surroundings(mirrors: mirrors(of: place, trade)))
            || isOdd(Surroundings(years: years(of: place, trade)))
    }

    private func figures(of conflict: Conflict) -> [(letter: String, figure: Figure)] {
        guard let figures = conflict.figures(in: access.kinds) else { return [] }
        return zip(conflict.sides, figures).compactMap { side, figure in
            figure.map { (side.letter, $0) }
        }
    }

    /// Where in its series a conflict is; nil for one over something else than the figure of a series.
    private func place(of conflict: Conflict) -> (TradeSeries, TradeSeries.Place)? {
        guard let trade, conflict.statement == trade.statement.name else { return nil }
        return trade.place(of: conflict.record).map { (trade, $0) }
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
        Surroundings(
            neighbours: try neighbours(of: place, trade), years: try years(of: place, trade),
            mirrors: try mirrors(of: place, trade))
    }

    private func neighbours(
        of place: TradeSeries.Place, _ trade: TradeSeries
    ) throws -> [Surroundings.Neighbour] {
        try [place.period?.previous, place.period?.next].compactMap(\.self).compactMap { period in
            try figure(at: place.key(at: period), trade).map {
                .init(period: period.text, figure: $0)
            }
        }
    }

    private func mirrors(
        of place: TradeSeries.Place, _ trade: TradeSeries
    ) throws -> [Surroundings.Mirror] {
        guard let (parts, flow) = place.mirror else { return [] }
        return try reader(trade).records(sharing: parts, limit: Self.maximumMirrors).compactMap {
            rest, values in
            trade.figure(values).map {
                .init(reporter: place.partner, flow: flow, source: rest[0], figure: $0)
            }
        }
    }

    private func years(
        of place: TradeSeries.Place, _ trade: TradeSeries
    ) throws -> [Surroundings.Year] {
        guard let period = place.period else { return [] }
        return try Hint.Parts.allCases.compactMap { try year(of: place, period, $0, trade) }
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
