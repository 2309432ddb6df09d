import Foundation
import TallySimulator

/// How much is tried: a handful of moments in `make test`, fifty each in `make test-long`.
enum Effort {
    static let isLong = ProcessInfo.processInfo.environment["TALLY_LONG"] == "1"

    static func moments(_ few: Int = 4, long: Int = 50) -> Int { isLong ? long : few }
}

/// Where the chance of a test comes from: `$TALLY_SEED`, or another seed each time.
struct Chance {
    let seed: UInt64
    var generator: SeededGenerator

    init() {
        let given = ProcessInfo.processInfo.environment["TALLY_SEED"].flatMap { UInt64($0) }
        seed = given ?? UInt64.random(in: 1...999_999)
        generator = SeededGenerator(seed: seed)
    }

    /// For the message of a failure.
    func replay(_ suite: String) -> String {
        let long = Effort.isLong ? "TALLY_LONG=1 " : ""
        return "Replay with: TALLY_SEED=\(seed) \(long)swift test --filter \(suite)"
    }
}
