import TallyCore
import TallySimulator
import Testing

// What a case expects and what a copy holds, both as sorted lines of one form.

extension MergeFixture.Case {
    func expectedLines(in kinds: KindCatalog) throws -> [String] {
        guard let expected else { return try shortLines(in: kinds) }
        var lines: [String] = []
        for (text, record) in expected {
            let address = try #require(RecordAddress(text))
            let name = address.text
            lines.append("\(name) \(record.existence)")
            for (statement, values) in try (record.clean ?? [:])
                .statements(ofKind: address.kind, in: kinds)
            {
                lines.append("\(name) clean \(statement.name) \(brief(values))")
            }
            for (field, elements) in record.sets ?? [:] {
                lines.append("\(name) set \(field) \(brief(elements.map { Value.text($0) }))")
            }
            for (statement, revisions) in record.versions ?? [:] {
                lines.append("\(name) versions \(statement) \(revisions.joined(separator: "+"))")
            }
            for (statement, revisions) in record.beaten ?? [:] {
                lines.append("\(name) beaten \(statement) \(revisions.joined(separator: "+"))")
            }
            for conflict in record.conflicts ?? [] {
                lines += try conflict.lines(of: address, in: kinds)
            }
        }
        return lines.sorted()
    }

    private func shortLines(in kinds: KindCatalog) throws -> [String] {
        let address = try address
        var lines: [String] = []
        if case .object(let members)? = shown {
            let fields = members.filter { if case .array = $0.value { false } else { true } }
            for (statement, values) in try fields.statements(ofKind: address.kind, in: kinds) {
                lines.append("\(address) shown \(statement.name) \(brief(values))")
            }
            for (field, elements) in members where fields[field] == nil {
                let values = try elements.array().map { try $0.value() }
                lines.append("\(address) set \(field) \(brief(values))")
            }
        } else {
            lines.append("\(address) gone")
        }
        lines += (conflicts ?? []).map { "\(address) conflict \($0)" }
        for (statement, revisions) in beaten ?? [:] {
            lines.append("\(address) beaten \(statement) \(revisions.joined(separator: "+"))")
        }
        return lines.sorted()
    }

    /// What `copy` holds, in the same form, as far as the case looks.
    func foundLines(on copy: ModelCopy, _ oracle: HistoryOracle) throws -> [String] {
        var lines: [String] = []
        let asked = try (expected ?? [:]).map { text, record in
            (try #require(RecordAddress(text)), record)
        }
        for (address, _) in asked where copy.records[address]?.existence.isEmpty != false {
            lines.append("\(address) none")
        }
        for (address, state) in copy.records {
            let record = asked.first { $0.0 == address }?.1
            if expected != nil || state.isGone {
                lines += state.existence.isEmpty ? [] : ["\(address) \(existence(of: state))"]
            }
            if expected == nil && state.isGone { continue }
            lines += statementLines(of: address, state, on: copy)
            for field in state.occupiedSetFields {
                let elements = state.elements(of: field).map { Value.text($0) }
                lines.append("\(address) set \(field) \(brief(elements))")
            }
            for statement in (record?.versions ?? [:]).keys {
                let revisions =
                    statement == "-"
                    ? state.existence.map(\.revision)
                    : state.statements[statement]?.versions.map(\.revision) ?? []
                lines.append("\(address) versions \(statement) \(brief(revisions))")
            }
        }
        for conflict in copy.conflicts() {
            let wanted = asked.first { $0.0 == conflict.record }?.1.conflicts?
                .first { $0.statement == conflict.statement }
            lines += conflictLines(of: conflict, wanted, oracle)
        }
        return lines.sorted()
    }

    private func existence(of state: RecordState) -> String {
        if state.isGone { return "gone" }
        return Set(state.existence.map(\.content)).count > 1 ? "disputed" : "there"
    }

    private func statementLines(
        of address: RecordAddress, _ state: RecordState, on copy: ModelCopy
    ) -> [String] {
        var lines: [String] = []
        for (name, versions) in state.statements {
            let statement = copy.kinds.statement(name, ofKind: address.kind)
            let policy = copy.policies.policy(of: statement, kind: address.kind)
            guard
                let verdict = versions.verdict(of: statement, policy: policy, at: copy.time(of:))
            else { continue }
            if expected == nil {
                lines.append("\(address) shown \(name) \(brief(verdict.winner.content))")
            } else if !verdict.isConflict {
                lines.append("\(address) clean \(name) \(brief(verdict.winner.content))")
            }
            if !verdict.beaten.isEmpty {
                lines.append("\(address) beaten \(name) \(brief(verdict.beaten.map(\.revision)))")
            }
        }
        return lines
    }

    private func conflictLines(
        of conflict: Conflict, _ wanted: MergeFixture.ExpectedConflict?, _ oracle: HistoryOracle
    ) -> [String] {
        let name = "\(conflict.record) conflict \(conflict.statement)"
        guard expected != nil else { return [name] }
        var lines = conflict.sides.map { side in
            "\(name) side \(side.letter) \(side.content.brief) by \(brief(side.revisions))"
        }
        lines.append("\(name) \(conflict.what.rawValue)")
        lines.append("\(name) winner \(conflict.sides.last?.letter ?? "")")
        if wanted?.before != nil {
            let before = oracle.before(conflict).map { brief($0.content) } ?? "-"
            lines.append("\(name) before \(before)")
        }
        if wanted?.preimage != nil {
            let bytes = ConflictID.preimage(conflict.record, statement: conflict.statement)
            lines.append("\(name) preimage \(String(decoding: bytes, as: UTF8.self))")
        }
        return lines
    }
}

extension MergeFixture.ExpectedConflict {
    fileprivate func lines(of address: RecordAddress, in kinds: KindCatalog) throws -> [String] {
        let name = "\(address) conflict \(statement)"
        func text(_ json: MergeFixture.JSON) throws -> String {
            if case .text(let existence) = json { return existence }
            let statements = try json.object().statements(ofKind: address.kind, in: kinds)
            return brief(statements.flatMap(\.values))
        }
        var lines = try sides.map { side in
            let by = side.by.joined(separator: "+")
            return "\(name) side \(side.letter) \(try text(side.value)) by \(by)"
        }
        lines.append("\(name) \(what)")
        lines.append("\(name) winner \(winner)")
        if let before {
            if case .null = before {
                lines.append("\(name) before -")
            } else {
                lines.append("\(name) before \(try text(before))")
            }
        }
        if let preimage { lines.append("\(name) preimage \(preimage)") }
        return lines
    }
}

private func brief(_ values: [Value]) -> String { values.map(\.brief).joined(separator: ",") }

private func brief(_ revisions: [Revision]) -> String {
    revisions.map(\.brief).joined(separator: "+")
}
