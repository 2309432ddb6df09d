/// One replica with two histories: a file and its keys were restored together, and both went on (DESIGN.md section 6).
public struct Fork: Hashable, Sendable {
    public let replica: ReplicaID
    /// The last seq that both histories have with the same hash; 0 when they differ from the first on.
    public let point: Int

    public init(_ replica: ReplicaID, after point: Int) {
        precondition(point >= 0, "a fork stands behind seq 0 or more")
        self.replica = replica
        self.point = point
    }
}

/// Which lines of a log with the branch that gives way are written anew: those of the forked replica behind the fork, and
/// all that have seen one.
///
/// Grows line by line in causal order: where it `concerns` a line, that is to be inserted.
public struct ForkExtent: Sendable {
    /// By replica, the first seq that is rewritten.
    private var firstSeqs: [ReplicaID: Int]

    public init(_ fork: Fork) {
        firstSeqs = [fork.replica: fork.point + 1]
    }

    /// - Complexity: O(replicas concerned).
    public func concerns(_ coverage: Coverage) -> Bool {
        firstSeqs.contains { replica, first in
            let seq =
                replica == coverage.revision.replica
                ? coverage.revision.seq : coverage.seen[replica]
            return seq >= first
        }
    }

    public mutating func insert(_ revision: Revision) {
        firstSeqs[revision.replica] = min(
            firstSeqs[revision.replica] ?? revision.seq, revision.seq)
    }
}

/// What becomes of the names of revisions when one branch of a fork is written anew.
///
/// ```
/// forked replica   r:1 … r:point │ r:point+1 …    → s:1 …     s the successor of r
/// any replica      q:1 … q:n     │ q:n+1 …        → t:1 …     q:n+1 the first of q that has seen what is rewritten
/// ```
/// A replica may have several successors one after the other, where a name that the first would give is another line's.
public struct ForkRenaming: Sendable {
    /// By old replica, in the order of their first seq.
    private var successors: [ReplicaID: [Successor]] = [:]

    /// What replaces a replica from one of its revisions on.
    public struct Successor: Hashable, Sendable {
        /// The first seq of the old replica that is rewritten, as 1 of the new one.
        public let firstSeq: Int
        public let replica: ReplicaID
    }

    public init() {}

    /// The replaced replicas with their successors, sorted by the old name.
    public var replaced: [(replica: ReplicaID, successor: Successor)] {
        successors.sorted { $0.key < $1.key }.flatMap { replica, all in
            all.map { (replica, $0) }
        }
    }

    /// The last successor of a replica; nil where none of its lines has been rewritten.
    public func successor(of replica: ReplicaID) -> Successor? { successors[replica]?.last }

    /// Lets a replica be replaced from `first` on.
    public mutating func replace(from first: Revision, by replica: ReplicaID) {
        let last = successors[first.replica]?.last
        precondition(last.map { $0.firstSeq < first.seq } ?? true, "successors follow each other")
        successors[first.replica, default: []].append(
            Successor(firstSeq: first.seq, replica: replica))
    }

    /// The vector with rewritten revisions under their new names, and their replicas cut to what stays of them.
    ///
    /// - Complexity: O(replicas).
    public func renamed(_ vector: RevisionVector) -> RevisionVector {
        var result = vector
        for (replica, all) in successors where vector[replica] >= all[0].firstSeq {
            result[replica] = all[0].firstSeq - 1
            for (index, successor) in all.enumerated() {
                let end = index + 1 < all.count ? all[index + 1].firstSeq - 1 : vector[replica]
                let seq = min(end, vector[replica]) - successor.firstSeq + 1
                result[successor.replica] = max(result[successor.replica], seq)
            }
        }
        return result
    }
}
