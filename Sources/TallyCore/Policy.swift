/// What settles concurrent versions of a statement without a person.
///
/// Each is a partial order on versions; those that another one beats drop out (DESIGN.md section 4, Clean).
public enum Policy: String, Sendable, CaseIterable {
    /// Nothing is settled.
    case manual
    /// The later version, by time, then replica id.
    case newest
    /// The larger number or the later date of the statement's first field; null is beaten by anything.
    case max
    /// The smaller number or the earlier date of the statement's first field; null is beaten by anything.
    case min
    /// A statement whose fields are all null is beaten by any other.
    case fill
    /// The later vintage; a version without one is comparable to nothing.
    case vintage
}

/// A version with what a policy may look at.
struct PolicyCandidate {
    let value: [Value]
    let revision: Revision
    let at: Timestamp
}

extension Policy {
    /// Whether `a` beats `b`: a strict partial order.
    func beats(_ a: PolicyCandidate, _ b: PolicyCandidate, in statement: Kind.Statement) -> Bool {
        switch self {
        case .manual: return false
        case .newest: return (a.at, a.revision.replica) > (b.at, b.revision.replica)
        case .max: return Self.isBelow(b.value[0], a.value[0], nullFirst: true)
        case .min:
            if b.value[0].isNull { return !a.value[0].isNull }
            return Self.isBelow(a.value[0], b.value[0], nullFirst: false)
        case .fill: return b.value.allSatisfy(\.isNull) && !a.value.allSatisfy(\.isNull)
        case .vintage:
            guard let position = statement.vintage else { return false }
            return Self.isBelow(b.value[position], a.value[position], nullFirst: false)
        }
    }

    /// Whether `a` comes before `b`. Numbers by size; dates by the span they name: `2023` and `2023-09` are not
    /// comparable, `2022` and `2023-09` are. Other text is not comparable.
    private static func isBelow(_ a: Value, _ b: Value, nullFirst: Bool) -> Bool {
        switch (a, b) {
        case (.null, .null): return false
        case (.null, _): return nullFirst
        case (.number(let x), .number(let y)): return x < y
        case (.text(let x), .text(let y)):
            guard Shape.isDate(x), Shape.isDate(y) else { return false }
            return !x.hasPrefix(y) && !y.hasPrefix(x) && x.precedesInBytes(y)
        default: return false
        }
    }
}
