import TallyCore
import TallyReports
import TallyStore
import TallyWire

/// A conflict as `--json` gives it (DESIGN.md section 10).
enum ConflictJSON {
    static func list(_ conflicts: [Conflict], _ access: DatasetAccess) throws -> [JSONValue] {
        let before = try access.before(conflicts)
        let reader = HintReader(access)
        return try conflicts.map {
            try value($0, before: before[$0.id], hints: reader.hints(on: $0), access)
        }
    }

    private static func value(
        _ conflict: Conflict, before: [Value]?, hints: [Hint], _ access: DatasetAccess
    ) throws -> JSONValue {
        let statement = access.kinds.statement(conflict.statement, ofKind: conflict.record.kind)
        let sides = try conflict.sides.map { side -> JSONValue in
            let info = try access.info(of: side.revision)
            return [
                "letter": .string(side.letter), "value": side.content.json(of: statement) ?? .null,
                "author": .string(info.author), "machine": .string(info.machine),
                "replica": .string(info.revision.replica.text),
                "seq": .number(Double(info.revision.seq)), "at": .string(info.at.text),
                "deleted": .bool(side.content == .existence(.deleted)),
                "message": info.message.map(JSONValue.string) ?? .null,
            ]
        }
        let old = before.map { Conflict.Content.values($0).json(of: statement) ?? .null }
        return [
            "id": .string(conflict.id.text), "what": .string(conflict.what.rawValue),
            "kind": .string(conflict.record.kind), "record": .string(conflict.record.text),
            "field": .string(conflict.statement), "sides": .array(sides), "before": old ?? .null,
            "gap": conflict.stake(in: access.kinds)?.json ?? .null,
            "hints": .array(hints.map(\.json)),
        ]
    }
}

extension ConflictStake {
    /// `{value, unit, share}`
    var json: JSONValue {
        [
            "value": .number(gap), "unit": unit.map(JSONValue.string) ?? .null,
            "share": .number(share),
        ]
    }
}
