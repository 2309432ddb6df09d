import TallyCore
import TallyStore
import TallySync
import TallyTerminal

/// One sync as a command runs it: with progress, and its notices on standard error.
struct SyncRun {
    private let dataset: Dataset
    private let peer: Peer
    private let remote: String
    private let context: CommandContext

    init(_ dataset: Dataset, _ peer: Peer, as remote: String, _ context: CommandContext) {
        self.dataset = dataset
        self.peer = peer
        self.remote = remote
        self.context = context
    }

    /// - Parameter notesIdleSync: whether a sync that finds nothing to do writes down when it was.
    func run(
        _ direction: SyncSession.Direction, notesIdleSync: Bool = true
    ) throws -> SyncOutcome {
        let progress = ProgressLine("sync", unit: .items("changesets"), output: context.output)
        defer { progress.finish() }
        let driver = SyncDriver(
            dataset, with: peer.transport, as: remote, workplace: try context.workplace(),
            notesIdleSync: notesIdleSync,
            progress: { progress.update(done: Int64($0 + $1)) })
        return try driver.run(direction)
    }
}
