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
        let columns =
            try reading {
                try String.fetchAll(
                    db, sql: "SELECT name FROM pragma_table_info(?)", arguments: [kind.name])
            } ?? []
        let others = try othersParts(of: kind, "index").map(\.sql)
        // What they do may be of columns that are gone, and would then keep every tool from writing.
        let triggers = try othersParts(of: kind, "trigger").map(\.name)
        let unique = try reading { try TableParts.uniqueIndices(of: kind, in: db) } ?? []
        // A view may be of a table that is gone.
        let rows = try reading { try LeftRows(of: kind, columns: columns, in: db) }
        let what: RebuiltTable.What
        switch rows {
        case nil: what = .missing
        case .some(nil): what = columns.isEmpty ? .missing : .withoutKey
        case .some(let rows?):
            what = try rows.isEmpty() ? .empty : .compared
            if what == .compared { left.append(rows) }
        }
        let isToBeKept =
            switch what {
            case .missing, .empty: false
            case .withoutKey: true
            case .compared: try hasMore(columns, than: kind)
            }
        let keptAs = isToBeKept ? try keep(kind) : nil
        try drop(kind.name)
        for trigger in BeforeTable(kind).triggers { try drop(trigger.name) }
        try drop("tally_before_\(kind.name)")
        for statement in [KindTable(kind).create[0]] + BeforeTable(kind).create {
            try db.execute(sql: statement)
        }
        // Indices only make questions fast: one whose name another thing has, or whose column is gone, may be missing.
        for index in KindTable(kind).indexNames { try drop(index, ifItIs: "index") }
        for sql in KindTable(kind).create.dropFirst() + others {
            _ = try reading { try db.execute(sql: sql) }
        }
        for index in try TableParts.uniqueIndices(of: kind, in: db) { try drop(index) }
        rebuilt.append(
            RebuiltTable(kind: kind.name, what: what, keptAs: keptAs, dropped: unique + triggers))
    }

    /// - Returns: nil where what is there cannot be read.
    private func reading<Result>(_ body: () throws -> Result) throws -> Result? {
        var result: Result?
        do {
            try db.inSavepoint {
                result = try body()
                return .commit
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
            return nil
        }
        return result
    }

    /// Drops what goes by a name, if anything does: names are the same in any case.
    private func drop(_ name: String, ifItIs wanted: String? = nil) throws {
        let found = try Row.fetchOne(
            db, sql: "SELECT type, name FROM main.sqlite_schema WHERE name = ? COLLATE NOCASE",
            arguments: [name])
        guard let found else { return }
        let (type, name): (String, String) = (found["type"], found["name"])
        guard wanted == nil || wanted == type else { return }
        try db.execute(sql: "DROP \(type) main.\(name.sqlName)")
    }

    /// The indices or triggers on the table that are not Tally's.
    private func othersParts(of kind: Kind, _ type: String) throws -> [(name: String, sql: String)]
    {
        let own = KindTable(kind).indexNames + BeforeTable(kind).triggers.map(\.name)
        return try Row.fetchAll(
            db,
            sql: """
                SELECT name, sql FROM main.sqlite_schema
                WHERE tbl_name = ? COLLATE NOCASE AND type = ? AND sql IS NOT NULL
                """, arguments: [kind.name, type]
        ).map { (name: $0["name"], sql: $0["sql"]) }.filter { !own.contains($0.name) }
    }

    /// Whether the table has a column with something in it that no field stands for.
    private func hasMore(_ columns: [String], than kind: Kind) throws -> Bool {
        for column in columns
        where kind.field(column.lowercased()) == nil && column.lowercased() != "tally_rev" {
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
        while try isTaken("tally_kept_\(kind.name)_\(number)") { number += 1 }
        let name = "tally_kept_\(kind.name)_\(number)"
        try db.execute(
            sql: "CREATE TABLE main.\(name.sqlName) AS SELECT * FROM main.\(kind.name.sqlName)")
        return name
    }

    private func isTaken(_ name: String) throws -> Bool {
        try Bool.fetchOne(
            db,
            sql: "SELECT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE name = ? COLLATE NOCASE)",
            arguments: [name]) == true
    }

    /// Fills the tables with what the log says, and writes the rows that were left into them, as another tool would now.
    mutating func replay(
        in access: DatasetAccess, isInterrupted: () -> Bool,
        _ refuse: (TypedRow, String) throws -> Void
    ) throws {
        try StateRecomputation(access: access, kinds: Set(rebuilt.map(\.kind)))
            .run(isInterrupted: isInterrupted)
        for rows in left {
            let kind = rows.kind
            try rows.takeOutUnfit { values in
                let row = TypedRow(values, of: kind)
                try refuse(row, row.typedKey == nil ? Self.withoutKey : Self.repeated)
            }
            let count = try rows.takeOutStale { try refuse(TypedRow($0, of: kind), Self.stale) }
            if let index = rebuilt.firstIndex(where: { $0.kind == kind.name }) {
                rebuilt[index].staleCount = count
            }
            try rows.replay()
        }
    }

    private static let repeated = "several rows have this key, and differ"
    private static let withoutKey = "a part of the key is missing"
    private static let stale = "the record was changed here after the other tool had read it"
}
