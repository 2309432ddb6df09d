import GRDB
import TallyCore
import TallyWire

extension Conflict {
    /// Letters and revisions of the sides, as text that changes when the sides do.
    public var sidesText: String {
        sides.map { side in
            "\(side.letter)=\(side.revisions.map(\.description).joined(separator: "+"))"
        }.joined(separator: " ")
    }
}

extension DatasetAccess {
    /// Remembers which sides a list of conflicts has shown, so that a letter that is typed later means what was seen.
    ///
    /// - Parameter isWhole: whether these are all open conflicts; what was shown before is then forgotten.
    public func rememberShown(_ conflicts: [Conflict], isWhole: Bool) throws {
        if isWhole { try db.execute(sql: "DELETE FROM tally_shown") }
        let sql = try SQL("INSERT OR REPLACE INTO tally_shown (id, sides) VALUES (?, ?)", in: db)
        for conflict in conflicts {
            try sql.bind(1, conflict.id.text).bind(2, conflict.sidesText).run()
        }
    }

    /// Whether the sides are other than those that a list has last shown; false where none has shown the conflict.
    public func hasChangedSinceShown(_ conflict: Conflict) throws -> Bool {
        let shown = try SQL("SELECT sides FROM tally_shown WHERE id = ?", in: db)
            .bind(1, conflict.id.text).first { $0.text(0) }
        return shown.map { $0 != conflict.sidesText } ?? false
    }
}
