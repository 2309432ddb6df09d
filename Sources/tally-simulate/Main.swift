import ArgumentParser
import TallySimulator
import TallyStore
import TallyWire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Plays worlds one after the other; `scripts/simulate` runs several of these beside each other and adds up what they count.
@main
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tally-simulate",
        abstract: "Plays worlds that try to lose an edit: copies, a hub, a bad network, bad disks.",
        discussion: """
            Each world is made from its seed and is the same every time, with one build and the same libraries. It ends \
            with 1 where a law of the merge rules was broken, and says in which world and how to play it again; with 64 \
            where it is asked for what cannot be, 65, 66 or 77 where a file holds no world, is not there or may not be \
            read, 73 where there is no place for what --shrink is to write, 74 where it could not run.
            Example: tally-simulate --seeds 1000
            Example: tally-simulate --first 17 --seeds 1 --trace
            Example: tally-simulate --first 17 --seeds 1 --shrink SyncFixtures/worlds/lost-edit.json
            """)

    @Option(help: "How many worlds (default: 100).")
    var seeds: Int?

    @Option(help: "The seed of the first (default: 1).")
    var first: Int?

    @Option(help: "Stop after that many worlds in which something is wrong (default: 10).")
    var failures: Int?

    @Option(
        help: "Shrink the first that is wrong, and write it as a file, which must not be there yet."
    )
    var shrink: String?

    @Option(
        help: "Play in a folder that is made there (default: /dev/shm, else $TMPDIR, else /tmp).")
    var folder: String?

    @Flag(help: "Say what happens, step by step.")
    var trace = false

    @Flag(
        help: "Print what was counted as JSON on standard output, and all else on standard error.")
    var json = false

    @Argument(help: "Worlds from files, instead of seeds.")
    var files: [String] = []

    func validate() throws {
        for (name, number) in [("seeds", seeds), ("failures", failures)] {
            if let number, number < 1 { throw ValidationError("--\(name) is 1 or more.") }
        }
        if folder?.isEmpty == true { throw ValidationError("--folder names a folder.") }
        if !files.isEmpty, seeds != nil || first != nil || failures != nil {
            throw ValidationError("--seeds, --first and --failures go with no files.")
        }
        let last = WorldPlan.maximumSeed
        guard 0...last ~= first ?? 1, (seeds ?? 100) - 1 <= last - (first ?? 1) else {
            throw ValidationError(
                "Seeds are from 0 to \(last): so are the first and the last of those to play.")
        }
    }

    func run() throws {
        Hashing.settle()
        SQLiteMemory.keepNoAccount()
        let console = Console(isBesideJSON: json)
        let worlds = try worlds()
        if let shrink { try WorldFile.checkIsNew(shrink) }
        var wrong: [WorldPlan] = []
        var counts = WorldCounts()
        try withFolder { folder in
            for world in worlds {
                try folder.checkRoom()
                if trace { console.say(world.name) }
                let outcome = try Simulation.run(
                    world.plan, folder: place(in: folder),
                    trace: trace ? { console.say($0) } : { _ in })
                counts += outcome.counts
                if let violation = outcome.violations.first {
                    // It may be the machine that lacks something.
                    try folder.checkRoom()
                    wrong.append(world.plan)
                    let program = quoted(CommandLine.arguments[0])
                    console.say(
                        "\(world.name): \(violation)\n  again: \(program) \(world.again) --trace")
                }
                try check(console)
                if files.isEmpty, wrong.count == failures ?? 10 { break }
            }
            if let shrink { try self.shrink(wrong.first, to: shrink, in: folder, console) }
        }
        if json {
            console.print(counts.json.text)
        } else {
            for (name, number) in counts.byName.sorted(by: { $0.key < $1.key }) where number > 0 {
                console.print("\(name): \(number)")
            }
        }
        let played = counts.byName["worlds"] ?? 0
        console.say(
            "\(played) world\(played == 1 ? "" : "s"), "
                + (wrong.isEmpty ? "no law broken" : "\(wrong.count) with a broken law"))
        try check(console)
        if !wrong.isEmpty { throw ExitCode(1) }
    }

    /// Worlds with what they are called, and what plays them again; those of seeds are made one by one.
    private func worlds() throws -> AnySequence<(plan: WorldPlan, name: String, again: String)> {
        guard files.isEmpty else {
            return AnySequence(
                try WorldFile.read(files).map { path, plan in
                    (plan, path, quoted(path.hasPrefix("-") ? "./\(path)" : path))
                })
        }
        let first = first ?? 1
        return AnySequence(
            (first...(first + (seeds ?? 100) - 1)).lazy.map { seed in
                let plan = WorldGenerator.plan(seed: UInt64(seed))
                return (plan, "seed \(seed)", "--first \(seed) --seeds 1")
            })
    }

    /// What the machine lacks is said, and is no broken law.
    private func withFolder(_ body: (SimulationFolder) throws -> Void) throws {
        do {
            let folder = try SimulationFolder(in: folder)
            Departure.remove(folder.path)
            defer { folder.remove() }
            // The names of SQLite's temporary files are of the seed too: where another process has taken one, SQLite draws
            // again. It looks here when it is first used.
            setenv("SQLITE_TMPDIR", folder.path, 1)
            try body(folder)
        } catch let code as ExitCode {
            throw code
        } catch {
            Console.report("The simulator could not run: \(error)")
            throw ExitCode(74)
        }
    }

    private func place(in folder: SimulationFolder) -> String { "\(folder.path)/world" }

    private func check(_ console: Console) throws {
        guard console.failure != 0 else { return }
        let reason = String(cString: strerror(console.failure))
        Console.report("Standard output cannot be written: \(reason)")
        throw ExitCode(74)
    }

    private func shrink(
        _ plan: WorldPlan?, to path: String, in folder: SimulationFolder, _ console: Console
    ) throws {
        guard let plan else {
            return console.say("\(path) is not written: nothing was wrong that could be shrunk")
        }
        func violation(_ plan: WorldPlan) throws -> String? {
            try Simulation.run(plan, folder: place(in: folder)).violations.first
        }
        func law(_ text: String) -> Substring { text.prefix { $0 != ":" } }
        guard let broken = try violation(plan).map(law) else {
            Console.report("\(path) is not written: played again, the world breaks no law")
            throw ExitCode(70)
        }
        let shrunk = plan.shrunk { (try? violation($0)).map(law) == broken }
        try folder.checkRoom()
        let text = shrunk.text(what: try violation(shrunk) ?? "")
        do {
            try WorldFile.write(text, to: path)
        } catch {
            // It took long to find.
            Console.report(text)
            throw error
        }
        console.say("\(path): \(shrunk.steps.count) of \(plan.steps.count) steps still show it")
    }
}
