import TallyCore
import TallyStore

/// ACLED's list of the events that it has taken back: each row deletes one.
///
/// Source: https://acleddata.com/api-documentation/deleted-endpoint
struct ACLEDDeletedFormat: ImportFormat {
    static let name = "acled-deleted"
    static let options: ReadingOptions = []

    var kind: Kind { rows.kind }
    private let rows: EventRows
    private let columns: EventColumns

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool {
        header.has("event_id_cnty", "deleted_timestamp")
    }

    init(_ header: TableHeader, _ context: MappingContext) throws {
        columns = try EventColumns(
            header, required: ["event_id_cnty"], used: ["event_id_cnty"], missing: ["NA"])
        rows = try EventRows(format: Self.name, source: "acled", given: [], context)
        let options = context.options
        if let name = options.constants.keys.filter({ $0 != "source" }).min() {
            throw FormatError(
                "\(options.sayer(of: "set", name)) names \(name), and a list of deletions only deletes",
                hint: options.mending("set", name) ?? "Leave it away.")
        }
    }

    func read(_ cells: [String]) throws(InputFault) -> RowContent {
        let id = try columns.needed("event_id_cnty", for: "id", of: cells)
        var record = try rows.record(id: id, [], [])
        record.change = .delete
        return .records([record])
    }
}
