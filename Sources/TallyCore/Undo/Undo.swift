/// Takes revisions back, record by record (DESIGN.md section 4, Undo).
///
/// The measure is the record as it would be had the revisions never been: its history without them. Of each part
/// (existence, a statement, an element) that the record has from them now, that is put back; a part that they do not hold
/// any more is left and named. docs/undo.md is the table of cases.
///
/// Pure: whoever writes the edits has integrated all that the steps say, so that they cover it.
public struct Undo: Sendable {
    /// The revisions of one deed: one, or those of a group.
    public let undone: Set<Revision>
    public let kinds: KindCatalog
    public let policies: PolicyTable

    public init(_ undone: Set<Revision>, kinds: KindCatalog, policies: PolicyTable) {
        self.undone = undone
        self.kinds = kinds
        self.policies = policies
    }

    /// - Parameters:
    ///   - steps: every changeset that edited the record, in a causal order.
    ///   - time: of the revisions among the steps.
    /// - Complexity: O(steps), and the square of the versions beside each other.
    public func inverse(
        of address: RecordAddress, _ steps: [RecordStep], at time: @escaping RevisionTimes
    ) -> Inverse {
        var undo = RecordUndo(self, address, steps, at: time)
        undo.takeBack()
        return undo.inverse
    }
}

/// The undo of one record while it is made.
struct RecordUndo {
    let kind: String
    let steps: [RecordStep]
    let undone: Set<Revision>
    /// The record as it is.
    let now: RecordState
    /// The record as it would be.
    let without: RecordState
    private let address: RecordAddress
    let kinds: KindCatalog
    let policies: PolicyTable
    let time: RevisionTimes
    var inverse = Inverse()

    init(
        _ undo: Undo, _ address: RecordAddress, _ steps: [RecordStep],
        at time: @escaping RevisionTimes
    ) {
        self.address = address
        kind = address.kind
        self.steps = steps
        undone = undo.undone
        kinds = undo.kinds
        policies = undo.policies
        self.time = time
        now = RecordState(steps)
        without = RecordState(steps.filter { !undo.undone.contains($0.revision) })
    }

    mutating func takeBack() {
        guard takeBackExistence() else {
            noteConflicts()
            return
        }
        takeBackStatements()
        for element in Set(ownEdits.compactMap(\.element)).sorted() { takeBackElement(element) }
        // `reopen` says nothing of existence: beside a deletion that nobody here has seen yet the values would be gone
        // without a word. With presence asserted that is a delete/edit conflict, as beside any other edit.
        let isSilent = inverse.edits.allSatisfy { edit in
            if case .reopen = edit { return true }
            return false
        }
        if isSilent, !inverse.edits.isEmpty { inverse.edits.append(.create) }
        noteConflicts()
    }

    /// What the deed did to the record.
    var ownEdits: [RecordEdit] { steps.filter { isOwn($0.revision) }.flatMap(\.edits) }

    func isOwn(_ revision: Revision) -> Bool { undone.contains(revision) }

    mutating func leave(
        _ part: RecordPart, _ reason: Inverse.Reason, _ revisions: some Sequence<Revision>
    ) {
        let sorted = Set(revisions).sorted {
            ($0.replica, $0.seq) < ($1.replica, $1.seq)
        }
        inverse.left.append(Inverse.Left(part, reason, sorted))
    }

    /// The last of the others' steps that knew what the deed did in the steps for which `did` holds, and did something
    /// for which `does` holds itself.
    func lastSince(
        _ did: (RecordEdit) -> Bool, _ does: (RecordEdit) -> Bool
    ) -> [Revision] {
        let own = steps.filter { isOwn($0.revision) && $0.edits.contains(where: did) }
        let last = steps.last { step in
            !isOwn(step.revision) && step.edits.contains(where: does)
                && own.contains { step.author.covers($0.revision) }
        }
        return last.map { [$0.revision] } ?? []
    }

    // MARK: Elements

    private mutating func takeBackElement(_ element: Element) {
        let part = RecordPart.element(element)
        let versions = now.elements[element] ?? []
        let held = versions.filter { isOwn($0.revision) }
        guard !held.isEmpty else {
            let writes = { (edit: RecordEdit) in edit.element == element }
            return leave(part, .changed, lastSince(writes, writes))
        }
        let remaining = without.elements[element] ?? []
        // Never written is out. In beats out.
        let wanted = remaining.isEmpty ? [false] : Set(remaining.map(\.content))
        if wanted == Set(versions.map(\.content)) {
            let contents = Set(held.map(\.content))
            let others = remaining.filter { contents.contains($0.content) }.map(\.revision)
            if !others.isEmpty { leave(part, .same, others) }
            return
        }
        inverse.sources.formUnion(remaining.map(\.revision))
        inverse.edits.append(wanted.contains(true) ? .add(element) : .remove(element))
    }

    // MARK: Conflicts

    /// What the edits do to the conflicts, as if the next changeset of somebody who knows all the steps held them.
    private mutating func noteConflicts() {
        let last = now.revisions.max { ($0.replica, $0.seq) < ($1.replica, $1.seq) }
        guard !inverse.edits.isEmpty, let last else { return }
        var seen = RevisionVector()
        for revision in now.revisions { seen.insert(revision) }
        let next = Revision(last.replica, last.seq + 1)
        var after = now
        for edit in inverse.edits { after.apply(edit, by: Coverage(of: next, seen: seen)) }
        let (known, latest) = (time, now.revisions.map(time).max() ?? time(last))
        let before = conflicts(of: now, at: known)
        let open = conflicts(of: after) { $0 == next ? latest : known($0) }
        inverse.opened = open.filter { !before.contains($0) }
        inverse.settled = before.filter { !open.contains($0) }
    }

    private func conflicts(of state: RecordState, at time: RevisionTimes) -> [String] {
        state.conflicts(of: address, in: kinds, policies: policies, at: time).map(\.statement)
    }
}

extension RecordState {
    /// What the steps come to.
    init(_ steps: [RecordStep]) {
        self.init()
        for step in steps {
            for edit in step.edits { apply(edit, by: step.author) }
        }
    }
}

extension RecordEdit {
    var statementName: String? {
        switch self {
        case .set(let name, _), .reopen(let name, _): return name
        default: return nil
        }
    }

    fileprivate var element: Element? {
        switch self {
        case .add(let element), .remove(let element): return element
        default: return nil
        }
    }
}

extension [Version<[Value]>] {
    /// Each value once, in the order of the latest version of each: the order of the sides.
    func distinctContents(at time: RevisionTimes) -> [[Value]] {
        let latestFirst = sorted { a, b in
            (time(a.revision), a.revision.replica, a.revision.seq, a.order)
                > (time(b.revision), b.revision.replica, b.revision.seq, b.order)
        }
        var seen: Set<[Value]> = []
        return latestFirst.map(\.content).filter { seen.insert($0).inserted }.reversed()
    }
}
