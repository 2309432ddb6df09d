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

/// What becomes of the names of revisions when one branch of a fork is written anew.
///
/// ```
/// forked replica   r:1 … r:point │ r:point+1 …    → s:1 …     s the successor of r
/// any replica      q:1 … q:n     │ q:n+1 …        → t:1 …     q:n+1 the first of q that has seen what is rewritten
/// ```
/// Grows line by line in causal order: first `concerns`, then, for the first line of a replica, `replace`.
public struct ForkRewriting: Sendable {
    public let fork: Fork
    private var successors: [ReplicaID: Successor] = [:]

    /// What replaces a replica from one of its revisions on.
    public struct Successor: Hashable, Sendable {
        /// The first seq of the old replica that is rewritten, as 1 of the new one.
        public let firstSeq: Int
        public let replica: ReplicaID
    }

    public init(_ fork: Fork) {
        self.fork = fork
    }

    /// The replaced replicas with their successors, sorted by the old name.
    public var replaced: [(replica: ReplicaID, successor: Successor)] {
        successors.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Whether a line of the branch is rewritten: it is of the forked replica behind the fork, or it has seen, or follows
    /// in its own chain, a line that is.
    ///
    /// - Complexity: O(replicas replaced).
    public func concerns(_ coverage: Coverage) -> Bool {
        if coverage.seen[fork.replica] > fork.point { return true }
        if coverage.revision.replica == fork.replica, coverage.revision.seq > fork.point {
            return true
        }
        return successors.contains { replica, successor in
            replica == coverage.revision.replica
                ? coverage.revision.seq >= successor.firstSeq
                : coverage.seen[replica] >= successor.firstSeq
        }
    }

    /// The successor of a replica; nil where none of its lines has been rewritten.
    public func successor(of replica: ReplicaID) -> Successor? { successors[replica] }

    /// Lets a replica be replaced from `first` on.
    public mutating func replace(from first: Revision, by replica: ReplicaID) {
        precondition(successors[first.replica] == nil, "a replica is replaced once")
        successors[first.replica] = Successor(firstSeq: first.seq, replica: replica)
    }

    /// The vector with rewritten revisions under their new names, and their replicas cut to what stays of them.
    ///
    /// - Complexity: O(replicas).
    public func renamed(_ vector: RevisionVector) -> RevisionVector {
        var result = vector
        for (replica, successor) in successors where vector[replica] >= successor.firstSeq {
            result[replica] = successor.firstSeq - 1
            result[successor.replica] = max(
                vector[successor.replica], vector[replica] - successor.firstSeq + 1)
        }
        return result
    }
}
