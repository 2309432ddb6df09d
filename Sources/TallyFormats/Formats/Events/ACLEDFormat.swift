import TallyCore
import TallyStore

/// Events of the Armed Conflict Location & Event Data project (ACLED), as its export tool and its API give them.
///
/// Of two rows with one id the one with the later `timestamp` counts.
///
/// Source: https://acleddata.com/knowledge-base/codebook
struct ACLEDFormat: EventFormat, SurveyingMapping {
    private(set) var table: EventTable
    /// The latest timestamp of each id, in seconds: of those read, and of the later rows of an id that stands twice.
    private var latest = RowLedger()
    private var withoutDay = 0

    static let layout = EventLayout(
        format: "acled", source: "acled",
        id: "event_id_cnty", date: "event_date", required: ["event_type"],
        used: [
            "year", "time_precision", "sub_event_type", "actor1", "assoc_actor_1", "actor2",
            "assoc_actor_2", "civilian_targeting", "iso", "iso3", "country", "location",
            "latitude", "longitude", "source", "notes", "fatalities", "tags", "timestamp",
        ],
        others: [
            "data_id", "event_id_no_cnty", "disorder_type", "inter1", "inter2", "interaction",
            "region", "admin1", "admin2", "admin3", "geo_precision", "source_scale",
            "population_1km", "population_2km", "population_5km", "population_best",
        ], whole: ["time_precision", "iso", "timestamp"], texts: ["event_id_cnty"],
        people: ["fatalities"], years: [("year", 4)], blanks: ["NA"],
        fields: ["title", "summary", "intensity", "tags"],
        figures: ["intensity": ["fatalities"]])

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool {
        header.has("event_id_cnty", "event_date", "event_type", "actor1")
    }

    init(_ header: TableHeader, _ context: MappingContext) throws {
        table = try EventTable(Self.layout, header, context)
    }

    var notes: [String] {
        withoutDay == 0
            ? []
            : [
                "events of which ACLED knows the week or the month, not the day, are dated to the month: \(withoutDay)"
            ]
    }

    private func timestamp(_ row: EventRow) -> UInt32 { UInt32(row["timestamp"]) ?? 0 }

    mutating func survey(_ cells: [String]) {
        let row = table.row(cells)
        let id = RowLedger.hash(row["event_id_cnty"])
        guard let newest = latest.entry(id)?.content else {
            // ``read(_:)`` notes the first row itself; few ids stand twice.
            return latest.note(id, content: 0, row: 1)
        }
        let timestamp = timestamp(row)
        // What is refused takes the place of no other.
        if timestamp > newest, (try? event(cells)) != nil {
            latest.note(id, content: timestamp, row: 1)
        }
    }

    mutating func read(_ cells: [String]) throws(InputFault) -> RowContent {
        let row = table.row(cells)
        let event = try event(cells)
        let id = RowLedger.hash(row["event_id_cnty"])
        let (timestamp, newest) = (timestamp(row), latest.entry(id)?.content ?? 0)
        if timestamp < newest {
            return .skipped("rows of an event that another row gives with a later timestamp")
        }
        if timestamp > newest { latest.note(id, content: timestamp, row: 1) }
        if event.place.country.isEmpty, !row["country"].isEmpty {
            table.note(row["country"], as: .country)
        }
        if event.isMisnumbered { table.note("\(row["iso"]) beside \(row["country"])", as: .number) }
        if !event.isExact { withoutDay += 1 }
        let precision = row["time_precision"]
        if !["", "1", "2", "3"].contains(precision) { table.note(precision, as: .precision) }
        table.compareYears(cells, event.date, event.date)
        table.count(cells, event.place)
        return .records([event.record])
    }

    /// What a row says.
    private struct Event {
        let record: RowRecord
        let place: EventPlace
        let date: String
        /// Whether its day is known.
        let isExact: Bool
        /// Whether the number of its country is that of another than the name.
        let isMisnumbered: Bool
    }

    private func event(_ cells: [String]) throws(InputFault) -> Event {
        let row = table.row(cells)
        try table.check(cells)
        let day = try PeriodCells.plain(row["event_date"], field: "date", order: .dmy)
        let isExact = ["", "1"].contains(row["time_precision"])
        let date = isExact ? day : String(day.prefix(7))
        let type = row["event_type"]
        let names = [row["actor1"], row["actor2"]].filter { !$0.isEmpty }
        let parties = names.map { StateNames.state(ofActor: $0, at: date) ?? $0 }
        // ACLED's first actor is no attacker, but where civilians are the target.
        let isTargeting =
            type == "Violence against civilians" || !row["civilian_targeting"].isEmpty
        let isDirected = isTargeting && parties.count == 2
        // In a monadic file every actor comes first once.
        let isTurned = isDirected && names[0].hasPrefix("Civilians")
        let ordered = isTurned ? parties.reversed() : parties
        let numbered = AreaCodes.shipped.area(m49: row["iso"])?.code
        let named = StateNames.area(row["country"], at: date)
        let place = EventPlace(
            location: row["location"], country: numbered ?? named ?? "",
            latitude: row["latitude"], longitude: row["longitude"])
        let record = try table.record(
            id: row["event_id_cnty"],
            [
                ("date", date), ("type", try Self.type(type, row["sub_event_type"])),
                ("code", type), ("title", row["sub_event_type"]),
                ("summary", row["notes"].plainText), ("intensity", row["fatalities"]),
            ] + place.fields,
            [
                ("actors", isDirected ? [ordered[0]] : ordered),
                ("targets", isDirected ? [ordered[1]] : []),
                (
                    "participants",
                    names + Self.list(row["assoc_actor_1"]) + Self.list(row["assoc_actor_2"])
                ), ("citations", Self.list(row["source"])), ("tags", Self.list(row["tags"])),
            ])
        return Event(
            record: record, place: place, date: date, isExact: isExact,
            isMisnumbered: numbered != nil && named != nil && numbered != named)
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
