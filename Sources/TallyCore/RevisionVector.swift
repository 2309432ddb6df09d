/// How much of each replica's log has been integrated.
///
/// Text form: `replica:seq` joined by `,`, sorted by replica: `b7c2…:3,k3m9…:7`. A replica that is absent counts as 0.
/// `a.merged(with: b)` takes the larger seq per replica; it is commutative, associative and idempotent.
///
/// - Complexity: O(replicas) for the whole vector, O(1) for one replica.
public struct RevisionVector: Hashable, Sendable {
    private var seqs: [ReplicaID: Int] = [:]

    public init() {}

    /// - Returns: nil when `text` is not the text form, names a replica twice, or is out of order.
    public init?(_ text: some StringProtocol) {
        guard !text.isEmpty else { return }
        var last: ReplicaID?
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let revision = Revision(part) else { return nil }
            if let last, revision.replica <= last { return nil }
            last = revision.replica
            seqs[revision.replica] = revision.seq
        }
    }

    /// The seq integrated of `replica`; 0 when there is none.
    public subscript(replica: ReplicaID) -> Int {
        get { seqs[replica] ?? 0 }
        set { seqs[replica] = newValue == 0 ? nil : newValue }
    }

    public var isEmpty: Bool { seqs.isEmpty }
    public var count: Int { seqs.count }

    /// The replicas with at least one revision, sorted.
    public var replicas: [ReplicaID] { seqs.keys.sorted() }

    public func contains(_ revision: Revision) -> Bool { self[revision.replica] >= revision.seq }

    /// Takes the revision in; an older one changes nothing.
    public mutating func insert(_ revision: Revision) {
        self[revision.replica] = max(self[revision.replica], revision.seq)
    }

    public mutating func merge(_ other: Self) {
        seqs.merge(other.seqs, uniquingKeysWith: max)
    }

    public func merged(with other: Self) -> Self {
        var result = self
        result.merge(other)
        return result
    }

    /// The four ways in which two vectors can stand to each other.
    public enum Order: Sendable {
        case same, before, after, concurrent
    }

    public func order(to other: Self) -> Order {
        let behind = other.seqs.contains { self[$0.key] < $0.value }
        let ahead = seqs.contains { other[$0.key] < $0.value }
        switch (behind, ahead) {
        case (false, false): return .same
        case (true, false): return .before
        case (false, true): return .after
        case (true, true): return .concurrent
        }
    }

    public var text: String {
        replicas.map { "\($0):\(self[$0])" }.joined(separator: ",")
    }
}

extension RevisionVector: CustomStringConvertible {
    public var description: String { text }
}

/// Everything that the copy of one changeset had integrated when it wrote it.
///
/// A revision d covers a revision r when d's seen vector has r.seq or more for r.replica, or when r is an earlier
/// revision of d's own replica (DESIGN.md section 4).
public struct Coverage: Sendable {
    public let revision: Revision
    public let seen: RevisionVector

    public init(of revision: Revision, seen: RevisionVector) {
        self.revision = revision
        self.seen = seen
    }

    public func covers(_ other: Revision) -> Bool {
        other.replica == revision.replica ? other.seq < revision.seq : seen.contains(other)
    }
}
