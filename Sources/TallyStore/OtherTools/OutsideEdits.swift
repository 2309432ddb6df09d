import GRDB
import TallyCore

/// What a writing transaction does with edits that other tools have made, before it does anything else
/// (DESIGN.md section 7).
public enum OutsideEdits: Sendable {
    /// Takes them, as this person's.
    case capture(Workplace)
    /// Does nothing when there are any: they are somebody else's to take.
    case refuse
    /// Sets them back, and keeps what was typed: at a hub nobody edits.
    case setBack
}

/// What other tools have done to a file since Tally last wrote it.
public struct WaitingEdits: Sendable, Equatable {
    /// Records that differ from what they were, by kind; kinds with none are left out.
    public var counts: [String: Int] = [:]
    /// Kinds of which the table or its triggers are not as Tally made them.
    public var rebuilt: [String] = []

    public var isEmpty: Bool { counts.isEmpty && rebuilt.isEmpty }
    public var count: Int { counts.values.reduce(0, +) }
}

extension WaitingEdits {
    /// - Complexity: O(records that other tools wrote).
    static func read(_ db: Database, kinds: KindCatalog) throws -> WaitingEdits {
        var waiting = WaitingEdits()
        let touched = try TouchedKinds(in: db, kinds: kinds)
        waiting.rebuilt = touched.rebuilt.sorted()
        for kind in kinds.all where touched.edited.contains(kind.name) {
            let count = try SQL(BeforeTable(kind).count, in: db).first { $0.integer(0) } ?? 0
            if count > 0 { waiting.counts[kind.name] = count }
        }
        return waiting
    }
}

extension DatasetAccess {
    /// What other tools have done to the file and no changeset holds yet.
    public func waitingEdits() throws -> WaitingEdits { try WaitingEdits.read(db, kinds: kinds) }
}
