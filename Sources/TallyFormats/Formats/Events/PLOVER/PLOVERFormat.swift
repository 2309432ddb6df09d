import TallyCore
import TallyStore

/// Events of PLOVER (Open Event Data Alliance) as JSON: an array of objects, or an object a line.
///
/// `source` and `target` are a list of actors, one actor, a text, nothing, or not there.
///
/// Source: https://github.com/openeventdata/PLOVER
struct PLOVERFormat: EventFormat {
    private(set) var table: EventTable
    private var withoutDate = 0

    static let layout = EventLayout(
        format: "plover", source: "plover", id: "id", date: "date", required: ["event"],
        used: [
            "mode", "source", "target", "eventText", "text", "publication", "comment", "eventLoc",
        ],
        // Those of its gold standard records.
        others: [
            "context", "size", "dead", "injured", "textInfo", "language", "coder", "version",
            "dateCoded", "license", "copyright",
        ], texts: ["id"], fields: ["title", "summary", "note"])

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool {
        guard header.has("event", "date"), header.index(anyOf: ["source", "target"]) != nil
        else { return false }
        let category = category(header)
        if header.origin == .json || header.has("eventText") {
            return header.has("id") || category != nil
        }
        // As a table it comes from the rows that an import has left out.
        return header.has("id") && category.map { $0 == $0.uppercased() } == true
    }

    /// The category of the first row, so that events without ids are known too, and refused for that.
    private static func category(_ header: TableHeader) -> String? {
        guard let column = header.index("event"), column < header.first.count else { return nil }
        let text = header.first[column]
        return PLOVERCategory.type(text, mode: "") == nil ? nil : text
    }

    init(_ header: TableHeader, _ context: MappingContext) throws {
        guard header.has("id") else {
            throw FormatError(
                "the events of PLOVER have no id, by which they would be known when they come again",
                hint: "Give each object a member \"id\" that stays the same.")
        }
        table = try EventTable(Self.layout, header, context)
    }

    var notes: [String] {
        withoutDate == 0
            ? []
            : [
                "\(Self.placeholder) stands for no date in gold standard records; events taken without one: \(withoutDate)"
            ]
    }

    mutating func read(_ cells: [String]) throws(InputFault) -> RowContent {
        let row = table.row(cells)
        let category = row["event"]
        if category == "DOCUMENT" { return .skipped("objects that describe the file (DOCUMENT)") }
        try table.check(cells)
        let id = row["id"]
        let isOwn = RecordID.isOne(id)
        let location = PLOVERPlace(row["eventLoc"])
        let date = try Self.date(row["date"])
        let isPlaceholder = date == Self.placeholder && id.hasPrefix("PLOVER-GSR")
        let sources = try Actor.list(row["source"], "source")
        let targets = try Actor.list(row["target"], "target")
        // One text; several only in Tally's own export.
        let publication = row["publication"]
        let citations = isOwn ? ElementList.split(publication) : [publication]
        let type = try Self.type(category, mode: row["mode"])
        var fields =
            [
                ("date", isPlaceholder ? "" : date), ("type", type),
                ("code", category), ("title", row["eventText"].oneLine),
                ("summary", row["text"].plainText), ("note", row["comment"].plainText),
            ] + location.place.fields
        // Tally's export has no code and not all fields, and says nothing of what it leaves away.
        if isOwn { fields.removeAll { $0.0 == "code" || $0.1.isEmpty } }
        let record = try table.record(
            id: id, isOwn: isOwn, fields,
            [
                ("actors", sources.compactMap(\.party)), ("targets", targets.compactMap(\.party)),
                ("participants", (sources + targets).compactMap(\.text)),
                ("citations", citations.map(\.oneLine)),
            ])
        if isPlaceholder { withoutDate += 1 }
        if let country = location.unknownCountry { table.note(country, as: .countryCode) }
        if location.hasOthers {
            table.leaveOut("eventLoc, beside name, country code and coordinates")
        }
        if !row["mode"].isEmpty, type != row["mode"] { table.leaveOut("mode") }
        table.count(cells, location.place)
        return .records([record])
    }

    /// The date of records that were made by hand from sentences without one.
    private static let placeholder = "2000-01-01"

    /// Without parts that are zero: `2014-05-00` is a month, `0000-00-00` no date.
    private static func date(_ cell: String) throws(InputFault) -> String {
        var date = try PeriodCells.plain(cell, field: "date")
        while date.hasSuffix("-00") { date.removeLast(3) }
        if date == "0000" { throw EventColumns.lack(of: "date", field: "date") }
        return date
    }

    private static func type(
        _ category: String, mode: String
    ) throws(InputFault) -> String {
        if let type = PLOVERCategory.type(category, mode: mode) { return type }
        throw InputFault(
            field: "type", "\(Quoted.short(category)) is no category of PLOVER",
            hint: "See the categories with: tally codes event_type")
    }

    /// A source or a target.
    private struct Actor {
        /// The area of a country, else the code that PLOVER has for the actor, else its name.
        let party: String?
        /// As the text calls it.
        let text: String?

        init(_ node: JSONNode, _ role: String) throws(InputFault) {
            text = (node.string ?? node["actorText"]?.string)?.oneLine
            let code = node["code"]?.string.flatMap { $0.isEmpty ? nil : $0.oneLine }
            party = (code ?? node.string).flatMap { CAMEO.area(of: $0) } ?? code ?? text
            if party == nil, node.object?.isEmpty != true {
                throw InputFault(
                    field: role, "\(role) \(Quoted.short(node.cell)) says no code and no name",
                    hint: "An actor is a text, or an object with code or actorText.")
            }
        }

        static func list(_ cell: String, _ role: String) throws(InputFault) -> [Actor] {
            if cell.hasPrefix("[") || cell.hasPrefix("{"),
                let node = try? JSONNode(parsing: Array(cell.utf8))
            {
                return try (node.array ?? [node]).map { (node) throws(InputFault) in
                    try Actor(node, role)
                }
            }
            return try ElementList.split(cell).map { (name) throws(InputFault) in
                try Actor(.string(name), role)
            }
        }
    }
}
