import GRDB
import TallyCore

/// Puts back tables and triggers that another tool dropped or made anew, and takes the rows that it left for edits.
struct TableRepair {
    private let db: Database
    private let kinds: KindCatalog
    private var left: [LeftRows] = []
    private(set) var rebuilt: [RebuiltTable] = []

    /// Saves the rows that are there, and makes the tables of these kinds as they are to be, empty.
    init(_ broken: [Kind], in db: Database, kinds: KindCatalog) throws {
        self.db = db
        self.kinds = kinds
        for kind in broken { try putBack(kind) }
    }

    private mutating func putBack(_ kind: Kind) throws {
        let table = kind.name.sqlName
        let type = try SQL("SELECT type FROM main.sqlite_schema WHERE name = ?", in: db)
            .bind(1, kind.name).first { $0.text(0) }
        let columns = try String.fetchAll(
            db, sql: "SELECT name FROM pragma_table_info(?)", arguments: [kind.name])
        let others = try othersParts(of: kind)
        var what: RebuiltTable.What = type == nil ? .missing : .withoutKey
        if type != nil, let rows = try LeftRows(of: kind, columns: columns, in: db) {
            left.append(rows)
            what = .compared
        }
        let isToBeKept =
            switch what {
            case .missing: false
            case .withoutKey: true
            case .compared: try hasMore(columns, than: kind)
            }
        let keptAs = isToBeKept ? try keep(kind) : nil
        if let type { try db.execute(sql: "DROP \(type) main.\(table)") }
        for trigger in BeforeTable(kind).triggers {
            try db.execute(sql: "DROP TRIGGER IF EXISTS main.\(trigger.name.sqlName)")
        }
        try db.execute(sql: "DROP TABLE IF EXISTS main.\(BeforeTable(kind).name)")
        for statement in KindTable(kind).create + BeforeTable(kind).create {
            try db.execute(sql: statement)
        }
        // An index or a trigger that somebody made, on columns that are there; else it is gone as its table was.
        for sql in others { try? db.execute(sql: sql) }
        rebuilt.append(RebuiltTable(kind: kind.name, what: what, keptAs: keptAs))
    }

    /// The indices and triggers on the table that are not Tally's.
    private func othersParts(of kind: Kind) throws -> [String] {
        let own = KindTable(kind).create + BeforeTable(kind).create
        return try String.fetchAll(
            db,
            sql: """
                SELECT sql FROM main.sqlite_schema
                WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL
                """, arguments: [kind.name]
        ).filter { !own.contains($0) }
    }

    /// Whether the table has a column with something in it that no field stands for.
    private func hasMore(_ columns: [String], than kind: Kind) throws -> Bool {
        for column in columns where kind.field(column) == nil && column != "tally_rev" {
            if column == "index", try isRowNumbers(column, of: kind) { continue }
            let sql = """
                SELECT EXISTS (SELECT 1 FROM main.\(kind.name.sqlName) WHERE \(column.sqlName) IS NOT NULL)
                """
            if try Bool.fetchOne(db, sql: sql) == true { return true }
        }
        return false
    }

    /// pandas writes the numbers of its rows as a column unless told not to: nobody typed them.
    private func isRowNumbers(_ column: String, of kind: Kind) throws -> Bool {
        let name = column.sqlName
        return try Bool.fetchOne(
            db,
            sql: """
                SELECT count(*) = count(DISTINCT \(name)) AND min(\(name)) = 0
                AND max(\(name)) = count(*) - 1 FROM main.\(kind.name.sqlName)
                """) ?? true
    }

    /// Keeps the table as the other tool made it.
    ///
    /// - Returns: the name under which.
    private func keep(_ kind: Kind) throws -> String {
        var number = 1
        while try db.tableExists("tally_kept_\(kind.name)_\(number)") { number += 1 }
        let name = "tally_kept_\(kind.name)_\(number)"
        try db.execute(
            sql: "CREATE TABLE main.\(name.sqlName) AS SELECT * FROM main.\(kind.name.sqlName)")
        return name
    }

    /// Fills the tables with what the log says, and writes the rows that were left into them, as another tool would now.
    func replay(
        in access: DatasetAccess, isInterrupted: () -> Bool, _ refuse: (TypedRow) throws -> Void
    )
        throws
    {
        try StateRecomputation(access: access, kinds: Set(rebuilt.map(\.kind)))
            .run(isInterrupted: isInterrupted)
        for rows in left {
            let kind = rows.kind
            try rows.takeOutUnfit { values in
                var values = values
                values.insert(.integer(1), at: kind.key.count)
                try refuse(TypedRow(values, of: kind))
            }
            try rows.replay()
        }
    }
}
