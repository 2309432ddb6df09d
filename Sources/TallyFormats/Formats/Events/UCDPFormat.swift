import TallyCore
import TallyStore

/// The Georeferenced Event Dataset of the Uppsala Conflict Data Program (UCDP GED), releases and candidate events.
///
/// Source: https://ucdp.uu.se/downloads/ged/ged251.pdf
struct UCDPFormat: EventFormat {
    private(set) var table: EventTable

    static let layout = EventLayout(
        format: "ucdp-ged", source: "ucdp", id: "id", date: "date_start",
        required: ["side_a", "side_b"],
        used: [
            "type_of_violence", "conflict_name", "source_article", "where_coordinates", "latitude",
            "longitude", "country", "date_prec", "date_end", "best", "best_est", "year",
        ],
        others: [
            "relid", "active_year", "code_status", "conflict_dset_id", "conflict_new_id",
            "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id",
            "side_b_dset_id", "side_b_new_id", "number_of_sources", "source_office", "source_date",
            "source_headline", "source_original", "where_prec", "where_description", "adm_1",
            "adm_2", "geom_wkt", "priogrid_gid", "country_id", "region", "event_clarity",
            "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "high", "low",
            "high_est", "low_est", "gwnoa", "gwnob",
        ], whole: ["id", "type_of_violence", "date_prec"], people: ["best", "best_est"],
        years: [("year", 4)], blanks: ["NA"], fields: ["end_date", "title", "intensity"],
        figures: ["intensity": ["best", "best_est"]])

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool {
        header.has("id", "type_of_violence", "side_a", "side_b", "date_start", "date_end")
            && header.index(anyOf: ["best", "best_est"]) != nil
    }

    init(_ header: TableHeader, _ context: MappingContext) throws {
        table = try EventTable(Self.layout, header, context)
    }

    mutating func read(_ cells: [String]) throws(InputFault) -> RowContent {
        let row = table.row(cells)
        func cell(_ name: String) -> String { row[name].oneLine }
        try table.check(cells)
        let precision = cell("date_prec")
        let (first, last) = try Self.dates(
            cell("date_start"), cell("date_end"), precision: precision)
        let country = cell("country")
        let area = StateNames.area(country, at: first)
        let sides = [Self.parties(cell("side_a")), Self.parties(cell("side_b"))]
        let parties = sides.map { $0.map { StateNames.state(ofActor: $0, at: first) ?? $0 } }
        // Only violence against civilians has one side that acts.
        let isOneSided = cell("type_of_violence") == "3"
        let articles = Self.articles(row["source_article"])
        let kept = articles.filter { $0.utf8.count <= FieldType.maximumElementBytes }
        let place = EventPlace(
            location: cell("where_coordinates"), country: area ?? "",
            latitude: cell("latitude"), longitude: cell("longitude"))
        let best = cell("best")
        let record = try table.record(
            id: row["id"],
            [
                ("date", first), ("end_date", last == first ? "" : last), ("type", "assault"),
                ("code", cell("type_of_violence")), ("title", cell("conflict_name")),
                ("intensity", best.isEmpty ? cell("best_est") : best),
            ] + place.fields,
            [
                ("actors", isOneSided ? parties[0] : parties[0] + parties[1]),
                ("targets", isOneSided ? parties[1] : []),
                ("participants", sides[0] + sides[1]),
                ("citations", kept),
            ])
        if !["", "1", "2", "3", "4", "5"].contains(precision) {
            table.note(precision, as: .precision)
        }
        if area == nil, !country.isEmpty { table.note(country, as: .country) }
        if kept.count < articles.count { table.leaveOut("source_article (longer than 1 KiB)") }
        table.compareYears(cells, first, last)
        table.count(cells, place)
        return .records([record])
    }

    /// Those of one side: `Government of Australia, Government of United Kingdom` are two.
    private static func parties(_ side: String) -> [String] {
        side.replacing(", Government of ", with: "\nGovernment of ").split(separator: "\n")
            .map(String.init)
    }

    /// Days up to a precision of a week; beyond that the months in which the event must lie.
    private static func dates(
        _ start: String, _ end: String, precision: String
    ) throws(InputFault) -> (first: String, last: String) {
        let first = try PeriodCells.plain(start, field: "date")
        let last = end.isEmpty ? first : try PeriodCells.plain(end, field: "end_date")
        guard let number = Int(precision), number > 3 else { return (first, last) }
        return (String(first.prefix(7)), String(last.prefix(7)))
    }

    /// The articles that an event is taken from: `"A,2013-01-03,…";"B,…"`, or, as until 2012, one as text, or several
    /// with blank lines between.
    private static func articles(_ cell: String) -> [String] {
        let text = cell.replacing("\r\n", with: "\n").trimmingSpaces
        guard text.hasPrefix("\""), text.hasSuffix("\""), text.utf8.count > 1 else {
            return text.split(separator: "\n\n").map { String($0).oneLine }
        }
        return text.dropFirst().dropLast().replacing("\"; \"", with: "\";\"")
            .split(separator: "\";\"").map { String($0).oneLine }
    }
}
