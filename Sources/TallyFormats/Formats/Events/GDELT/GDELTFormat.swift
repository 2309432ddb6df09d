import TallyCore
import TallyStore

/// Events of GDELT 1.0 and 2.0, as they are published (without names of columns, which `GDELTColumns` knows) or with these
/// in the first row, as tables or JSON.
///
/// Actors are countries by CAMEO where the row knows one, else GDELT's own code of the actor; the place is that of the
/// action, whose country is one of FIPS 10-4.
struct GDELTFormat: EventFormat {
    private(set) var table: EventTable
    private var mended = 0

    // The time of the addition only shows that no cell is missing.
    static let layout = EventLayout(
        format: "gdelt", source: "gdelt", id: "GLOBALEVENTID", date: "SQLDATE",
        required: ["EventCode"],
        used: [
            "GoldsteinScale", "SOURCEURL", "ActionGeo_FullName", "ActionGeo_CountryCode",
            "ActionGeo_Lat", "ActionGeo_Long",
        ] + actors.flatMap { [$0.code, $0.name, $0.country] },
        others: GDELTColumns.second, shown: ["DATEADDED"],
        known: [
            "monthyear", "year", "fractiondate", "eventbasecode", "eventrootcode", "quadclass",
        ], whole: ["GLOBALEVENTID"], years: [("Year", 4), ("MonthYear", 6)],
        fields: ["intensity"],
        figures: ["intensity": ["GoldsteinScale"]])

    /// What of one row is counted once the row is taken.
    private struct Notes {
        var unknownCountries: [String] = []
        var left: [String] = []
        var mended = 0
    }

    init(_ header: TableHeader, _ context: MappingContext) throws {
        guard Self.fits(header, context) else {
            throw FormatError(
                "the columns are not those of GDELT", location: "row 1",
                hint: "It has 57, 58 or 61 columns between tabs, or GLOBALEVENTID, SQLDATE, "
                    + "EventCode among their names.")
        }
        table = try EventTable(Self.layout, header, context)
    }

    /// The names of the columns of one of the two actors.
    private struct ActorColumns {
        let code, name, country: String
    }

    private static let actors = ["Actor1", "Actor2"].map {
        ActorColumns(code: "\($0)Code", name: "\($0)Name", country: "\($0)CountryCode")
    }

    var notes: [String] {
        mended == 0
            ? []
            : [
                "\(mended) name\(mended == 1 ? " has" : "s have") control characters where quotes of "
                    + "Windows-1252 were, and \(mended == 1 ? "gets" : "get") these"
            ]
    }

    mutating func read(_ cells: [String]) throws(InputFault) -> RowContent {
        let row = table.row(cells)
        try table.check(cells)
        try check(added: row["DATEADDED"])
        let code = row["EventCode"]
        let type = try CAMEO.typeOfRow(code)
        var notes = Notes()
        let place = Self.place(row, &notes)
        let url = row["SOURCEURL"]
        let isCitation = url.utf8.count <= Self.maximumCitation
        let actors = Self.actors.map { Self.actor($0, row, &notes) }
        let date = try PeriodCells.plain(row["SQLDATE"], field: "date")
        let record = try table.record(
            id: row["GLOBALEVENTID"],
            [
                ("date", date), ("type", type ?? ""), ("code", code),
                ("intensity", row["GoldsteinScale"]),
            ] + place.fields,
            [
                ("actors", [actors[0]]), ("targets", [actors[1]]),
                ("participants", Self.actors.map { Self.name(row[$0.name], &notes) }),
                ("citations", isCitation ? [url] : []),
            ])
        if type == nil, !code.isEmpty { table.note(code, as: .code) }
        if !isCitation { notes.left.append("SOURCEURL of more than 1 KiB") }
        count(notes)
        table.compareYears(cells, date, date)
        table.count(cells, place)
        return .records([record])
    }

    /// As much as an element of a set may have.
    private static let maximumCitation = 1024

    private func check(added: String) throws(InputFault) {
        guard added.isEmpty || CodeText.isNumber(added, digits: 8...14) else {
            throw InputFault(
                field: "", "DATEADDED \(Quoted.short(added)) is no time as 20191024143000",
                hint: "Is a cell missing in this row?")
        }
    }

    private mutating func count(_ notes: Notes) {
        for country in notes.unknownCountries { table.note(country, as: .countryCode) }
        for what in notes.left { table.leaveOut(what) }
        mended += notes.mended
    }

    private static func name(_ text: String, _ notes: inout Notes) -> String {
        guard let name = MisreadText.mended(text) else { return text }
        notes.mended += 1
        return name
    }

    private static func actor(
        _ actor: ActorColumns, _ row: EventRow, _ notes: inout Notes
    ) -> String {
        let (code, country) = (row[actor.code], row[actor.country])
        guard let area = CAMEO.area(of: country) else {
            if !country.isEmpty, !CAMEO.isRegion(country) {
                notes.unknownCountries.append(country)
            }
            return code.isEmpty ? country : code
        }
        // Who of that country it was.
        if code != country, !code.isEmpty { notes.left.append(actor.code) }
        return area
    }

    private static func place(
        _ row: EventRow, _ notes: inout Notes
    ) -> EventPlace {
        let country = row["ActionGeo_CountryCode"]
        let area = FIPS.area(of: country)
        if area == nil, !country.isEmpty {
            if FIPS.isCode(country) {
                notes.left.append("ActionGeo_CountryCode")
            } else {
                notes.unknownCountries.append(country)
            }
        }
        return EventPlace(
            location: name(row["ActionGeo_FullName"], &notes), country: area ?? "",
            latitude: row["ActionGeo_Lat"],
            longitude: row["ActionGeo_Long"])
    }
}
