import TallyCore
import TallyStore

/// Events of the Armed Conflict Location & Event Data project (ACLED), as its export tool and its API give them.
///
/// Of two rows with one id the one with the later `timestamp` counts.
///
/// Source: https://acleddata.com/knowledge-base/codebook
struct ACLEDFormat: ImportFormat, SurveyingMapping {
    static let name = "acled"
    static let options: ReadingOptions = []

    var kind: Kind { rows.kind }
    private let rows: EventRows
    /// The latest timestamp of each id, in seconds.
    private var latest = RowLedger()
    private var columns: EventColumns
    private var unknown = UnknownCodes()
    private var withoutDay = 0

    private static let used = [
        "event_id_cnty", "event_date", "year", "time_precision", "event_type", "sub_event_type",
        "actor1", "assoc_actor_1", "actor2", "assoc_actor_2", "civilian_targeting", "iso",
        "iso3", "country", "location", "latitude", "longitude", "source", "notes", "fatalities",
        "tags", "timestamp",
    ]

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool {
        header.has("event_id_cnty", "event_date", "event_type", "actor1")
    }

    init(_ header: TableHeader, _ context: MappingContext) throws {
        columns = try EventColumns(
            header, required: ["event_id_cnty", "event_date", "event_type"], used: Self.used,
            missing: ["NA"])
        rows = try EventRows(
            format: Self.name, source: "acled",
            given: [
                "date", "type", "code", "title", "summary", "intensity", "actors", "targets",
                "participants", "citations", "tags",
            ] + EventPlace.names, context)
    }

    var notKept: [String: Int] { columns.notKept }

    var remarks: [String] {
        let undated =
            "events of which ACLED knows the week or the month, not the day, are dated to the month: \(withoutDay)"
        return unknown.remarks("countries that are not known, whose events are taken without one")
            + (withoutDay == 0 ? [] : [undated]) + columns.remarks
    }

    private func timestamp(_ cells: [String]) -> UInt32 {
        UInt32(columns.cell("timestamp", of: cells)) ?? 0
    }

    mutating func survey(_ cells: [String]) {
        let id = RowLedger.hash(columns.cell("event_id_cnty", of: cells))
        let timestamp = timestamp(cells)
        if timestamp > latest.entry(id)?.content ?? 0 {
            latest.note(id, content: timestamp, row: 1)
        }
    }

    mutating func read(_ cells: [String]) throws(InputFault) -> RowContent {
        func cell(_ name: String) -> String { columns.cell(name, of: cells) }
        let id = try columns.needed("event_id_cnty", for: "id", of: cells)
        if let newest = latest.entry(RowLedger.hash(id))?.content, timestamp(cells) < newest {
            return .skipped("rows of an event that another row gives with a later timestamp")
        }
        let day = try PeriodCells.plain(
            columns.needed("event_date", for: "date", of: cells), field: "date", order: .dmy)
        let isExact = ["", "1"].contains(cell("time_precision"))
        let date = isExact ? day : String(day.prefix(7))
        let type = cell("event_type")
        let names = [cell("actor1"), cell("actor2")].filter { !$0.isEmpty }
        let parties = names.map { StateNames.state(ofActor: $0, at: date) ?? $0 }
        // ACLED's first actor is no attacker, but where civilians are the target.
        let isTargeting =
            type == "Violence against civilians" || !cell("civilian_targeting").isEmpty
        let isDirected = isTargeting && parties.count == 2
        let country = country(cells, at: date)
        let place = EventPlace(
            location: cell("location"), country: country ?? "", latitude: cell("latitude"),
            longitude: cell("longitude"))
        let record = try rows.record(
            id: id,
            [
                ("date", date), ("type", try Self.type(type, cell("sub_event_type"))),
                ("code", type), ("title", cell("sub_event_type")),
                ("summary", cell("notes").plainText), ("intensity", cell("fatalities")),
            ] + place.fields,
            [
                ("actors", isDirected ? [parties[0]] : parties),
                ("targets", isDirected ? [parties[1]] : []),
                (
                    "participants",
                    names + Self.list(cell("assoc_actor_1")) + Self.list(cell("assoc_actor_2"))
                ), ("citations", Self.list(cell("source"))), ("tags", Self.list(cell("tags"))),
            ])
        if country == nil, !cell("country").isEmpty { unknown.note(cell("country")) }
        if !isExact { withoutDay += 1 }
        columns.count(place)
        columns.count(cells)
        return .records([record])
    }

    private func country(_ cells: [String], at date: String) -> String? {
        AreaCodes.shipped.area(m49: columns.cell("iso", of: cells))?.code
            ?? StateNames.area(columns.cell("country", of: cells), at: date)
    }

    private static func list(_ cell: String) -> [String] {
        cell.split(separator: ";").map { String($0).oneLine }
    }

    private static func type(
        _ event: String, _ subEvent: String
    ) throws(InputFault) -> String {
        if let type = subEventTypes[subEvent.lowercased()] ?? eventTypes[event.lowercased()] {
            return type
        }
        throw InputFault(
            field: "type", "\(Quoted.short(event)) is no event type of ACLED",
            hint: "They are Battles, Explosions/Remote violence, Violence against civilians, "
                + "Protests, Riots, Strategic developments.")
    }

    private static let eventTypes = [
        "battles": "assault", "explosions/remote violence": "assault",
        "violence against civilians": "assault", "protests": "protest", "riots": "protest",
        "strategic developments": "other",
    ]

    /// Where a type of ACLED's holds things of several of ours.
    private static let subEventTypes = [
        "mob violence": "assault", "agreement": "agreement", "arrests": "coerce",
        "looting/property destruction": "coerce", "headquarters or base established": "mobilize",
    ]
}
