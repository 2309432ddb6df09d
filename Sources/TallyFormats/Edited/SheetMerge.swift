import TallyCore
import TallyStore

/// What a row of an edited sheet does to its record, by ``ThreeWay`` for each of its statements and elements.
struct SheetMerge {
    let access: DatasetAccess
    let horizon: RevisionVector
    let resolves: Bool
    let restores: Bool
    /// Those that held when the sheet was exported.
    private let policies: PolicyTable

    init(
        access: DatasetAccess, horizon: RevisionVector, resolves: Bool, restores: Bool
    ) throws {
        (self.access, self.horizon) = (access, horizon)
        (self.resolves, self.restores) = (resolves, restores)
        policies = try access.policies(asOf: horizon)
    }

    /// Records as they were when the sheet was exported, and as they are.
    func records(_ addresses: [RecordAddress]) throws -> [RecordSince] {
        try access.records(addresses, since: horizon, judgedBy: policies)
    }

    struct Decision {
        let address: RecordAddress
        /// What others have not changed meanwhile.
        var edits: [RecordEdit] = []
        /// What is written as by somebody who has seen no more than was exported.
        var beside: [RecordEdit] = []
        var outcomes: [ThreeWay.Outcome] = []
        var isNew = false
        /// It is deleted, and stays so.
        var isLeftDeleted = false
        /// What becomes another, or would where it is left.
        var fields: [EditedReport.Sample.Field] = []
        /// What the sheet has as it was exported, and others have changed since.
        var staying: [EditedReport.Sample.Field] = []
    }

    // MARK: A record that was exported

    /// - Parameter shown: the fields of which the row may say something.
    func edited(
        _ record: RecordSince, _ input: RecordInput, shown: @autoclosure () -> Set<String>
    ) throws -> Decision {
        let then = record.then.row?.values ?? [:]
        let contents = try access.contents(of: record.now)
        let now = contents.compactMapValues(\.value)
        var decision = Decision(address: record.now.address)
        try input.check(
            of: decision.address, beside: record.now.isVisible ? now : then, in: access.kinds)
        for (statement, mine) in input.statements(beside: then) {
            let outcome = ThreeWay.statement(
                base: statement.fields.map { then[$0] ?? .null },
                theirs: statement.fields.map { now[$0] ?? .null }, mine: mine,
                circumstances(of: statement, mine, record))
            let settling = input.statements(beside: now).first {
                $0.statement.name == statement.name
            }
            let value = outcome == .settle ? settling?.value ?? mine : mine
            decision.add(.set(statement: statement.name, value: value), outcome)
            decision.note(statement, value, beside: now, outcome)
        }
        for (element, mine) in input.added.map({ ($0, true) }) + input.removed.map({ ($0, false) })
        {
            let versions = record.now.state.elements[element] ?? []
            let outcome = ThreeWay.element(
                base: !mine, theirs: versions.contains(where: \.content), mine: mine,
                isTheirs: versions.contains { $0.content && !horizon.contains($0.revision) })
            decision.add(mine ? .add(element) : .remove(element), outcome)
            decision.note(element, mine, outcome)
        }
        if record.now.isGone {
            // Nobody but a person who has not seen the deletion may write to what is deleted.
            decision.beside += decision.edits
            decision.edits = []
            decision.isLeftDeleted = decision.beside.isEmpty
        } else if !record.steps.isEmpty {
            // What is in conflict is told by the conflict.
            let open = Set(record.now.conflicts.map(\.statement))
            let statements = access.kinds[decision.address.kind]?.statements ?? []
            let left = statements.filter { !open.contains($0.name) }.flatMap(\.fields)
            let shown = shown()
            decision.noteStaying(left.filter(shown.contains), input, then: then, now: now)
            decision.noteStaying(
                shown.sorted(), input, then: record.then.row?.sets ?? [:],
                now: record.now.row?.sets ?? [:])
        }
        return decision
    }

    private func circumstances(
        of statement: Kind.Statement, _ mine: [Value], _ record: RecordSince
    ) -> ThreeWay.Circumstances {
        func isInConflict(_ view: RecordView) -> Bool {
            view.conflicts.contains { $0.statement == statement.name }
        }
        return ThreeWay.Circumstances(
            wasInConflict: isInConflict(record.then), isInConflict: isInConflict(record.now),
            isSide: record.now.state.statements[statement.name]?.versions
                .contains { $0.content == mine } == true,
            wasSaid: record.wasSaid(statement.name, mine), resolves: resolves)
    }

    // MARK: A record that the sheet makes

    /// - Precondition: the record was not there when the sheet was exported.
    func new(_ record: RecordSince, _ input: RecordInput) throws -> Decision {
        let view = record.now
        var decision = Decision(address: view.address)
        let now = view.row?.values ?? [:]
        try input.check(of: view.address, beside: now, in: access.kinds)
        if view.isVisible {
            for (statement, mine) in input.statements(beside: [:]) {
                let outcome = ThreeWay.statement(
                    base: statement.fields.map { _ in Value.null },
                    theirs: statement.fields.map { now[$0] ?? .null }, mine: mine,
                    circumstances(of: statement, mine, record))
                decision.add(.set(statement: statement.name, value: mine), outcome)
                decision.note(statement, mine, beside: now, outcome)
            }
            for element in input.added {
                let isThere = view.state.elements[element]?.contains(where: \.content) == true
                let outcome: ThreeWay.Outcome = isThere ? .same : .edit
                decision.add(.add(element), outcome)
                decision.note(element, true, outcome)
            }
            return decision
        }
        for (statement, mine) in input.statements(beside: [:]) {
            decision.note(statement, mine, beside: [:], .edit)
        }
        if view.isUnknown {
            decision.isNew = true
            decision.edits = input.editsOfNew
        } else if restores {
            decision.edits = input.editsOverDeleted(view.state)
        } else {
            decision.isLeftDeleted = true
        }
        return decision
    }

    // MARK: A record whose row is missing

    func deleted(_ record: RecordSince) -> Decision {
        var decision = Decision(address: record.now.address)
        let outcome = ThreeWay.deletion(
            isThere: record.now.isVisible,
            isEdited: record.now.state.existence.contains {
                $0.content == .present && !horizon.contains($0.revision)
            }, isInConflict: !record.now.conflicts.isEmpty,
            wasDeleted: record.steps.contains { $0.edits.contains(.delete) }, resolves: resolves)
        decision.add(.delete, outcome)
        return decision
    }
}

extension SheetMerge.Decision {
    fileprivate mutating func add(_ edit: RecordEdit, _ outcome: ThreeWay.Outcome) {
        outcomes.append(outcome)
        switch outcome {
        case .edit, .settle: edits.append(edit)
        case .beside: beside.append(edit)
        case .untouched, .same, .replaced, .left: break
        }
    }

    fileprivate mutating func note(
        _ statement: Kind.Statement, _ value: [Value], beside now: [String: Value],
        _ outcome: ThreeWay.Outcome
    ) {
        // What settles a conflict may be what stands there already.
        for (name, after) in zip(statement.fields, value)
        where now[name] ?? .null != after || (outcome == .settle && name == statement.name) {
            fields.append(
                .init(name: name, before: now[name] ?? .null, after: after, outcome: outcome))
        }
    }

    fileprivate mutating func noteStaying(
        _ fields: [String], _ input: RecordInput, then: [String: Value], now: [String: Value]
    ) {
        let written = Set(input.statements(beside: then).flatMap(\.statement.fields))
        for name in fields where !written.contains(name) {
            let (before, after) = (then[name] ?? .null, now[name] ?? .null)
            if before != after {
                staying.append(.init(name: name, before: after, after: before, outcome: .untouched))
            }
        }
    }

    fileprivate mutating func noteStaying(
        _ sets: [String], _ input: RecordInput, then: [String: [String]], now: [String: [String]]
    ) {
        for name in sets {
            let (before, after) = (Set(then[name] ?? []), Set(now[name] ?? []))
            let written = Set((input.added + input.removed).filter { $0.field == name }.map(\.text))
            guard !before.symmetricDifference(after).isSubset(of: written) else { continue }
            func text(_ elements: Set<String>) -> Value {
                elements.isEmpty ? .null : .text(ElementList.join(elements.sorted()))
            }
            staying.append(
                .init(name: name, before: text(after), after: text(before), outcome: .untouched))
        }
    }

    fileprivate mutating func note(
        _ element: Element, _ isIn: Bool, _ outcome: ThreeWay.Outcome
    ) {
        if outcome == .same { return }
        let text = Value.text(element.text)
        fields.append(
            .init(
                name: element.field, before: isIn ? .null : text, after: isIn ? text : .null,
                outcome: outcome))
    }
}

extension FieldContent {
    fileprivate var value: Value? {
        if case .value(let value) = self { return value }
        return nil
    }
}
