import TallyCore

/// What the merge rules know of a changeset: no line, no signature, no author.
public struct ModelChangeset: Sendable, Equatable {
    public let revision: Revision
    /// Everything of other replicas that the copy had integrated: the whole vector, not what a line adds to it.
    public let seen: RevisionVector
    public let at: Timestamp
    public let edits: [Edit]

    public init(revision: Revision, seen: RevisionVector, at: Timestamp, edits: [Edit]) {
        self.revision = revision
        self.seen = seen
        self.at = at
        self.edits = edits
    }

    public var coverage: Coverage { Coverage(of: revision, seen: seen) }

    /// Whether everything that its copy had integrated is in `vector`, and nothing of its own replica is missing.
    public func mayFollow(_ vector: RevisionVector) -> Bool {
        vector[revision.replica] == revision.seq - 1
            && seen.replicas.allSatisfy { vector[$0] >= seen[$0] }
    }
}

extension ModelChangeset: CustomStringConvertible {
    public var description: String {
        let edits = self.edits.map(\.description).joined(separator: "; ")
        return "\(revision.brief) at \(at) seen \(seen.brief): \(edits)"
    }
}

/// What an edit does to one record.
public struct Effect: Sendable, Equatable {
    public let record: RecordAddress
    public let edit: RecordEdit
}

extension Edit {
    /// The edit row by row, statement by statement, element by element.
    public func effects(in kinds: KindCatalog) throws(StatementLayout.Fault) -> [Effect] {
        var effects: [Effect] = []
        switch operation {
        case .set(let fields):
            let layout = try StatementLayout(fields: fields, of: kinds[kind])
            for row in rows {
                if fields.isEmpty { effects.append(effect(.create, on: row)) }
                for part in layout.parts {
                    let value = part.value(of: row.values)
                    effects.append(effect(.set(statement: part.statement, value: value), on: row))
                }
            }
        case .reopen(let fields):
            let layout = try StatementLayout(fields: fields, of: kinds[kind])
            for row in rows {
                for part in layout.parts {
                    let versions = stride(from: 0, to: row.values.count, by: fields.count).map {
                        part.value(of: row.values[$0..<($0 + fields.count)])
                    }
                    effects.append(
                        effect(.reopen(statement: part.statement, versions: versions), on: row))
                }
            }
        case .add(let field):
            for (row, element) in elements(of: field) {
                effects.append(effect(.add(element), on: row))
            }
        case .remove(let field):
            for (row, element) in elements(of: field) {
                effects.append(effect(.remove(element), on: row))
            }
        case .delete: effects = rows.map { effect(.delete, on: $0) }
        case .restore: effects = rows.map { effect(.restore, on: $0) }
        }
        return effects
    }

    private func effect(_ edit: RecordEdit, on row: Row) -> Effect {
        Effect(record: RecordAddress(kind: kind, key: row.key), edit: edit)
    }

    private func elements(of field: String) -> [(Row, Element)] {
        rows.flatMap { row in
            row.values.compactMap(\.text).map { (row, Element(field: field, text: $0)) }
        }
    }
}

extension [ModelChangeset] {
    /// The changesets in a random order in which each comes after all that it has seen.
    public func inRandomCausalOrder(using generator: inout SeededGenerator) -> [ModelChangeset] {
        var (waiting, result) = (generator.shuffled(self), [ModelChangeset]())
        var vector = RevisionVector()
        while !waiting.isEmpty {
            let ready = waiting.indices.filter { waiting[$0].mayFollow(vector) }
            precondition(!ready.isEmpty, "the changesets are not causally closed")
            let next = waiting.remove(at: generator.pick(ready))
            vector.insert(next.revision)
            result.append(next)
        }
        return result
    }
}
