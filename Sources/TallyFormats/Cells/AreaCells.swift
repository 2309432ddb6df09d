import TallyCore
import TallyStore

/// Reads areas as tables have them: by Tally's code, ISO 3166 alpha-2, or name.
///
/// Not by number: 158 is Taiwan to the UN and Japan to the IMF.
enum AreaCells {
    /// - Parameter date: of what is said, or its period; nil for today.
    /// - Returns: the text as it is where it is none, to be refused by its field.
    static func code(_ cell: String, at date: String?) -> String {
        let text = cell.trimmingSpaces
        return entry(text)?.code(named: text, at: date) ?? text
    }

    /// The area that a cell has the code or a name of, be it a former one; nil where it has none.
    static func entry(_ cell: String) -> CodeList.Entry? {
        let text = cell.trimmingSpaces
        // Namibia, or nothing: programs write NA for what is missing.
        if text.uppercased() == "NA" { return nil }
        let areas = AreaCodes.shipped
        return areas[text] ?? areas.area(iso2: text) ?? areas.area(name: text)
            ?? areas[text.uppercased()] ?? areas.area(name: turned(text))
    }

    /// `China, People's Republic of` as `People's Republic of China`.
    static func turned(_ name: String) -> String {
        guard let comma = name.firstRange(of: ", ") else { return name }
        return "\(name[comma.upperBound...]) \(name[..<comma.lowerBound])"
    }
}

extension CodeList.Entry {
    /// The code of the area that a name means at a time: East Timor of today, not the one until 2002. A code means itself.
    ///
    /// - Parameter date: a date or a period; nil for today.
    func code(named name: String, at date: String?) -> String {
        guard let until, let now, ![code, iso2].contains(name.uppercased()) else { return code }
        // Of a quarter or a week only the year is compared.
        let day = date.map { $0.prefix { $0.isNumber || $0 == "-" } }
        return day.map { $0 > until } ?? true ? now : code
    }
}
