import TallyCore

extension ModelCopy {
    /// What takes revisions back, for each record that they edited.
    public func inverses(
        of revisions: Set<Revision>
    ) throws(StatementLayout.Fault) -> [RecordAddress: Inverse] {
        let undo = Undo(revisions, kinds: kinds, policies: policies)
        var result: [RecordAddress: Inverse] = [:]
        for (record, steps) in try steps()
        where steps.contains(where: { revisions.contains($0.revision) }) {
            result[record] = undo.inverse(of: record, steps, at: time(of:))
        }
        return result
    }

    /// What the changesets did to each record, in order of arrival.
    func steps() throws(StatementLayout.Fault) -> [RecordAddress: [RecordStep]] {
        var result: [RecordAddress: [RecordStep]] = [:]
        for changeset in log {
            var own: [RecordAddress: [RecordEdit]] = [:]
            for edit in changeset.edits {
                for effect in try edit.effects(in: kinds) {
                    own[effect.record, default: []].append(effect.edit)
                }
            }
            for (record, edits) in own {
                result[record, default: []].append(RecordStep(changeset.coverage, edits))
            }
        }
        return result
    }
}

extension Inverse {
    /// The edits as a changeset holds them.
    public func edits(of record: RecordAddress, in kinds: KindCatalog) -> [Edit] {
        func row(_ operation: Edit.Operation, _ values: [Value] = []) -> Edit {
            Edit(
                kind: record.kind, operation: operation,
                rows: [Edit.Row(key: record.key, values: values)])
        }
        func fields(_ statement: String) -> [String] {
            kinds.statement(statement, ofKind: record.kind).fields
        }
        var result: [Edit] = []
        var elements: [Edit.Operation: [Value]] = [:]
        for edit in edits {
            switch edit {
            case .create: result.append(row(.set(fields: [])))
            case .delete: result.append(row(.delete))
            case .restore: result.append(row(.restore))
            case .set(let name, let value): result.append(row(.set(fields: fields(name)), value))
            case .reopen(let name, let versions):
                result.append(row(.reopen(fields: fields(name)), versions.flatMap { $0 }))
            case .add(let element):
                elements[.add(field: element.field), default: []].append(.text(element.text))
            case .remove(let element):
                elements[.remove(field: element.field), default: []].append(.text(element.text))
            }
        }
        return result
            + elements.map { row($0.key, $0.value) }.sorted { $0.description < $1.description }
    }
}
