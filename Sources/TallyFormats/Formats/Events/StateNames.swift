import TallyStore

/// States by the names that data of conflicts have for them: `Yemen (North Yemen)`, `Government of Syria`,
/// `Military Forces of Ethiopia (2018-)`.
enum StateNames {
    /// The area of a state at a time; nil where the name is of none.
    ///
    /// - Parameter date: `2013-01-03`, or less of it.
    static func area(_ name: String, at date: String) -> String? {
        let name = name.trimmingSpaces
        // UCDP has one name for a state through all its changes.
        if let states = changed[name] { return states.first { date < $0.until }?.code }
        let areas = AreaCodes.shipped
        guard
            let entry = areas.area(name: name) ?? areas.area(name: withoutNote(name))
                ?? others[withoutNote(name)].flatMap({ areas[$0] })
        else { return nil }
        return entry.code(named: name, at: date)
    }

    /// The area of the state of which an actor is a government, its armed forces or its police; nil for any other actor.
    static func state(ofActor name: String, at date: String) -> String? {
        let name = name.trimmingSpaces
        guard let organ = organs.first(where: name.hasPrefix) else { return nil }
        let state = name.dropFirst(organ.count)
        return area(String(state.hasPrefix("the ") ? state.dropFirst(4) : state), at: date)
    }

    private static let organs = ["Government of ", "Military Forces of ", "Police Forces of "]

    private static func withoutNote(_ name: String) -> String {
        // A faction of an army stands behind the years.
        guard name.hasSuffix(")"), let note = name.firstRange(of: " (") else { return name }
        return String(name[..<note.lowerBound])
    }

    private static let changed: [String: [(until: String, code: String)]] = [
        "Russia (Soviet Union)": [("1991-12-26", "SUN"), ("9", "RUS")],
        "Serbia (Yugoslavia)": [("2003-02-04", "YUG"), ("2006-06-05", "SCG"), ("9", "SRB")],
    ]

    private static let others = [
        "Bosnia-Herzegovina": "BIH", "Macedonia, FYR": "MKD", "Republic of Congo": "COG",
    ]
}
