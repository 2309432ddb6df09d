import Foundation
import TallyCore
import TallySimulator
import Testing

/// The laws of DESIGN.md section 4 over random histories.
///
/// `TALLY_SEED=17 TALLY_HISTORIES=1 swift test --filter LawTests` replays history 17; `TALLY_HISTORIES=100000` looks
/// further.
struct LawTests {
    private static let firstSeed = environment("TALLY_SEED") ?? 1
    private static let count = environment("TALLY_HISTORIES") ?? 2000

    @Test("copies that have integrated the same agree, nothing is lost, and no conflict is false")
    func randomHistories() async {
        let seeds = Self.firstSeed..<(Self.firstSeed + Self.count)
        let failed = await withTaskGroup(of: UInt64?.self) { group in
            let lanes: UInt64 = 4
            for lane in 0..<min(lanes, Self.count) {
                group.addTask {
                    stride(from: seeds.lowerBound + lane, to: seeds.upperBound, by: Int(lanes))
                        .first {
                            !HistoryLaws.violations(of: HistoryGenerator.history(seed: $0)).isEmpty
                        }
                }
            }
            return await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
        }
        if let seed = failed.min() { Issue.record("\(Self.escaped(Self.report(seed)))") }
    }

    /// What is wrong, with the fewest steps that show it.
    private static func report(_ seed: UInt64) -> String {
        let history = HistoryGenerator.history(seed: seed)
        let shrunk = history.shrunk { !HistoryLaws.violations(of: $0).isEmpty }
        return """
            \(HistoryLaws.violations(of: history).joined(separator: "\n"))

            Replay with: TALLY_SEED=\(seed) TALLY_HISTORIES=1 swift test --filter LawTests
            \(history)

            The same, shrunk: \(HistoryLaws.violations(of: shrunk).joined(separator: "\n"))
            \(shrunk)
            """
    }

    /// Every scalar visible, so that NFC and NFD can be told apart; and ASCII alone, because `swift test` drops what it
    /// reads from the pipe when that ends within a character.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { $0.isASCII ? String($0) : $0.escaped(asASCII: true) }.joined()
    }

    private static func environment(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }
}
