import TallyCore

extension ModelCopy {
    /// What is wrong with the undo of revisions on this copy: each part of a record that they edited comes out as it would
    /// be without them, or is named and stays as it is; what they did not write is not touched.
    ///
    /// - Returns: a line for each fault; none where all is well.
    public func faults(ofUndoing revisions: Set<Revision>) throws -> [String] {
        let names = revisions.map(\.brief).sorted().joined(separator: "+")
        let inverses = try inverses(of: revisions)
        let edits = inverses.sorted { $0.key < $1.key }
            .flatMap { $0.value.edits(of: $0.key, in: kinds) }
        var after = self
        if !edits.isEmpty { after.write(edits, clock: Timestamp(milliseconds: 0)) }
        var faults: [String] = []
        for (record, steps) in try steps() {
            var without = RecordState()
            for step in steps where !revisions.contains(step.revision) {
                for edit in step.edits { without.apply(edit, by: step.author) }
            }
            let inverse = inverses[record]
            let left = Set(inverse?.left.map(\.part) ?? [])
            let isLeftWhole =
                inverse?.edits.isEmpty == true
                && inverse?.left.contains { $0.reason == .restored } == true
            let now = shape(of: records[record] ?? RecordState(), of: record)
            let wanted = inverse == nil ? now : shape(of: without, of: record)
            let found = shape(of: after.records[record] ?? RecordState(), of: record, in: after)
            for part in Set(now.keys).union(wanted.keys).union(found.keys) {
                let right = isLeftWhole || left.contains(part) ? now[part] : wanted[part]
                guard found[part] != right else { continue }
                faults.append(
                    "\(record) \(part) after undo of \(names) is \(found[part] ?? "nothing") "
                        + "instead of \(right ?? "nothing")")
            }
            if inverse?.edits.isEmpty ?? true, records[record] != after.records[record] {
                faults.append("\(record) is touched by the undo of \(names)")
            }
        }
        return faults
    }

    /// What people see of each part of a record; null and what was never written look alike, and of what is gone nothing
    /// is seen.
    private func shape(
        of state: RecordState, of record: RecordAddress, in copy: ModelCopy? = nil
    ) -> [RecordPart: String] {
        guard state.isVisible else { return [:] }
        let copy = copy ?? self
        var shape: [RecordPart: String] = [
            .existence: state.existence.allSatisfy { $0.content == .present } ? "there" : "disputed"
        ]
        for (name, versions) in state.statements {
            let statement = kinds.statement(name, ofKind: record.kind)
            let policy = policies.policy(of: statement, kind: record.kind)
            let sides =
                versions.verdict(of: statement, policy: policy, at: copy.time(of:))?.sides ?? []
            let isNothing = sides.allSatisfy { $0.content.allSatisfy(\.isNull) }
            if isNothing { continue }
            shape[.statement(name)] = sides.map(\.content.brief).joined(separator: " | ")
        }
        for (element, versions) in state.elements where versions.contains(where: \.content) {
            shape[.element(element)] = "in"
        }
        return shape
    }
}
