import GRDB

/// Facts about the file, by name: `tally_meta`.
struct FactTable {
    private let db: Database

    init(_ db: Database) { self.db = db }

    func value(_ name: String) throws -> String? {
        try SQL("SELECT value FROM tally_meta WHERE name = ?", in: db).bind(1, name)
            .first { $0.text(0) }
    }

    func set(_ name: String, _ value: String) throws {
        try SQL("INSERT OR REPLACE INTO tally_meta (name, value) VALUES (?, ?)", in: db)
            .bind(1, name).bind(2, value).run()
    }

    func remove(_ name: String) throws {
        try SQL("DELETE FROM tally_meta WHERE name = ?", in: db).bind(1, name).run()
    }
}
