import TallyCore
import TallySimulator

/// One record, what happened to it, and what an undo makes of it.
struct UndoCase: Sendable, CustomStringConvertible {
    let name: String
    /// `A: note=y` is a changeset of replica A that has seen all before it; `B beside A: note=z` one that has seen nothing
    /// that A last wrote.
    ///
    /// `note=x` sets, `note=null` takes away, `note=x|y` reopens, `+a` and `-a` put a tag in and take it out; `value=1/USD/2024`
    /// is a statement of several fields.
    let steps: [String]
    /// `A1`, or `A1+A2` for a group.
    let undone: String
    var policies: [String: Policy] = [:]
    /// `there, note y | z, tags a`; a null and what was never written are not shown, of what is gone nothing is.
    let leaves: String
    /// `note changed B1`; `record` is its existence.
    var left: String = ""

    var description: String { name }

    /// As docs/undo.md has it.
    var row: String {
        let cells = [
            name, steps.map { "`\($0)`" }.joined(separator: " "), "`\(undone)`", "`\(leaves)`",
            left.isEmpty ? "" : "`\(left)`",
        ]
        return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
}

/// A case played on a model.
struct UndoPlay {
    static let record = RecordAddress(kind: "figure", key: RecordKey(["1"]))

    private(set) var copy: ModelCopy
    private var changesets: [ModelChangeset] = []

    init(_ undoCase: UndoCase) throws {
        var policies = PolicyTable()
        for (statement, policy) in undoCase.policies { policies["figure", statement] = policy }
        copy = ModelCopy(
            replica: ReplicaID(letter: "z"), kinds: HistorySpace.figures.kinds, policies: policies)
        for step in undoCase.steps { try play(step) }
    }

    private mutating func play(_ step: String) throws {
        let parts = step.split(separator: ": ", maxSplits: 1)
        let head = parts[0].split(separator: " ")
        guard parts.count == 2, let letter = head[0].first else { throw Unreadable(text: step) }
        let replica = ReplicaID(letter: letter)
        var seen = copy.vector
        for name in head.dropFirst(2) {
            guard let other = name.first.map({ ReplicaID(letter: $0) }) else { continue }
            seen[other] -= 1
        }
        seen[replica] = 0
        let edits = try parts[1].split(separator: " ").map { try Self.edit(String($0)) }
        var inverse = Inverse()
        inverse.edits = edits
        try copy.integrate(
            ModelChangeset(
                revision: Revision(replica, copy.vector[replica] + 1), seen: seen,
                at: Timestamp(milliseconds: 1000 * Int64(copy.log.count + 1)),
                edits: inverse.edits(of: Self.record, in: copy.kinds)))
    }

    private static func edit(_ text: String) throws -> RecordEdit {
        switch text {
        case "add": return .create
        case "delete": return .delete
        case "restore": return .restore
        default: break
        }
        if text.hasPrefix("+") || text.hasPrefix("-") {
            let element = Element(field: "tags", text: String(text.dropFirst()))
            return text.hasPrefix("+") ? .add(element) : .remove(element)
        }
        let parts = text.split(separator: "=")
        guard parts.count == 2 else { throw Unreadable(text: text) }
        let versions = parts[1].split(separator: "|").map { version in
            version.split(separator: "/").map { field -> Value in
                field == "null" ? .null : Double(field).map(Value.number) ?? .text(String(field))
            }
        }
        let statement = String(parts[0])
        return versions.count == 1
            ? .set(statement: statement, value: versions[0])
            : .reopen(statement: statement, versions: versions)
    }

    /// Undoes a revision or a group, and gives what is left as it is.
    mutating func undo(_ names: String) throws -> String {
        let revisions = try names.split(separator: "+").map { name -> Revision in
            guard let letter = name.first, let seq = Int(name.dropFirst()) else {
                throw Unreadable(text: names)
            }
            return Revision(ReplicaID(letter: letter), seq)
        }
        guard let inverse = try copy.inverses(of: Set(revisions))[Self.record] else {
            throw Unreadable(text: names)
        }
        let edits = inverse.edits(of: Self.record, in: copy.kinds)
        if !edits.isEmpty { copy.write(edits, clock: Timestamp(milliseconds: 1_000_000)) }
        return inverse.left.map(Self.text).joined(separator: ", ")
    }

    private static func text(_ left: Inverse.Left) -> String {
        let part: String
        switch left.part {
        case .existence: part = "record"
        case .statement(let name): part = name
        case .element(let element): part = "\(element.field) \(element.text)"
        }
        return "\(part) \(left.reason) \(left.revisions.map(\.brief).joined(separator: "+"))"
    }

    /// The record as people see it.
    var text: String {
        guard let state = copy.records[Self.record], state.isVisible else { return "gone" }
        let isThere = state.existence.allSatisfy { $0.content == .present }
        var parts = [isThere ? "there" : "disputed"]
        for (name, versions) in state.statements.sorted(by: { $0.key < $1.key }) {
            let statement = copy.kinds.statement(name, ofKind: "figure")
            let policy = copy.policies.policy(of: statement, kind: "figure")
            let sides =
                versions.verdict(of: statement, policy: policy, at: copy.time(of:))?.sides ?? []
            if sides.allSatisfy({ $0.content.allSatisfy(\.isNull) }) { continue }
            let texts = sides.map { $0.content.map(Self.text).joined(separator: "/") }
            parts.append("\(name) \(texts.joined(separator: " | "))")
        }
        let tags = state.elements(of: "tags")
        if !tags.isEmpty { parts.append("tags \(tags.joined(separator: " "))") }
        return parts.joined(separator: ", ")
    }

    private static func text(_ value: Value) -> String { value.isNull ? "null" : value.plain }

    struct Unreadable: Error {
        let text: String
    }
}
