import StoreTestSupport
import TallyCore
import TallyStore
import TallySync
import TallyWire
import Testing

/// What the driver does when the other side refuses, or sends what cannot be taken.
struct SyncRefusalTests {
    private func sync(
        _ copy: Copy, _ transport: any SyncTransport, _ direction: SyncSession.Direction = .both
    ) throws -> SyncOutcome {
        try SyncDriver(
            copy.dataset, with: transport, as: "origin", workplace: copy.person.workplace
        ).run(direction)
    }

    /// A hub with three changesets of jun's, and mina's copy with one of her own.
    private func world(_ folder: TestFolder) throws -> (transport: ScriptedTransport, mina: Copy) {
        let hub = try folder.copy("hub")
        let mina = try folder.copy("mina", of: hub)
        let jun = try folder.copy("jun", of: hub)
        for number in 0..<3 { try jun.edit("event/\(number)", .create) }
        try hub.pull(from: jun)
        try mina.edit(korea, .figure(1))
        return (ScriptedTransport(hub.dataset), mina)
    }

    @Test("a push that is refused because the hub lacks something is tried again after a pull")
    func pushAgain() throws {
        let folder = try TestFolder()
        let (transport, mina) = try world(folder)
        transport.onPush = { _, call in
            if call == 1 { throw Problem(.unseen, "not here", line: 1) }
            return nil
        }
        let outcome = try sync(mina, transport)
        #expect(transport.calls == ["heads", "push 1", "pull", "heads", "push 1"])
        #expect(outcome.pushed == 1 && outcome.pulled == 3)
        #expect(try transport.file.read(\.heads) == mina.dataset.read(\.heads))
    }

    @Test("a push that is refused twice ends the sync; what was pulled stays")
    func refusedTwice() throws {
        let folder = try TestFolder()
        let (transport, mina) = try world(folder)
        let problem = Problem(.gap, "not here", line: 1)
        transport.onPush = { _, _ in throw problem }
        #expect(throws: SyncError(problem, at: "hub")) { try sync(mina, transport) }
        #expect(try mina.dataset.read { try $0.counts() }.first?.count == 3)
    }

    @Test("a reader gets everything, and is told that its own edits stay")
    func reader() throws {
        let folder = try TestFolder()
        let (transport, mina) = try world(folder)
        transport.onPush = { _, _ in throw Problem(.forbidden, "mina may read") }
        #expect(
            throws: SyncError(
                .notPermitted, "hub does not allow this: mina may read",
                hint: "Ask an admin of the hub for the role.")
        ) { try sync(mina, transport) }
        #expect(try mina.dataset.read { try $0.counts() }.first?.count == 3)
    }

    @Test("a hub that sends what is here again and again, with new cursors, is left")
    func onlyDuplicates() throws {
        let folder = try TestFolder()
        let (transport, mina) = try world(folder)
        _ = try sync(mina, transport)
        var heads = try transport.heads()
        heads.heads[try #require(ReplicaID(String(repeating: "a", count: ReplicaID.length)))] =
            heads.heads.values.first
        transport.onHeads = { heads }
        transport.onPull = { _, call in
            let page = try transport.page(after: nil, lines: 1)
            return PulledBatch(
                lines: page.lines, cursor: "c.\(call).0", epoch: page.epoch, isMore: true)
        }
        #expect(
            throws: SyncError(
                .notAHub, "hub says that there is more, and sends nothing new",
                hint: "Run tally sync again; if it stays, ask who keeps the hub.")
        ) { try sync(mina, transport, .pull) }
        // Four lines are here: the fifth page is one too many.
        #expect(transport.calls.suffix(5).allSatisfy { $0 == "pull" })
        #expect(transport.calls.suffix(6).first == "heads")
    }

    @Test("all that is here may come once more from the beginning, page by page")
    func allAgain() throws {
        let folder = try TestFolder()
        let (transport, mina) = try world(folder)
        _ = try sync(mina, transport)
        try mina.dataset.writeLocally { access in
            try access.setCursor("e.9.0", epoch: "e", remote: "origin")
        }
        var isGone = true
        transport.onHeads = {
            var heads = try FileTransport(transport.file).heads()
            heads.heads.removeAll()
            return heads
        }
        transport.onPull = { cursor, _ in
            defer { isGone = false }
            if isGone { throw Problem(.cursorGone, "another log") }
            return try transport.page(after: cursor, lines: 1)
        }
        let outcome = try sync(mina, transport, .pull)
        #expect(outcome.pulled == 0 && !outcome.isHalted)
    }

    @Test("a hub that was put back begins anew, and gets what it lacks")
    func cursorGone() throws {
        let folder = try TestFolder()
        let (transport, mina) = try world(folder)
        _ = try sync(mina, transport)
        let restored = try folder.copy("restored", id: mina.dataset.id)
        _ = try restored.dataset.take(
            Array(try transport.file.lines().prefix(2)), durable: true)
        let again = ScriptedTransport(restored.dataset)
        let outcome = try sync(mina, again)
        #expect(outcome.pushed == 2 && outcome.pulled == 0)
        #expect(again.calls == ["heads", "push 2"])
        #expect(try restored.dataset.read(\.heads) == mina.dataset.read(\.heads))
        // The cursor is now one of the restored hub.
        #expect(try sync(mina, again).notices.isEmpty)
        #expect(Array(again.calls.dropFirst(2)) == ["heads"])
    }

    @Test("a hub that was put back and moved on has another cursor: the pull begins anew")
    func movedOn() throws {
        let folder = try TestFolder()
        let (transport, mina) = try world(folder)
        _ = try sync(mina, transport)
        let restored = try folder.copy("restored", id: mina.dataset.id)
        _ = try restored.dataset.take(Array(try transport.file.lines().prefix(2)), durable: true)
        let jun = try folder.copy("moved-on", of: restored)
        try jun.pull(from: restored)
        try jun.edit("event/new", .create)
        try restored.pull(from: jun)
        let again = ScriptedTransport(restored.dataset)
        let outcome = try sync(mina, again)
        #expect(outcome.pulled == 1)
        #expect(again.calls == ["heads", "push 2", "pull", "pull"])
        #expect(try restored.dataset.read(\.heads) == mina.dataset.read(\.heads))
    }

    @Test("a line that cannot be taken stops the pull; what came before it is kept")
    func halted() throws {
        let folder = try TestFolder()
        let (transport, mina) = try world(folder)
        transport.onPull = { cursor, _ in
            let page = try transport.page(after: cursor, lines: 10)
            var lines = page.lines
            lines[2][lines[2].count - 4] ^= 1
            return PulledBatch(
                lines: lines, cursor: page.cursor, epoch: page.epoch, isMore: false)
        }
        let outcome = try sync(mina, transport)
        #expect(outcome.pushed == 1 && outcome.pulled == 2)
        #expect(
            outcome.notices.first?.hasPrefix(
                "Pulling from hub stopped at a line that cannot be taken (invalid: ") == true)
        #expect(try mina.dataset.read { try $0.counts() }.first?.count == 2)
        let remote = try #require(try mina.dataset.read { try $0.remote(named: "origin") })
        #expect(remote.halt?.hasPrefix("invalid: ") == true && remote.cursor == nil)

        // It goes on pushing, and pulls on when the line is whole again.
        try mina.edit(korea, .figure(2))
        #expect(try sync(mina, transport).pushed == 1)
        transport.onPull = nil
        let last = try sync(mina, transport)
        #expect(last.pulled == 1 && last.notices.isEmpty)
        #expect(try mina.dataset.read { try $0.remote(named: "origin") }?.halt == nil)
        #expect(try mina.verification(in: folder).faults == [])
    }

    @Test("a remote that names changesets and does not send them is asked once more, then left")
    func withheld() throws {
        let folder = try TestFolder()
        let (transport, mina) = try world(folder)
        transport.onPull = { cursor, _ in
            let page = try transport.page(after: cursor, lines: 2)
            return PulledBatch(
                lines: page.lines, cursor: page.cursor, epoch: page.epoch, isMore: false)
        }
        let error = #expect(throws: SyncError.self) { try sync(mina, transport, .pull) }
        #expect(error?.message == "hub names changesets that it does not send")
        #expect(transport.calls == ["heads", "pull", "pull"])
        #expect(try mina.dataset.read { try $0.counts() }.first?.count == 2)
    }

    @Test("a replica that is ahead elsewhere is retired, and the file goes on as a new one")
    func retired() throws {
        let folder = try TestFolder()
        let (transport, mina) = try world(folder)
        _ = try sync(mina, transport)
        // The same identity on another machine, from a backup of the home: it writes on.
        let own = try #require(try mina.person.identities.replicas().first)
        let elsewhere = try folder.copy("elsewhere", of: mina)
        try elsewhere.person.identities.write(
            try #require(try mina.person.identities.entry(of: own)))
        #expect(try elsewhere.edit(korea, .note("elsewhere")) == Revision(own, 2))
        _ = try transport.file.take(Array(try elsewhere.dataset.lines().suffix(1)), durable: true)

        let outcome = try sync(mina, transport)
        #expect(
            outcome.notices == [
                "Replica \(own.short) has written elsewhere what this machine has not: "
                    + "it is retired, and this file goes on as a new one."
            ])
        #expect(try mina.person.identities.entry(of: own)?.isRetired == true)
        #expect(try sync(mina, transport).notices.isEmpty)
        let next = try mina.edit(korea, .figure(2))
        #expect(next.replica != own && next.seq == 1)
        #expect(try mina.verification(in: folder).faults == [])
    }

    @Test("a file whose replica went on in another file of this machine is not retired")
    func ownOtherFile() throws {
        let folder = try TestFolder()
        let (transport, mina) = try world(folder)
        _ = try sync(mina, transport)
        let second = Copy(
            dataset: try folder.copy("second", of: mina).dataset, person: mina.person)
        try second.edit(korea, .note("second"))
        _ = try sync(second, transport)
        #expect(try sync(mina, transport).notices.isEmpty)
        let own = try #require(try mina.person.identities.replicas().first)
        #expect(try mina.person.identities.entry(of: own)?.isRetired == false)
    }
}
