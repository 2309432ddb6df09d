import TallyCore
import TallyFormats
import TallyStore

// Whether what people write stands, and what they do not touch is left.
extension World {
    /// Writes, and sees that what was written stands: that nothing beside it is left of what its copy had.
    func write(
        _ dataset: Dataset, _ place: Workplace, _ edits: [(RecordAddress, [RecordEdit])]
    ) throws {
        let written = try dataset.write(at: place) { editor in
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
        _ dataset: Dataset, _ options: ImportOptions,
        _ figures: [RecordAddress: ImportedFigure], _ before: [RecordView]
    ) throws {
        try dataset.read { access in
            for view in before {
                let (address, old) = (view.address, view.state)
                let new = try access.view(address).state
                if old.isGone, !options.restore {
                    if new == old { continue }
                    throw Violation("import", "\(address) was deleted, and is not left so")
                }
                for (name, statement) in old.statements where old.isVisible {
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
                if figures[address] != nil, old.isVisible, old.isDeletedBySomebody,
                    new.isDeletedBySomebody == options.resolve
                {
                    throw Violation(
                        "import",
                        "\(address), deleted beside an edit, is \(options.resolve ? "not " : "")settled"
                    )
                }
                guard let figure = figures[address],
                    options.resolve || !view.conflicts.contains(where: { $0.statement == "value" }),
                    try figure.isFree(over: old.statements["value"]?.versions ?? [], access)
                else { continue }
                let found = new.statements["value"]?.versions ?? []
                if !found.contains(where: { $0.content.first == .number(Double(figure.value)) }) {
                    throw Violation("import", "\(address) is not \(figure): \(found)")
                }
            }
        }
    }
}

/// A figure in a file that is imported.
struct ImportedFigure {
    let value: Int
    let released: String

    /// Whether it is to be taken whatever was there: a figure of the same release, by no person.
    fileprivate func isFree(
        over versions: [Version<[Value]>], _ access: DatasetAccess
    ) throws -> Bool {
        let fields = access.kinds["trade"]?.statement(of: "value")?.fields ?? []
        return try versions.allSatisfy { version in
            let before = zip(fields, version.content).first { $0.0 == "released" }?.1.text ?? ""
            return try before == released && access.info(of: version.revision).isImport
        }
    }
}

extension RecordState {
    fileprivate var isDeletedBySomebody: Bool { existence.contains { $0.content == .deleted } }

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

    /// Whether an edit that has just been written is in force.
    ///
    /// - Parameter orBeside: whether what it had not seen may stand beside it.
    func stands(_ edit: RecordEdit, by revision: Revision, orBeside: Bool = false) -> Bool {
        func stands<Content>(_ content: Content, in versions: [Version<Content>]?) -> Bool {
            let versions = versions ?? []
            return versions.contains { $0.revision == revision && $0.content == content }
                && (orBeside || versions.count == 1)
        }
        switch edit {
        case .set(let name, let values): return stands(values, in: statements[name]?.versions)
        case .add(let element): return stands(true, in: elements[element])
        case .remove(let element): return stands(false, in: elements[element])
        case .delete: return stands(.deleted, in: existence)
        case .restore: return stands(.present, in: existence)
        case .create, .reopen: return isVisible
        }
    }
}
