import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A disk that fills up: exit 74 and a text that says so, nothing half done, and the same command once there is room.
@Suite(.enabled(if: SmallDisk.isPermitted, SmallDisk.whyNot), .timeLimit(.minutes(30)))
struct DiskFullTests {
    struct Command: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// A file that it makes.
        var made: String?
        /// How many records the dataset holds afterwards.
        var records = 20
        /// What another tool has written before it, in SQL.
        var edits: String?

        init(_ text: String, made: String? = nil, records: Int = 20, after edits: String? = nil) {
            testDescription = text
            self.made = made
            self.records = records
            self.edits = edits
        }

        var isPull: Bool { testDescription.hasSuffix("--pull") }

        func arguments(partner: String) -> [String] {
            testDescription.split(separator: " ").map { word in
                switch word {
                case "RECORD": return Workload.address(1)
                case "note=LONG": return "note=" + String(repeating: "x", count: 60_000)
                case "PARTNER": return partner
                default: return String(word)
                }
            }
        }
    }

    static let commands = [
        Command("import new.csv", records: 400), Command("set RECORD note=LONG"),
        Command("sync PARTNER --pull", records: 300),
        Command("clone PARTNER new.tally", made: "new.tally"),
        Command("init new.tally", made: "new.tally"),
        Command(
            "capture", after: "UPDATE trade SET note = replace(hex(zeroblob(3000)), '0', 'x')"),
        Command("export -o all.jsonl", made: "all.jsonl"),
        Command("bundle create all.bundle", made: "all.bundle"), Command("doctor --compact"),
    ]

    @Test(
        "a command on a full disk says so, does nothing by half, and works once there is room",
        arguments: commands)
    func full(_ command: Command) throws {
        let office = try Office()
        let disk = try SmallDisk(office, kib: 2048)
        let mina = try disk.analyst()
        try disk.write(Workload.csv(Array(20..<400), Workload.value), to: "new.csv")
        if let edits = command.edits { try disk.run("sqlite3 mina/korea.tally \"\(edits)\"") }
        var jun = try office.analyst("jun", machine: "desk-2")
        jun.launcher = disk.launcher
        try jun.must("clone", mina.file, "korea.tally")
        try jun.write(Workload.csv(Array(20..<300), Workload.value), to: "more.csv")
        try jun.must("import", "more.csv")
        let (before, fetched) = (try mina.export(), try jun.export())
        let arguments = ["-f", "korea.tally"] + command.arguments(partner: jun.file)

        var failures = 0
        for left in [0, 4, 40, 72, 104, 136, 152, 168, 184, 200, 300, 500] {
            try disk.fill(leavingKiB: left)
            let end = try mina.tally(arguments)
            if end.status == 0 { break }
            failures += 1
            let context: Comment = "with \(left) KiB left: \(end.errors)"
            #expect(end.status == 74, context)
            #expect(end.errors.hasPrefix("tally: The disk is full: "), context)
            #expect(
                end.errors.hasSuffix(
                    "\nFree some space and run the command again; nothing was half done.\n"),
                context)
            #expect(end.output.isEmpty, context)
            try disk.makeRoom()
            if let made = command.made {
                #expect(try disk.run("ls mina").contains(made) == false, context)
            }
            // A pull is done batch by batch: what was fetched may stand, whole, where only the note of it found no room.
            let after = try mina.export()
            let isWhole = after == before || command.isPull && after == fetched
            #expect(isWhole, context)
            try mina.must("-f", "korea.tally", "verify")
            #expect(try disk.leftovers().isEmpty, context)
        }
        #expect(failures >= 1)
        try disk.makeRoom()
        if command.made != nil { try disk.run("rm -f mina/\(command.made ?? "")") }
        let end = try mina.tally(arguments)
        #expect(end.status == 0, "\(end.errors)")
        #expect(try mina.export().split(separator: "\n").count == command.records)
        // Failing does not use up identities.
        let replicas = try disk.run("ls mina/.data/tally/replicas | grep -c json$")
        #expect(replicas == "1\n")
        try jun.must("sync", mina.file)
        #expect(try jun.export().split(separator: "\n").count == max(command.records, 300))
    }

    @Test("what is on a full disk can be read, and backed up to another")
    func reading() throws {
        let office = try Office()
        let disk = try SmallDisk(office, kib: 2048)
        let mina = try disk.analyst()
        let before = try mina.export()
        try disk.fill(leavingKiB: 0)
        for command in [["list", "trade"], ["status"], ["export"], ["log"]] {
            let end = try mina.tally(command)
            #expect(end.status == 0, "\(command): \(end.errors)")
        }
        let copy = office.folder + "/backup.tally"
        try mina.must("backup", copy)
        #expect(try mina.must("-f", copy, "export").output == before)
        #expect(try disk.leftovers().isEmpty)
    }

    @Test("a disk that is made larger is enough")
    func remounted() throws {
        let office = try Office()
        let disk = try SmallDisk(office, kib: 300)
        let mina = try disk.analyst()
        try disk.fill(leavingKiB: 48)
        let set = ["set", Workload.address(3), "note=" + String(repeating: "x", count: 60_000)]
        #expect(try mina.tally(set).status == 74)
        try disk.run("mount -o remount,size=4096k .")
        #expect(try mina.tally(set).status == 0)
        try mina.must("verify")
    }

    @Test("keys on a full disk: nothing is written that nobody can go on from")
    func identities() throws {
        let office = try Office()
        let disk = try SmallDisk(office, kib: 64)
        let mina = try onDisk(disk, office)
        let home = ["XDG_DATA_HOME": disk.folder]
        try mina.must("init", "korea.tally")
        try disk.fill(leavingKiB: 0)
        for _ in 0..<3 {
            let end = try mina.tally("add", "event", "title=x", "date=2023", environment: home)
            #expect(end.status == 74)
            #expect(end.errors.hasPrefix("tally: The disk is full: "))
            #expect(try mina.export().isEmpty)
        }
        try disk.makeRoom()
        let end = try mina.tally("add", "event", "title=x", "date=2023", environment: home)
        #expect(end.status == 0, "\(end.errors)")
        #expect(try disk.run("ls tally/replicas | grep -c json$") == "1\n")
        #expect(try disk.leftovers().isEmpty)
    }

    @Test("settings and tokens on a full disk stay what they were")
    func settings() throws {
        let office = try Office()
        let disk = try SmallDisk(office, kib: 64)
        let mina = try onDisk(disk, office)
        let home = ["XDG_CONFIG_HOME": disk.folder, "TALLY_AUTHOR": ""]
        func config(_ words: String..., input: String? = nil) throws -> Finished {
            try mina.tally(words, input: input, environment: home)
        }
        #expect(try config("config", "author", "mina").status == 0)
        #expect(try config("login", "https://a.example.org", input: "tally_a\n").status == 0)
        try disk.fill(leavingKiB: 0)
        for end in [
            try config("config", "author", "jun"),
            try config("login", "https://b.example.org", input: "tally_b\n"),
        ] {
            #expect(end.status == 74)
            #expect(end.errors.hasPrefix("tally: The disk is full: "))
        }
        #expect(try config("config", "author").output == "author = mina\n")
        try disk.makeRoom()
        #expect(try config("login", "https://b.example.org", input: "tally_b\n").status == 0)
        #expect(
            try disk.run("grep -c -e a.example.org -e b.example.org tally/tokens.json") == "1\n")
        #expect(try disk.leftovers().isEmpty)
    }

    @Test("a hub whose disk is full takes nothing, says so, and takes it once there is room")
    func hub() throws {
        let office = try Office()
        let disk = try SmallDisk(office, kib: 700)
        let launch = disk.launcher + ["/usr/bin/env", "-C", disk.folder, Program.hub.path]
        func hub(_ words: String...) throws -> Running {
            try Running(
                launch[0], Array(launch.dropFirst()) + words,
                environment: ProcessInfo.processInfo.environment, folder: office.folder)
        }
        let made = try hub(
            "token", "create", "--data", "hub", "--name", "mina", "--dataset", "korea", "--role",
            "admin"
        ).wait()
        let token = try #require(made.output.split(whereSeparator: \.isWhitespace).last)
        let serving = try hub("serve", "--data", "hub", "--port", "0")
        let url = try serving.waitForLine(beginning: "Listening on ") + "/korea"
        let mina = try office.analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally")
        try mina.must("login", url, input: token + "\n")
        try mina.must("publish", url)
        try mina.write(Workload.csv(Array(0..<3_000), Workload.value), to: "new.csv")
        try mina.must("import", "new.csv")

        try disk.fill(leavingKiB: 40)
        let refused = try mina.tally("sync")
        #expect(refused.status == 69)
        #expect(refused.errors.contains("the hub's disk is full or fails"))
        #expect(refused.errors.hasSuffix("Try again later.\n"))
        try disk.makeRoom()
        try disk.run("mount -o remount,size=8192k .")
        try mina.must("sync")
        kill(serving.id, SIGTERM)
        #expect(serving.wait().status == 0)
        let other = try office.analyst("jun", machine: "desk-2")
        var jun = other
        jun.launcher = disk.launcher
        try jun.must("clone", disk.folder + "/hub/korea.tally", "korea.tally")
        #expect(try jun.export() == mina.export())
        #expect(try disk.leftovers().isEmpty)
    }

    /// Somebody whose folder is not on the disk, but whose programs see it.
    private func onDisk(_ disk: SmallDisk, _ office: Office) throws -> Analyst {
        var mina = try office.analyst("mina", machine: "laptop")
        mina.launcher = disk.launcher
        return mina
    }
}
