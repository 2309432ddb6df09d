import StoreTestSupport
import TallyCore
import TallyStore
import TallySync
import TallyWire
import Testing

/// Syncs between dataset files, whole ones and those that something comes between.
struct SyncDriverTests {
    private struct Counts: Equatable {
        var pushed = 0
        var pulled = 0
        var new = 0
        var open = 0
        var notices: [String] = []
    }

    private func sync(
        _ copy: Copy, _ transport: any SyncTransport, _ direction: SyncSession.Direction = .both
    ) throws -> Counts {
        let outcome = try SyncDriver(
            copy.dataset, with: transport, as: "origin", workplace: copy.person.workplace
        ).run(direction)
        return Counts(
            pushed: outcome.pushed, pulled: outcome.pulled, new: outcome.newConflicts,
            open: outcome.openConflicts, notices: outcome.notices)
    }

    /// A file that stands for a hub, and two copies of it.
    private func world(_ folder: TestFolder) throws -> (hub: Copy, mina: Copy, jun: Copy) {
        let hub = try folder.copy("hub")
        return (hub, try folder.copy("mina", of: hub), try folder.copy("jun", of: hub))
    }

    @Test("what both have written comes together, and then there is nothing to do")
    func together() throws {
        let folder = try TestFolder()
        let (hub, mina, jun) = try world(folder)
        let transport = FileTransport(hub.dataset)
        try mina.edit(korea, .figure(1))
        try mina.edit(korea, .note("m"))
        try jun.edit(korea, .figure(2))
        #expect(try sync(mina, transport) == Counts(pushed: 2))
        #expect(try sync(jun, transport) == Counts(pushed: 1, pulled: 2, new: 1, open: 1))
        #expect(try sync(mina, transport) == Counts(pulled: 1, new: 1, open: 1))
        #expect(try sync(mina, transport) == Counts(open: 1))
        let heads = try hub.dataset.read(\.heads)
        for copy in [mina, jun] {
            #expect(try copy.dataset.read(\.heads) == heads)
            let remote = try #require(try copy.dataset.read { try $0.remotes() }.first)
            #expect(remote.name == "origin" && remote.halt == nil && remote.lastSync != nil)
            #expect(try copy.dataset.read { $0.unpushedCount(to: remote) } == 0)
        }
        try mina.edit(korea, .figure(3))
        let remote = try #require(try mina.dataset.read { try $0.remote(named: "origin") })
        #expect(try mina.dataset.read { $0.unpushedCount(to: remote) } == 1)
    }

    @Test("a sync with nothing to do asks for the heads only")
    func nothing() throws {
        let folder = try TestFolder()
        let (hub, mina, _) = try world(folder)
        try mina.edit(korea, .figure(1))
        let transport = ScriptedTransport(hub.dataset)
        _ = try sync(mina, transport)
        #expect(transport.calls == ["heads", "push 1"])
        _ = try sync(mina, transport)
        #expect(Array(transport.calls.dropFirst(2)) == ["heads"])
    }

    @Test("pushing only takes nothing, pulling only sends nothing")
    func directions() throws {
        let folder = try TestFolder()
        let (hub, mina, jun) = try world(folder)
        try jun.edit(korea, .note("j"))
        try hub.pull(from: jun)
        try mina.edit("event/1", .create)
        let transport = ScriptedTransport(hub.dataset)
        #expect(try sync(mina, transport, .push) == Counts(pushed: 1))
        #expect(try sync(jun, transport, .pull) == Counts(pulled: 1))
        #expect(try sync(mina, transport, .pull) == Counts(pulled: 1))
        #expect(transport.calls.filter { $0.hasPrefix("push") } == ["push 1"])
    }

    @Test("another dataset is refused before anything is pushed")
    func otherDataset() throws {
        let folder = try TestFolder()
        let (_, mina, _) = try world(folder)
        try mina.edit(korea, .figure(1))
        let transport = ScriptedTransport(try folder.copy("stranger").dataset)
        let error = #expect(throws: SyncError.self) { try sync(mina, transport) }
        #expect(error?.code == .wrongDataset)
        #expect(transport.calls == ["heads"])
        #expect(try transport.file.read(\.heads).isEmpty)
        #expect(try mina.dataset.read { try $0.remotes() }.isEmpty)
    }

    @Test("killed between two batches, the next sync goes on where it was")
    func killed() throws {
        let folder = try TestFolder()
        let (hub, mina, jun) = try world(folder)
        for number in 0..<7 { try jun.edit("event/\(number)", .create) }
        try hub.pull(from: jun)
        let transport = ScriptedTransport(hub.dataset)
        transport.onPull = { cursor, call in
            if call == 3 { throw SyncError(.unavailable, "the train is in a tunnel") }
            return try transport.page(after: cursor, lines: 2)
        }
        #expect(throws: SyncError(.unavailable, "the train is in a tunnel")) {
            try sync(mina, transport)
        }
        #expect(try mina.dataset.read { try $0.counts() }.first?.count == 4)
        transport.onPull = nil
        #expect(try sync(mina, transport) == Counts(pulled: 3))
        #expect(try mina.verification(in: folder).faults == [])
    }

    @Test("an answer lost after the push was taken leaves nothing to do for the next sync")
    func answerLost() throws {
        let folder = try TestFolder()
        let (hub, mina, _) = try world(folder)
        try mina.edit(korea, .figure(1))
        let transport = ScriptedTransport(hub.dataset)
        transport.onPush = { lines, _ in
            _ = try FileTransport(hub.dataset).push(lines)
            throw SyncError(.unavailable, "no answer")
        }
        #expect(throws: SyncError.self) { try sync(mina, transport) }
        transport.onPush = nil
        #expect(try sync(mina, transport) == Counts())
        #expect(try hub.dataset.read(\.heads) == mina.dataset.read(\.heads))
    }

    @Test("a remote that hands out the same lines again does no harm")
    func repeats() throws {
        let folder = try TestFolder()
        let (hub, mina, jun) = try world(folder)
        for number in 0..<3 { try jun.edit("event/\(number)", .create) }
        try hub.pull(from: jun)
        let transport = ScriptedTransport(hub.dataset)
        transport.onPull = { _, _ in try transport.page(after: nil, lines: 10) }
        #expect(try sync(mina, transport) == Counts(pulled: 3))
        #expect(try sync(mina, transport) == Counts())
        #expect(try mina.verification(in: folder).faults == [])
    }

    @Test("lines of 4 MiB go over a batch at a time")
    func batches() throws {
        let folder = try TestFolder()
        let (hub, mina, _) = try world(folder)
        let text = String(repeating: "x", count: 60_000)
        try mina.write { editor in
            for number in 0..<130 {
                let record = RecordAddress(kind: "event", key: RecordKey(["\(number)"]))
                try editor.edit(record, [.set(statement: "summary", value: [.text(text)])])
            }
        }
        let count = try mina.dataset.lines().count
        let transport = ScriptedTransport(hub.dataset)
        #expect(try sync(mina, transport) == Counts(pushed: count))
        #expect(transport.calls.filter { $0.hasPrefix("push") }.count > 1)
        #expect(try hub.dataset.read(\.heads) == mina.dataset.read(\.heads))
    }

    @Test("an interruption ends the sync between two steps")
    func interruption() throws {
        let folder = try TestFolder()
        let (hub, mina, _) = try world(folder)
        var workplace = mina.person.workplace
        workplace.isInterrupted = { true }
        let driver = SyncDriver(
            mina.dataset, with: FileTransport(hub.dataset), as: "origin", workplace: workplace)
        let error = #expect(throws: StoreError.self) { try driver.run(.both) }
        #expect(error?.code == .interrupted)
    }
}
