import TallyCore
import TallyWire

/// What an undo has put back and what it has left.
public struct UndoReport: Sendable {
    /// The first of each list are kept, all are counted: an undo of a large import must not take the memory of one.
    public static let maximumListed = 1000

    public struct PutBack: Sendable {
        public let address: RecordAddress
        public let edits: [RecordEdit]
    }

    public struct Left: Sendable {
        public let address: RecordAddress
        public let left: Inverse.Left
        /// Those of `left.revisions`.
        public let infos: [RevisionInfo]
    }

    public private(set) var putBack: [PutBack] = []
    public private(set) var left: [Left] = []
    /// In the order of the records.
    public private(set) var opened: [ConflictID] = []
    public private(set) var settled: [ConflictID] = []
    public private(set) var recordCount = 0
    /// Of the records those that are deleted, and those that are there again.
    public private(set) var deletedCount = 0
    public private(set) var restoredCount = 0
    /// Statements, elements, deletions and restorations.
    public private(set) var fieldCount = 0
    public private(set) var leftCount = 0
    public private(set) var openedCount = 0
    public private(set) var settledCount = 0

    /// Whether there was nothing to put back.
    public var isEmpty: Bool { recordCount == 0 }

    init() {}

    mutating func add(_ edits: [RecordEdit], of address: RecordAddress) {
        guard !edits.isEmpty else { return }
        recordCount += 1
        if edits.contains(.delete) { deletedCount += 1 }
        if edits.contains(.restore) { restoredCount += 1 }
        // An edit without fields stands beside others, or opens a dispute again by itself.
        fieldCount += max(1, edits.count { $0 != .create })
        if putBack.count < Self.maximumListed {
            putBack.append(PutBack(address: address, edits: edits))
        }
    }

    mutating func add(
        _ inverse: Inverse, of address: RecordAddress,
        _ info: (Revision) throws -> RevisionInfo
    ) rethrows {
        add(inverse.edits, of: address)
        for item in inverse.left where left.count < Self.maximumListed {
            left.append(
                Left(address: address, left: item, infos: try item.revisions.map(info)))
        }
        leftCount += inverse.left.count
        opened += inverse.opened.prefix(Self.maximumListed - opened.count)
            .map { ConflictID(of: address, statement: $0) }
        openedCount += inverse.opened.count
        settled += inverse.settled.prefix(Self.maximumListed - settled.count)
            .map { ConflictID(of: address, statement: $0) }
        settledCount += inverse.settled.count
    }
}
