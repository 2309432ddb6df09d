import TallyCore
import TallyStore
import TallyWire

/// A conflict as `--json` gives it (DESIGN.md section 10).
enum ConflictJSON {
    static func value(_ conflict: Conflict, before: [Value]?, _ access: DatasetAccess) throws
        -> JSONValue
    {
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
        ]
    }
}

extension ConflictStake {
    fileprivate var json: JSONValue {
        [
            "value": .number(gap), "unit": unit.map(JSONValue.string) ?? .null,
            "share": .number(share),
        ]
    }
}
