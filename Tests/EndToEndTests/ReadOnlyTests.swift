import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Files, folders and disks that cannot be written: all that reads works, and nothing is left in the owner's way.
@Suite struct ReadOnlyTests {
    static let record = "trade/KOR/CHN/X/TOTAL/2023/kosis"

    /// Every command that only reads, and what it prints or its status.
    private static let reading: [[String]] = [
        ["status"], ["list", "trade"], ["show", record], ["query", "SELECT value FROM trade"],
        ["export"], ["log"], ["conflicts"], ["verify"], ["kinds"], ["remote", "list"],
        ["replica", "list"], ["config", "policy"], ["codes", "area", "korea"],
    ]

    private static let writing: [[String]] = [
        ["set", record, "value=2"], ["add", "event", "title=x", "date=2023"], ["delete", record],
        ["resolve", "--all", "--take", "A"], ["remote", "add", "x", "https://hub.example.org/x"],
        ["sync"],
    ]

    /// A dataset with an open conflict in a folder `shared` of its own.
    private func owner() throws -> Analyst {
        let mina = try Office().analyst("mina", machine: "laptop")
        try FileManager.default.createDirectory(
            atPath: mina.folder + "/shared", withIntermediateDirectories: true)
        try mina.must("init", "shared/korea.tally")
        try mina.must(
            "-f", "shared/korea.tally", "add", "trade", "reporter=KOR", "partner=CHN", "flow=X",
            "product=TOTAL", "period=2023", "source=kosis", "value=1")
        let jun = try mina.office.analyst("jun", machine: "desk-2")
        try jun.must("clone", mina.folder + "/shared/korea.tally", "korea.tally")
        try jun.must("set", Self.record, "value=3")
        try mina.must("-f", "shared/korea.tally", "set", Self.record, "value=4")
        try mina.must("-f", "shared/korea.tally", "sync", jun.file)
        try mina.must(
            "-f", "shared/korea.tally", "remote", "add", "hub", "https://hub.example.org/k")
        return mina
    }

    private func names(_ analyst: Analyst) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: analyst.folder + "/shared").sorted()
    }

    private func bytes(_ analyst: Analyst) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: analyst.folder + "/shared/korea.tally"))
    }

    private func allow(_ analyst: Analyst, file: mode_t, folder: mode_t) {
        chmod(analyst.folder + "/shared/korea.tally", file)
        chmod(analyst.folder + "/shared", folder)
    }

    struct Place: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let file: mode_t
        let folder: mode_t
        let message: String
    }

    static let places = [
        Place(
            testDescription: "a read-only file in a folder of everybody's", file: 0o444,
            folder: 0o777, message: "korea.tally cannot be written: Permission denied\n"),
        Place(
            testDescription: "a read-only file in a read-only folder", file: 0o444, folder: 0o555,
            message: "korea.tally cannot be written: Permission denied\n"),
        Place(
            testDescription: "a file of everybody's in a read-only folder", file: 0o666,
            folder: 0o555, message: "korea.tally cannot be written: its folder "),
    ]

    @Test(
        "what reads works and leaves nothing; what writes says what to do",
        .enabled(if: Outsider.isPossible, Outsider.reason), arguments: places)
    func everyPlace(_ place: Place) throws {
        let mina = try owner()
        let outsider = try Outsider(beside: mina)
        defer { allow(mina, file: 0o644, folder: 0o755) }
        let file = mina.folder + "/shared/korea.tally"
        var expected: [String: String] = [:]
        for command in Self.reading {
            let answer = try mina.tally(["-f", file, "--json"] + command)
            expected[command.joined(separator: " ")] = answer.output
        }
        // The owner has looked, so the file rests.
        let before = try bytes(mina)
        allow(mina, file: place.file, folder: place.folder)
        for command in Self.reading {
            let name = command.joined(separator: " ")
            let answer = try outsider.tally(["-f", file] + command)
            #expect(answer.status == 0, "\(name): \(answer.errors)")
            #expect(!answer.output.isEmpty, "\(name)")
            let json = try outsider.tally(["-f", file, "--json"] + command)
            #expect(json.output == expected[name], "\(name)")
            #expect(try names(mina) == ["korea.tally"], "\(name)")
        }
        for command in Self.writing {
            let name = command.joined(separator: " ")
            let answer = try outsider.tally(["-f", file] + command)
            #expect(answer.status == 77, "\(name): \(answer.errors)")
            #expect(answer.errors.contains(place.message), "\(name): \(answer.errors)")
            #expect(answer.errors.contains("work in a copy: tally clone"), "\(name)")
            #expect(try names(mina) == ["korea.tally"], "\(name)")
        }
        let clone = try outsider.tally(["clone", file, mina.folder + "/outside/copy.tally"])
        #expect(clone.status == 0, "\(clone.errors)")
        let backup = try outsider.tally(["-f", file, "backup", mina.folder + "/outside/backup"])
        #expect(backup.status == 0, "\(backup.errors)")
        #expect(try names(mina) == ["korea.tally"])
        #expect(try bytes(mina) == before)

        allow(mina, file: 0o644, folder: 0o755)
        try mina.must("-f", file, "set", Self.record, "note=mine")
    }

    @Test(
        "a file that its owner has open is read with what the owner has written last",
        .enabled(if: Outsider.isPossible, Outsider.reason))
    func besideOwner() throws {
        let mina = try owner()
        let outsider = try Outsider(beside: mina)
        let file = mina.folder + "/shared/korea.tally"
        // SQLite's shell has the file open, with a change in the log beside it, until its input ends.
        let fifo = mina.folder + "/sql"
        try #require(mkfifo(fifo, 0o600) == 0)
        let end = open(fifo, O_RDWR)
        defer { close(end) }
        let sql = "UPDATE tally_meta SET value = 'new' WHERE name = 'name'; SELECT 'open';\n"
        try #require(write(end, sql, sql.utf8.count) == sql.utf8.count)
        let shell = try mina.start("/usr/bin/sqlite3", [file], input: fifo)
        _ = try shell.waitForLine(beginning: "open")
        try #require(try names(mina) == ["korea.tally", "korea.tally-shm", "korea.tally-wal"])
        allow(mina, file: 0o644, folder: 0o755)
        let status = try outsider.tally(["-f", file, "--json", "status"])
        #expect(status.status == 0, "\(status.errors)")
        #expect(status.json["name"] as? String == "new")
        #expect(try outsider.tally(["-f", file, "verify"]).status == 0)
        #expect(try outsider.tally(["-f", file, "set", Self.record, "value=9"]).status == 77)
    }

    @Test(
        "a file that is written while it is read without locks is not taken for whole",
        .enabled(if: Outsider.isPossible, Outsider.reason))
    func writtenMeanwhile() throws {
        let mina = try owner()
        let outsider = try Outsider(beside: mina)
        let file = mina.folder + "/shared/korea.tally"
        // More than a pipe holds.
        let summary = String(repeating: "lorem ipsum ", count: 4000)
        let rows = (0..<20).map { "t\($0),2023,mina,\(summary)\n" }.joined()
        try mina.write("title,date,source,summary\n" + rows, to: "large.csv")
        try mina.must("-f", file, "import", "large.csv", "--kind", "event")
        allow(mina, file: 0o644, folder: 0o755)
        let fifo = mina.folder + "/outside/export"
        try #require(mkfifo(fifo, 0o666) == 0)
        chmod(fifo, 0o666)
        let exporting = try outsider.start(
            ["sh", "-c", "exec \"$@\" > \(fifo)", "sh", outsider.program, "-f", file, "export"])
        let pipe = open(fifo, O_RDONLY)
        defer { close(pipe) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        try #require(read(pipe, &bytes, 1) == 1)
        try mina.must("-f", file, "set", Self.record, "note=x")
        while read(pipe, &bytes, bytes.count) > 0 {}
        let finished = exporting.wait()
        #expect(finished.status == 75)
        #expect(
            finished.errors == "tally: \(file) was changed by another program while it was read\n"
                + "Try again when it has finished.\n")
        #expect(
            try outsider.tally(["-f", file, "export"]).output
                == mina.must("-f", file, "export").output)
    }

    @Test(
        "changes in a log that nobody folded back are not left out in silence",
        .enabled(if: Outsider.isPossible, Outsider.reason))
    func abandonedLog() throws {
        let mina = try owner()
        let outsider = try Outsider(beside: mina)
        let file = mina.folder + "/shared/korea.tally"
        let killed = try mina.run(
            "/usr/bin/sqlite3", [file],
            input:
                "UPDATE tally_meta SET value = 'new' WHERE name = 'name';\n.shell kill -9 $PPID\n")
        #expect(killed.status == 128 + SIGKILL)
        try #require(try names(mina) == ["korea.tally", "korea.tally-shm", "korea.tally-wal"])
        defer { allow(mina, file: 0o644, folder: 0o755) }
        allow(mina, file: 0o644, folder: 0o555)
        #expect(
            try outsider.tally(["-f", file, "--json", "status"]).json["name"] as? String == "new")
        allow(mina, file: 0o644, folder: 0o755)
        try FileManager.default.removeItem(atPath: file + "-shm")
        allow(mina, file: 0o644, folder: 0o555)
        let refused = try outsider.tally(["-f", file, "status"])
        #expect(refused.status == 77)
        #expect(
            refused.errors.hasPrefix("tally: The latest changes of \(file) are in \(file)-wal, "))
        allow(mina, file: 0o644, folder: 0o755)
        try mina.must("-f", file, "status")
        allow(mina, file: 0o644, folder: 0o555)
        #expect(
            try outsider.tally(["-f", file, "--json", "status"]).json["name"] as? String == "new")
    }

    @Test(
        "a read-only index that an older program left is named, and what removes it",
        .enabled(if: Outsider.isPossible, Outsider.reason))
    func leftIndex() throws {
        let mina = try owner()
        let outsider = try Outsider(beside: mina)
        let file = mina.folder + "/shared/korea.tally"
        for ending in ["-wal", "-shm"] {
            _ = FileManager.default.createFile(atPath: file + ending, contents: nil)
            chmod(file + ending, 0o444)
        }
        allow(mina, file: 0o666, folder: 0o777)
        #expect(try outsider.tally(["-f", file, "status"]).status == 0)
        let refused = try outsider.tally(["-f", file, "set", Self.record, "value=9"])
        #expect(refused.status == 77)
        #expect(
            refused.errors.contains("korea.tally-wal, which belongs to it, is read-only for you"))
        #expect(refused.errors.contains("chmod u+w "))
        for ending in ["-wal", "-shm"] { chmod(file + ending, 0o666) }
        #expect(try outsider.tally(["-f", file, "set", Self.record, "value=9"]).status == 0)
    }

    static let canMount: Bool = {
        guard geteuid() == 0,
            let tried = try? Running(
                "/usr/bin/unshare", ["-m", "mount", "-t", "tmpfs", "none", "/mnt"],
                environment: ProcessInfo.processInfo.environment,
                folder: NSTemporaryDirectory()
            ).wait()
        else { return false }
        return tried.status == 0
    }()

    @Test(
        "a dataset on a read-only disk is read, by root too",
        .enabled(if: canMount, "mounting is not permitted here"))
    func readOnlyDisk() throws {
        let mina = try owner()
        let file = mina.folder + "/shared/korea.tally"
        let before = try bytes(mina)
        func mounted(_ arguments: [String]) throws -> Finished {
            try mina.run(
                "/usr/bin/unshare",
                [
                    "-m", "sh", "-c",
                    "mount --bind shared shared && mount -o remount,ro,bind shared && exec \"$@\"",
                    "sh",
                    Program.tally.path, "-f", file,
                ] + arguments)
        }
        for command in Self.reading {
            let answer = try mounted(command)
            #expect(answer.status == 0, "\(command): \(answer.errors)")
            #expect(!answer.output.isEmpty)
        }
        for command in Self.writing {
            let answer = try mounted(command)
            #expect(answer.status == 77, "\(command): \(answer.errors)")
            #expect(answer.errors.contains("cannot be written: Read-only file system\n"))
        }
        #expect(try names(mina) == ["korea.tally"])
        #expect(try bytes(mina) == before)
    }
}
