import TallyCore
import TallyStore
import TallyWire

/// Finds what a rule or a value makes of a conflict.
struct Resolver {
    let access: DatasetAccess
    let workplace: Workplace

    init(_ access: DatasetAccess, _ workplace: Workplace) {
        (self.access, self.workplace) = (access, workplace)
    }

    func take(_ rule: ResolutionRule, of conflict: Conflict) throws -> Resolution {
        try access.requireWholeStatement(of: conflict)
        switch rule {
        case .letter(let letter):
            let side = conflict.sides.first { $0.letter == letter }
            return try take(side, of: conflict, "there is no side \(letter)")
        case .mine: return try take(.author(workplace.author), of: conflict)
        case .author(let name):
            return try take(
                only(conflict) { $0.author == name || ValueText.name($0) == name }, of: conflict,
                "not one side alone is \(name)'s")
        case .machine(let name):
            return try take(
                only(conflict) { $0.machine == name }, of: conflict,
                "not one side alone is of \(name)")
        case .base: return try takeBase(conflict)
        case .policy(let policy):
            return try take(
                side(by: policy, conflict), of: conflict, "\(policy.rawValue) does not decide")
        }
    }

    private func take(
        _ side: Conflict.Side?, of conflict: Conflict, _ otherwise: String
    ) throws -> Resolution {
        guard let side else {
            let sides = try conflict.sides.map { side in
                let info = try access.info(of: side.revision)
                return "\(side.letter) \(ValueText.name(info))"
            }
            throw StoreError(
                .badInput, "\(conflict.id) (\(conflict.record)): \(otherwise); nothing was written",
                hint: "The sides are \(sides.joined(separator: ", ")).")
        }
        let edit: RecordEdit
        switch side.content {
        case .existence(.deleted): edit = .delete
        case .existence(.present): edit = .restore
        case .values(let values): edit = .set(statement: conflict.statement, value: values)
        }
        return Resolution(
            conflict: conflict, edit: edit, outcome: ResolutionText.content(side.content),
            side: side)
    }

    /// The only side that has a version by somebody of whom `holds` is true.
    private func only(
        _ conflict: Conflict, _ holds: (RevisionInfo) -> Bool
    ) throws -> Conflict.Side? {
        let found = try conflict.sides.filter { side in
            try side.revisions.contains { holds(try access.info(of: $0)) }
        }
        return found.count == 1 ? found[0] : nil
    }

    private func takeBase(_ conflict: Conflict) throws -> Resolution {
        guard conflict.statement != Conflict.existenceName else {
            return try decide(isKept: true, conflict)
        }
        guard let before = try access.before([conflict])[conflict.id] else {
            throw StoreError(
                .badInput,
                "\(conflict.id) (\(conflict.record)): there is no value before; nothing was written",
                hint: "Take a side, or --set a value.")
        }
        return Resolution(
            conflict: conflict, edit: .set(statement: conflict.statement, value: before),
            outcome: ResolutionText.content(.values(before)), side: nil)
    }

    private func side(by policy: Policy, _ conflict: Conflict) throws -> Conflict.Side? {
        // The sides stand by time, then replica id: the last is the newest.
        if policy == .newest { return conflict.sides.last }
        let view = try access.view(conflict.record)
        let statement = access.kinds.statement(conflict.statement, ofKind: conflict.record.kind)
        guard
            let verdict = try view.state.statements[conflict.statement]?.verdict(
                of: statement, policy: policy, at: access.times(of: view.state)),
            !verdict.isConflict
        else { return nil }
        return conflict.sides.first { $0.content == .values(verdict.winner.content) }
    }

    /// - Throws: `StoreError` for a field that none of the conflicts is over.
    func check(_ assignments: [Assignment], areAbout conflicts: [Conflict]) throws {
        for assignment in assignments where !conflicts.contains(where: { isOver(assignment, $0) }) {
            guard let one = conflicts.first else { return }
            let fields = Set(conflicts.flatMap(fields)).sorted()
            throw StoreError(
                .badInput,
                conflicts.count == 1
                    ? "\(one.id) is over \(one.statement == "-" ? "a deletion" : one.statement)"
                    : "None of these conflicts is over \(assignment.field)",
                hint: fields.isEmpty
                    ? "Settle it with --delete or --keep."
                    : "Set \(fields.joined(separator: ", ")).")
        }
    }

    private func fields(of conflict: Conflict) -> [String] {
        conflict.statement == Conflict.existenceName
            ? [] : access.kinds.statement(conflict.statement, ofKind: conflict.record.kind).fields
    }

    private func isOver(_ assignment: Assignment, _ conflict: Conflict) -> Bool {
        fields(of: conflict).contains(assignment.field)
    }

    /// - Parameter assignments: those of its statement are for this one, others for other conflicts.
    func set(_ assignments: [Assignment], in conflict: Conflict) throws -> Resolution {
        let kind = try access.kinds.required(conflict.record.kind)
        let own = assignments.filter { isOver($0, conflict) }
        return try set(try RecordInput(own, kind: kind), in: conflict)
    }

    func set(_ input: RecordInput, in conflict: Conflict) throws -> Resolution {
        let view = try access.view(conflict.record)
        try input.check(
            of: view.address, beside: view.row?.values ?? [:], in: access.kinds)
        guard let statement = input.statements(beside: view.row?.values ?? [:]).first else {
            throw StoreError(
                .badInput,
                "\(conflict.id) (\(conflict.record)) is over \(conflict.statement == "-" ? "a deletion" : conflict.statement), for which nothing is set",
                hint: conflict.statement == "-"
                    ? "Settle it with --delete or --keep."
                    : "Set \(fields(of: conflict).joined(separator: ", ")) too.")
        }
        return Resolution(
            conflict: conflict, edit: .set(statement: conflict.statement, value: statement.value),
            outcome: ResolutionText.content(.values(statement.value)), side: nil,
            typed: Set(input.values.names))
    }

    func decide(isKept: Bool, _ conflict: Conflict) throws -> Resolution {
        guard conflict.statement == Conflict.existenceName else {
            throw StoreError(
                .badInput,
                "\(conflict.id) (\(conflict.record)) is over \(conflict.statement), not over a deletion",
                hint: "Settle it with --take RULE or --set field=value.")
        }
        let wanted: Conflict.Content = .existence(isKept ? .present : .deleted)
        return try take(
            conflict.sides.first { $0.content == wanted }, of: conflict, "it has no such side")
    }
}
