import TallyWire

extension CodeList {
    /// A code: what it is called, and what other lists call it.
    public struct Entry: Sendable {
        public let code: String
        public let name: String
        public let aliases: [String]
        /// ISO 3166-1 alpha-2; at one code only.
        public let iso2: String?
        /// The number of UN M49, three digits; at one code only.
        public let m49: String?
        /// The number of ISO 4217, three digits.
        public let numeric: String?
        /// The numbers of UN Comtrade, the usual one first, where they are not just `m49`.
        public let comtrade: [String]
        /// What the ISO column of UN Comtrade says instead of the code.
        public let comtradeISO: String?
        /// What UN Comtrade calls it, where that is neither the name nor an alias.
        public let comtradeNames: [String]
        /// The scheme or the sort of thing that it is of: `country`, `former`, `group`, `special` of areas.
        public let kind: String?
        /// The type of events that it is (a code of `event_type`), in a list of events.
        public let type: String?
        /// The code of `area` for the same country, in a list of others' codes of countries.
        public let area: String?
        /// When it went out of use: a date, a month or a year.
        public let until: String?
        /// The one code that replaced it.
        public let now: String?
        public let note: String?
        /// The editions of the classification that have it; empty when all do.
        public let editions: [String]
        /// What these editions, and those before each, call it.
        public let editionNames: [(edition: String, name: String)]
        /// All that the list says of it.
        public let json: JSONValue

        init(_ json: JSONValue) {
            func texts(_ name: String) -> [String] {
                (json[name]?.array ?? []).compactMap(\.string)
            }
            code = json["code"]?.string ?? ""
            name = json["name"]?.string ?? ""
            aliases = texts("aliases")
            iso2 = json["iso2"]?.string
            m49 = json["m49"]?.string
            numeric = json["numeric"]?.string
            comtrade = texts("comtrade")
            comtradeISO = json["comtrade_iso"]?.string
            comtradeNames = texts("comtrade_names")
            kind = json["kind"]?.string ?? json["scheme"]?.string
            type = json["type"]?.string
            area = json["area"]?.string
            until = json["until"]?.string
            now = json["now"]?.string
            note = json["note"]?.string
            editions = texts("in")
            editionNames = (json["names"]?.object ?? []).compactMap { member in
                member.value.string.map { (member.name, $0) }
            }.sorted { $0.edition < $1.edition }
            self.json = json
        }

        /// The name, then all others.
        var names: [String] { [name] + aliases + comtradeNames }

        /// What that edition calls it; nil when it does not have it.
        ///
        /// - Parameter edition: as `H5`; nil where none is told: the name that the newest has.
        public func name(in edition: String?) -> String? {
            guard let edition else { return name }
            guard editions.isEmpty || editions.contains(edition) else { return nil }
            return editionNames.first { edition <= $0.edition }?.name ?? name
        }
    }
}
