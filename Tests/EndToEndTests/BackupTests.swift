import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// `tally backup`, with other processes at work, and what becomes of a backup.
@Suite struct BackupTests {
    private static let record = "trade/KOR/CHN/X/TOTAL/2023/kosis"

    private func analyst() throws -> Analyst {
        let mina = try Office().analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally")
        try mina.must(
            "add", "trade", "reporter=KOR", "partner=CHN", "flow=X", "product=TOTAL", "period=2023",
            "source=kosis", "value=1")
        return mina
    }

    private func export(_ file: String, _ analyst: Analyst) throws -> String {
        try analyst.must("-f", file, "export").output
    }

    @Test("backups that are made while an import runs hold all of it or nothing")
    func besideImport() throws {
        let mina = try analyst()
        let before = try mina.must("-f", "korea.tally", "export").output
        var csv = "reporter,partner,flow,product,period,source,value\n"
        for index in 0..<6000 { csv += "KOR,CHN,X,H6:\(index + 100_000),2023,kosis,\(index)\n" }
        try mina.write(csv, to: "large.csv")
        let importing = try mina.start("-f", "korea.tally", "import", "large.csv")
        var made: [(file: String, hasEnded: Bool)] = []
        repeat {
            let file = "backup-\(made.count)"
            let json = try mina.must("-f", "korea.tally", "backup", file, "--json").json
            #expect(json["schema"] as? String == "tally.backup/v1")
            #expect(json["file"] as? String == file)
            made.append((file, importing.hasEnded))
        } while made.last?.hasEnded == false
        #expect(importing.wait().status == 0)
        let after = try mina.must("-f", "korea.tally", "export").output
        #expect(before != after)
        // At least one was made while nothing of the import was in force.
        #expect(try export(made[0].file, mina) == before)
        #expect(made.count > 1)
        for (file, _) in made {
            let content = try export(file, mina)
            #expect(content == before || content == after, "\(file)")
        }
        if let last = made.last { try mina.must("-f", last.file, "verify") }
        #expect(!(try mina.names().contains { $0.hasSuffix(".part") || $0.hasSuffix("-wal") }))
    }

    @Test("the same target twice: the first backup stays, the second says so")
    func twice() throws {
        let mina = try analyst()
        let first = try mina.must("backup", "b.backup-of-korea", "--json").json
        #expect(first["changesets"] as? Int == 1)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: mina.folder + "/b.backup-of-korea"))
        #expect(first["bytes"] as? Int == bytes.count)
        try mina.must("set", Self.record, "value=2")
        let second = try mina.tally("backup", "b.backup-of-korea")
        #expect(second.status == 73)
        #expect(
            second.errors
                == "tally: b.backup-of-korea exists already; it was left as it is\n"
                + "Choose another name, or remove the file first.\n")
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: mina.folder + "/b.backup-of-korea")) == bytes)
        #expect(try mina.names() == ["b.backup-of-korea", "korea.tally"])
    }

    @Test(
        "a backup that is put back goes on as a new replica, and gets back from others what it lacks"
    )
    func restored() throws {
        let mina = try analyst()
        try mina.must("backup", "korea.backup")
        try mina.must("set", Self.record, "value=2")
        let jun = try mina.office.analyst("jun", machine: "desk-2")
        try jun.must("clone", mina.file, "korea.tally")
        try FileManager.default.removeItem(atPath: mina.file)
        try FileManager.default.moveItem(atPath: mina.folder + "/korea.backup", toPath: mina.file)

        let written = try mina.must("set", Self.record, "note=restored")
        #expect(
            written.errors.split(separator: "\n").count {
                $0.hasPrefix("Another file has gone on as replica ")
            } == 1)
        try jun.must("sync")
        #expect(try mina.export() == jun.export())
        let row = try mina.must("query", "SELECT value, note FROM trade", "--json").json
        #expect(row["rows"].map { "\($0)" }?.contains("restored") == true)
        #expect((row["rows"] as? [[Any]])?.first?.first as? Double == 2)
        #expect(
            try mina.must("replica", "list", "--json").json["replicas"].map {
                ($0 as? [Any])?.count
            } == 2)
        for analyst in [mina, jun] { try analyst.must("verify") }
    }

    @Test("a backup used beside the original is a copy of its own, and the two sync")
    func beside() throws {
        let mina = try analyst()
        try FileManager.default.createDirectory(
            atPath: mina.folder + "/train", withIntermediateDirectories: true)
        try mina.must("backup", "train/backup.tally")
        try mina.must("set", Self.record, "value=2")
        let written = try mina.must("-f", "train/backup.tally", "set", Self.record, "note=train")
        #expect(written.errors.contains("it goes on as the new replica"))
        try mina.must("add", "event", "title=x", "date=2023")
        let again = try mina.must(
            "-f", "train/backup.tally", "set", Self.record, "note=on the train")
        #expect(!again.errors.contains("replica"))

        let sync = try mina.must("sync", "train/backup.tally", "--json").json
        #expect(sync["pushed"] as? Int == 2)
        #expect(sync["pulled"] as? Int == 2)
        #expect(sync["open_conflicts"] as? Int == 0)
        #expect(try export("train/backup.tally", mina) == mina.export())
        try mina.must("verify")
        try mina.must("-f", "train/backup.tally", "verify")
    }

    @Test("a backup that was killed stands in nobody's way")
    func killed() throws {
        let mina = try analyst()
        for _ in 0..<5 {
            let running = try mina.start("-f", "korea.tally", "backup", "b")
            let part = mina.folder + "/b.part"
            while !running.hasEnded, !FileManager.default.fileExists(atPath: part) {}
            kill(running.id, SIGKILL)
            let isMade = running.wait().status == 0
            // Beside the dataset there may be the empty log of its reader.
            let made = try mina.names().filter { !$0.hasPrefix("korea.tally") }
            // Whole under its name, or not there.
            #expect(made.isEmpty || made == ["b"] || made == ["b.part"], "\(made)")
            #expect(!isMade || made == ["b"])
            if made != ["b"] { try mina.must("-f", "korea.tally", "backup", "b") }
            #expect(try export("b", mina) == mina.must("-f", "korea.tally", "export").output)
            #expect(try mina.names() == ["b", "korea.tally"])
            try FileManager.default.removeItem(atPath: mina.folder + "/b")
        }
    }
}
