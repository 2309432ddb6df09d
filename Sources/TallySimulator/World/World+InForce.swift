import TallyCore
import TallyFormats
import TallyStore

// Whether what people write stands, and what they do not touch is left.
extension World {
    /// Writes, and sees that what was written stands: that nothing beside it is left of what its copy had.
    func write(
        _ dataset: Dataset, _ place: Workplace, _ edits: [(RecordAddress, [RecordEdit])],
        isImport: Bool = false
    ) throws {
        let written = try dataset.write(at: place, Authoring(isImport: isImport)) { editor in
            for (record, edits) in edits { try editor.edit(record, edits) }
        }
        guard let revision = written.revisions.last else {
            let isThere = try dataset.read { access in
                try edits.allSatisfy { record, edits in
                    let state = try access.view(record).state
                    return edits.allSatisfy { state.shows($0) }
                }
            }
            if !isThere { throw Violation("in force", "\(edits) was not written") }
            return
        }
        try dataset.read { access in
            for (record, edits) in edits {
                let state = try access.view(record).state
                for edit in edits where !state.stands(edit, by: revision) {
                    throw Violation(
                        "in force", "\(edit) of \(record) does not stand after it was written")
                }
            }
        }
    }

    func importedRecords(_ dataset: Dataset) throws -> [RecordView] {
        let keys = WorldSpace.Version.shipped.space.scene(of: "trade")?.keys ?? []
        return try dataset.read { access in
            try keys.map { try access.view(RecordAddress(kind: "trade", key: $0)) }
        }
    }

    /// An import leaves what is deleted, what is in conflict and what a person last wrote.
    func checkImport(
        _ dataset: Dataset, _ options: ImportOptions, _ before: [RecordView]
    ) throws {
        try dataset.read { access in
            for view in before {
                let (address, old) = (view.address, view.state)
                let new = try access.view(address).state
                if old.isGone, !options.restore, new != old {
                    throw Violation("import", "\(address) was deleted, and is not left so")
                }
                guard old.isVisible else { continue }
                for (name, statement) in old.statements {
                    let isConflict = view.conflicts.contains { $0.statement == name }
                    // Where a policy settles it, it depends on who wrote the one that won.
                    guard isConflict || Set(statement.versions.map(\.content)).count == 1 else {
                        continue
                    }
                    let isByHand = try statement.versions.contains {
                        try !access.info(of: $0.revision).isImport
                    }
                    let isLeft = isConflict ? !options.resolve : isByHand && !options.overwrite
                    if isLeft, new.statements[name] != statement {
                        throw Violation("import", "\(name) of \(address) is not left as it was")
                    }
                }
            }
        }
    }
}

extension RecordState {
    /// Whether there is nothing to do for an edit.
    fileprivate func shows(_ edit: RecordEdit) -> Bool {
        switch edit {
        case .set(let name, let values):
            return Set((statements[name]?.versions ?? []).map(\.content)) == [values]
        case .add(let element): return Set((elements[element] ?? []).map(\.content)) == [true]
        case .remove(let element):
            return (elements[element] ?? []).allSatisfy { $0.content == false }
        case .delete: return isGone
        case .restore: return isVisible && Set(existence.map(\.content)) != [.deleted]
        case .create, .reopen: return isVisible
        }
    }

    /// Whether an edit that has just been written is in force, with nothing of the same thing beside it.
    fileprivate func stands(_ edit: RecordEdit, by revision: Revision) -> Bool {
        switch edit {
        case .set(let name, let values):
            let versions = statements[name]?.versions ?? []
            return versions.map(\.content) == [values] && versions.map(\.revision) == [revision]
        case .add(let element): return elements[element]?.map(\.content) == [true]
        case .remove(let element): return elements[element]?.map(\.content) == [false]
        case .delete: return existence.map(\.content) == [.deleted]
        case .restore: return existence.map(\.content) == [.present]
        case .create, .reopen: return isVisible
        }
    }
}
