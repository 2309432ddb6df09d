import TallyCore

/// A record as a command sees it.
public struct RecordView: Sendable {
    public let address: RecordAddress
    public let state: RecordState
    /// What the versions come to; nil when the record is not visible or of a kind that is not known.
    public let row: RecordRow?
    public let conflicts: [Conflict]

    /// Of a record of which nothing is known.
    public static func unknown(_ address: RecordAddress) -> Self {
        Self(address: address, state: RecordState(), row: nil, conflicts: [])
    }

    public var isVisible: Bool { state.isVisible }
    public var isGone: Bool { state.isGone }
    /// Nobody has ever written it.
    public var isUnknown: Bool { state.existence.isEmpty }

    /// The statements and elements of fields that this version does not know; no nulls among them.
    public func unknownFields(of kind: Kind?) -> (values: [String: Value], sets: [String: [String]])
    {
        (unknownValues(of: kind).filter { !$0.value.isNull }, unknownSets(of: kind))
    }

    /// The sets of fields that this version does not know; none is empty.
    public func unknownSets(of kind: Kind?) -> [String: [String]] {
        var sets: [String: [String]] = [:]
        for field in state.occupiedSetFields where kind?.field(field) == nil {
            sets[field] = state.elements(of: field)
        }
        return sets
    }

    /// The values of fields that this version does not know, nulls too.
    public func unknownValues(of kind: Kind?) -> [String: Value] {
        var values: [String: Value] = [:]
        for (name, statement) in state.statements where kind?.statement(of: name) == nil {
            // Unknown fields are statements of their own. In a conflict the latest side is the provisional winner.
            values[name] = statement.versions.last?.content.first
            if let conflict = conflicts.first(where: { $0.statement == name }),
                case .values(let content)? = conflict.sides.last?.content
            {
                values[name] = content.first
            }
        }
        return values
    }
}

extension DatasetAccess {
    /// The times of the revisions of a record, for its verdicts.
    public func times(of state: RecordState) throws -> RevisionTimes {
        try revisions.times(of: state)
    }
}
