import TallyStore
import TallySync
import TallyWire

/// Another file on a stick or a share: it may be gone at any moment, and others may write either of the two meanwhile.
final class WorldFileTransport: SyncTransport {
    private let world: World
    private let file: FileTransport
    private let isCalm: Bool
    private var random: SeededGenerator

    init(_ world: World, _ file: FileTransport, _ step: WorldStep) {
        self.world = world
        self.file = file
        isCalm = step.isCalm
        random = SeededGenerator(seed: step.seed ^ 0x7374_6963)
    }

    var name: String { file.name }
    var forkable: (any ForkSide)? { file.forkable }

    func heads() throws -> DatasetHeads { try disturbed { try file.heads() } }

    func pull(after cursor: String?) throws -> PulledBatch {
        try disturbed { try file.pull(after: cursor) }
    }

    func push(_ lines: [[UInt8]]) throws -> PushAnswer { try disturbed { try file.push(lines) } }

    /// As often as requests to the hub are lost, before or after they were heard.
    private func disturbed<Result>(_ body: () throws -> Result) throws -> Result {
        guard !isCalm else { return try body() }
        world.playMeanwhile(&random)
        let rates = world.plan.network
        if random.chance(percent: rates.percents[.requestLost] ?? 0) { throw gone() }
        let result = try body()
        if random.chance(percent: rates.percents[.answerLost] ?? 0) { throw gone() }
        return result
    }

    private func gone() -> StoreError {
        world.disturbances += 1
        world.counts.count("files gone in a sync")
        return StoreError(.io, "The other file is gone")
    }
}
