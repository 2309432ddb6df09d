import TallyCore
import TallyStore
import TallyWire

/// The other side of a sync: a hub, another file, a bundle.
///
/// Calls block. They throw `Problem` for what the other side refuses and `SyncError` for what did not come about.
public protocol SyncTransport {
    /// How the other side is named to people.
    var name: String { get }

    func heads() throws -> DatasetHeads

    /// - Parameter cursor: to go on from; nil for the beginning.
    func pull(after cursor: String?) throws -> PulledBatch

    func push(_ lines: [[UInt8]]) throws -> PushAnswer

    /// What a copy must hold before it can take what is pulled: a bundle may begin anywhere.
    var basis: [ReplicaID: Head] { get }

    /// The other side where its branch of a fork may give way; nil for a hub, whose branch stands.
    var forkable: (any ForkSide)? { get }
}

extension SyncTransport {
    public var basis: [ReplicaID: Head] { [:] }

    public var forkable: (any ForkSide)? { nil }
}

/// A side of a sync whose branch of a fork may give way.
public protocol ForkSide {
    /// - Returns: nil when it holds no line of the fork.
    func branch(of fork: Fork) throws -> ForkBranch?

    /// The file in which the branch is written anew; nil where nothing can be written.
    var repairable: Dataset? { get }
}

/// Lines as they came, in the order in which the other side took them.
public struct PulledBatch: Sendable, Equatable {
    public let lines: [[UInt8]]
    public let cursor: String
    public let epoch: String
    public let isMore: Bool

    public init(lines: [[UInt8]], cursor: String, epoch: String, isMore: Bool) {
        self.lines = lines
        self.cursor = cursor
        self.epoch = epoch
        self.isMore = isMore
    }
}

/// How much is sent and taken at a time: 4 MiB, or one line.
enum BatchBounds {
    static let bytes = Changeset.maximumLineBytes
    static let lines = 10_000
    /// Into a file that nobody else has open yet: each batch is a transaction, which writes most pages of a table, and keeps
    /// others from writing for seconds.
    static let cloneBytes = 4 * bytes
    /// An answer of one page, its line ends and the longest line counted in.
    static let answerBytes = 2 * Changeset.maximumLineBytes + 64 * 1024
}
