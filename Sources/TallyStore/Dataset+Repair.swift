import TallyCore
import TallyWire

/// What became of the branch of a fork that gave way.
public struct ForkRepair: Sendable, Equatable {
    public let fork: Fork
    /// How many changesets were written anew, those that were here in their new form already among them.
    public internal(set) var rewritten = 0
    /// The replicas that nobody writes on under, with those that took their place; sorted by the old name.
    public internal(set) var replaced: [Replacement] = []

    public struct Replacement: Sendable, Equatable {
        public let replica: ReplicaID
        /// The first seq that was replaced.
        public let firstSeq: Int
        public let successor: ReplicaID
    }
}

extension Dataset {
    /// Repairs a fork on the side whose branch gives way: its lines, and all that have seen one, are written anew under
    /// other replicas (DESIGN.md section 6). All of it, or nothing.
    ///
    /// The log of this file begins a new epoch: cursors into it are of the old one. Who wrote as a replica that was replaced
    /// goes on as a new one, for the identity's last changeset is no longer the file's.
    ///
    /// - Parameters:
    ///   - first: the hash of the first line of the branch that gives way.
    ///   - isTold: whether the one who writes this file is told of it, and need not be when it goes on as a new replica.
    /// - Returns: nil when the file does not hold that branch any more: somebody has repaired it meanwhile.
    /// - Throws: `LineFault` with the word `tooLarge` for a line that has no room for its new names.
    public func repair(
        _ fork: Fork, givingWay first: ChangesetHash, isTold: Bool, at workplace: Workplace
    ) throws -> ForkRepair? {
        try transaction(after: .capture(workplace)) { access in
            guard try access.branch(of: fork)?.firstHash == first else { return nil }
            var rebuild = try LogRebuild(access, fork: fork)
            let repair = try rebuild.run(isInterrupted: workplace.isInterrupted)
            try access.setMeta("epoch", UUIDText.random(workplace.randomBytes(16)))
            try access.cutRemotes(to: repair)
            for replacement in repair.replaced where isTold {
                try access.forgetWriter(replacement.replica)
            }
            return repair
        }
    }
}

extension DatasetAccess {
    /// Lets the file go on as another replica without a word, where the user has been told already.
    public func forgetWriter(_ replica: ReplicaID) throws {
        if try writingReplica() == replica { try removeMeta("replica") }
    }

    /// What remotes were known to hold of lines that were rewritten, they are not known to hold any more.
    fileprivate func cutRemotes(to repair: ForkRepair) throws {
        for remote in try remotes() {
            guard var vector = remote.vector else { continue }
            for replaced in repair.replaced {
                vector[replaced.replica] = min(vector[replaced.replica], replaced.firstSeq - 1)
            }
            try setVector(vector, remote: remote.name)
        }
    }

    /// The two branches of a fork differ from here on.
    ///
    /// - Returns: nil when this file does not hold the line that a line from outside contradicts, or cannot tell where the
    ///   two part, because the lines before them differ as well.
    public func fork(with line: ChangesetLine) throws -> Fork? {
        let revision = Revision(try line.replica(), try line.seq())
        guard let own = try revisions.find(revision), own.hash != line.hash else { return nil }
        guard revision.seq > 1 else { return Fork(revision.replica, after: 0) }
        let before = try revisions.find(Revision(revision.replica, revision.seq - 1))
        guard before?.hash == (try line.previous()) else { return nil }
        return Fork(revision.replica, after: revision.seq - 1)
    }
}
