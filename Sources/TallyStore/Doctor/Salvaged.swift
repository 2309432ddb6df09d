import TallyCore

/// What was saved of a damaged dataset, and what was not.
public struct Salvaged: Sendable, Equatable {
    /// Lines that are in the new file.
    public internal(set) var changesetCount = 0
    /// Lines that can be read and stand in a file of their own, since one before them is lost.
    public internal(set) var unjoinedCount = 0
    /// That file; nil when there are none.
    public internal(set) var unjoinedPath: String?
    /// Revisions that are known to have been in the log and that cannot be read.
    public internal(set) var missing: [Range] = []
    /// Positions of the log at which nothing can be read.
    public internal(set) var unreadableCount = 0
    /// Positions of lines that are no longer what their replica signed, and why.
    public internal(set) var refused: [Refused] = []

    /// Records that another tool edited and nobody took: the edits are not in the new file.
    public internal(set) var untakenCount = 0

    /// Whether the new file holds all that is known to have been in the log.
    public var isWhole: Bool {
        missing.isEmpty && unjoinedCount == 0 && unreadableCount == 0 && refused.isEmpty
            && untakenCount == 0
    }

    /// Revisions of one replica that follow each other.
    public struct Range: Sendable, Equatable {
        public let replica: ReplicaID
        public let seqs: ClosedRange<Int>

        /// `replica:first-last`, or `replica:seq` for one.
        public var text: String {
            seqs.count == 1
                ? "\(replica):\(seqs.lowerBound)"
                : "\(replica):\(seqs.lowerBound)-\(seqs.upperBound)"
        }
    }

    public struct Refused: Sendable, Equatable {
        public let position: Int
        public let reason: String
    }
}
