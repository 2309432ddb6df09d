import TallyCore
import TallyStore

/// Events of ICEWS (Integrated Crisis Early Warning System): 20 columns between tabs, with quotes as ordinary characters and
/// `NA` where nothing is known.
///
/// What two do together (they meet, they agree) stands in two rows of one sentence, once from either side. These are one
/// event here, with the lower id of the two, of which both are actors and both targets.
///
/// Source: https://doi.org/10.7910/DVN/28075.
struct ICEWSFormat: EventFormat {
    private(set) var table: EventTable
    /// How many columns a row has.
    private let width: Int
    private var names = AreaNames()
    /// Events of which the two rows say two places.
    private var placeless = 0

    static let layout = EventLayout(
        format: "icews", source: "icews", id: "Event ID", date: "Event Date",
        required: ["Source Name", "CAMEO Code", "Target Name"], used: ICEWSRow.used,
        others: ["Source Sectors", "Target Sectors"], shown: ICEWSRow.shown,
        whole: ["Event ID", "Story ID", "Sentence Number"], blanks: ["NA", "NULL"],
        fields: ["title", "intensity"], figures: ["intensity": ["Intensity"]])

    init(_ header: TableHeader, _ context: MappingContext) throws {
        guard Self.fits(header, context) else {
            throw FormatError(
                "the columns are not those of ICEWS", location: "row 1",
                hint: "It has \(Self.layout.allRequired.joined(separator: ", ")).")
        }
        table = try EventTable(Self.layout, header, context)
        width = header.names.count
    }

    var notes: [String] {
        placeless == 0
            ? []
            : [
                "of \(placeless) joined event\(placeless == 1 ? "" : "s") the two rows say two places: "
                    + "kept is what they have in common"
            ]
    }

    /// - Parameter cells: of a row, or of the two rows of one event.
    mutating func read(_ cells: [String]) throws(InputFault) -> RowContent {
        let row = Array(cells[..<width])
        let rows = cells.count > width ? [row, Array(cells[width...])] : [row]
        for row in rows { try table.check(row) }
        var events = rows.map(event)
        events.sort { $0.number < $1.number }
        let first = events[0]
        let type = try CAMEO.typeOfRow(first.code)
        let date = try PeriodCells.plain(first.date, field: "date")
        let places = events.map { $0.place(&names, at: date) }
        let place = Self.common(places)
        var (actors, targets): ([String], [String]) = ([], [])
        for event in events {
            actors.append(names.area(event.sourceCountry, at: date) ?? event.source)
            targets.append(names.area(event.targetCountry, at: date) ?? event.target)
        }
        let record = try table.record(
            id: first.id,
            [
                ("date", date), ("type", type ?? ""),
                ("code", first.code), ("title", first.text), ("intensity", first.intensity),
            ] + place.fields,
            [
                ("actors", actors), ("targets", targets),
                ("participants", [first.source, first.target]),
                ("citations", events.map(\.publisher)),
            ])
        if type == nil, !first.code.isEmpty { table.note(first.code, as: .code) }
        for name in events.flatMap(\.countries)
        where !name.isEmpty && names.area(name, at: date) == nil {
            table.note(name, as: .countryName)
        }
        if places.contains(where: { $0 != places[0] }) { placeless += 1 }
        table.count(row, place)
        return .records([record])
    }

    private func event(_ cells: [String]) -> ICEWSRow { ICEWSRow(table.row(cells)) }

    /// What the rows of one event say of the place: all where they say the same, else the country if that is the same.
    private static func common(_ places: [EventPlace]) -> EventPlace {
        guard let other = places.dropFirst().first, other != places[0] else { return places[0] }
        let country = other.country == places[0].country ? other.country : ""
        return EventPlace(location: "", country: country, latitude: "", longitude: "")
    }
}

extension ICEWSFormat: PairMapping {
    /// What two do together, as types of events.
    private static let mutual: Set<String> = ["agree", "consult", "support", "cooperate"]

    /// The sentence that the event was read in.
    func group(of cells: [String]) -> String? { event(cells).sentence }

    /// Of acts that are not done together each side's is an event of its own: who accuses is not who is accused.
    func isPair(_ cells: [String], _ other: [String]) -> Bool {
        let (one, two) = (event(cells), event(other))
        return one.mirrors(two) && CAMEO.type(of: one.code).map(Self.mutual.contains) == true
    }
}
