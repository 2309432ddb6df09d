/// The first 8 base32 characters of SHA-256 over `[kind,[key…],statement]`: the same on every machine.
public struct ConflictID: Hashable, Sendable, Comparable {
    public let text: String

    /// - Parameter digest: SHA-256 of `preimage(…)`; the core has no hash function of its own.
    public init(digest: [UInt8]) {
        text = Base32.encode(Array(digest.prefix(5)))
    }

    /// What is hashed: compact JSON, statement named by its first field, `-` for existence.
    public static func preimage(_ record: RecordAddress, statement: String) -> [UInt8] {
        var json = [UInt8(ascii: "[")]
        JSONString.append(record.kind, to: &json)
        json.append(UInt8(ascii: ","))
        record.key.appendJSON(to: &json)
        json.append(UInt8(ascii: ","))
        JSONString.append(statement, to: &json)
        json.append(UInt8(ascii: "]"))
        return json
    }

    public static func < (a: Self, b: Self) -> Bool { a.text < b.text }
}

extension ConflictID: CustomStringConvertible {
    public var description: String { text }
}

/// A statement with two or more concurrent versions that hold different values and that no policy settles; or a
/// deletion concurrent with an edit.
public struct Conflict: Hashable, Sendable {
    public let record: RecordAddress
    /// The first field of the statement; `-` for existence.
    public let statement: String
    public let what: What
    /// By letter: A, B, C …
    public let sides: [Side]

    public enum What: String, Sendable {
        case editEdit = "edit/edit"
        /// No side saw a value before.
        case addAdd = "add/add"
        case deleteEdit = "delete/edit"
    }

    public enum Content: Hashable, Sendable {
        case values([Value])
        case existence(Existence)
    }

    public struct Side: Hashable, Sendable {
        public let letter: String
        public let content: Content
        /// The latest version of this value.
        public let revision: Revision
        /// Everybody who holds this value, the latest first.
        public let revisions: [Revision]
    }

    public static let existenceName = "-"
}

extension RecordState {
    /// The conflicts of a record, existence first, then by name of the statement.
    ///
    /// A record that is gone has none: its deletion covers what was there.
    public func conflicts(
        of record: RecordAddress, in kinds: KindCatalog, policies: PolicyTable,
        at time: RevisionTimes
    ) -> [Conflict] {
        guard isVisible else { return [] }
        var result: [Conflict] = []
        if existence.count > 1, let verdict = existenceVerdict(at: time), verdict.isConflict {
            result.append(
                Conflict(
                    record: record, statement: Conflict.existenceName, what: .deleteEdit,
                    sides: verdict.conflictSides { .existence($0) }))
        }
        var several: [(name: String, state: StatementState)] = []
        for (name, state) in statements where state.versions.count > 1 {
            several.append((name, state))
        }
        for (name, state) in several.sorted(by: { $0.name.precedesInBytes($1.name) }) {
            let statement = kinds.statement(name, ofKind: record.kind)
            let policy = policies.policy(of: statement, kind: record.kind)
            guard let verdict = state.verdict(of: statement, policy: policy, at: time),
                verdict.isConflict
            else { continue }
            result.append(
                Conflict(
                    record: record, statement: name,
                    what: state.hasHistory ? .editEdit : .addAdd,
                    sides: verdict.conflictSides { .values($0) }))
        }
        return result
    }
}

extension Verdict {
    func conflictSides(_ content: (Content) -> Conflict.Content) -> [Conflict.Side] {
        sides.enumerated().map { index, side in
            Conflict.Side(
                letter: SideLetter.text(of: index), content: content(side.content),
                revision: side.latest.revision, revisions: side.versions.map(\.revision))
        }
    }
}

/// A, B, … Z, AA, AB, …
public enum SideLetter {
    public static func text(of index: Int) -> String {
        var (rest, text) = (index + 1, "")
        while rest > 0 {
            rest -= 1
            text = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(rest % 26))) + text
            rest /= 26
        }
        return text
    }
}

/// The policies that a team has agreed on; where it has none, the kind's own holds.
public struct PolicyTable: Hashable, Sendable {
    private var agreed: [String: [String: Policy]] = [:]

    public init() {}

    /// The policy agreed for a statement of a kind, nil where none is.
    public subscript(kind: String, statement: String) -> Policy? {
        get { agreed[kind]?[statement] }
        set { agreed[kind, default: [:]][statement] = newValue }
    }

    public func policy(of statement: Kind.Statement, kind: String) -> Policy {
        self[kind, statement.name] ?? statement.policy
    }
}
