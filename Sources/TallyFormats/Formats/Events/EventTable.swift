import TallyCore
import TallyStore

/// A table of events on its way to records: its columns, the records that its rows make, and what is told at the end.
struct EventTable {
    let columns: EventColumns
    private let rows: EventRows
    private var unread: UnreadColumns
    private var left: [String: Int] = [:]
    private var unknown: [Unknown: UnknownCodes] = [:]

    /// What a file may have that is not known, as it is told.
    enum Unknown: String, CaseIterable {
        case code = "codes that CAMEO does not have, whose events have no type"
        case countryCode = "codes of countries that are not known"
        case countryName = "names of countries that are not known"
        case country = "countries that are not known, whose events are taken without one"
        case number = "iso numbers of another country than the name says, which are taken"
        case year = "years that are not those of the date, which is taken"
        case precision = "precisions of dates that the publisher does not have"
        case point = "latitudes and longitudes that are no place, which are left out"
    }

    /// - Throws: `FormatError` for a column that is not there or stands twice, and for options that do not fit.
    init(
        _ layout: EventLayout, _ header: TableHeader, _ context: MappingContext
    ) throws(FormatError) {
        columns = try EventColumns(layout, in: header)
        rows = try EventRows(layout, header, context)
        unread = UnreadColumns(header, read: columns.read, known: layout.known)
    }

    var kind: Kind { rows.kind }

    func row(_ cells: [String]) -> EventRow { EventRow(cells, columns) }

    /// See ``EventColumns/check(_:)``.
    func check(_ cells: [String]) throws(InputFault) { try columns.check(cells) }

    /// See ``EventRows/record(id:isOwn:_:_:)``.
    func record(
        id: String, isOwn: Bool = false, _ fields: [(name: String, text: String)],
        _ sets: [(name: String, elements: [String])] = []
    ) throws(InputFault) -> RowRecord {
        try rows.record(id: id, isOwn: isOwn, fields, sets)
    }

    // MARK: What is told, of rows that can be read: also of one that is refused since its key has stood before

    /// Counts what is not read of a row.
    mutating func count(_ cells: [String], _ place: EventPlace) {
        unread.count(cells)
        if let point = place.noPoint { note(point, as: .point) }
    }

    /// Notes the first year, or month, that is not that of the date.
    ///
    /// - Parameter last: the last day of what goes on for longer.
    mutating func compareYears(_ cells: [String], _ first: String, _ last: String) {
        for (text, digits) in columns.years(cells) {
            let (first, last) = (first.filter(\.isNumber), last.filter(\.isNumber))
            let known = min(digits, first.count, last.count)
            let year = text.prefix(while: \.isNumber)
            let isWithin = (first.prefix(known)...last.prefix(known)).contains(year.prefix(known))
            if year.count != digits || !isWithin {
                return note("\(text) beside \(first.prefix(digits))", as: .year)
            }
        }
    }

    /// Counts what is left out of a column that is read.
    mutating func leaveOut(_ what: String) { left[what, default: 0] += 1 }

    mutating func note(_ text: String, as what: Unknown) {
        unknown[what, default: UnknownCodes()].note(text)
    }

    var notKept: [String: Int] { unread.byName.merging(left, uniquingKeysWith: +) }

    /// What is not known, and the notes of the format before what is told of points.
    func remarks(_ notes: [String]) -> [String] {
        func remarks(_ what: Unknown) -> [String] { unknown[what]?.remarks(what.rawValue) ?? [] }
        return Unknown.allCases.filter { $0 != .point }.flatMap(remarks) + notes + remarks(.point)
    }
}
