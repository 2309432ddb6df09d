import GRDB
import TallyCore

/// The kinds that other tools have touched since Tally last wrote the file.
struct TouchedKinds {
    /// Triggers saw rows written.
    let edited: Set<String>
    /// The table or its triggers are not as Tally made them.
    let rebuilt: Set<String>

    static let none = TouchedKinds(edited: [], rebuilt: [])

    private init(edited: Set<String>, rebuilt: Set<String>) {
        self.edited = edited
        self.rebuilt = rebuilt
    }

    /// - Complexity: O(kinds).
    init(in db: Database, kinds: KindCatalog) throws {
        let rebuilt = Set(try TableParts.broken(in: db, kinds: kinds).map(\.name))
        let edited = try kinds.all.filter { kind in
            guard !rebuilt.contains(kind.name) else { return false }
            return try SQL(BeforeTable(kind).isOccupied, in: db).first { $0.integer(0) } == 1
        }
        self.init(edited: Set(edited.map(\.name)), rebuilt: rebuilt)
    }

    var isEmpty: Bool { edited.isEmpty && rebuilt.isEmpty }

    /// Whether the table of a kind is not as Tally left it.
    func isTouched(_ kind: String) -> Bool {
        edited.contains(kind) || rebuilt.contains(kind) || rebuilt.contains(PolicySettings.kind)
    }

    /// - Throws: `StoreError` when the rows of a kind cannot be told from the table as it is.
    func checkReadable(_ kind: String) throws(StoreError) {
        guard !rebuilt.isEmpty else { return }
        // What the settings say decides how every record is seen.
        for name in [kind, PolicySettings.kind] where rebuilt.contains(name) {
            throw StoreError(rebuilt: name)
        }
    }
}
