/// Where a table of ICEWS has what; with names as published, or as R writes them (`event_id`).
struct ICEWSColumns {
    /// Of columns.
    let count: Int
    let id, date, source, code, target: Int
    let sourceCountry, targetCountry, text, intensity, story, sentence, publisher: Int?
    let city, district, province, country, latitude, longitude: Int?

    /// - Returns: nil for columns of another table.
    init?(_ header: TableHeader) {
        func index(_ name: String) -> Int? {
            header.index(anyOf: [name, name.replacing(" ", with: "_")])
        }
        guard let id = index("Event ID"), let date = index("Event Date"),
            let source = index("Source Name"), let code = index("CAMEO Code"),
            let target = index("Target Name")
        else { return nil }
        (self.id, self.date, self.source, self.code, self.target) = (id, date, source, code, target)
        count = header.names.count
        sourceCountry = index("Source Country")
        targetCountry = index("Target Country")
        text = index("Event Text")
        intensity = index("Intensity")
        story = index("Story ID")
        sentence = index("Sentence Number")
        publisher = index("Publisher")
        city = index("City")
        district = index("District")
        province = index("Province")
        country = index("Country")
        latitude = index("Latitude")
        longitude = index("Longitude")
    }

    /// Whether the first row of a table is that of ICEWS as published.
    static func isHeader(_ row: [String]) -> Bool {
        Array(row.prefix(2)) == ["Event ID", "Event Date"]
    }

    /// Those of which something is kept.
    var all: [Int] {
        [id, date, source, code, target]
            + [
                sourceCountry, targetCountry, text, intensity, publisher, city, district, province,
                country, latitude, longitude,
            ].compactMap(\.self)
    }
}
