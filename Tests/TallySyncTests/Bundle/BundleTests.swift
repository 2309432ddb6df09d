import StoreTestSupport
import TallyCore
import TallyStore
import TallySync
import TallyWire
import Testing

/// Bundles between people who meet in no other way.
struct BundleTests {
    @Test("what two have written goes to and fro by bundles alone, conflicts and resolutions too")
    func toAndFro() throws {
        let stage = try BundleStage()
        let mina = try stage.folder.copy("mina")
        try mina.edit(korea, .figure(1))
        let jun = try stage.folder.copy("jun", id: mina.dataset.id)
        let first = try stage.bundle("1", of: mina)
        #expect(try stage.sync(jun, first).pulled == 1)

        try mina.edit(korea, .figure(2))
        try jun.edit(korea, .figure(3))
        let known = try #require(try jun.dataset.read { try $0.remote(named: first)?.vector })
        let second = try stage.bundle("2", of: jun, since: known)
        #expect(try BundleFile(second).header.count == 1)
        let taken = try stage.sync(mina, second)
        #expect(taken.pulled == 1 && taken.newConflicts == 1)
        try mina.edit(korea, .figure(3))
        let juns = try #require(try mina.dataset.read { try $0.remote(named: second)?.vector })
        let third = try stage.bundle("3", of: mina, since: juns)
        let settled = try stage.sync(jun, third)
        #expect(settled.pulled == 2 && settled.openConflicts == 0)
        #expect(try jun.dataset.read(\.heads) == mina.dataset.read(\.heads))
        for copy in [mina, jun] {
            #expect(try copy.verification(in: stage.folder).faults == [])
        }
        // Nothing is left that the other lacks, and no file is made for it.
        #expect(
            try jun.dataset.bundle(
                since: mina.dataset.read(\.vector), to: stage.folder.file("4")) == nil)
        #expect(!stage.folder.names.contains("4"))
    }

    @Test("taken twice it brings nothing new, and a bundle under the same name is another one")
    func twice() throws {
        let stage = try BundleStage()
        let mina = try stage.folder.copy("mina")
        for number in 0..<3 { try mina.edit("event/\(number)", .create) }
        let jun = try stage.folder.copy("jun", id: mina.dataset.id)
        let path = try stage.bundle("stick", of: mina)
        #expect(try stage.sync(jun, path).pulled == 3)
        #expect(try stage.sync(jun, path).pulled == 0)
        try mina.edit("event/9", .create)
        let later = try stage.bundle("later", of: mina)
        try stage.write(stage.bytes(later), to: "stick")
        #expect(try stage.sync(jun, path).pulled == 1)
        let remotes = try jun.dataset.read { try $0.remotes() }
        #expect(remotes.map(\.name) == [path] && !remotes[0].isNamed)
    }

    @Test("what it goes on from has to be here: else it is refused whole, and says what is missing")
    func missing() throws {
        let stage = try BundleStage()
        let mina = try stage.folder.copy("mina")
        var revisions: [Revision] = []
        for number in 0..<6 { revisions.append(try mina.edit("event/\(number)", .create)) }
        let replica = revisions[0].replica
        var known = RevisionVector()
        known.insert(revisions[3])
        let path = try stage.bundle("late", of: mina, since: known)
        let jun = try stage.folder.copy("jun", id: mina.dataset.id)
        let error = #expect(throws: SyncError.self) { try stage.sync(jun, path) }
        #expect(error?.code == .missing)
        #expect(
            error?.message
                == "\(path) goes on from changesets that are not here: of replica \(replica.short) 1 to 4"
        )
        #expect(try jun.dataset.read(\.heads).isEmpty)
        #expect(try jun.dataset.read { try $0.remotes() }.isEmpty)

        known[replica] = 2
        let earlier = try stage.bundle("earlier", of: mina, since: known)
        #expect(throws: SyncError.self) { try stage.sync(jun, earlier) }
        #expect(try stage.sync(jun, stage.bundle("all", of: mina)).pulled == 6)
        #expect(try stage.sync(jun, path).pulled == 0)
    }

    @Test("of another dataset nothing is taken, and nothing is ever sent into a bundle")
    func others() throws {
        let stage = try BundleStage()
        let mina = try stage.folder.copy("mina")
        try mina.edit(korea, .figure(1))
        let path = try stage.bundle("b", of: mina)
        let stranger = try stage.folder.copy("stranger")
        let other = #expect(throws: SyncError.self) { try stage.sync(stranger, path) }
        #expect(other?.code == .wrongDataset)
        #expect(try stranger.dataset.read(\.heads).isEmpty)

        let jun = try stage.folder.copy("jun", id: mina.dataset.id)
        try jun.edit(korea, .figure(2))
        let sent = #expect(throws: SyncError.self) { try stage.sync(jun, path, .both) }
        #expect(sent?.message == "\(path) is a bundle: nothing can be sent into it")
    }

    @Test("a sync that was ended in the midst goes on behind what it has")
    func goesOn() throws {
        let stage = try BundleStage()
        let mina = try stage.folder.copy("mina")
        let text = String(repeating: "x", count: 60_000)
        try mina.write { editor in
            for number in 0..<200 {
                let record = RecordAddress(kind: "event", key: RecordKey(["\(number)"]))
                try editor.edit(record, [.set(statement: "summary", value: [.text(text)])])
            }
        }
        let count = try mina.dataset.lines().count
        let path = try stage.bundle("b", of: mina)
        let jun = try stage.folder.copy("jun", id: mina.dataset.id)
        let dataset = jun.dataset
        let error = #expect(throws: StoreError.self) {
            try stage.sync(
                jun, path, isInterrupted: { (try? dataset.read(\.heads).isEmpty) != true })
        }
        #expect(error?.code == .interrupted)
        let done = try jun.dataset.lines().count
        #expect(done > 0 && done < count)
        let cursor = try jun.dataset.read { try $0.remote(named: path)?.cursor }
        #expect(cursor?.hasSuffix(".\(done)") == true)
        #expect(try stage.sync(jun, path).pulled == count - done)
        #expect(try jun.dataset.read(\.heads) == mina.dataset.read(\.heads))
    }

    @Test("the file appears whole and never in the place of another")
    func place() throws {
        let stage = try BundleStage()
        let mina = try stage.folder.copy("mina")
        try mina.edit(korea, .figure(1))
        let path = try stage.bundle("b", of: mina)
        let bytes = try stage.bytes(path)
        #expect(
            throws: StoreError(
                .fileExists, "\(path) exists already; it was left as it is",
                hint: "Choose another name, or remove the file first.")
        ) {
            try mina.dataset.bundle(to: path)
        }
        #expect(try stage.bytes(path) == bytes)
        #expect(throws: StoreError.self) {
            try mina.dataset.bundle(to: stage.folder.file("c"), isInterrupted: { true })
        }
        #expect(stage.folder.names.filter { $0.hasPrefix("c") || $0.hasSuffix(".part") } == [])
    }
}
