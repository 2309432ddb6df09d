import Foundation
import TallyCore
import TallySimulator
import Testing

extension MergeFixture.Case {
    /// The changesets of the case; those of the short form written out.
    func changesets(in kinds: KindCatalog) throws -> [ModelChangeset] {
        if let changesets {
            return try changesets.map { written in
                let edits = try written.edits.flatMap { try Self.edits($0, in: kinds) }
                return try Self.changeset(
                    written.by, at: written.at, seen: written.seen ?? [:], edits: edits)
            }
        }
        let seen = before == nil ? [:] : ["O": 1]
        let sides = [
            ("O1", "09:00", before), ("A1", "10:00", a), ("B1", "11:00", b), ("C1", "12:00", c),
        ]
        return try sides.compactMap { by, at, side in
            guard let side else { return nil }
            let edits = try Self.edits(ofSide: side, on: address, in: kinds)
            return try Self.changeset(by, at: at, seen: by == "O1" ? [:] : seen, edits: edits)
        }
    }

    /// The record that the short form speaks of.
    var address: RecordAddress {
        get throws { try #require(RecordAddress(record ?? "item/1")) }
    }

    func policyTable() throws -> PolicyTable {
        var table = PolicyTable()
        for (kind, statements) in policies ?? [:] {
            for (statement, name) in statements {
                table[kind, statement] = try #require(Policy(rawValue: name) as Policy?)
            }
        }
        return table
    }

    private static func changeset(
        _ by: String, at: String, seen: [String: Int], edits: [Edit]
    ) throws -> ModelChangeset {
        var vector = RevisionVector()
        for (letter, seq) in seen {
            vector[ReplicaID(letter: try #require(letter.first))] = seq
        }
        let time = at.utf8.count == 5 ? "2026-01-01T\(at):00.000Z" : at
        return ModelChangeset(
            revision: try revision(by), seen: vector, at: try #require(Timestamp(time)),
            edits: edits)
    }

    /// `A1`.
    private static func revision(_ text: String) throws -> Revision {
        let seq = try #require(Int(text.dropFirst()))
        return Revision(ReplicaID(letter: try #require(text.first)), seq)
    }

    /// `["set", "item/1", {"name": "x"}]`.
    private static func edits(_ json: MergeFixture.JSON, in kinds: KindCatalog) throws -> [Edit] {
        let parts = try json.array()
        guard case .text(let operation) = parts[0], case .text(let text) = parts[1] else {
            throw FixtureFault("no edit: \(json)")
        }
        let record = try #require(RecordAddress(text))
        switch operation {
        case "create", "delete", "restore":
            return try edits(ofSide: .text(operation), on: record, in: kinds)
        case "set": return try edits(ofSide: parts[2], on: record, in: kinds)
        case "add", "remove":
            let sign = operation == "add" ? "+" : "-"
            let members = try parts[2].object().map { (sign + $0.key, $0.value) }
            let side = MergeFixture.JSON.object(Dictionary(uniqueKeysWithValues: members))
            return try edits(ofSide: side, on: record, in: kinds)
        case "reopen":
            let versions = try parts[2].array().map {
                try $0.object().statements(ofKind: record.kind, in: kinds)
            }
            let statement = try #require(versions.first?.first).statement
            guard versions.allSatisfy({ $0.map(\.statement.name) == [statement.name] }) else {
                throw FixtureFault("reopen is of one statement: \(json)")
            }
            let values = versions.flatMap { $0.flatMap(\.values) }
            return [record.edit(.reopen(fields: statement.fields), values)]
        default: throw FixtureFault("no operation: \(operation)")
        }
    }

    /// `"delete"`, `{"name": "x", "+tags": ["a"]}`.
    private static func edits(
        ofSide side: MergeFixture.JSON, on record: RecordAddress, in kinds: KindCatalog
    ) throws -> [Edit] {
        switch side {
        case .text("create"): return [record.edit(.set(fields: []))]
        case .text("delete"): return [record.edit(.delete)]
        case .text("restore"): return [record.edit(.restore)]
        default: break
        }
        let members = try side.object()
        let fields = members.filter { !"+-".contains($0.key.first ?? "+") }
        var edits: [Edit] = []
        if !fields.isEmpty {
            let statements = try fields.statements(ofKind: record.kind, in: kinds)
            edits.append(
                record.edit(
                    .set(fields: statements.flatMap(\.statement.fields)),
                    statements.flatMap(\.values)))
        }
        for (name, elements) in members where fields[name] == nil {
            let field = String(name.dropFirst())
            let operation: Edit.Operation =
                name.first == "+" ? .add(field: field) : .remove(field: field)
            edits.append(record.edit(operation, try elements.array().map { try $0.value() }))
        }
        return edits
    }
}

extension [String: MergeFixture.JSON] {
    /// The fields as whole statements, by name; a field of a statement that is not given is null.
    func statements(
        ofKind kind: String, in kinds: KindCatalog
    ) throws -> [(statement: Kind.Statement, values: [TallyCore.Value])] {
        let names = Set(keys.map { kinds.statement($0, ofKind: kind).name }).sorted()
        return try names.map { name in
            let statement = kinds.statement(name, ofKind: kind)
            let values = try statement.fields.map { try (self[$0] ?? .null).value() }
            return (statement, values)
        }
    }
}

extension RecordAddress {
    fileprivate func edit(_ operation: Edit.Operation, _ values: [Value] = []) -> Edit {
        Edit(kind: kind, operation: operation, rows: [Edit.Row(key: key, values: values)])
    }
}
