/// How the tables of a publisher of events are laid out, and what a format makes of them.
struct EventLayout: Sendable {
    /// The name of the format.
    let format: String
    /// Who publishes, unless the user names another.
    let source: String
    /// The columns of the id and of the date, of which every event has one; a deletion has no date.
    let id: String
    let date: String?
    /// The other columns without which there are no events.
    var required: [String] = []
    /// Further columns of which something is kept.
    var used: [String] = []
    /// Those that the publisher has beside all these.
    var others: [String] = []
    /// Those that only say which rows belong together, or whether a row is whole.
    var shown: [String] = []
    /// Those, in lower case, that say nothing that others do not say.
    var known: Set<String> = []
    /// Those of whole numbers, ids and codes: `3.0` is what a program has made of one.
    var whole: [String] = []
    /// Those that are texts: `3.0` and `2.07E+7` are what a program has made of one.
    var texts: [String] = []
    /// Those of numbers of people, of which below 0 are only placeholders.
    var people: [String] = []
    /// Those that say the year, in 4 digits, or the year and the month, in 6, of the date once more.
    var years: [(name: String, digits: Int)] = []
    /// What stands in cells of which nothing is known, as `NA`.
    var blanks: Set<String> = []
    /// The fields that are given, beside those that every format of events gives.
    var fields: [String] = []
    /// What the columns of figures may be called, by field.
    var figures: [String: [String]] = [:]

    var allRequired: [String] { [id] + (date.map { [$0] } ?? []) + required }

    /// The fields that every format of events gives, beside the id.
    static let commonFields =
        ["date", "type", "code", "actors", "targets", "participants", "citations"]
        + EventPlace.names
}
