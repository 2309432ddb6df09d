import TallyCore

/// What has become of something that was written.
enum Fate {
    /// In force: the clean value, an element, an existence version of a record that does not dispute it; or kept
    /// with a record that is gone.
    case inForce
    case sideOfConflict, beaten
    /// Not among the versions any more.
    case dropped
    /// Among the versions, but nobody is shown it.
    case hidden
}

extension ModelCopy {
    var conflictPreimages: [[UInt8]] {
        conflicts().map { ConflictID.preimage($0.record, statement: $0.statement) }
    }

    func fate(of fact: HistoryOracle.Fact) -> Fate {
        guard let state = records[fact.place.record] else { return .dropped }
        switch (fact.place.part, fact.content) {
        case (.statement(let name), .values(let values)):
            return fate(of: values, fact, inStatement: name, of: state)
        case (.element(let element), .membership(let isIn)):
            let versions = state.elements[element] ?? []
            guard versions.contains(where: { $0.revision == fact.revision && $0.content == isIn })
            else { return .dropped }
            // In beats out: the policy of every set field.
            let isListed = state.elements(of: element.field)
                .contains { $0.hasSameBytes(as: element.text) }
            if isIn { return isListed ? .inForce : .hidden }
            return isListed ? .beaten : .inForce
        default:
            let content: Existence = fact.content == .deleted ? .deleted : .present
            guard
                state.existence.contains(where: {
                    $0.revision == fact.revision && $0.content == content
                })
            else { return .dropped }
            let isClean = state.existence.allSatisfy { $0.content == content }
            return isClean ? .inForce : fateInConflict(fact, "-", .existence(content))
        }
    }

    private func fate(
        of values: [Value], _ fact: HistoryOracle.Fact, inStatement name: String,
        of state: RecordState
    ) -> Fate {
        let versions = state.statements[name]?.versions ?? []
        guard versions.contains(where: { $0.revision == fact.revision && $0.content == values })
        else { return .dropped }
        if state.isGone { return .inForce }
        let kind = fact.place.record.kind
        let statement = kinds.statement(name, ofKind: kind)
        let policy = policies.policy(of: statement, kind: kind)
        guard
            let verdict = state.statements[name]?
                .verdict(of: statement, policy: policy, at: time(of:))
        else { return .hidden }
        let isBeaten = verdict.beaten.contains {
            $0.revision == fact.revision && $0.content == values
        }
        if isBeaten { return policy == .manual ? .hidden : .beaten }
        if !verdict.isConflict { return verdict.winner.content == values ? .inForce : .hidden }
        return fateInConflict(fact, name, .values(values))
    }

    private func fateInConflict(
        _ fact: HistoryOracle.Fact, _ name: String, _ content: Conflict.Content
    ) -> Fate {
        let isSide = conflicts().contains { conflict in
            conflict.record == fact.place.record && conflict.statement == name
                && conflict.sides.contains {
                    $0.content == content && $0.revisions.contains(fact.revision)
                }
        }
        return isSide ? .sideOfConflict : .hidden
    }
}

extension HistoryOracle {
    /// Whether no revision had integrated another one of these; one that wrote several is concurrent with itself.
    func areConcurrent(_ revisions: [Revision]) -> Bool {
        revisions.allSatisfy { a in !revisions.contains { hasIntegrated(a, $0) } }
    }

    /// Whether somebody edited or restored the record without having integrated a deletion that is in force, nor it
    /// them.
    func hasConcurrentEdit(_ conflict: Conflict) -> Bool {
        let edits = facts.filter { $0.place.record == conflict.record && $0.content == .present }
        return conflict.sides.contains { side in
            side.content == .existence(.deleted)
                && side.revisions.contains { deletion in
                    edits.contains { areConcurrent([$0.revision, deletion]) }
                }
        }
    }

    func isEdited(_ record: RecordAddress, by revisions: Set<Revision>) -> Bool {
        facts.contains { $0.place.record == record && revisions.contains($0.revision) }
    }
}

extension HistoryOracle.Fact {
    var text: String {
        "\(place.record) \(place.part) \(content.text) by \(revision.brief)"
    }
}
