import TallyCore
import TallyStore

/// Reads areas as tables have them: by Tally's code, ISO 3166 alpha-2, or name.
///
/// Not by number: 158 is Taiwan to the UN and Japan to the IMF.
enum AreaCells {
    /// - Returns: the text as it is where it is none, to be refused by its field.
    static func code(_ cell: String) -> String {
        let text = cell.trimmingSpaces
        let areas = AreaCodes.shipped
        if areas[text] != nil { return text }
        // Namibia, or nothing: programs write NA for what is missing.
        if text == "NA" { return text }
        let area =
            areas.area(iso2: text) ?? areas.area(name: text)
            ?? areas[text.uppercased()] ?? areas.area(name: turned(text))
        return area?.code ?? text
    }

    /// `China, People's Republic of` as `People's Republic of China`.
    static func turned(_ name: String) -> String {
        guard let comma = name.firstRange(of: ", ") else { return name }
        return "\(name[comma.upperBound...]) \(name[..<comma.lowerBound])"
    }
}
