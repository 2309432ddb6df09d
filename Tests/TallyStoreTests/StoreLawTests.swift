import Foundation
import StoreTestSupport
import TallyCore
import TallySimulator
import TallyStore
import Testing

/// The laws of DESIGN.md section 4 over random histories, played on real dataset files beside the model.
///
/// `TALLY_SEED=17 TALLY_HISTORIES=1 swift test --filter StoreLawTests` replays history 17.
struct StoreLawTests {
    private static let firstSeed = environment("TALLY_SEED") ?? 1
    private static let count = environment("TALLY_HISTORIES") ?? 120

    @Test("dataset files agree with the model after every step, and with each other at the end")
    func randomHistories() async {
        let seeds = Self.firstSeed..<(Self.firstSeed + Self.count)
        let failed = await withTaskGroup(of: UInt64?.self) { group in
            let lanes: UInt64 = 2
            for lane in 0..<min(lanes, Self.count) {
                group.addTask {
                    stride(from: seeds.lowerBound + lane, to: seeds.upperBound, by: Int(lanes))
                        .first { Self.fault(of: Self.history($0)) != nil }
                }
            }
            return await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
        }
        if let seed = failed.min() { Issue.record("\(Self.report(seed))") }
    }

    /// Half of the histories are about the kinds that ship, half about one made to be awkward.
    static func history(_ seed: UInt64) -> History {
        let space: HistorySpace = seed % 2 == 0 ? .awkward : .shipped
        let history = HistoryGenerator.history(seed: seed, space: space)
        // A setting about a field that is not known settles nothing.
        var policies = PolicyTable()
        for kind in space.kinds.all {
            for statement in kind.statements {
                policies[kind.name, statement.name] = history.policies[kind.name, statement.name]
            }
        }
        return History(
            seed: seed, space: space, policies: policies, skewsMs: history.skewsMs,
            isUnruly: history.isUnruly, steps: history.steps)
    }

    /// - Returns: nil where everything holds.
    private static func fault(of history: History) -> String? {
        do {
            let folder = try TestFolder()
            var stage = try DatasetStage(history, in: folder)
            defer { stage.close() }
            var player = HistoryPlayer(history)
            try player.playAll(on: &stage)
            try check(stage, in: folder)
            try player.syncEverybody(on: &stage)
            try check(stage, in: folder)
            let exports = try stage.copies.map { try $0.dataset.wholeExport() }
            guard Set(exports).count == 1 else {
                return "the exports differ:\n\(exports.joined(separator: "\n--\n"))"
            }
            return nil
        } catch {
            return "\(error)"
        }
    }

    private static func check(_ stage: DatasetStage, in folder: TestFolder) throws {
        let oracle = try HistoryOracle(
            stage.model.changesets, integrated: stage.model.integrated,
            kinds: stage.model.copies[0].kinds, policies: stage.model.copies[0].policies)
        for (index, copy) in stage.copies.enumerated() {
            try stage.compareBefore(index, oracle)
            let verification = try copy.verification(in: folder)
            guard verification.faults.isEmpty else {
                throw Difference(text: "copy \(index) is not sound: \(verification.faults)")
            }
        }
    }

    private static func report(_ seed: UInt64) -> String {
        let history = history(seed)
        let shrunk = history.shrunk { fault(of: $0) != nil }
        return """
            \(fault(of: history) ?? "")

            Replay with: TALLY_SEED=\(seed) TALLY_HISTORIES=1 swift test --filter StoreLawTests
            \(history)

            The same, shrunk: \(fault(of: shrunk) ?? "")
            \(shrunk)
            """
    }

    static func environment(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }
}
