extension RecordUndo {
    private enum Presence {
        /// Nobody has ever said that it is there.
        case none
        case there, gone
        /// A deletion stands beside an edit.
        case disputed
    }

    private static func presence(of state: RecordState) -> Presence {
        if state.existence.isEmpty { return .none }
        if !state.isVisible { return .gone }
        return state.existence.allSatisfy { $0.content == .present } ? .there : .disputed
    }

    /// Puts back whether the record is there.
    ///
    /// Every edit of a record says that it is there, so that later edits take that over from the deed: a record that the
    /// deed added goes only when nobody else has said a word of it, else it would go from under them.
    ///
    /// - Returns: whether its statements and elements are to be put back; not those of a record that goes, or that is gone
    ///   all the same, because writing them would bring it back.
    mutating func takeBackExistence() -> Bool {
        if isCreation, now.isVisible, without.isVisible {
            // Whoever brings a record back wants it as it was: without the values of the one who added it, it would be empty.
            let restored = lastSince({ _ in true }, { $0 == .restore })
            if !restored.isEmpty {
                leave(.existence, .restored, restored)
                return false
            }
        }
        switch (Self.presence(of: now), Self.presence(of: without)) {
        case (.none, _):
            // Values without a record, such as only a foreign writer makes: nobody is shown them.
            return false
        case (.gone, .none):
            // Added and deleted by the deed itself.
            return false
        case (.gone, .gone):
            leave(.existence, .deleted, without.existence.map(\.revision))
            return false
        case (.there, .none), (.there, .gone), (.disputed, .none), (.disputed, .gone):
            inverse.edits = [.delete]
            return false
        case (.gone, .there), (.disputed, .there):
            // The deletions are the deed's alone: others' would be there without it too.
            inverse.edits = [.restore]
        case (.gone, .disputed):
            // The deed settled the dispute by deleting. `restore` would settle it the other way; an edit without fields
            // leaves the deletion standing, so that the conflict is open again, with the deed's deletion as its side.
            inverse.edits = [.create]
        case (.there, .disputed):
            nameSettled()
        case (.there, .there), (.disputed, .disputed):
            nameUnchanged()
        }
        return true
    }

    /// The deed settled a dispute by keeping the record. A changeset holds no deletion beside an edit, so that it cannot be
    /// opened again; the record stays.
    private mutating func nameSettled() {
        if now.existence.contains(where: { isOwn($0.revision) }) {
            let deletions = without.existence.filter { $0.content == .deleted }
            leave(.existence, .settled, deletions.map(\.revision))
        } else {
            leave(.existence, .edited, lastSince({ $0 == .restore }, { _ in true }))
        }
    }

    /// The record is as much there as without the deed; where the deed meant something else, it is said why it stays.
    private mutating func nameUnchanged() {
        let edits = ownEdits
        let held = now.existence.filter { isOwn($0.revision) }
        if edits.contains(.delete) {
            if held.contains(where: { $0.content == .deleted }) {
                let deletions = without.existence.filter { $0.content == .deleted }
                leave(.existence, .deleted, deletions.map(\.revision))
            } else {
                leave(.existence, .restored, lastSince({ $0 == .delete }, { _ in true }))
            }
        } else if isCreation || edits.contains(.restore) {
            let since = lastSince({ _ in true }, { _ in true })
            if !since.isEmpty {
                leave(.existence, .edited, since)
            } else {
                let others = without.existence.filter { $0.content == .present }
                leave(.existence, .added, others.map(\.revision))
            }
        }
    }

    /// Whether the deed wrote the record knowing nothing of it.
    private var isCreation: Bool {
        steps.contains { step in
            isOwn(step.revision)
                && !steps.contains { !isOwn($0.revision) && step.author.covers($0.revision) }
        }
    }
}
