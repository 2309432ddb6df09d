import GRDB
import TallyCore
import TallySchema

/// The tables, indices and triggers of a dataset file.
struct DatasetSchema {
    let kinds: KindCatalog

    init(_ kinds: KindCatalog) { self.kinds = kinds }

    /// Says in the header of an empty file whose it is, and of which version.
    func identify(_ db: Database) throws {
        try db.execute(
            sql: """
                PRAGMA application_id = \(DatasetHeader.applicationID);
                PRAGMA user_version = \(DatasetHeader.format);
                """)
    }

    func create(in db: Database) throws {
        try db.execute(sql: TallySchema.tables)
        for kind in kinds.all {
            for statement in KindTable(kind).create + BeforeTable(kind).create {
                try db.execute(sql: statement)
            }
        }
    }

    /// What is of one file alone, and goes into no other.
    var localTables: [String] {
        ["tally_remote", "tally_shown", "tally_successor", "tally_refused"]
            + kinds.all.map { "tally_before_\($0.name)" }
    }

    /// What follows from the lines of the log, beside the tables of the kinds.
    static let derivedTables = ["tally_replica", "tally_state", "tally_touch", "tally_conflict"]
}
