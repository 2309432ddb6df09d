import TallyCore

/// Where an event took place, as a row says it; empty for what it does not say.
struct EventPlace: Equatable {
    let location: String
    /// The code of the area.
    let country: String
    let latitude, longitude: String
    /// The coordinates that the row has and that are none: `95, 7.4`, or `46.9, -` where one is missing.
    let noPoint: String?

    static let none = EventPlace(location: "", country: "", latitude: "", longitude: "")

    init(location: String, country: String, latitude: String, longitude: String) {
        self.location = location
        self.country = country
        // One without the other is no point.
        let isPoint =
            Self.isDegrees(latitude, to: 90) && Self.isDegrees(longitude, to: 180)
        self.latitude = isPoint ? Self.plain(latitude) : ""
        self.longitude = isPoint ? Self.plain(longitude) : ""
        let isSaid = !latitude.isEmpty || !longitude.isEmpty
        noPoint =
            isPoint || !isSaid
            ? nil : [latitude, longitude].map { $0.isEmpty ? "-" : $0 }.joined(separator: ", ")
    }

    private static func isDegrees(_ text: String, to maximum: Double) -> Bool {
        Double(text).map { abs($0) <= maximum } ?? false
    }

    /// Without what a computation has left behind 9 decimals of a degree (0.1 mm): 27.971800000000002.
    private static func plain(_ text: String) -> String {
        guard text.utf8.count > 15, let degrees = Double(text) else { return text }
        return NumberText.of((degrees * 1e9).rounded() / 1e9)
    }

    var fields: [(name: String, text: String)] {
        [
            ("location", location), ("country", country), ("latitude", latitude),
            ("longitude", longitude),
        ]
    }

    /// The names of its fields.
    static let names = none.fields.map(\.name)
}
