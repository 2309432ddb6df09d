import TallyCore
import TallyStore
import TallyWire

/// Another dataset file on this machine: the same exchange as with a hub, without one.
public struct FileTransport: SyncTransport {
    private let file: Dataset
    private let outside: OutsideEdits
    private let batchBytes: Int

    /// - Parameters:
    ///   - outside: what is done with edits that another tool has made to the file, before anything is written to it.
    ///   - isCloned: whether it is pulled into a file that nobody else has open yet.
    public init(_ file: Dataset, after outside: OutsideEdits = .refuse, isCloned: Bool = false) {
        self.file = file
        self.outside = outside
        batchBytes = isCloned ? BatchBounds.cloneBytes : BatchBounds.bytes
    }

    public var name: String { file.path }

    public var forkable: (any ForkSide)? { self }

    public func heads() throws -> DatasetHeads {
        try file.read { access in
            DatasetHeads(
                dataset: file.id, name: try access.name(), epoch: try access.epoch(),
                cursor: try access.cursor().text, heads: access.heads)
        }
    }

    public func pull(after cursor: String?) throws -> PulledBatch {
        try file.read { access in
            var position = 0
            if let cursor {
                guard let known = try LogCursor(cursor).flatMap(access.position(of:)) else {
                    throw Problem(.cursorGone, "the cursor is not of this file's log")
                }
                position = known
            }
            let found = try access.lines(
                after: position, maximumCount: BatchBounds.lines,
                maximumBytes: batchBytes)
            return PulledBatch(
                lines: found.lines, cursor: found.cursor.text, epoch: found.cursor.epoch,
                isMore: found.isMore)
        }
    }

    public func push(_ lines: [[UInt8]]) throws -> PushAnswer {
        do {
            var heads: [ReplicaID: Head] = [:]
            var cursor = ""
            let before = try file.read(\.heads)
            let taken = try file.take(lines, after: outside, durable: true) { access in
                heads = access.heads.filter { before[$0.key] != $0.value }
                cursor = try access.cursor().text
            }
            return PushAnswer(
                accepted: taken.accepted.count, duplicates: taken.duplicates, cursor: cursor,
                heads: heads)
        } catch let fault as LineFault {
            throw Problem(
                fault.word, fault.reason, line: fault.line, expectedSeq: fault.expectedSeq)
        }
    }
}

extension FileTransport: ForkSide {
    public func branch(of fork: Fork) throws -> ForkBranch? {
        try file.read { try $0.branch(of: fork) }
    }

    public var repairable: Dataset? { file }
}
