import Foundation
import Testing

/// Files that are copied, moved, restored and shared (DESIGN.md section 6): nothing is lost, at most one new replica, and
/// one line to the user.
@Suite struct CopiedFileTests {
    private let office: Office
    private let mina: Analyst

    init() throws {
        office = try Office()
        mina = try office.analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally")
        try mina.must("add", "event", "id=first", "title=x", "date=2023")
    }

    @discardableResult
    private func add(_ id: String, to file: String = "korea.tally", by analyst: Analyst) throws
        -> Finished
    {
        try analyst.must("-f", file, "add", "event", "id=\(id)", "title=\(id)", "date=2023")
    }

    private func copy(_ from: String, _ to: String) throws {
        try? FileManager.default.removeItem(atPath: to)
        try FileManager.default.copyItem(atPath: from, toPath: to)
    }

    private func replicas(_ analyst: Analyst, _ file: String = "korea.tally") throws -> Set<String>
    {
        let list = try analyst.must("-f", file, "replica", "list", "--json").json["replicas"]
        let replicas = try #require(list as? [[String: Any]])
        return Set(replicas.compactMap { $0["replica"] as? String })
    }

    private func ids(_ analyst: Analyst, _ file: String = "korea.tally") throws -> [String] {
        let query = try analyst.must("-f", file, "query", "SELECT id FROM event", "--json")
        return try #require(query.json["rows"] as? [[String]]).flatMap { $0 }.sorted()
    }

    private func expectSound(_ analyst: Analyst, _ file: String = "korea.tally") throws {
        try analyst.must("-f", file, "verify")
        #expect(!FileManager.default.fileExists(atPath: "\(analyst.folder)/\(file)-wal"))
    }

    private static let copied = "Another file has gone on as replica "
    private static let otherMachine = ", which wrote this file last, is not of this machine: "

    @Test("a file is copied and both are used")
    func copied() throws {
        try copy(mina.file, mina.folder + "/copy.tally")
        #expect(try add("a", by: mina).errors.isEmpty)
        let told = try add("b", to: "copy.tally", by: mina).errors
        #expect(told.hasPrefix(Self.copied) && told.split(separator: "\n").count == 1)
        #expect(try add("c", to: "copy.tally", by: mina).errors.isEmpty)
        #expect(try add("d", by: mina).errors.isEmpty)
        try mina.must("-f", "korea.tally", "sync", "copy.tally")
        for file in ["korea.tally", "copy.tally"] {
            #expect(try ids(mina, file) == ["a", "b", "c", "d", "first"])
            #expect(try replicas(mina, file).count == 2)
            try expectSound(mina, file)
        }
        // Each goes on as the replica that it wrote last, without a word.
        for (file, id) in [("copy.tally", "e"), ("korea.tally", "f"), ("copy.tally", "g")] {
            #expect(try add(id, to: file, by: mina).errors.isEmpty)
        }
        try mina.must("-f", "korea.tally", "sync", "copy.tally")
        #expect(try replicas(mina).count == 2)
    }

    @Test(
        "a backup is put back over the file, or beside it as a new one", arguments: [true, false])
    func restored(over: Bool) throws {
        let backup = mina.folder + "/backup.tally"
        try copy(mina.file, backup)
        #expect(try add("late", by: mina).errors.isEmpty)
        // Somebody else has what came after the backup.
        let jun = try office.analyst("jun", machine: "desk-2")
        try jun.must("clone", mina.file, "korea.tally")
        if over { try copy(backup, mina.file) }
        let file = over ? "korea.tally" : "backup.tally"
        let told = try add("restored", to: file, by: mina).errors
        #expect(told.hasPrefix(Self.copied) && told.split(separator: "\n").count == 1)
        try mina.must("-f", file, "sync", jun.file)
        #expect(try ids(mina, file) == ["first", "late", "restored"])
        #expect(try ids(jun) == ["first", "late", "restored"])
        #expect(try replicas(mina, file).count == 2)
        try expectSound(mina, file)
    }

    @Test("a file is moved to another machine, and back by USB stick")
    func moved() throws {
        let desk = try office.analyst("mina-at-desk", machine: "desk")
        try FileManager.default.moveItem(atPath: mina.file, toPath: desk.file)
        let told = try add("desk", by: desk).errors
        #expect(told.contains(Self.otherMachine) && told.split(separator: "\n").count == 1)
        #expect(try add("desk-2", by: desk).errors.isEmpty)
        try FileManager.default.moveItem(atPath: desk.file, toPath: mina.file)
        #expect(try add("back", by: mina).errors.isEmpty)
        #expect(try ids(mina) == ["back", "desk", "desk-2", "first"])
        #expect(try replicas(mina).count == 2)
        try expectSound(mina)
    }

    @Test("two users write one shared file in turn: one replica each, told once")
    func shared() throws {
        let jun = try office.analyst("jun", machine: "desk-2")
        var told: [String] = []
        for round in 0..<3 {
            told.append(try add("m\(round)", to: mina.file, by: mina).errors)
            told.append(try add("j\(round)", to: mina.file, by: jun).errors)
        }
        #expect(told.map { $0.split(separator: "\n").count } == [0, 1, 0, 0, 0, 0])
        #expect(told[1].contains(Self.otherMachine))
        #expect(try ids(mina) == ["first", "j0", "j1", "j2", "m0", "m1", "m2"])
        #expect(try replicas(mina).count == 2)
        try expectSound(mina)
    }

    @Test("home and file are restored together: the fork is repaired, and told in one line")
    func restoredTogether() throws {
        try office.startHub()
        try mina.logIn(as: "admin")
        try mina.must("publish", office.hubURL + "/korea")
        let (keys, saved) = (mina.folder + "/.data", office.folder + "/saved")
        try copy(keys, saved)
        try copy(mina.file, saved + ".tally")
        try add("lost-and-found", by: mina)
        try mina.must("sync")

        try copy(saved, keys)
        try copy(saved + ".tally", mina.file)
        #expect(try add("after", by: mina).errors.isEmpty)
        let sync = try mina.must("sync")
        #expect(sync.errors.contains(" had two histories from changeset 2 on, "))
        #expect(sync.errors.split(separator: "\n").count == 1)
        #expect(try add("later", by: mina).errors.isEmpty)
        #expect(try mina.must("sync").errors.isEmpty)
        #expect(try ids(mina) == ["after", "first", "later", "lost-and-found"])
        try expectSound(mina)

        let jun = try office.analyst("jun", machine: "desk-2")
        try jun.logIn(as: "writer")
        try jun.must("clone", office.hubURL + "/korea", "korea.tally")
        #expect(try jun.export() == mina.export())
        // Of the machine's own replicas: the old one, what took its place, the new one.
        #expect(try replicas(jun).count == 3)
    }

    @Test(
        "a container without a home reads and syncs, and is told where to keep keys before it writes"
    )
    func homeless() throws {
        let jun = try office.analyst("jun", machine: "container")
        func container(_ arguments: String...) throws -> Finished {
            try jun.run(
                "/usr/bin/env",
                [
                    "-u", "HOME", "-u", "XDG_DATA_HOME", "-u", "XDG_CONFIG_HOME",
                    Program.tally.path,
                ] + arguments)
        }
        #expect(try container("clone", mina.file, "korea.tally").status == 0)
        try add("news", by: mina)
        let sync = try container("sync")
        #expect(sync.status == 0 && sync.errors.isEmpty)
        #expect(try container("list", "event").output.contains("news"))
        let refused = try container("add", "event", "id=x", "title=x", "date=2023")
        #expect(refused.status == 73)
        #expect(
            refused.errors
                == "tally: There is no place to keep this machine's keys: $HOME is not set\n"
                + "Nothing was changed. Set $TALLY_REPLICAS to a folder that stays.\n")
        let written = try jun.run(
            "/usr/bin/env",
            [
                "-u", "HOME", "TALLY_REPLICAS=\(jun.folder)/keys", Program.tally.path, "add",
                "event",
                "id=x", "title=x", "date=2023",
            ])
        #expect(written.status == 0)
        #expect(try ids(jun) == ["first", "news", "x"])
    }
}
