import TallyCore
import TallyStore

/// ACLED's list of the events that it has taken back: each row deletes one.
///
/// Source: https://acleddata.com/api-documentation/deleted-endpoint
struct ACLEDDeletedFormat: EventFormat {
    let table: EventTable

    static let layout = EventLayout(
        format: "acled-deleted", source: "acled", required: ["event_id_cnty"], missing: ["NA"])

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
        let id = try table.row(cells).needed("event_id_cnty", for: "id")
        var record = try table.record(id: id, [])
        record.change = .delete
        return .records([record])
    }
}
