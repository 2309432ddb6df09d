/// The columns of GDELT's tables of events, which come without a row that names them.
///
/// 58 in GDELT 1.0, of which the last (SOURCEURL) is missing in rows of before April 2013; 61 in GDELT 2.0.
///
/// Source: http://data.gdeltproject.org/documentation/ (GDELT-Data_Format_Codebook.pdf, GDELT-Event_Codebook-V2.0.pdf).
enum GDELTColumns {
    static let first = names(hasADM2: false)
    static let second = names(hasADM2: true)

    private static func names(hasADM2: Bool) -> [String] {
        let actors = ["Actor1", "Actor2"].flatMap { actor in
            """
            Code Name CountryCode KnownGroupCode EthnicCode Religion1Code Religion2Code Type1Code Type2Code Type3Code
            """.split(separator: " ").map { "\(actor)\($0)" }
        }
        let places = ["Actor1Geo", "Actor2Geo", "ActionGeo"].flatMap { place in
            (["Type", "FullName", "CountryCode", "ADM1Code"] + (hasADM2 ? ["ADM2Code"] : [])
                + ["Lat", "Long", "FeatureID"]).map { "\(place)_\($0)" }
        }
        return ["GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"] + actors + [
            "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass",
            "GoldsteinScale", "NumMentions", "NumSources", "NumArticles", "AvgTone",
        ] + places + ["DATEADDED", "SOURCEURL"]
    }

    /// Whether a row is one of data: as wide as those of GDELT, and begun as they are.
    static func isEvent(_ row: [String]) -> Bool {
        row.count > 4 && begins(row) && names(width: row.count) != nil
    }

    /// Whether a row begins as an event does: with an id, a day, a month and a year, as far as it goes.
    static func begins(_ row: [String]) -> Bool {
        zip(row, [1...12, 8...8, 6...6, 4...4]).allSatisfy {
            CodeText.isNumber($0, digits: $1)
        }
    }

    /// The names of the columns of a table with so many; nil where GDELT has none.
    static func names(width: Int) -> [String]? {
        switch width {
        case first.count, first.count - 1: return first
        case second.count: return second
        default: return nil
        }
    }

    /// The names of the columns of a table of which most rows have one of the widths of GDELT; of two of which as many have
    /// one the wider, since cells are lost, not made.
    ///
    /// - Parameter widths: how many cells rows have.
    static func names(ofMost widths: some Sequence<Int>) -> [String]? {
        var counts: [Int: Int] = [:]
        for width in widths {
            if let names = names(width: width) { counts[names.count, default: 0] += 1 }
        }
        return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }.flatMap {
            names(width: $0.key)
        }
    }

    /// Whether a row is one of names that somebody has added before the rows as they are published.
    static func areNamed(by row: [String]) -> Bool {
        row.count > 4 && row[0].trimmingSpaces.lowercased() == idName
    }

    /// Whether a row names the id, in whatever place, perhaps in quotes.
    static func nameID(_ row: [String]) -> Bool {
        row.contains { $0.trimmingSpaces.lowercased().replacing("\"", with: "") == idName }
    }

    private static let idName = "globaleventid"

    /// What to do with a table that may be GDELT's; nil for any other.
    static func hint(for header: TableHeader) -> String? {
        let isNext = header.first.count > 1 && begins(header.first)
        guard header.delimiter == "\t", isNext || names(width: header.names.count) != nil
        else { return nil }
        return
            "Rows of GDELT have 57, 58 or 61 cells and begin with an id, a day, a month and a year. If it is GDELT whose "
            + "first row is bad: --format gdelt reads each row by itself."
    }

    /// Why an extract of GDELT 1.0 as Hive writes it (year, actors, code, scale, class) is not taken; nil for any other.
    static func refusal(ofReduced row: [String]) -> FormatError? {
        guard row.count == 8, CodeText.isNumber(row[0], digits: 4...4),
            CAMEO.type(of: row[3]) != nil,
            CAMEO.type(of: row[5]) != nil
        else { return nil }
        return FormatError(
            "the file is an extract of GDELT whose rows have no id and no date, only a year",
            location: "row 1",
            hint: "Two events alike could not be told apart. Get the whole events from "
                + "http://data.gdeltproject.org/events/ (57 columns or more).")
    }
}
