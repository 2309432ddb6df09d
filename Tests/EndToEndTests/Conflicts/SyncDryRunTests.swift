import Foundation
import Testing

/// `tally sync --dry-run`: what would come and go, and nothing is written, here or there.
@Suite struct SyncDryRunTests {
    private static let china = "trade/KOR/CHN/X/TOTAL/2023/motie"

    private let mina: Analyst
    private let jun: Analyst

    init() throws {
        (mina, jun) = try Office.pair()
        try mina.must(
            "add", "trade", "reporter=KOR", "partner=CHN", "flow=X", "product=TOTAL", "period=2023",
            "source=motie", "value=100")
    }

    /// Both change one figure; jun something else too.
    private func change() throws {
        try jun.must("set", Self.china, "value=101")
        try jun.must("add", "event", "id=panel", "title=WTO panel", "date=2023-02-01")
        try mina.must("set", Self.china, "value=102")
    }

    /// Every file of an analyst by its bytes: dataset, keys, settings.
    private func bytes(_ analyst: Analyst) throws -> [String: Data] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: analyst.folder)
        var bytes: [String: Data] = [:]
        for name in names where !name.contains(".run-") && !name.hasSuffix(".lock") {
            bytes[name] = FileManager.default.contents(atPath: "\(analyst.folder)/\(name)")
        }
        return bytes
    }

    private static let expected = """
        Would send 1 changeset, fetch 2: jun@desk-2 2
        1 conflict would arise
        ID        RECORD                            WHAT       FIELD  SIDES                                    GAP  SINCE
        7evirar6  trade/KOR/CHN/X/TOTAL/2023/motie  edit/edit  value  A jun@desk-2 · B mina@laptop  1 USD · 0.98 %  just now
        Nothing was written

        """

    @Test("with a file: neither is written, and the sync then does what was said")
    func file() throws {
        try jun.must("clone", mina.file, "korea.tally")
        try change()
        let before = (try bytes(mina), try bytes(jun))
        #expect(try mina.must("sync", jun.file, "--dry-run").output == Self.expected)
        #expect(try bytes(mina) == before.0)
        #expect(try bytes(jun) == before.1)

        let planned = try mina.must("sync", jun.file, "--dry-run", "--json").json
        let done = try mina.must("sync", jun.file, "--json").json
        for name in ["pushed", "pulled", "new_conflicts", "open_conflicts"] {
            #expect(planned[name] as? Int == done[name] as? Int, "\(name)")
        }
        #expect(planned["dry_run"] as? Bool == true)
        let conflicts = planned["conflicts"] as? [[String: Any]]
        #expect(conflicts?.map { $0["id"] as? String } == ["7evirar6"])
        #expect(
            try mina.must("sync", jun.file, "--dry-run").output
                == "Would send 0 changesets, fetch 0\nNothing was written\n")
    }

    @Test("with a hub: the hub has nothing new")
    func hub() throws {
        let office = mina.office
        try office.startHub()
        let tokens = try ["mina", "jun"].map {
            try office.token(for: $0, dataset: "korea", role: "admin")
        }
        let url = "\(office.hubURL)/korea"
        let asMina = ["TALLY_TOKEN": tokens[0]], asJun = ["TALLY_TOKEN": tokens[1]]
        #expect(try mina.tally("publish", url, environment: asMina).status == 0)
        #expect(try jun.tally("clone", url, "korea.tally", environment: asJun).status == 0)
        try change()
        #expect(try jun.tally("sync", environment: asJun).status == 0)
        let before = try bytes(mina)
        let planned = try mina.tally("sync", "--dry-run", environment: asMina)
        #expect(planned.output == Self.expected, "\(planned.errors)")
        #expect(try bytes(mina) == before)
        #expect(try jun.tally("sync", environment: asJun).output.hasPrefix("Nothing to exchange"))
        #expect(
            try mina.tally("sync", "--dry-run", "--push", environment: asMina).output
                == "Would send 1 changeset, fetch 0\nNothing was written\n")
        office.killHub()
        let gone = try mina.tally(
            "sync", "--dry-run", environment: asMina)
        #expect(gone.status == 69)
        #expect(try bytes(mina) == before)
    }

    @Test(
        "of a file on a disk that cannot be written, and what resolve would do there",
        .enabled(if: ReadOnlyTests.canMount, "mounting is not permitted here"))
    func readOnlyDisk() throws {
        try jun.must("clone", mina.file, "korea.tally")
        try change()
        try mina.must("sync", "--pull", jun.file)
        try jun.must("set", Self.china, "value=103")
        try FileManager.default.createDirectory(
            atPath: mina.folder + "/shared", withIntermediateDirectories: false)
        try FileManager.default.moveItem(
            atPath: mina.file, toPath: mina.folder + "/shared/korea.tally")
        func mounted(_ arguments: String...) throws -> Finished {
            let mount =
                "mount --bind shared shared && mount -o remount,ro,bind shared && exec \"$@\""
            return try mina.run(
                "/usr/bin/unshare",
                [
                    "-m", "sh", "-c", mount, "sh", Program.tally.path, "-f",
                    mina.folder + "/shared/korea.tally",
                ] + arguments)
        }
        let sync = try mounted("sync", jun.file, "--dry-run")
        #expect(sync.status == 0, "\(sync.errors)")
        #expect(sync.output.hasPrefix("Would send 1 changeset, fetch 1: jun@desk-2 1\n"))
        let resolve = try mounted("resolve", "--all", "--take", "A", "--dry-run")
        #expect(resolve.status == 0, "\(resolve.errors)")
        #expect(resolve.output.contains("WOULD BECOME"))
    }

    @Test("edits by another tool are to be taken first")
    func waiting() throws {
        try jun.must("clone", mina.file, "korea.tally")
        let edit = try mina.run("/usr/bin/sqlite3", ["korea.tally", "UPDATE trade SET value = 7"])
        try #require(edit.status == 0)
        let refused = try mina.tally("sync", jun.file, "--dry-run")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("A dry run writes nothing"))
    }
}
