import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// `tally sync --watch`: two machines that agree while their people work.
@Suite struct SyncWatchTests {
    private static let china = "trade/KOR/CHN/X/TOTAL/2023/motie"

    private let office: Office
    private let mina: Analyst
    private let jun: Analyst
    private let hub: Running

    init() throws {
        (mina, jun) = try Office.pair()
        office = mina.office
        try mina.must(
            "add", "trade", "reporter=KOR", "partner=CHN", "flow=X", "product=TOTAL", "period=2023",
            "source=motie", "value=100")
        hub = try office.startHub()
        for analyst in [mina, jun] { try analyst.logIn(as: "admin") }
        try mina.must("publish", office.hubURL + "/korea")
        try jun.must("clone", office.hubURL + "/korea", "korea.tally")
    }

    /// Begins to watch, and has synced once: what comes now comes because it is seen.
    private func watch(_ analyst: Analyst, _ arguments: String...) throws -> Running {
        let before = try lastSync(analyst)
        let running = try analyst.start(["sync", "--watch"] + arguments)
        try wait("the first sync: \(running.errors)") { try lastSync(analyst) != before }
        return running
    }

    private func lastSync(_ analyst: Analyst) throws -> Int? {
        let sql = "SELECT max(last_sync) FROM tally_remote"
        let asked = try analyst.tally("-f", "korea.tally", "query", "--json", sql)
        return (asked.json["rows"] as? [[Any]])?.first?.first as? Int
    }

    private func value(_ analyst: Analyst) throws -> Int? {
        let shown = try analyst.must("query", "--json", "SELECT value FROM trade").json
        return (shown["rows"] as? [[Int]])?.first?.first
    }

    /// Waits until something is so; half a minute is no measure, but an end.
    private func wait(
        _ what: Comment, seconds: Double = 30, sourceLocation: SourceLocation = #_sourceLocation,
        until isSo: () throws -> Bool
    ) throws {
        let end = Date().addingTimeInterval(seconds)
        while try !isSo() {
            try #require(Date() < end, what, sourceLocation: sourceLocation)
            usleep(50_000)
        }
    }

    /// How many questions the hub has answered.
    private func requests() -> Int {
        hub.errors.split(separator: "\n").filter { $0.contains(" GET ") }.count
    }

    /// Whether nobody has asked for a second.
    private func hubRests() throws -> Bool {
        let before = requests()
        usleep(1_000_000)
        return before == requests()
    }

    private func stop(_ running: Running) -> Finished {
        kill(running.id, SIGINT)
        return running.wait()
    }

    @Test("what one writes is at the other's; conflicts are told; Ctrl-C ends it with a sum")
    func both() throws {
        let (minas, juns) = (try watch(mina), try watch(jun))
        try mina.must("set", Self.china, "value=101")
        try wait("mina's edit reaches jun") { try value(jun) == 101 }
        try jun.must("set", Self.china, "value=102")
        try wait("jun's edit reaches mina") { try value(mina) == 102 }
        let ended = stop(juns)
        #expect(ended.status == 130)
        #expect(ended.errors.hasSuffix("\nSent 1 changeset, fetched 1\n"))

        // While nobody watches for jun, both write.
        try jun.must("set", Self.china, "value=7")
        try mina.must("set", Self.china, "value=8")
        let again = try watch(jun, "--json")
        try wait("the conflict is told") { minas.output.contains("1 open conflict, 1 of them new") }
        try wait("on both sides") { again.output.contains("\"open_conflicts\":1") }
        let told = stop(again)
        #expect(told.status == 130)
        for line in told.output.split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["schema"] as? String == "tally.sync/v1")
            #expect(object?["at"] is String)
        }
        #expect(stop(minas).status == 130)
        #expect(try mina.export() == jun.export())
        // At rest each is one file.
        for analyst in [mina, jun] {
            for suffix in ["-wal", "-shm"] {
                #expect(!FileManager.default.fileExists(atPath: analyst.file + suffix))
            }
        }
    }

    @Test("while the hub is away nothing is held open; when it is back everything goes on")
    func outage() throws {
        try jun.must("backup", "old.backup")
        let (minas, juns) = (try watch(mina), try watch(jun))
        office.killHub()
        try mina.must("set", Self.china, "value=101")
        try wait("it is told that the hub is away") {
            minas.errors.contains("refuses connections: trying until it works\n")
                && juns.errors.contains("refuses connections: trying until it works\n")
        }
        try jun.must("-f", "korea.tally", "add", "event", "id=panel", "title=x", "date=2023-02-01")
        for analyst in [mina, jun] {
            #expect(!FileManager.default.fileExists(atPath: analyst.file + "-wal"))
        }
        // What jun wrote meanwhile is gone with the file, as with any that is copied over.
        #expect(try jun.run("/bin/cp", ["old.backup", "korea.tally"]).status == 0)
        try office.startHub()
        try wait("it is told that the hub is back") { minas.errors.contains("Syncing again\n") }
        try wait("mina's edit reaches jun") { try value(jun) == 101 }
        // Once, however often it was tried.
        let outages = stop(minas).errors.split(separator: "\n").filter {
            $0.contains("trying until it works")
        }
        #expect(outages.count == 1)
        _ = stop(juns)
        try jun.must("-f", "korea.tally", "verify")
    }

    @Test("a machine that has slept does not wait for a connection of before")
    func sleep() throws {
        let juns = try watch(jun)
        try wait("it waits at the hub") { try hubRests() }
        kill(juns.id, SIGSTOP)
        usleep(5_500_000)
        let before = requests()
        kill(juns.id, SIGCONT)
        try wait("it asks for the heads again, long before the wait is over", seconds: 20) {
            requests() > before
        }
        #expect(stop(juns).status == 130)
    }

    @Test("edits by another tool go along, and a backup that is copied over the file is seen")
    func outside() throws {
        try jun.must("backup", "old.backup")
        let (minas, juns) = (try watch(mina), try watch(jun))
        let edit = try mina.run(
            "/usr/bin/sqlite3", ["korea.tally", "UPDATE trade SET value = 101"])
        try #require(edit.status == 0)
        try wait("the edit reaches jun") { try value(jun) == 101 }
        // In place, as cp does it.
        #expect(try jun.run("/bin/cp", ["old.backup", "korea.tally"]).status == 0)
        try wait("what the backup lacks is fetched") { try value(jun) == 101 }
        try jun.must("set", Self.china, "value=102")
        try wait("what the restored file writes is sent") { try value(mina) == 102 }
        _ = (stop(minas), stop(juns))
        for analyst in [mina, jun] { try analyst.must("verify") }
        #expect(try mina.export() == jun.export())
    }

    @Test("a file that is moved away for a moment")
    func away() throws {
        let minas = try watch(mina)
        let elsewhere = mina.folder + "/elsewhere"
        try FileManager.default.moveItem(atPath: mina.file, toPath: elsewhere)
        try wait("it is told that the file is gone") {
            minas.errors.contains("There is no file \(mina.file): trying until it works\n")
        }
        try FileManager.default.moveItem(atPath: elsewhere, toPath: mina.file)
        try wait("it goes on") { minas.errors.contains("Syncing again\n") }
        try jun.must("set", Self.china, "value=101")
        try jun.must("sync")
        try wait("jun's edit comes") { try value(mina) == 101 }
        #expect(stop(minas).status == 130)
    }

    @Test("two files without a hub")
    func file() throws {
        let juns = try watch(jun, mina.file)
        try mina.must("set", Self.china, "value=101")
        try wait("mina's edit reaches jun") { try value(jun) == 101 }
        try jun.must("set", Self.china, "value=102")
        try wait("jun's edit reaches mina") { try value(mina) == 102 }
        #expect(stop(juns).status == 130)
    }

    @Test("with nothing to do the hub is asked once, and the file stays as it is")
    func quiet() throws {
        let minas = try watch(mina)
        try wait("it comes to rest") { try hubRests() }
        let before = requests()
        #expect(before > 0)
        let bytes = FileManager.default.contents(atPath: mina.file)
        usleep(3_000_000)
        #expect(requests() == before)
        #expect(FileManager.default.contents(atPath: mina.file) == bytes)
        #expect(stop(minas).status == 130)
    }

    @Test("--pull fetches only, --push sends only")
    func directions() throws {
        let minas = try watch(mina, "--pull")
        try mina.must("set", Self.china, "value=101")
        try jun.must("add", "event", "id=panel", "title=WTO panel", "date=2023-02-01")
        try jun.must("sync")
        try wait("jun's event comes") {
            try mina.tally("show", "event/panel").status == 0
        }
        #expect(try mina.must("status", "--json").json.unpushed == 1)
        _ = stop(minas)
        let pushing = try watch(mina, "--push")
        #expect(try mina.must("status", "--json").json.unpushed == 0)
        try mina.must("set", Self.china, "value=102")
        try jun.must("set", "event/panel", "title=panel")
        try jun.must("sync")
        try wait("mina's edit goes") { try mina.must("status", "--json").json.unpushed == 0 }
        #expect(try mina.must("show", "event/panel").output.contains("WTO panel"))
        _ = stop(pushing)
    }

    @Test("what cannot become well ends it")
    func mistakes() throws {
        let twice = try mina.tally("sync", "--watch", "--dry-run")
        #expect(twice.status == 64)
        #expect(twice.errors.hasPrefix("tally: --watch and --dry-run exclude each other."))
        let unknown = try mina.tally("sync", "--watch", "nowhere")
        #expect(unknown.status == 66)
        let stranger = try mina.tally("sync", "--watch", environment: ["TALLY_TOKEN": "wrong"])
        #expect(stranger.status == 77)
        #expect(stranger.errors.contains("does not know this token"))
    }
}

extension [String: Any] {
    /// Of `tally status --json`: how many changesets the first remote lacks.
    fileprivate var unpushed: Int? {
        (self["remotes"] as? [[String: Any]])?.first?["unpushed"] as? Int
    }
}
