/// One step of one replica.
///
/// Text form: `replica:seq`, seq = 1, 2, 3 … without holes, at most 2^53 − 1.
public struct Revision: Hashable, Sendable {
    public let replica: ReplicaID
    public let seq: Int

    /// The largest seq that every JSON reader keeps exactly: 2^53 − 1.
    public static let maximumSeq = 9_007_199_254_740_991

    public init(_ replica: ReplicaID, _ seq: Int) {
        precondition(seq >= 1 && seq <= Self.maximumSeq, "seq \(seq) is out of range")
        self.replica = replica
        self.seq = seq
    }

    /// - Returns: nil when `text` is not `replica:seq`.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let replica = ReplicaID(parts[0]),
            let seq = Int(parts[1]), seq >= 1, seq <= Self.maximumSeq, String(seq) == parts[1]
        else { return nil }
        self.init(replica, seq)
    }

    /// `k3m9x2:8`, as people are shown it.
    public var short: String { "\(replica.short):\(seq)" }
}

extension Revision: CustomStringConvertible {
    public var description: String { "\(replica):\(seq)" }
}
