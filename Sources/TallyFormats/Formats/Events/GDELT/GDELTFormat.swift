import TallyCore
import TallyStore

/// Events of GDELT 1.0 and 2.0, as they are published (without names of columns, which `GDELTColumns` knows) or with these
/// in the first row, as tables or JSON.
///
/// Actors are countries by CAMEO where the row knows one, else GDELT's own code of the actor; the place is that of the
/// action, whose country is one of FIPS 10-4.
struct GDELTFormat: ImportFormat {
    static let name = "gdelt"
    static let options: ReadingOptions = []

    var kind: Kind { rows.kind }
    private let rows: EventRows
    private let columns: Columns
    private var unread: UnreadColumns
    private var unknownCodes = UnknownCodes()
    private var unknownCountries = UnknownCodes()
    /// What is left out of columns that are read.
    private var left: [String: Int] = [:]
    private var mended = 0

    /// What of one row is counted once the row is taken.
    private struct Notes {
        var unknownCountries: [String] = []
        var left: [String] = []
        var mended = 0
    }

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool {
        header.has("GLOBALEVENTID", "SQLDATE", "EventCode")
    }

    init(_ header: TableHeader, _ context: MappingContext) throws {
        guard Self.fits(header, context) else {
            throw FormatError(
                "the columns are not those of GDELT", location: "row 1",
                hint: "It has 57, 58 or 61 columns between tabs, or GLOBALEVENTID, SQLDATE, "
                    + "EventCode among their names.")
        }
        columns = Columns(header)
        let used = columns.all
        try header.checkUnique(used)
        unread = UnreadColumns(header, read: Set(used), known: Self.derived)
        rows = try EventRows(
            format: Self.name, source: "gdelt",
            given: [
                "date", "type", "code", "intensity", "actors", "targets", "participants",
                "citations",
            ] + EventPlace.names, context)
    }

    /// Columns that others say too.
    private static let derived: Set<String> = [
        "monthyear", "year", "fractiondate", "eventbasecode", "eventrootcode", "quadclass",
    ]

    private struct Columns {
        let id, date, code, scale, added, url: Int?
        let actors: [Actor]
        let name, country, latitude, longitude: Int?

        struct Actor {
            /// What the names of its columns begin with.
            let prefix: String
            let code, name, country: Int?
        }

        init(_ header: TableHeader) {
            id = header.index("GLOBALEVENTID")
            date = header.index("SQLDATE")
            code = header.index("EventCode")
            scale = header.index("GoldsteinScale")
            added = header.index("DATEADDED")
            url = header.index("SOURCEURL")
            actors = ["Actor1", "Actor2"].map {
                Actor(
                    prefix: $0, code: header.index("\($0)Code"), name: header.index("\($0)Name"),
                    country: header.index("\($0)CountryCode"))
            }
            name = header.index("ActionGeo_FullName")
            country = header.index("ActionGeo_CountryCode")
            latitude = header.index("ActionGeo_Lat")
            longitude = header.index("ActionGeo_Long")
        }

        /// Those that are read, but for the time of the addition, which only shows that no cell is missing.
        var all: [Int] {
            ([id, date, code, scale, url, name, country, latitude, longitude]
                + actors.flatMap { [$0.code, $0.name, $0.country] }).compactMap(\.self)
        }
    }

    var notKept: [String: Int] { unread.byName.merging(left, uniquingKeysWith: +) }

    var remarks: [String] {
        unknownCodes.remarks("codes that CAMEO does not have, whose events have no type")
            + unknownCountries.remarks("codes of countries that are not known")
            + (mended == 0
                ? []
                : [
                    "\(mended) name\(mended == 1 ? " has" : "s have") control characters where quotes of "
                        + "Windows-1252 were, and \(mended == 1 ? "gets" : "get") these"
                ])
    }

    mutating func read(_ cells: [String]) throws(InputFault) -> RowContent {
        func cell(_ column: Int?) -> String { column.map { cells[$0].trimmingSpaces } ?? "" }
        let id = cell(columns.id)
        try check(id: id, added: cell(columns.added))
        let code = cell(columns.code)
        let type = try CAMEO.typeOfRow(code)
        var notes = Notes()
        let place = Self.place(columns, cell, &notes)
        let url = cell(columns.url)
        let isCitation = url.utf8.count <= Self.maximumCitation
        let actors = columns.actors.map { Self.actor($0, cell, &notes) }
        let record = try rows.record(
            id: id,
            [
                ("date", try PeriodCells.plain(cell(columns.date), field: "date")),
                ("type", type ?? ""), ("code", code), ("intensity", cell(columns.scale)),
            ] + place.fields,
            [
                ("actors", [actors[0]]), ("targets", [actors[1]]),
                ("participants", columns.actors.map { Self.name(cell($0.name), &notes) }),
                ("citations", isCitation ? [url] : []),
            ])
        if type == nil, !code.isEmpty { unknownCodes.note(code) }
        if place.hasBadCoordinates { notes.left.append("ActionGeo_Lat and Long that are no place") }
        if !isCitation { notes.left.append("SOURCEURL of more than 1 KiB") }
        count(notes)
        unread.count(cells)
        return .records([record])
    }

    /// As much as an element of a set may have.
    private static let maximumCitation = 1024

    private func check(id: String, added: String) throws(InputFault) {
        guard GDELTColumns.isNumber(id, digits: 1...18) else {
            throw InputFault(
                field: "id",
                id.isEmpty
                    ? "GLOBALEVENTID is missing"
                    : "GLOBALEVENTID \(Quoted.short(id)) is no whole number",
                hint: "Has a program written it anew? Have the column written as text.")
        }
        guard added.isEmpty || GDELTColumns.isNumber(added, digits: 8...14) else {
            throw InputFault(
                field: "", "DATEADDED \(Quoted.short(added)) is no time as 20191024143000",
                hint: "Is a cell missing in this row?")
        }
    }

    private mutating func count(_ notes: Notes) {
        for country in notes.unknownCountries { unknownCountries.note(country) }
        for what in notes.left { left[what, default: 0] += 1 }
        mended += notes.mended
    }

    private static func name(_ text: String, _ notes: inout Notes) -> String {
        guard let name = MisreadText.mended(text) else { return text }
        notes.mended += 1
        return name
    }

    private static func actor(
        _ actor: Columns.Actor, _ cell: (Int?) -> String, _ notes: inout Notes
    ) -> String {
        let (code, country) = (cell(actor.code), cell(actor.country))
        guard let area = CAMEO.area(of: country) else {
            if !country.isEmpty, !CAMEO.isRegion(country) {
                notes.unknownCountries.append(country)
            }
            return code.isEmpty ? country : code
        }
        // Who of that country it was.
        if code != country, !code.isEmpty { notes.left.append("\(actor.prefix)Code") }
        return area
    }

    private static func place(
        _ columns: Columns, _ cell: (Int?) -> String, _ notes: inout Notes
    ) -> EventPlace {
        let country = cell(columns.country)
        let area = FIPS.area(of: country)
        if area == nil, !country.isEmpty {
            if FIPS.isCode(country) {
                notes.left.append("ActionGeo_CountryCode")
            } else {
                notes.unknownCountries.append(country)
            }
        }
        return EventPlace(
            location: name(cell(columns.name), &notes), country: area ?? "",
            latitude: cell(columns.latitude),
            longitude: cell(columns.longitude))
    }
}
