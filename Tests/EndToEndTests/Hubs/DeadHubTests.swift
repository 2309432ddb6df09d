import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Hubs that are wiped, restored from a backup, or killed while they serve: any full copy brings them back.
@Suite struct DeadHubTests {
    private let office: Office
    private let mina: Analyst
    private let jun: Analyst
    private let url: String
    private var data: String { office.folder + "/hub" }

    init() throws {
        office = try Office()
        mina = try office.analyst("mina", machine: "laptop")
        jun = try office.analyst("jun", machine: "desk-2")
        try office.startHub()
        url = office.hubURL + "/korea"
        try mina.must("init", "korea.tally")
        try mina.must("add", "event", "id=first", "title=x", "date=2023")
        try logIn()
        try mina.must("publish", url)
        try jun.must("clone", url, "korea.tally")
    }

    private func logIn() throws {
        try mina.logIn(as: "admin")
        try jun.logIn(as: "writer")
    }

    private func remove(_ names: String...) throws {
        for name in names { try? FileManager.default.removeItem(atPath: "\(data)/\(name)") }
    }

    private func expectAgreement() throws {
        for analyst in [mina, jun, mina] { try analyst.must("sync") }
        #expect(try mina.export() == jun.export())
        for analyst in [mina, jun] {
            try analyst.must("verify")
            let sync = try analyst.must("sync")
            #expect(sync.output == "Nothing to exchange: both sides have everything\n")
        }
        office.stopHub()
        try mina.must("-f", "\(data)/korea.tally", "verify")
    }

    @Test(
        "a hub that was wiped is told apart, and any full copy brings it back",
        arguments: [true, false])
    func wiped(withMembers: Bool) throws {
        try jun.must("add", "event", "id=of-jun", "title=x", "date=2023")
        office.stopHub()
        if withMembers {
            try FileManager.default.removeItem(atPath: data)
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        } else {
            try remove("korea.tally")
        }
        try office.startHub()
        if withMembers {
            #expect(try mina.tally("sync").status == 77)
            try logIn()
        }
        let missing = try jun.tally("sync")
        #expect(missing.status == 66)
        #expect(missing.errors.contains("put it there with: tally publish \(url)"))
        try mina.must("publish", url)
        try expectAgreement()
        #expect(try mina.export().contains("of-jun"))
    }

    @Test("a hub that was restored from a backup and moved on gets what it lacks")
    func restored() throws {
        office.stopHub()
        let backup = office.folder + "/backup.tally"
        try FileManager.default.copyItem(atPath: "\(data)/korea.tally", toPath: backup)
        try office.startHub()
        try mina.must("add", "event", "id=after-backup", "title=x", "date=2023")
        try mina.must("sync")
        try jun.must("sync")

        office.stopHub()
        try remove("korea.tally")
        try FileManager.default.copyItem(atPath: backup, toPath: "\(data)/korea.tally")
        try office.startHub()
        // Somebody who had not seen what is lost writes first.
        let ana = try office.analyst("ana", machine: "tower")
        try ana.logIn(as: "writer")
        try ana.must("clone", url, "korea.tally")
        try ana.must("add", "event", "id=moved-on", "title=x", "date=2023")
        try ana.must("sync")
        try expectAgreement()
        #expect(try mina.export().contains("after-backup"))
        #expect(try mina.export().contains("moved-on"))
    }

    @Test("a hub that is swapped for another dataset under the name gets nothing")
    func swapped() throws {
        office.stopHub()
        try remove("korea.tally")
        try office.startHub()
        let ana = try office.analyst("ana", machine: "tower")
        try ana.logIn(as: "admin")
        try ana.must("init", "korea.tally")
        try ana.must("publish", url)
        let before = try ana.export()
        try mina.must("add", "event", "id=secret", "title=x", "date=2023")
        let refused = try mina.tally("sync")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("holds another dataset"))
        #expect(refused.errors.contains("nothing was sent"))
        try ana.must("sync")
        #expect(try ana.export() == before)
    }

    @Test(
        "a hub that is killed in the middle of a body, and started again: the same sync goes on",
        arguments: [true, false])
    func killedInABody(whilePushing: Bool) throws {
        // Enough for several requests of megabytes.
        let text = String(repeating: "x", count: 50_000)
        let rows = (0..<110).map { "e\($0),2023,\(text)\($0)\n" }.joined()
        try mina.write("id,date,summary\n" + rows, to: "big.csv")
        try mina.must("import", "big.csv")
        if !whilePushing { try mina.must("sync") }
        let watched = (whilePushing ? "\(data)/korea.tally" : jun.file) + "-wal"
        let before = fileSize(watched)
        let program = try whilePushing ? mina.start("sync", "--json") : jun.start("sync", "--json")
        // The first of several requests has been taken when its records show in the write-ahead log.
        let deadline = Date().addingTimeInterval(30)
        while Date() < deadline, fileSize(watched) < before + 1_000_000 { usleep(1000) }
        #expect(kill(program.id, 0) == 0)
        office.killHub()
        try office.startHub()
        let finished = program.wait()
        #expect(finished.status == 0, "\(finished.errors)")
        #expect(finished.errors.contains("trying again"))
        try expectAgreement()
        #expect(
            try jun.must("query", "SELECT count(*) FROM event", "--json").json["rows"] as? [[Int]]
                == [[111]])
    }

    private func fileSize(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
