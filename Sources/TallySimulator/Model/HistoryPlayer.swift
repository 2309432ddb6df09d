import TallyCore

/// Where a history is played: copies that write, pull and show what they hold.
///
/// `ModelWorld` is one; dataset files are another.
public protocol HistoryStage {
    /// One changeset of a copy's own.
    mutating func write(_ edits: [Edit], on copy: Int, clock: Timestamp) throws -> Revision
    /// A copy takes what another has; after `limit` changesets the connection breaks.
    mutating func pull(into copy: Int, from other: Int, limit: Int?) throws
    func presence(of record: RecordAddress, on copy: Int) throws -> RecordPresence
    /// The open conflicts in the order in which `StateText.conflicts()` lists them.
    func conflicts(on copy: Int) throws -> [Conflict]
    func vector(of copy: Int) throws -> RevisionVector
    /// What takes a revision back on a copy that has it, for each record that it edited.
    func inverses(of revision: Revision, on copy: Int) throws -> [RecordAddress: Inverse]
}

/// Whether a copy has a record.
public enum RecordPresence: Sendable, Equatable {
    case none, there, gone
}

/// Turns the abstract steps of a history into changesets that make sense on the copy that writes them.
public struct HistoryPlayer: Sendable {
    public let history: History
    private var nextStep = 0
    private var resolutions: [(revision: Revision, conflict: Conflict)] = []
    /// In the order of writing.
    private var written: [Revision] = []
    /// Those that took another one back.
    public private(set) var undos: Set<Revision> = []

    public init(_ history: History) {
        self.history = history
    }

    /// Plays all steps that are left.
    public mutating func playAll(on stage: inout some HistoryStage) throws {
        while try playNext(on: &stage) {}
    }

    /// Plays one step.
    ///
    /// - Returns: false when there is none left.
    public mutating func playNext(on stage: inout some HistoryStage) throws -> Bool {
        guard nextStep < history.steps.count else { return false }
        let step = history.steps[nextStep]
        switch step {
        case .edit(let copy, let deeds):
            let edits = try deeds.flatMap { try self.edits(of: $0, on: copy, stage) }
            if !edits.isEmpty { _ = try write(edits, on: copy, &stage) }
        case .resolve(let copy, let pick, let resolution):
            try resolve(pick, by: resolution, on: copy, &stage)
        case .reopen(let copy, let pick):
            try reopen(pick, on: copy, &stage)
        case .undo(let copy, let pick):
            try undo(pick, on: copy, &stage)
        case .sync(let copy, let from, let limit):
            try stage.pull(into: copy, from: from, limit: limit)
        }
        nextStep += 1
        return true
    }

    /// Everybody pulls from everybody, until all have all.
    public func syncEverybody(on stage: inout some HistoryStage) throws {
        for copy in 1..<history.copies { try stage.pull(into: 0, from: copy, limit: nil) }
        for copy in 1..<history.copies { try stage.pull(into: copy, from: 0, limit: nil) }
    }

    private mutating func write(
        _ edits: [Edit], on copy: Int, _ stage: inout some HistoryStage
    ) throws -> Revision {
        let clock = history.clock(of: copy, at: nextStep)
        let revision = try stage.write(joined(edits), on: copy, clock: clock)
        written.append(revision)
        return revision
    }

    /// One (kind, op, fields) forms one entry.
    private func joined(_ edits: [Edit]) -> [Edit] {
        var result: [Edit] = []
        for edit in edits {
            let place = result.firstIndex {
                $0.kind == edit.kind && $0.operation == edit.operation
            }
            if let place {
                result[place].rows += edit.rows
            } else {
                result.append(edit)
            }
        }
        return result
    }

    private func edits(
        of deed: Deed, on copy: Int, _ stage: some HistoryStage
    ) throws -> [Edit] {
        let presence = try stage.presence(of: deed.record, on: copy)
        switch deed {
        case .edit(let record, let change):
            guard presence != .gone || history.isUnruly else { return [] }
            return change.edits(of: record, creates: true)
        case .delete(let record):
            guard presence == .there || history.isUnruly else { return [] }
            return [record.edit(.delete)]
        case .restore(let record, let change):
            guard presence == .gone || history.isUnruly else { return [] }
            return [record.edit(.restore)] + change.edits(of: record, creates: false)
        }
    }

    private mutating func resolve(
        _ pick: Int, by resolution: Resolution, on copy: Int, _ stage: inout some HistoryStage
    ) throws {
        let conflicts = try stage.conflicts(on: copy)
        guard !conflicts.isEmpty else { return }
        let conflict = conflicts[pick % conflicts.count]
        let side = conflict.sides[resolution.number % conflict.sides.count].content
        let record = conflict.record
        let edit: Edit
        switch side {
        case .existence(.deleted): edit = record.edit(.delete)
        case .existence(.present): edit = record.edit(.restore)
        case .values(let values):
            let statement = history.space.kinds.statement(
                conflict.statement, ofKind: record.kind)
            var chosen = values
            if case .set(let number) = resolution,
                let choice = history.space.choice(of: conflict.statement, ofKind: record.kind)
            {
                chosen = choice.values[number % choice.values.count]
            }
            edit = record.edit(.set(fields: statement.fields), chosen)
        }
        let revision = try write([edit], on: copy, &stage)
        if case .values = side { resolutions.append((revision, conflict)) }
    }

    private mutating func reopen(
        _ pick: Int, on copy: Int, _ stage: inout some HistoryStage
    ) throws {
        let vector = try stage.vector(of: copy)
        let known = resolutions.filter { vector.contains($0.revision) }
        guard !known.isEmpty else { return }
        let conflict = known[pick % known.count].conflict
        let presence = try stage.presence(of: conflict.record, on: copy)
        guard presence == .there || history.isUnruly else { return }
        let statement = history.space.kinds.statement(
            conflict.statement, ofKind: conflict.record.kind)
        let values = conflict.sides.flatMap { side -> [Value] in
            guard case .values(let values) = side.content else { return [] }
            return values
        }
        let edit = conflict.record.edit(.reopen(fields: statement.fields), values)
        _ = try write([edit], on: copy, &stage)
    }

    private mutating func undo(
        _ pick: Int, on copy: Int, _ stage: inout some HistoryStage
    ) throws {
        let vector = try stage.vector(of: copy)
        let known = written.filter(vector.contains)
        guard !known.isEmpty else { return }
        let revision = known[known.count - 1 - pick % known.count]
        let edits = try stage.inverses(of: revision, on: copy).sorted { $0.key < $1.key }
            .flatMap { $0.value.edits(of: $0.key, in: history.space.kinds) }
        if !edits.isEmpty { undos.insert(try write(edits, on: copy, &stage)) }
    }
}

extension Resolution {
    fileprivate var number: Int {
        switch self {
        case .take(let side): return side
        case .set(let choice): return choice
        }
    }
}

extension RecordAddress {
    fileprivate func edit(_ operation: Edit.Operation, _ values: [Value] = []) -> Edit {
        Edit(kind: kind, operation: operation, rows: [Edit.Row(key: key, values: values)])
    }
}

extension Change {
    fileprivate func edits(of record: RecordAddress, creates: Bool) -> [Edit] {
        if isEmpty { return creates ? [record.edit(.set(fields: []))] : [] }
        var edits: [Edit] = []
        if !assignments.isEmpty {
            edits.append(
                record.edit(
                    .set(fields: assignments.flatMap(\.fields)), assignments.flatMap(\.values)))
        }
        let fields = Set((added + removed).map(\.field)).sorted()
        for field in fields {
            let (into, out) = (added.values(of: field), removed.values(of: field))
            if !into.isEmpty { edits.append(record.edit(.add(field: field), into)) }
            if !out.isEmpty { edits.append(record.edit(.remove(field: field), out)) }
        }
        return edits
    }
}

extension [Element] {
    fileprivate func values(of field: String) -> [Value] {
        filter { $0.field == field }.map { .text($0.text) }
    }
}
