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
    private let kinds: KindCatalog
    private let policies: PolicyTable
    private let time: RevisionTimes
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
        let names = Set(ownEdits.compactMap(\.statementName))
            .sorted { $0.precedesInBytes($1) }
        let unknown = names.filter { kinds[kind]?.statement(of: $0) == nil }
        for name in names where !unknown.contains(name) { takeBackStatement(name) }
        takeBackUnknown(unknown)
        let first = inverse.left.firstIndex { $0.part.statementName != nil }
        inverse.left[(first ?? inverse.left.endIndex)...].sort {
            ($0.part.statementName ?? "").precedesInBytes($1.part.statementName ?? "")
        }
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

    // MARK: Statements

    /// The versions that another writer has covered cannot be the deed's any more, so either nothing of the statement is
    /// the deed's, or the statement is put back whole: what remains are the other versions beside it, and those that the
    /// deed alone covered.
    private mutating func takeBackStatement(_ name: String) {
        let part = RecordPart.statement(name)
        let versions = now.statements[name]?.versions ?? []
        let held = versions.filter { isOwn($0.revision) }
        guard !held.isEmpty else {
            let writes = { (edit: RecordEdit) in edit.statementName == name }
            return leave(part, .changed, lastSince(writes, writes))
        }
        let statement = kinds.statement(name, ofKind: kind)
        let remaining = without.statements[name]?.versions ?? []
        // Never written: null is the nearest to it that can be written.
        let wanted =
            remaining.isEmpty
            ? [statement.fields.map { _ in Value.null }] : remaining.distinctContents(at: time)
        // The same values without the deed, in the same order of sides: writing them again would only put this author in the
        // place of theirs.
        if wanted == versions.distinctContents(at: time) {
            let contents = Set(held.map(\.content))
            let others = remaining.filter { contents.contains($0.content) }.map(\.revision)
            if !others.isEmpty { leave(part, .same, others) }
            return
        }
        let values = kept(wanted, of: remaining, statement)
        inverse.sources.formUnion(
            remaining.filter { values.contains($0.content) }.map(\.revision))
        inverse.edits.append(
            values.count == 1
                ? .set(statement: name, value: values[0])
                : .reopen(statement: name, versions: values))
    }

    /// Fields of a newer version that were written together may be statements of several fields, of which no part may be
    /// written alone: they are put back all together, each to one value, or left.
    private mutating func takeBackUnknown(_ names: [String]) {
        guard names.count > 1 else { return names.forEach { takeBackStatement($0) } }
        let before = inverse
        names.forEach { takeBackStatement($0) }
        let (edits, left) = (
            inverse.edits.dropFirst(before.edits.count), inverse.left.dropFirst(before.left.count)
        )
        guard !edits.isEmpty else { return }
        var sources = inverse.sources
        inverse = before
        var values: [[Value]] = []
        let changed = left.filter { $0.reason == .changed }.map(\.part)
        for name in names where !changed.contains(.statement(name)) {
            let put = edits.first { $0.statementName == name }
            if case .set(_, let value)? = put {
                values.append(value)
            } else if put == nil, let versions = now.statements[name]?.versions,
                let version = versions.first,
                versions.allSatisfy({ $0.content == version.content })
            {
                // It stays what it is, and is written with the others.
                values.append(version.content)
                sources.insert(version.revision)
            }
        }
        if values.count == names.count {
            inverse.sources = sources
            inverse.edits += zip(names, values).map { .set(statement: $0, value: $1) }
            return
        }
        for name in names {
            let versions = now.statements[name]?.versions ?? []
            leave(.statement(name), .newer, versions.map(\.revision))
        }
    }

    /// Of the values that remain those that come to the same verdict when one revision writes them all.
    ///
    /// Under `newest` they would tie where one had won, so that only what had won is put back. Where a policy looks at
    /// values alone, what it beats comes back as well, to be beaten again.
    private func kept(
        _ values: [[Value]], of versions: [Version<[Value]>], _ statement: Kind.Statement
    ) -> [[Value]] {
        guard values.count > 1 else { return values }
        let policy = policies.policy(of: statement, kind: kind)
        func sides(_ versions: [Version<[Value]>]) -> [[Value]] {
            StatementState(versions: versions)
                .verdict(of: statement, policy: policy, at: time)?.sides.map(\.content) ?? []
        }
        let wanted = sides(versions)
        let revision = versions[0].revision
        let again = values.enumerated().map { Version($0.element, revision, order: $0.offset) }
        return sides(again) == wanted ? values : wanted
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

extension RecordPart {
    fileprivate var statementName: String? {
        if case .statement(let name) = self { return name }
        return nil
    }
}

extension RecordEdit {
    fileprivate var statementName: String? {
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
    fileprivate func distinctContents(at time: RevisionTimes) -> [[Value]] {
        let latestFirst = sorted { a, b in
            (time(a.revision), a.revision.replica, a.revision.seq, a.order)
                > (time(b.revision), b.revision.replica, b.revision.seq, b.order)
        }
        var seen: Set<[Value]> = []
        return latestFirst.map(\.content).filter { seen.insert($0).inserted }.reversed()
    }
}
