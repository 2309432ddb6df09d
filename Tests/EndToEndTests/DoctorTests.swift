import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// `tally doctor` through the program: what it says, its exit codes, and what it saves.
@Suite struct DoctorTests {
    private static let pageBytes = 4096

    /// An analyst whose dataset another one has too, in `jun.tally`, saved as origin.
    private func analyst() throws -> Analyst {
        let mina = try Office().analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally")
        for year in 2000..<2030 {
            try mina.must(
                "-f", "korea.tally", "add", "trade", "reporter=KOR", "partner=CHN", "flow=X",
                "product=TOTAL", "period=\(year)", "source=kosis", "value=\(year)")
        }
        try mina.must("clone", "korea.tally", "jun.tally")
        try mina.must("-f", "korea.tally", "remote", "add", "origin", "jun.tally")
        return mina
    }

    private func bytes(_ name: String, _ analyst: Analyst) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: "\(analyst.folder)/\(name)"))
    }

    /// Overwrites a page, and gives the bytes of the file.
    private func damage(page: Int, _ analyst: Analyst) throws -> Data {
        let file = try #require(FileHandle(forWritingAtPath: analyst.file))
        try file.seek(toOffset: UInt64((page - 1) * Self.pageBytes))
        try file.write(contentsOf: Data(repeating: 0x55, count: Self.pageBytes))
        try file.close()
        return try bytes("korea.tally", analyst)
    }

    private func pages(_ condition: String, _ analyst: Analyst) throws -> [Int] {
        let sql = "SELECT pageno FROM dbstat WHERE \(condition) ORDER BY pageno"
        return try analyst.run("/usr/bin/sqlite3", [analyst.file, sql]).output.split(
            separator: "\n"
        )
        .compactMap { Int($0) }
    }

    private func doctor(_ analyst: Analyst, _ arguments: String...) throws -> Finished {
        try analyst.tally(["-f", "korea.tally", "doctor"] + arguments)
    }

    @Test("a sound dataset is called so")
    func sound() throws {
        let mina = try analyst()
        let finished = try doctor(mina)
        #expect(finished.status == 0)
        #expect(
            finished.output == "Sound: korea.tally, its log, its records and its structure\n")
        let json = try doctor(mina, "--json").json
        #expect(json["schema"] as? String == "tally.doctor/v1")
        #expect(json["sound"] as? Bool == true)
        #expect((json["findings"] as? [Any])?.isEmpty == true)
    }

    @Test("what the file does not use is told, and given back to the disk while nobody has it open")
    func compact() throws {
        let mina = try analyst()
        try OtherTool.sqlite.run(
            by: mina, "korea.tally",
            """
            CREATE TABLE large (filling BLOB);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
            INSERT INTO large SELECT randomblob(4000) FROM n;
            DROP TABLE large;
            """)
        let wanted = try mina.must("-f", "korea.tally", "export").output
        let said = try doctor(mina)
        #expect(said.status == 0)
        #expect(said.output.hasPrefix("note: "))
        #expect(said.errors == "Give them back with: tally doctor --compact\n")
        let before = try bytes("korea.tally", mina)

        let holder = try mina.start(
            "/usr/bin/python3",
            [
                "-c",
                "import sqlite3, time; c = sqlite3.connect('korea.tally'); print(c.execute("
                    + "'SELECT count(*) FROM trade').fetchone()[0], flush=True); time.sleep(600)",
            ])
        _ = try holder.waitForLine(beginning: "30")
        let busy = try doctor(mina, "--compact")
        #expect(busy.status == 75)
        #expect(
            busy.errors.hasPrefix(
                "tally: korea.tally is open in another program, and compacting needs it for itself\n"
            ))
        kill(holder.id, SIGKILL)
        _ = holder.wait()
        #expect(try bytes("korea.tally", mina) == before)

        let done = try doctor(mina, "--compact", "--json")
        #expect(done.status == 0)
        #expect((done.json["findings"] as? [Any])?.isEmpty == true)
        let compacted = try #require(done.json["compacted"] as? [String: Int])
        #expect(compacted["before"] == before.count)
        #expect(try compacted["after"] == bytes("korea.tally", mina).count)
        #expect((compacted["after"] ?? 0) * 2 < before.count)
        #expect(try mina.must("-f", "korea.tally", "export").output == wanted)
        #expect(try doctor(mina, "--compact").output.contains("Compacted korea.tally: from "))
        #expect(try doctor(mina, "--compact", "--into", "x").status == 64)
        try mina.must("verify", "-f", "korea.tally")

        let page = try #require(try pages("name = 'trade'", mina).first)
        let damaged = try damage(page: page, mina)
        let refused = try doctor(mina, "--compact")
        #expect(refused.status == 1 && refused.output.hasPrefix("damage: "))
        #expect(!refused.output.contains("Compacted"))
        #expect(try bytes("korea.tally", mina) == damaged)
    }

    @Test("of a damaged log what can be read is saved, and the other copy gives back the rest")
    func damagedLog() throws {
        let mina = try analyst()
        let wanted = try mina.must("-f", "jun.tally", "export").output
        let leaves = try pages("name = 'tally_log' AND pagetype = 'leaf'", mina)
        try #require(leaves.count >= 3)
        let damaged = try damage(page: leaves[leaves.count / 2], mina)

        let examined = try doctor(mina)
        #expect(examined.status == 1)
        #expect(examined.output.hasPrefix("damage: "))
        #expect(
            examined.errors.contains(
                "Save what can be read into a new file: tally doctor --into FILE"))
        let saved = try doctor(mina, "--into", "saved.tally", "--json")
        #expect(saved.status == 1)
        let result = try #require(saved.json["saved"] as? [String: Any])
        let missing = try #require(result["missing"] as? [String])
        #expect(missing.count == 1 && missing.first?.contains(":") == true)
        let count = try #require(result["changesets"] as? Int)
        let unjoined = try #require(result["unjoined"] as? Int)
        #expect(count > 0 && unjoined > 0 && count + unjoined < 30)
        #expect(result["unjoined_file"] as? String == "saved.tally.unjoined.jsonl")
        let lines = try bytes("saved.tally.unjoined.jsonl", mina).split(separator: 0x0a)
        #expect(lines.count == unjoined)
        #expect(try bytes("korea.tally", mina) == damaged)

        try mina.must("-f", "saved.tally", "verify")
        #expect(try mina.must("-f", "saved.tally", "export").output != wanted)
        let sync = try mina.must("-f", "saved.tally", "sync", "--json").json
        #expect(sync["pulled"] as? Int == 30 - count)
        #expect(try mina.must("-f", "saved.tally", "export").output == wanted)
        try mina.must("-f", "saved.tally", "doctor")
    }

    @Test(
        "what is damaged outside of the log is made anew from it",
        arguments: ["trade", "tally_meta"])
    func damagedState(table: String) throws {
        let mina = try analyst()
        let wanted = try mina.must("-f", "korea.tally", "export").output
        let page = try #require(try pages("name = '\(table)'", mina).first)
        let damaged = try damage(page: page, mina)
        #expect(try doctor(mina).status == 1)
        let saved = try doctor(mina, "--into", "saved.tally")
        #expect(saved.status == 0)
        #expect(saved.output.hasSuffix("Saved 30 changesets in saved.tally\n"))
        #expect(
            saved.errors
                == "Nothing is lost. Put it in the place of korea.tally, which was left as it is.\n"
        )
        #expect(try bytes("korea.tally", mina) == damaged)
        #expect(try mina.must("-f", "saved.tally", "export").output == wanted)
        let again = try doctor(mina, "--into", "saved.tally")
        #expect(again.status == 73)
        #expect(again.errors.hasPrefix("tally: saved.tally exists already; it was left as it is\n"))
    }

    @Test("without its first page a file is no dataset any more, but what is behind it is saved")
    func firstPage() throws {
        let mina = try analyst()
        let wanted = try mina.must("-f", "korea.tally", "export").output
        let damaged = try damage(page: 1, mina)
        let refused = try doctor(mina)
        #expect(refused.status == 65)
        #expect(
            refused.errors == "tally: korea.tally is not a Tally dataset: it is no SQLite file\n"
                + "If it was a dataset, this saves what stands behind its first page: "
                + "tally doctor --into FILE\n")
        #expect(try mina.tally("-f", "korea.tally", "status").status == 65)
        #expect(try doctor(mina, "--into", "saved.tally").status == 0)
        #expect(try bytes("korea.tally", mina) == damaged)
        #expect(try mina.must("-f", "saved.tally", "export").output == wanted)
    }

    @Test("a file that is empty or cut off is named, and stays as it is")
    func cutOff() throws {
        let mina = try analyst()
        for (byteCount, status) in [
            (0, 65), (50, 65), (Self.pageBytes, 1), (9 * Self.pageBytes, 1),
        ] {
            let left = try bytes("jun.tally", mina).prefix(byteCount)
            try left.write(to: URL(fileURLWithPath: mina.file))
            #expect(try doctor(mina).status == status, "\(byteCount) bytes")
            for command in [["status"], ["verify"], ["export"], ["add", "event", "title=x"]] {
                let finished = try mina.tally(["-f", "korea.tally"] + command)
                #expect(finished.status == 65, "\(byteCount) bytes, \(command): \(finished.errors)")
            }
            #expect(try bytes("korea.tally", mina) == left)
            #expect(!FileManager.default.fileExists(atPath: mina.file + "-wal"))
        }
    }

    @Test(
        "a file that cannot be written is examined all the same",
        .enabled(if: Outsider.isPossible, Outsider.reason))
    func unwritable() throws {
        let mina = try analyst()
        let outsider = try Outsider(beside: mina)
        chmod(mina.file, 0o444)
        let finished = try outsider.tally(["-f", mina.file, "--json", "doctor"])
        #expect(finished.status == 1)
        let findings = try #require(finished.json["findings"] as? [[String: Any]])
        #expect(findings.map { $0["severity"] as? String } == ["warning", "note"])
        #expect(
            (findings.first?["what"] as? String)?.hasSuffix("cannot be written: Permission denied")
                == true)
        #expect(
            (findings.last?["what"] as? String)?.hasSuffix("its key is not on this machine") == true
        )
        #expect(!FileManager.default.fileExists(atPath: mina.file + "-shm"))
    }
}
