import TallyCore

/// One step of a random history: what somebody does on one copy.
///
/// Steps are abstract: they say “conflict number 3 of those you see”, not what it is. So a history can be played on
/// models and on real dataset files, and goes on making sense when steps are left out to shrink a failure.
public enum Step: Sendable, Equatable {
    /// One changeset; deeds that cannot be done (setting a field of a deleted record …) are left out.
    case edit(copy: Int, [Deed])
    /// Settles the conflict number `pick`, counted round, of those that the copy shows; does nothing without any.
    case resolve(copy: Int, pick: Int, Resolution)
    /// Takes back the resolution number `pick`, counted round, of those that the copy has.
    case reopen(copy: Int, pick: Int)
    /// Takes back the changeset number `pick`, counted back from the last and round, of those that the copy has.
    case undo(copy: Int, pick: Int)
    /// A copy pulls from another; after `limit` changesets the connection breaks.
    case sync(copy: Int, from: Int, limit: Int?)
}

/// What is done to one record in one changeset.
public enum Deed: Sendable, Equatable {
    /// Sets statements and changes sets; with nothing to change it creates the record.
    case edit(RecordAddress, Change)
    case delete(RecordAddress)
    /// Restores, and in the same changeset sets what is given.
    case restore(RecordAddress, Change)

    public var record: RecordAddress {
        switch self {
        case .edit(let record, _), .delete(let record), .restore(let record, _): return record
        }
    }
}

public struct Change: Sendable, Equatable {
    public struct Assignment: Sendable, Equatable {
        public let fields: [String]
        public let values: [Value]

        public init(fields: [String], values: [Value]) {
            self.fields = fields
            self.values = values
        }
    }

    public var assignments: [Assignment] = []
    public var added: [Element] = []
    public var removed: [Element] = []

    public init() {}

    public var isEmpty: Bool { assignments.isEmpty && added.isEmpty && removed.isEmpty }
}

public enum Resolution: Sendable, Equatable {
    /// The side of this number, counted round.
    case take(side: Int)
    /// The value of this number, counted round, among those the history has for the statement.
    case set(choice: Int)
}

extension Step: CustomStringConvertible {
    public var description: String {
        switch self {
        case .edit(let copy, let deeds):
            return "\(Self.name(copy)) \(deeds.map(\.description).joined(separator: "; "))"
        case .resolve(let copy, let pick, .take(let side)):
            return "\(Self.name(copy)) resolves conflict \(pick) taking side \(side)"
        case .resolve(let copy, let pick, .set(let choice)):
            return "\(Self.name(copy)) resolves conflict \(pick) with value \(choice)"
        case .reopen(let copy, let pick):
            return "\(Self.name(copy)) takes back resolution \(pick)"
        case .undo(let copy, let pick):
            return "\(Self.name(copy)) undoes changeset \(pick) from the end"
        case .sync(let copy, let from, let limit):
            let stop = limit.map { ", stopped after \($0)" } ?? ""
            return "\(Self.name(copy)) <- \(Self.name(from))\(stop)"
        }
    }

    static func name(_ copy: Int) -> String { SideLetter.text(of: copy) }
}

extension Deed: CustomStringConvertible {
    public var description: String {
        switch self {
        case .edit(let record, let change): return "edit \(record)\(change)"
        case .delete(let record): return "delete \(record)"
        case .restore(let record, let change): return "restore \(record)\(change)"
        }
    }
}

extension Change: CustomStringConvertible {
    public var description: String {
        let parts =
            assignments.map { "\($0.fields.joined(separator: ","))=\($0.values.brief)" }
            + added.map { "\($0.field)+=\($0.text)" } + removed.map { "\($0.field)-=\($0.text)" }
        return parts.map { " " + $0 }.joined()
    }
}
