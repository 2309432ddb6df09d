import GRDB
import TallyCore

/// The tables of the kinds, the tables beside them, their triggers and indices, as `sqlite_schema` has them.
///
/// Tools rebuild tables: `sqlite-utils transform` copies one, pandas' `if_exists='replace'` drops it, triggers and all.
/// `PRAGMA schema_version` moves whenever the schema does, so that it is looked at only then
/// (https://www.sqlite.org/pragma.html#pragma_schema_version).
enum TableParts {
    private static let meta = "schema_version"

    private static func version(_ db: Database) throws -> String {
        String(try Int.fetchOne(db, sql: "PRAGMA main.schema_version") ?? 0)
    }

    private static func isNoted(in db: Database) throws -> Bool {
        try FactTable(db).value(meta) == version(db)
    }

    /// Remembers that all is as it is to be.
    static func note(in db: Database) throws {
        guard try !isNoted(in: db) else { return }
        try FactTable(db).set(meta, version(db))
    }

    /// The kinds of which a table or trigger is missing or is another one, or of which somebody wants a column to be unique:
    /// then a row that is written may take another with it, and no trigger sees that.
    ///
    /// - Complexity: O(1) while the schema has not moved.
    static func broken(in db: Database, kinds: KindCatalog) throws -> [Kind] {
        if try isNoted(in: db) { return [] }
        var parts: [String: String] = [:]
        try SQL(
            "SELECT name, sql FROM main.sqlite_schema WHERE type IN ('table', 'trigger')", in: db
        ).forEach { parts[$0.text(0)] = $0.text(1) }
        return try kinds.all.filter { kind in
            try parts[kind.name] != KindTable(kind).create[0]
                || BeforeTable(kind).parts.contains { parts[$0.key] != $0.value }
                || !uniqueIndices(of: kind, in: db).isEmpty
        }
    }

    /// The UNIQUE indices that somebody made on the table of a kind.
    static func uniqueIndices(of kind: Kind, in db: Database) throws -> [String] {
        try String.fetchAll(
            db, sql: "SELECT name FROM pragma_index_list(?) WHERE \"unique\" AND origin = 'c'",
            arguments: [kind.name])
    }
}
