import ArgumentParser
import TallySimulator

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@main
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tally-simulate",
        abstract: "Plays worlds that try to lose an edit, each from a seed.")

    @Option(help: "How many worlds.")
    var seeds = 100

    @Option(help: "The first seed.")
    var first: UInt64 = 1

    @Flag(help: "Say what happens, step by step.")
    var trace = false

    func run() throws {
        var counts = WorldCounts()
        var failed = 0
        let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        for seed in first..<(first + UInt64(seeds)) {
            let plan = WorldGenerator.plan(seed: seed)
            let outcome = Simulation.run(
                plan, folder: "\(base)/tally-simulate-\(getpid())",
                trace: trace ? { print($0) } : { _ in })
            counts += outcome.counts
            if !outcome.violations.isEmpty {
                failed += 1
                print("seed \(seed): \(outcome.violations[0])")
            }
        }
        print(counts)
        if failed > 0 { throw ExitCode(1) }
    }
}
