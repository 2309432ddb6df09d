import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Ctrl-C, SIGTERM and SIGHUP: nothing half done, exit 130, the file whole.
@Suite(.enabled(if: FaultShim.isThere, FaultShim.whyNot), .timeLimit(.minutes(30)))
struct InterruptTests {
    /// A command that is interrupted in a copy of mina's machine.
    struct Command: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let arguments: [String]
        /// A file that it makes.
        var made: String?
        /// Whether it changes the dataset at all.
        var writes = false
        /// Whether it is interrupted between whole steps.
        var hasSteps = false

        init(
            _ text: String, made: String? = nil, writes: Bool = false, hasSteps: Bool = false
        ) {
            testDescription = text
            arguments = text.split(separator: " ").map(String.init)
            self.made = made
            self.writes = writes
            self.hasSteps = hasSteps
        }
    }

    static let commands = [
        Command("import new.csv --overwrite", writes: true),
        Command("sync ../jun/korea.tally", writes: true, hasSteps: true),
        Command("resolve --all --take author:jun", writes: true),
        Command("clone korea.tally clone.tally", made: "clone.tally"),
        Command("export -o all.jsonl", made: "all.jsonl"), Command("verify"),
        Command("list trade"), Command("log"), Command("conflicts"), Command("query SELECT(1)"),
        Command("export"),
    ]

    @Test("an interrupted command leaves with 130 and has done nothing", arguments: commands)
    func interrupted(_ command: Command) throws {
        let team = try Pair.inConflict()
        try interrupt(command, of: team.mina) { _ in command.arguments }
    }

    @Test("an interrupted publish leaves with 130 and goes on with the next")
    func publish() throws {
        let team = try Pair(records: 0..<300)
        let office = team.office
        try office.startHub()
        let hub = office.hubURL
        let names = (0..<10).map { "korea-\($0)" }
        let token = try office.token(for: "mina", datasets: names, role: "admin")
        try team.mina.must("login", hub, input: token + "\n")
        try interrupt(Command("publish", writes: true), of: team.mina) {
            ["publish", "\(hub)/korea-\($0)"]
        }
    }

    /// Sends a signal before calls spread over the run, a different one each time.
    private func interrupt(
        _ command: Command, of template: Analyst, _ arguments: (Int) -> [String]
    ) throws {
        let before = try Standing(template)
        let export = try template.export()
        let copy = try template.copied(as: "undisturbed")
        let undisturbed = try Undisturbed(folder: copy.folder) {
            try copy.start(arguments(0), environment: $0)
        }
        let wanted = try copy.export()
        // One that only reads writes nothing but the memory that SQLite shares, when it opens the file.
        let few = command.writes || command.made != nil ? 3 : 1
        let count = Effort.isLong ? 9 : few
        for index in 0..<count {
            let signal = [SIGINT, SIGTERM, SIGHUP][index % 3]
            let call = 1 + index * (undisturbed.calls - 1) / max(1, count - 1)
            let context: Comment = "signal \(signal) before call \(call) of \(undisturbed.calls)"
            let mina = try template.copied(as: "interrupted-\(index)")
            defer { try? FileManager.default.removeItem(atPath: mina.folder) }
            let running = try mina.start(
                arguments(1 + index), environment: FaultShim.environment(.stop(call)))
            if running.waitUntilStopped() {
                kill(running.id, signal)
                kill(running.id, SIGCONT)
            }
            let end = running.wait()
            // Before its first write nothing is done that would be worth ending well.
            #expect(end.status == 130 || index > 0 && end.status == 0, "\(end.status) \(context)")
            #expect(try mina.leftovers() == [], context)
            if end.status == 130 {
                #expect(end.errors.contains("Interrupted"), context)
                #expect(end.output.isEmpty, context)
                if let made = command.made {
                    #expect(
                        !FileManager.default.fileExists(atPath: "\(mina.folder)/\(made)"), context)
                }
                if !command.hasSteps { #expect(try mina.export() == export, context) }
            } else {
                #expect(try mina.export() == wanted, context)
            }
            try before.expectKept(in: mina, context)
            if command.made == nil || end.status == 130 {
                let again = try mina.tally(arguments(1 + index))
                #expect(again.status == 0, "\(again.errors) \(context)")
            }
            #expect(try mina.export() == wanted, context)
        }
    }

    @Test(
        "a query that would never end does not begin after Ctrl-C",
        arguments: ["query", "list", "export"])
    func endless(command: String) throws {
        let team = try Pair(records: 0..<10)
        let endless =
            "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n)"
        let arguments = [
            "query": ["query", "SELECT \(endless)"], "list": ["list", "trade", "--where", endless],
            "export": ["export", "--kind", "trade", "--where", endless],
        ]
        let running = try team.mina.start(
            arguments[command] ?? [], environment: FaultShim.environment(.stop(1)))
        try #require(running.waitUntilStopped())
        kill(running.id, SIGINT)
        kill(running.id, SIGCONT)
        let end = running.wait()
        #expect(end.status == 130)
        #expect(end.errors == "tally: Interrupted; nothing was half done\n")
        #expect(try team.mina.leftovers() == [])
    }

    @Test("a statement that has begun and never ends is ended by Ctrl-C")
    func begun() throws {
        // A little more than what is written at once, and VNM comes last: when rows are there, hardly any is to follow, and
        // the statement will never be done.
        let team = try Pair(records: 0..<600)
        let endless =
            "reporter <> 'VNM' OR (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            + "SELECT max(i) FROM n)"
        let running = try team.mina.start(["export", "--kind", "trade", "--where", endless])
        _ = try running.waitForLine(beginning: "{\"kind\":\"trade\"")
        kill(running.id, SIGINT)
        let end = running.wait()
        #expect(end.status == 130)
        #expect(end.errors.hasPrefix("tally: Interrupted"))
        #expect(try team.mina.leftovers() == [])
    }

    @Test("an import that waits for its input is ended by Ctrl-C")
    func waiting() throws {
        let team = try Pair(records: 0..<10)
        let fifo = team.mina.folder + "/fifo"
        try #require(mkfifo(fifo, 0o600) == 0)
        // Open at both ends, so that nobody waits for the other and the end never comes.
        let end = open(fifo, O_RDWR | O_CLOEXEC)
        defer { close(end) }
        let running = try team.mina.start(
            ["import", "fifo"], environment: FaultShim.environment(.stop(1)))
        try #require(running.waitUntilStopped())
        kill(running.id, SIGINT)
        kill(running.id, SIGCONT)
        #expect(running.wait().status == 130)
        #expect(try team.mina.leftovers() == [])
    }

    @Test("a second Ctrl-C ends a command at once that cannot go on")
    func second() throws {
        let team = try Pair(records: 0..<2_000)
        let fifo = team.mina.folder + "/fifo"
        try #require(mkfifo(fifo, 0o600) == 0)
        let end = open(fifo, O_RDWR | O_CLOEXEC)
        defer { close(end) }
        // More than a pipe holds, and nobody reads.
        let running = try Running(
            "/bin/sh", ["-c", "exec \(Program.tally.path) export > fifo"],
            environment: team.mina.environment(), folder: team.mina.folder)
        var entry = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
        try #require(poll(&entry, 1, 30_000) == 1)
        while !running.hasEnded {
            kill(running.id, SIGINT)
            usleep(1000)
        }
        #expect(running.wait().status == 130)
        try team.mina.must("verify")
        #expect(try team.mina.leftovers() == [])
    }

    @Test("SIGQUIT ends it at once, without a backtrace")
    func quit() throws {
        let team = try Pair.inConflict()
        let environment = FaultShim.environment(.stop(1))
            .merging(["SWIFT_BACKTRACE": "enable=yes,color=no"]) { $1 }
        let running = try team.mina.start(["import", "new.csv"], environment: environment)
        try #require(running.waitUntilStopped())
        kill(running.id, SIGQUIT)
        kill(running.id, SIGCONT)
        let end = running.wait()
        #expect(end.status == 128 + SIGQUIT)
        #expect(end.errors.isEmpty)
        try team.mina.must("import", "new.csv")
    }

    @Test(
        "login shows nothing of what is typed, and gives the terminal back on Ctrl-C",
        arguments: [SIGINT, SIGTERM])
    func login(signal: Int32) throws {
        let team = try Pair(records: 0..<1)
        let terminal = try TypedTerminal()
        let running = try Running(
            "/bin/sh",
            ["-c", "exec \(Program.tally.path) login https://hub.example.org < \(terminal.path)"],
            environment: team.mina.environment(), folder: team.mina.folder)
        _ = try running.waitForLine(beginning: "Token for ", of: \.errors)
        #expect(!terminal.echoes)
        kill(running.id, signal)
        #expect(running.wait().status == 130)
        #expect(terminal.echoes)

        let again = try Running(
            "/bin/sh",
            ["-c", "exec \(Program.tally.path) login https://hub.example.org < \(terminal.path)"],
            environment: team.mina.environment(), folder: team.mina.folder)
        _ = try again.waitForLine(beginning: "Token for ", of: \.errors)
        terminal.type("tally_typed\n")
        #expect(again.wait().output == "Saved the token for https://hub.example.org\n")
        #expect(terminal.echoes)
    }
}
