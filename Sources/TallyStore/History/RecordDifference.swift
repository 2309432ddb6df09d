import TallyCore

/// What is not the same in a record at two moments.
public struct RecordDifference: Sendable {
    public enum What: String, Sendable {
        case added, deleted, restored, changed
    }

    /// A field that holds something else, or over which a conflict has come or gone.
    public struct Field: Sendable {
        /// `-` for the existence of the record, over which there can be a conflict.
        public let name: String
        public let before: FieldContent
        public let after: FieldContent
        /// Who wrote what stands afterwards; nil where nobody did.
        public let info: RevisionInfo?
        public let conflict: ConflictChange?
    }

    public enum ConflictChange: String, Sendable {
        case open, settled
    }

    public let address: RecordAddress
    public let what: What
    /// In the order of the kind, then those that it does not know; never empty, but for a record that was added, deleted or
    /// restored.
    public let fields: [Field]
    /// Who added, deleted or restored the record; of a change nobody in particular.
    public let info: RevisionInfo?

    /// The difference without what others than `filter` asks for have written; nil where nothing is left.
    public func limited(to filter: ChangesetFilter) -> Self? {
        let own = fields.filter { $0.info.map { !filter.excludes(authorOf: $0) } ?? false }
        let isOwnDeed = info.map { !filter.excludes(authorOf: $0) } ?? false
        guard isOwnDeed || !own.isEmpty, isOwnDeed || what != .deleted else { return nil }
        return Self(
            address: address, what: isOwnDeed ? what : .changed, fields: own,
            info: isOwnDeed ? info : nil)
    }
}

extension DatasetAccess {
    /// - Parameter info: who added, deleted or restored it, where that is known.
    /// - Returns: nil where everybody sees the same at both moments.
    /// - Complexity: O(versions of the record).
    func difference(
        from before: RecordView, to after: RecordView, by info: RevisionInfo? = nil
    ) throws -> RecordDifference? {
        guard before.isVisible || after.isVisible else { return nil }
        let what: RecordDifference.What
        switch (before.isVisible, after.isVisible) {
        case (true, false): what = .deleted
        case (false, true): what = before.isUnknown ? .added : .restored
        default: what = .changed
        }
        let old = before.isUnknown ? [:] : try contents(of: before)
        let new = what == .deleted ? [:] : try contents(of: after)
        let names = Set(old.keys).union(new.keys)
            .union(before.conflicts.map(\.statement)).union(after.conflicts.map(\.statement))
        var fields: [RecordDifference.Field] = []
        for name in order(names, ofKind: after.address.kind) {
            let empty = (old[name] ?? new[name])?.emptied ?? .value(.null)
            let contents = (before: old[name] ?? empty, after: new[name] ?? empty)
            let conflicts = [before, after].map { view in
                view.conflicts.contains { $0.statement == name }
            }
            guard contents.before != contents.after || conflicts[0] != conflicts[1] else {
                continue
            }
            fields.append(
                RecordDifference.Field(
                    name: name, before: contents.before, after: contents.after,
                    info: try what == .deleted ? nil : writer(of: name, in: after),
                    conflict: after.conflicts.contains {
                        $0.statement == statementName(name, after)
                    }
                        ? .open : conflicts[0] ? .settled : nil))
        }
        if what == .changed, fields.isEmpty { return nil }
        let deed =
            try what == .changed ? nil : info ?? writer(of: Conflict.existenceName, in: after)
        return RecordDifference(address: after.address, what: what, fields: fields, info: deed)
    }

    /// Existence first, the kind's own fields in its order, then the others.
    private func order(_ names: Set<String>, ofKind kind: String) -> [String] {
        let known = [Conflict.existenceName] + (kinds[kind]?.fields.map(\.name) ?? [])
        return known.filter(names.contains)
            + names.subtracting(known).sorted { $0.precedesInBytes($1) }
    }

    private func statementName(_ field: String, _ view: RecordView) -> String {
        field == Conflict.existenceName
            ? field : kinds.statement(field, ofKind: view.address.kind).name
    }

    /// Who wrote what a field holds: of a set, who touched it last; of existence, who spoke of it last.
    public func writer(of field: String, in view: RecordView) throws -> RevisionInfo? {
        let revisions: [Revision]
        if field == Conflict.existenceName {
            revisions = view.state.existence.map(\.revision)
        } else if let verdict = try verdict(
            of: kinds.statement(field, ofKind: view.address.kind), in: view)
        {
            return try info(of: verdict.winner.revision)
        } else {
            revisions = view.state.elements.filter { $0.key.field == field }
                .flatMap { $0.value.map(\.revision) }
        }
        return try revisions.map(info(of:)).max {
            ($0.at, $0.revision.replica, $0.position) < ($1.at, $1.revision.replica, $1.position)
        }
    }

    /// What the versions of a statement come to; nil when nobody wrote it.
    public func verdict(
        of statement: Kind.Statement, in view: RecordView
    ) throws -> Verdict<[Value]>? {
        guard let state = view.state.statements[statement.name] else { return nil }
        return try state.verdict(
            of: statement, policy: policy(of: statement, kind: view.address.kind),
            at: times(of: view.state))
    }
}
