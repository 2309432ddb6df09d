import TallyStore

/// The place of an event of PLOVER: `{"name":"Geneva","country code":"CH"}`, or its name alone.
struct PLOVERPlace {
    let place: EventPlace
    /// A code of a country that no list has.
    let unknownCountry: String?
    /// Whether there are members beside name, country code and coordinates.
    let hasOthers: Bool

    init(_ cell: String) {
        guard cell.hasPrefix("{"), let node = try? JSONNode(parsing: Array(cell.utf8)),
            let members = node.object
        else {
            place = EventPlace(location: cell.oneLine, country: "", latitude: "", longitude: "")
            (unknownCountry, hasOthers) = (nil, false)
            return
        }
        var texts: [String: String] = [:]
        var isNested = false
        for member in members {
            switch member.value {
            case .null: continue
            case .string, .number: texts[member.name] = member.value.cell.oneLine
            default: isNested = true
            }
        }
        func take(_ names: String...) -> String {
            for name in names {
                if let text = texts.removeValue(forKey: name), !text.isEmpty { return text }
            }
            return ""
        }
        let country = take("country code")
        let areas = AreaCodes.shipped
        let area = areas.area(iso2: country) ?? areas[country]
        place = EventPlace(
            location: take("name"), country: area?.code ?? "",
            latitude: take("latitude", "lat"), longitude: take("longitude", "lon", "long", "lng"))
        unknownCountry = area == nil && !country.isEmpty ? country : nil
        hasOthers = isNested || texts.values.contains { !$0.isEmpty }
    }
}
