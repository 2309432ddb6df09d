import ArgumentParser
import TallySimulator
import TallyStore
import TallyWire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Plays worlds in one thread; `scripts/simulate` runs several of these beside each other and adds up what they count.
@main
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tally-simulate",
        abstract: "Plays worlds that try to lose an edit: copies, a hub, a bad network, bad disks.",
        discussion: """
            Each world is made from its seed and is the same every time. It ends with 1 where a law of the merge rules was \
            broken, and says in which world and how to play it again.
            Example: tally-simulate --seeds 1000
            Example: tally-simulate --first 17 --seeds 1 --trace
            Example: tally-simulate --first 17 --seeds 1 --shrink SyncFixtures/worlds/lost-edit.json
            """)

    @Option(help: "How many worlds.")
    var seeds = 100

    @Option(help: "The seed of the first.")
    var first: UInt64 = 1

    @Option(help: "Stop after that many worlds in which something is wrong.")
    var failures = 10

    @Option(help: "Shrink the first that is wrong, and write it as a file.")
    var shrink: String?

    @Flag(help: "Say what happens, step by step.")
    var trace = false

    @Flag(help: "Print what was counted as JSON.")
    var json = false

    @Argument(help: "Worlds from files, instead of seeds.")
    var files: [String] = []

    func validate() throws {
        if seeds < 1 { throw ValidationError("--seeds is 1 or more.") }
    }

    func run() throws {
        var counts = WorldCounts()
        var wrong: [WorldPlan] = []
        func play(_ plan: WorldPlan, _ name: String, again: String) {
            let outcome = Simulation.run(
                plan, folder: folder, trace: trace ? { print($0) } : { _ in })
            counts += outcome.counts
            guard let violation = outcome.violations.first else { return }
            wrong.append(plan)
            print("\(name): \(violation)\n  again: tally-simulate \(again) --trace")
        }
        if files.isEmpty {
            for seed in first..<(first + UInt64(seeds)) where wrong.count < failures {
                play(
                    WorldGenerator.plan(seed: seed), "seed \(seed)",
                    again: "--first \(seed) --seeds 1")
            }
        }
        for file in files {
            guard let plan = try FileBytes.read(file, limit: 1 << 24).flatMap({ WorldPlan($0) })
            else { throw ValidationError("\(file) is no world.") }
            play(plan, file, again: file)
        }
        if let shrink, let plan = wrong.first { try write(plan, to: shrink) }
        if json {
            print(counts.json.text)
        } else {
            for member in counts.json.object ?? [] { print("\(member.name): \(member.value.text)") }
        }
        if !wrong.isEmpty { throw ExitCode(1) }
    }

    /// In memory, where that can be: the disks of the worlds lose what they are told to lose, and nothing else.
    private var folder: String {
        let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        return "\(base)/tally-simulate-\(getpid())"
    }

    private func write(_ plan: WorldPlan, to path: String) throws {
        func violation(_ plan: WorldPlan) -> String? {
            Simulation.run(plan, folder: folder).violations.first
        }
        func law(_ text: String?) -> Substring? { text?.prefix { $0 != ":" } }
        let broken = law(violation(plan))
        let shrunk = plan.shrunk { law(violation($0)) == broken }
        try FileBytes.replace(path, with: Array(shrunk.text(what: violation(shrunk) ?? "").utf8))
        print("\(path): \(shrunk.steps.count) of \(plan.steps.count) steps still show it")
    }
}
