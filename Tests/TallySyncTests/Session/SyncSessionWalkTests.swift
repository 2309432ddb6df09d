import Foundation
import TallyCore
import TallySimulator
import TallySync
import TallyWire
import Testing

/// Whatever the other side answers, a session comes to an end.
///
/// `TALLY_SEED=17 TALLY_HISTORIES=1 swift test --filter SyncSessionWalkTests` replays walk 17.
struct SyncSessionWalkTests {
    private static let firstSeed = environment("TALLY_SEED") ?? 1
    private static let count = environment("TALLY_HISTORIES") ?? 2000
    /// There are so many cursors and so many lines to push that no walk without a circle is longer.
    private static let maximumSteps = 200

    @Test("a session that is answered at random ends in a bounded number of steps")
    func walks() throws {
        for seed in Self.firstSeed..<(Self.firstSeed + Self.count) {
            let ends = try Self.walk(seed: seed)
            let replay =
                "TALLY_SEED=\(seed) TALLY_HISTORIES=1 swift test --filter SyncSessionWalkTests"
            try #require(ends, "the walk goes on and on; replay with: \(replay)")
        }
    }

    /// - Returns: whether the session ended.
    private static func walk(seed: UInt64) throws -> Bool {
        var random = SeededGenerator(seed: seed)
        let dataset = try #require(DatasetID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"))
        let direction = random.pick([SyncSession.Direction.both, .pull, .push])
        var session = SyncSession(
            direction, dataset: dataset, remote: "hub",
            cursor: random.chance(percent: 50) ? "c1" : nil)
        for _ in 0..<maximumSteps {
            // Mostly answers that keep it going.
            if random.chance(percent: 15), let refusal = refusal(session.next, &random) {
                session.received(refusal)
                continue
            }
            switch session.next {
            case .done, .fail: return true
            case .readHeads:
                let heads = DatasetHeads(
                    dataset: dataset, name: "n", epoch: "e", cursor: "c", heads: [:])
                session.received(
                    random.pick([.heads(heads), .headsHere(heads), .headsApart(heads)]))
            case .push(_, let after):
                let isMore = after < 5 && random.chance(percent: 80)
                let answer = PushAnswer(accepted: 1, duplicates: 0, cursor: "c", heads: [:])
                session.received(isMore ? .pushed(answer, upTo: after + 1) : .nothingToPush)
            case .pull:
                session.received(
                    .pulled(
                        SyncSession.Pulled(
                            taken: random.below(2), duplicates: random.below(3), held: 5,
                            isEmpty: random.chance(percent: 5),
                            cursor: "c\(random.below(12))", isMore: random.chance(percent: 90))))
            case .settle:
                let error = SyncError(.refused, "")
                session.received(random.chance(percent: 80) ? .settled : .unsettled(error))
            case .compare:
                session.received(.compared(isComplete: random.chance(percent: 30)))
            }
        }
        return false
    }

    private static let replicas = ["a", "b", "c"].compactMap {
        ReplicaID(String(repeating: $0, count: ReplicaID.length))
    }

    private static func refusal(
        _ step: SyncSession.Step, _ random: inout SeededGenerator
    ) -> SyncSession.Event? {
        switch step {
        case .push: return .refused(Problem(random.pick([.gap, .unseen, .fork, .forbidden]), ""))
        case .pull:
            if random.chance(percent: 50) { return .refused(Problem(.cursorGone, "")) }
            if random.chance(percent: 50) {
                return .forked(
                    Fork(random.pick(replicas), after: 1), LineFault(.fork, ""), taken: 0)
            }
            return .halted(LineFault(random.pick([.invalid, .fork, .unseen, .gap]), ""), taken: 0)
        default: return nil
        }
    }

    private static func environment(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }
}
