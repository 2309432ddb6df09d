import TallyCore
import TallyStore

/// Decides what one record of a file does to the dataset.
///
/// Importing never settles a conflict by the way, never brings back what was deleted, and leaves what a person last
/// wrote; each can be asked for (DESIGN.md section 4, Importing).
struct RecordImporter {
    let editor: DatasetEditor
    let options: ImportOptions
    /// The kinds of which there was no record before this import, nor ever had been.
    let newKinds: Set<String>

    /// What is to become of a record, and what of it is left beside a change.
    struct Outcome {
        let what: ImportReport.Sample.What
        var keptBeside = false
        var conflictedBeside = false
        /// The record as it was.
        let before: RecordView
        /// What the file says; nil where it says that the record is deleted.
        let said: RecordInput?
        /// Statements that were left as a person wrote them, with what the file says.
        var kept: [(statement: Kind.Statement, said: [Value])] = []
        /// Whether what the dataset has was released later than what the file says.
        var isLater = false
        var edits: [RecordEdit] = []
    }

    /// Decides, and writes nothing.
    ///
    /// - Parameter isGiven: whether an earlier row has given a part of it.
    /// - Throws: `InputFault` for a record that is not taken, else what the database throws.
    func decide(_ record: RowRecord, isGiven: Bool = false) throws -> Outcome {
        let address = record.address
        let isUnknown = !isGiven && newKinds.contains(record.kind.name)
        let view = isUnknown ? .unknown(address) : try editor.reading.view(address)
        guard case .put(let input) = record.change else { return try delete(view) }
        func outcome(_ what: ImportReport.Sample.What, _ edits: [RecordEdit] = []) -> Outcome {
            Outcome(what: what, before: view, said: input, edits: edits)
        }
        if view.isUnknown, record.needsRecord { return outcome(.unchanged) }
        if view.isUnknown {
            try input.check(of: address, beside: [:], in: editor.reading.kinds)
            return outcome(.new, input.editsOfNew)
        }
        if view.isGone {
            guard options.restore else { return outcome(.deleted) }
            try input.check(of: address, beside: [:], in: editor.reading.kinds)
            return outcome(.changed, input.editsOverDeleted(view.state))
        }
        return try update(view, with: input, saysThere: !record.needsRecord)
    }

    /// - Parameter saysThere: whether the row says that there is such a record, and does not only take values away.
    private func update(
        _ view: RecordView, with input: RecordInput, saysThere: Bool
    ) throws -> Outcome {
        let current = view.row?.values ?? [:]
        try input.check(of: view.address, beside: current, in: editor.reading.kinds)
        var edits: [RecordEdit] = []
        var (isConflicted, isKept, isLater) = (false, false, false)
        var kept: [(statement: Kind.Statement, said: [Value])] = []
        // Deleted beside an edit.
        if view.conflicts.contains(where: { $0.statement == Conflict.existenceName }) {
            if options.resolve, saysThere { edits.append(.restore) } else { isConflicted = true }
        }
        for (statement, value) in input.statements(beside: current) {
            let state = view.state.statements[statement.name]
            let before = statement.fields.map { current[$0] ?? .null }
            let isInConflict = view.conflicts.contains { $0.statement == statement.name }
            if isInConflict, !options.resolve {
                isConflicted = isConflicted || value != before
            } else if value == before, !isInConflict {
                continue
            } else if !options.overwrite, !isInConflict,
                try state?.versions.contains(where: { try isByPerson($0.revision) }) == true
            {
                kept.append((statement, value))
            } else if isOlderVintage(value, before, statement, kind: input.kind.name) {
                isLater = true
            } else {
                edits.append(.set(statement: statement.name, value: value))
            }
        }
        let unknown = view.unknownValues(of: input.kind)
        if input.unknown.contains(where: { $0.value != unknown[$0.key] ?? .null }) {
            let names = Set(input.unknown.keys).union(unknown.keys)
            if !options.resolve, view.conflicts.contains(where: { names.contains($0.statement) }) {
                isConflicted = true
            } else if !options.overwrite,
                try names.contains(where: { name in
                    try view.state.statements[name]?.versions.contains {
                        try isByPerson($0.revision)
                    } == true
                })
            {
                isKept = true
            } else {
                // All of them, since some may mean something only together.
                var all = input
                all.unknown = unknown.merging(input.unknown) { $1 }
                edits += all.editsOfUnknown
            }
        }
        for element in input.added {
            let versions = view.state.elements[element] ?? []
            if versions.contains(where: \.content) { continue }
            // An element that a person took out is known, and stays out.
            if !options.overwrite, try versions.contains(where: { try isByPerson($0.revision) }) {
                isKept = true
            } else {
                edits.append(.add(element))
            }
        }
        isKept = isKept || isLater || !kept.isEmpty
        let isChanged = !edits.isEmpty
        return Outcome(
            what: isChanged ? .changed : isConflicted ? .conflicted : isKept ? .kept : .unchanged,
            keptBeside: isChanged && isKept, conflictedBeside: isChanged && isConflicted,
            before: view, said: input, kept: kept, isLater: isLater, edits: edits)
    }

    /// A source withdraws what it has published; what a person wrote, and what is in conflict, is left as by an update.
    private func delete(_ view: RecordView) throws -> Outcome {
        func outcome(_ what: ImportReport.Sample.What, _ edits: [RecordEdit] = []) -> Outcome {
            Outcome(what: what, before: view, said: nil, edits: edits)
        }
        guard view.isVisible else { return outcome(.unchanged) }
        if !view.conflicts.isEmpty, !options.resolve { return outcome(.conflicted) }
        if !options.overwrite, try hasWordOfPerson(view.state) { return outcome(.kept) }
        return outcome(.removed, [.delete])
    }

    private func hasWordOfPerson(_ state: RecordState) throws -> Bool {
        try state.existence.contains { try isByPerson($0.revision) }
            || state.statements.values.contains {
                try $0.versions.contains { try isByPerson($0.revision) }
            }
            || state.elements.values.contains { try $0.contains { try isByPerson($0.revision) } }
    }

    /// Whether a person, not an import, wrote a version that is in force.
    private func isByPerson(_ revision: Revision) throws -> Bool {
        try !editor.reading.info(of: revision).isImport
    }

    /// Under the policy `vintage` a later release is not replaced by an earlier one.
    private func isOlderVintage(
        _ value: [Value], _ before: [Value], _ statement: Kind.Statement, kind: String
    ) -> Bool {
        guard let vintage = statement.vintage,
            editor.reading.policy(of: statement, kind: kind) == .vintage,
            let new = value[vintage].text, let old = before[vintage].text
        else { return false }
        return !old.hasPrefix(new) && new.precedesInBytes(old)
    }
}
