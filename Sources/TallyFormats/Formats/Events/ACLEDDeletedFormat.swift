import TallyCore
import TallyStore

/// ACLED's list of the events that it has taken back: each row deletes one.
///
/// Source: https://acleddata.com/api-documentation/deleted-endpoint
struct ACLEDDeletedFormat: EventFormat {
    let table: EventTable

    static let layout = EventLayout(
        format: "acled-deleted", source: "acled", id: "event_id_cnty", date: nil,
        required: ["deleted_timestamp"], whole: ["deleted_timestamp"],
        texts: ["event_id_cnty"], blanks: ["NA"])

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool {
        header.has("event_id_cnty", "deleted_timestamp")
    }

    init(_ header: TableHeader, _ context: MappingContext) throws {
        let options = context.options
        if let name = options.constants.keys.filter({ $0 != "source" }).min() {
            throw FormatError(
                "\(options.sayer(of: "set", name)) names \(name), and a list of deletions only deletes",
                hint: options.mending("set", name) ?? "Leave it away.")
        }
        table = try EventTable(Self.layout, header, context)
    }

    func read(_ cells: [String]) throws(InputFault) -> RowContent {
        try table.check(cells)
        let row = table.row(cells)
        // A row that is shifted or cut deletes nothing.
        guard !row["deleted_timestamp"].isEmpty else {
            throw EventColumns.lack(of: "deleted_timestamp", field: "")
        }
        var record = try table.record(id: row["event_id_cnty"], [])
        record.change = .delete
        return .records([record])
    }
}
