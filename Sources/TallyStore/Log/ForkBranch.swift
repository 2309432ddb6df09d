import TallyCore

/// One of the two histories of a forked replica, as the side that holds it knows it.
public struct ForkBranch: Sendable, Equatable {
    public enum Standing: Sendable {
        /// It is the branch of the dataset's hub.
        case hub
        /// The dataset has a hub; which branch it holds is not known here.
        case unknown
        /// This side knows no hub.
        case noHub
    }

    public let standing: Standing
    /// The hash of its first line behind the fork.
    public let firstHash: ChangesetHash

    public init(_ standing: Standing, firstHash: ChangesetHash) {
        self.standing = standing
        self.firstHash = firstHash
    }

    public enum Side: Sendable {
        case here, there
    }

    /// Which of two branches gives way: not the hub's; between files that know no hub, the one whose first differing line
    /// has the larger hash (DESIGN.md section 6).
    ///
    /// - Returns: nil where only the hub can tell.
    public static func sideGivingWay(here: ForkBranch, there: ForkBranch) -> Side? {
        switch (here.standing, there.standing) {
        case (.hub, .hub): return nil
        case (.hub, _): return .there
        case (_, .hub): return .here
        case (.noHub, .noHub): return here.firstHash < there.firstHash ? .there : .here
        default: return nil
        }
    }
}

extension DatasetAccess {
    /// What this file knows of its branch of a fork; nil when it holds no line of it.
    public func branch(of fork: Fork) throws -> ForkBranch? {
        guard let first = try info(beyond: fork) else { return nil }
        let hubs = try remotes().filter(\.isHub)
        // A remote's vector holds only what was found there under the same hash.
        let isHubs = hubs.contains { ($0.vector ?? RevisionVector())[fork.replica] > fork.point }
        return ForkBranch(
            isHubs ? .hub : hubs.isEmpty ? .noHub : .unknown, firstHash: first.hash)
    }

    private func info(beyond fork: Fork) throws -> RevisionInfo? {
        guard vector[fork.replica] > fork.point else { return nil }
        return try info(of: Revision(fork.replica, fork.point + 1))
    }
}
