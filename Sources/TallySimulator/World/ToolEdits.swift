import GRDB
import TallyCore
import TallyWire

/// What another tool did to the tables of a file and nobody has taken yet: the rows as they were and as they are, read
/// from the tables themselves.
struct ToolEdits {
    /// The origins of what the log had when the tool first wrote: all that its user can have seen.
    let held: [ChangesetHash]
    private(set) var rows:
        [RecordAddress: (before: [String: DatabaseValue]?, after: [String: DatabaseValue]?)] = [:]

    init(held: [ChangesetHash]) {
        self.held = held
    }

    mutating func note(
        _ record: RecordAddress, before: [String: DatabaseValue]?, after: [String: DatabaseValue]?
    ) {
        rows[record] = (rows[record].map(\.before) ?? before, after)
    }

    /// - Parameter known: lines that were there before.
    func check(
        _ captured: [ChangesetLine], orOneOf known: [ChangesetLine], kinds: KindCatalog
    ) throws {
        do {
            try check(captured, kinds: kinds)
        } catch let violation as Violation {
            let isKnown = known.contains { (try? check([$0], kinds: kinds)) != nil }
            if !isKnown { throw violation }
        }
    }

    /// The net difference is the edit, whatever the statements were; what is not valid is nobody's edit.
    ///
    /// - Parameter captured: the changesets that a capture wrote.
    func check(_ captured: [ChangesetLine], kinds: KindCatalog) throws {
        var found: [RecordAddress: [Edit]] = [:]
        for line in captured {
            for edit in try line.changeset(kinds: kinds).edits {
                for row in edit.rows {
                    found[RecordAddress(kind: edit.kind, key: row.key), default: []].append(
                        Edit(kind: edit.kind, operation: edit.operation, rows: [row]))
                }
            }
        }
        // Where a key was changed and the new row is refused, the record of the old one stays.
        let hasInvalid = rows.values.contains { row in
            row.before == nil && row.after.map { !(kinds["trade"]?.accepts($0) ?? true) } ?? false
        }
        for (record, rows) in rows.sorted(by: { $0.key < $1.key }) {
            let (before, after) = (rows.before?.asTyped, rows.after?.asTyped)
            let edits = found.removeValue(forKey: record) ?? []
            if hasInvalid, after == nil, edits.isEmpty { continue }
            try check(record, before, after, edits, kinds)
        }
        if let record = found.keys.min() {
            throw Violation("capture", "\(record) was edited by nobody: \(found[record] ?? [])")
        }
    }

    private func check(
        _ record: RecordAddress, _ before: [String: DatabaseValue]?,
        _ after: [String: DatabaseValue]?, _ edits: [Edit], _ kinds: KindCatalog
    ) throws {
        func require(_ condition: Bool, _ what: String) throws {
            guard !condition else { return }
            throw Violation(
                "capture",
                "\(record): \(what); it was \(before ?? [:]), is \(after ?? [:]), and gave \(edits)"
            )
        }
        guard let kind = kinds[record.kind] else { return }
        let isValid = after.map { kind.accepts($0) } ?? true
        if !isValid || before == after {
            return try require(edits.isEmpty, "nothing is to be taken")
        }
        guard let after else {
            return try require(
                edits.map(\.operation) == [.delete], "a row that was deleted is a deletion")
        }
        var changed: Set<String> = []
        for field in kind.fields
        where (before?[field.name] ?? .null) != (after[field.name] ?? .null) {
            changed.insert(field.name)
        }
        for edit in edits {
            switch edit.operation {
            case .set(let fields):
                for (name, value) in zip(fields, edit.rows[0].values) {
                    guard let column = after[name], before == nil || changed.contains(name) else {
                        continue
                    }
                    let isStandard = before == nil && column.isNull
                    try require(
                        isStandard || column == value.databaseValue.asTyped,
                        "\(name) is what was typed")
                }
                let isNeeded = fields.allSatisfy { field in
                    kind.statement(of: field)?.fields.contains(where: changed.contains) ?? false
                }
                try require(before == nil || isNeeded, "only what changed travels")
            case .add(let field), .remove(let field):
                try require(
                    before == nil || changed.contains(field), "only sets that changed travel")
            case .restore: try require(before == nil, "a row that was there is not restored")
            case .delete, .reopen: try require(false, "a row that is there is set")
            }
        }
        let named = Set(edits.flatMap(\.fields))
        let missing = changed.subtracting(named)
        try require(missing.isEmpty, "\(missing.sorted()) is not taken")
    }
}

extension [String: DatabaseValue] {
    /// Text without a character is no value, as in every input.
    fileprivate var asTyped: Self { mapValues(\.asTyped) }
}

extension DatabaseValue {
    fileprivate var asTyped: DatabaseValue { self == "".databaseValue ? .null : self }
}

extension Kind {
    /// Whether what stands in the columns of numbers is numbers: the only thing that the tools of a world get wrong.
    fileprivate func accepts(_ row: [String: DatabaseValue]) -> Bool {
        fields.allSatisfy { field in
            guard field.type == .number, let value = row[field.name] else { return true }
            if case .string = value.storage { return false }
            return true
        }
    }
}

extension Edit {
    fileprivate var fields: [String] {
        switch operation {
        case .set(let fields), .reopen(let fields): return fields
        case .add(let field), .remove(let field): return [field]
        case .delete, .restore: return []
        }
    }
}

extension Value {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: return .null
        case .number(let number): return number.databaseValue
        case .text(let text), .opaque(let text): return text.databaseValue
        }
    }
}
