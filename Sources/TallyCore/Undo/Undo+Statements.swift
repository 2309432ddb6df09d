extension RecordUndo {
    /// What is to become of a statement that the deed wrote.
    private enum Outcome {
        /// It gets these values, which these revisions wrote: one, or several that are sides of a conflict.
        case put([[Value]], by: [Revision])
        case leave(Inverse.Reason, [Revision])
        /// It is as it would be.
        case stay
    }

    mutating func takeBackStatements() {
        let names = Set(ownEdits.compactMap(\.statementName))
        var outcomes = Dictionary(uniqueKeysWithValues: names.map { ($0, outcome(of: $0)) })
        putTogether(names.filter { kinds[kind]?.statement(of: $0) == nil }, &outcomes)
        for (name, outcome) in outcomes.sorted(by: { $0.key.precedesInBytes($1.key) }) {
            switch outcome {
            case .put(let values, let revisions):
                inverse.sources.formUnion(revisions)
                inverse.edits.append(
                    values.count == 1
                        ? .set(statement: name, value: values[0])
                        : .reopen(statement: name, versions: values))
            case .leave(let reason, let revisions): leave(.statement(name), reason, revisions)
            case .stay: break
            }
        }
    }

    /// The versions that another writer has covered cannot be the deed's any more, so either nothing of the statement is
    /// the deed's, or the statement is put back whole: what remains are the other versions beside it, and those that the
    /// deed alone covered.
    private func outcome(of name: String) -> Outcome {
        let versions = now.statements[name]?.versions ?? []
        let held = versions.filter { isOwn($0.revision) }
        guard !held.isEmpty else {
            let writes = { (edit: RecordEdit) in edit.statementName == name }
            return .leave(.changed, lastSince(writes, writes))
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
            return others.isEmpty ? .stay : .leave(.same, others)
        }
        let values = kept(wanted, of: remaining, statement)
        return .put(
            values, by: remaining.filter { values.contains($0.content) }.map(\.revision))
    }

    /// Fields of a newer version that were written together may be statements of several fields, of which no part may be
    /// written alone: they are put back all together, each to one value, or left.
    private func putTogether(_ names: Set<String>, _ outcomes: inout [String: Outcome]) {
        let isPut = names.contains { name in
            if case .put = outcomes[name] { return true }
            return false
        }
        guard names.count > 1, isPut else { return }
        let puts = names.compactMap { name in outcomes[name].flatMap { put($0, name) } }
        for (index, name) in names.enumerated() {
            let versions = now.statements[name]?.versions ?? []
            outcomes[name] =
                puts.count == names.count
                ? puts[index] : .leave(.newer, versions.map(\.revision))
        }
    }

    /// - Returns: nil for what cannot be written as one value.
    private func put(_ outcome: Outcome, _ name: String) -> Outcome? {
        switch outcome {
        case .put(let values, _): return values.count == 1 ? outcome : nil
        case .stay, .leave(.same, _):
            let versions = now.statements[name]?.versions ?? []
            let values = versions.distinctContents(at: time)
            return values.count == 1 ? .put(values, by: versions.map(\.revision)) : nil
        case .leave: return nil
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
}
