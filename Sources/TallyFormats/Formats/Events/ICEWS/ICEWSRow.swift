import TallyStore

/// One row of ICEWS, with empty texts for what it does not say.
struct ICEWSRow {
    private let row: EventRow

    /// Further columns of which something is kept.
    static let used = [
        "Source Country", "Target Country", "Event Text", "Intensity", "Publisher", "City",
        "District", "Province", "Country", "Latitude", "Longitude",
    ]
    /// Columns that say which rows are of one sentence.
    static let shown = ["Story ID", "Sentence Number"]

    init(_ row: EventRow) { self.row = row }

    /// Whether the first row of a table is that of ICEWS as published.
    static func isHeader(_ row: [String]) -> Bool {
        Array(row.prefix(2)) == ["Event ID", "Event Date"]
    }

    var id: String { row["Event ID"] }
    /// The id as a number, which grows with time.
    var number: Int { Int(id) ?? 0 }
    var date: String { row["Event Date"] }
    var code: String { row["CAMEO Code"] }
    var text: String { row["Event Text"] }
    var intensity: String { row["Intensity"] }
    var source: String { row["Source Name"] }
    var target: String { row["Target Name"] }
    var sourceCountry: String { row["Source Country"] }
    var targetCountry: String { row["Target Country"] }
    var publisher: String { row["Publisher"] }
    /// Of who did it, to whom, and where.
    var countries: [String] { [sourceCountry, targetCountry, row["Country"]] }

    /// - Parameter date: that of the event, as Tally writes it.
    func place(_ names: inout AreaNames, at date: String) -> EventPlace {
        let parts = ["City", "District", "Province"].map { row[$0] }
        return EventPlace(
            location: parts.filter { !$0.isEmpty }.joined(separator: ", "),
            country: names.area(row["Country"], at: date) ?? "",
            latitude: row["Latitude"], longitude: row["Longitude"])
    }

    /// Date, story and sentence; nil where the file does not say the story.
    var sentence: String? {
        let (story, sentence) = (row["Story ID"], row["Sentence Number"])
        return story.isEmpty || sentence.isEmpty ? nil : "\(date) \(story) \(sentence)"
    }

    /// Whether another row of the same sentence says the same from the other side.
    func mirrors(_ other: ICEWSRow) -> Bool {
        code == other.code && source == other.target && target == other.source
            && sourceCountry == other.targetCountry && targetCountry == other.sourceCountry
            && !source.isEmpty && !target.isEmpty
    }
}
