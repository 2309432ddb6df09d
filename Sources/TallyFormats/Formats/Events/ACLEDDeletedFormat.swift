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
    private let id: Int

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool {
        header.has("event_id_cnty", "deleted_timestamp")
    }

    init(_ header: TableHeader, _ context: MappingContext) throws {
        guard let id = header.index("event_id_cnty") else { throw header.missing("event_id_cnty") }
        try header.checkUnique([id])
        self.id = id
        rows = try EventRows(format: Self.name, source: "acled", given: [], context)
    }

    func read(_ cells: [String]) throws(InputFault) -> RowContent {
        let id = cells[id].trimmingSpaces
        if id.isEmpty { throw Self.missingID }
        var record = try rows.record(id: id, [], [])
        record.change = .delete
        return .records([record])
    }

    static let missingID = InputFault(
        field: "id", "the row has no event_id_cnty",
        hint: "ACLED gives every event one; --skip-bad leaves such rows out.")
}
