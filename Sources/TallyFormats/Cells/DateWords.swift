import Foundation

/// What dates have in words, and what stands for more than it says.
enum DateWords {
    /// In English, German, French, Spanish, Italian and Portuguese, without accents.
    private static let months = [
        "january januar janner janvier enero gennaio janeiro",
        "february februar fevrier febrero febbraio fevereiro",
        "march marz mrz mars marzo marco", "april avril abril aprile",
        "may mai mayo maggio maio", "june juni juin junio giugno junho",
        "july juli juillet julio luglio julho", "august aout agosto",
        "september septembre septiembre settembre setembro",
        "october oktober octobre octubre ottobre outubro", "november novembre noviembre",
        "december dezember decembre diciembre dicembre dezembro",
    ].map { $0.split(separator: " ") }

    /// The month that a word names, whole or by its first letters, three at least; nil where it may be two.
    static func month(_ word: some StringProtocol) -> Int? {
        guard (3...20).contains(word.utf8.count) else { return nil }
        let word = word.folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil)
        let found = months.indices.filter { months[$0].contains { $0.hasPrefix(word) } }
        return found.count == 1 ? found[0] + 1 : nil
    }

    /// A date without the midnight that a program has put behind it: ` 00:00:00`, `T00:00:00.000Z`.
    ///
    /// - Returns: nil where another time of day stands there.
    static func withoutMidnight(_ text: String) -> Substring? {
        guard text.contains(":") else { return text[...] }
        guard let gap = text.lastIndex(where: { $0 == "T" || $0 == " " }) else { return nil }
        let time = text[gap...].dropFirst()
        return time.contains(":") && time.allSatisfy { "0:.Z+".contains($0) } ? text[..<gap] : nil
    }

    /// The year of two digits: of 1930 to 2029, as spreadsheets take it.
    static func year(ofTwoDigits year: Int) -> Int { year < 30 ? 2000 + year : 1900 + year }
}
