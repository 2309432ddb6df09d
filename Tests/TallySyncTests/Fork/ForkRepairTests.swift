import StoreTestSupport
import TallyCore
import TallyStore
import TallySync
import TallyWire
import Testing

/// One replica with two histories (DESIGN.md section 6): both are kept, every copy writes the same lines.
struct ForkRepairTests {
    @Test("file and keys restored together: the hub's branch stands, the other is written anew")
    func restoredTogether() throws {
        let story = try ForkStory()
        let outcome = try story.sync(story.second)
        #expect(outcome.pulled == 2 && outcome.pushed == 2 && outcome.newConflicts == 1)
        let successor = try #require(try successors(of: story).first)
        #expect(
            outcome.notices == [
                "Replica \(story.replica.short) had two histories from changeset 3 on, as when a file and its keys "
                    + "are restored together: 2 changesets of this file were written anew as "
                    + "\(successor.short). Nothing was lost."
            ])
        try story.expectBothBranches(in: story.second)
        #expect(try story.second.dataset.read(\.heads) == story.hub.dataset.read(\.heads))

        // Nobody writes on under the forked name or its successor, and the user has been told once.
        let next = try story.second.write { try $0.edit(Self.event("4"), [.create]) }
        #expect(next.notice == nil)
        #expect(next.revisions.map(\.seq) == [1])
        #expect(![story.replica, successor].contains(try #require(next.revisions.first).replica))
        #expect(try story.sync(story.second).notices.isEmpty)
    }

    private static func event(_ id: String) -> RecordAddress {
        RecordAddress(kind: "event", key: RecordKey([id]))
    }

    /// The replicas at the hub whose first line says what it was.
    private func successors(of story: ForkStory) throws -> [ReplicaID] {
        try story.hub.dataset.lines().map { try ChangesetLine($0) }
            .filter { try $0.was() != nil && $0.seq() == 1 }.map { try $0.replica() }
    }

    @Test("a second repair writes nothing: both who hold the branch write the same lines")
    func secondRepair() throws {
        let story = try ForkStory()
        // jun has the branch from the restored file, and has not met the hub.
        let jun = try story.folder.copy("jun", of: story.second)
        _ = try story.sync(story.second)
        let lines = try ForkStory.lines(of: story.hub)
        let outcome = try story.sync(jun)
        #expect(outcome.pushed == 0 && outcome.notices.count == 1)
        #expect(try ForkStory.lines(of: story.hub) == lines)
        #expect(try ForkStory.lines(of: jun) == lines)
        try story.expectBothBranches(in: jun)
        #expect(try story.sync(jun) == story.sync(story.second))
    }

    @Test(
        "found through a third copy: what had seen the branch is written anew too, whoever wrote it"
    )
    func thirdCopy() throws {
        let story = try ForkStory()
        let jun = try story.folder.copy("jun", of: story.second)
        let clean = try jun.edit("event/3", .set(statement: "title", value: [.text("seen")]))
        try jun.edit("event/3", .set(statement: "title", value: [.text("seen again")]))
        let ana = try story.folder.copy("ana", of: jun)
        try ana.edit("event/3", .set(statement: "location", value: [.text("Seoul")]))

        let outcome = try story.sync(jun)
        #expect(outcome.notices.count == 1 && outcome.pushed == 4)
        // Of jun's two lines the first became number 1 of another replica, under which he does not write on.
        let renamed = try #require(try jun.dataset.read { try $0.find(clean) })
        #expect(renamed.revision.replica != clean.replica && renamed.revision.seq == 1)
        #expect(try jun.edit("event/4", .create).replica != clean.replica)

        _ = try story.sync(story.second)
        #expect(try story.sync(ana).pushed == 1)
        for copy in [jun, story.second, story.first, ana] { _ = try story.sync(copy) }
        let lines = try ForkStory.lines(of: story.hub)
        #expect(Set(try lines.map { try ChangesetLine(Array($0.utf8)).hash }).count == lines.count)
        for copy in [jun, ana, story.second, story.first] {
            #expect(try ForkStory.lines(of: copy) == lines)
            #expect(
                try copy.sql("SELECT title, location FROM event WHERE id = '3'")
                    == [[.text("seen again"), .text("Seoul")]])
            #expect(try copy.verification(in: story.folder).faults == [])
        }
    }

    @Test(
        "after the hub was wiped the branch that comes first stands, and both are kept",
        arguments: [true, false])
    func wipedHub(secondFirst: Bool) throws {
        let story = try ForkStory()
        let hub = try story.folder.copy("wiped", id: story.hub.dataset.id)
        let copies = secondFirst ? [story.second, story.first] : [story.first, story.second]
        let outcomes = try (copies + copies).map { try ForkStory.sync($0, hub: hub) }
        #expect(outcomes.map(\.notices.count) == [0, 1, 0, 0])
        for copy in copies + [hub] { try story.expectBothBranches(in: copy) }
        #expect(try ForkStory.lines(of: story.first) == ForkStory.lines(of: story.second))
    }

    @Test(
        "a hub wiped after the repair, and brought back by one who has not repaired, loses nothing")
    func wipedAfterRepair() throws {
        let story = try ForkStory()
        let jun = try story.folder.copy("jun", of: story.second)
        _ = try story.sync(story.second)
        let hub = try story.folder.copy("wiped", id: story.hub.dataset.id)
        for copy in [jun, story.second, story.first, jun, story.second] {
            _ = try ForkStory.sync(copy, hub: hub)
        }
        for copy in [jun, story.second, story.first, hub] {
            try story.expectBothBranches(in: copy)
            #expect(try ForkStory.lines(of: copy) == ForkStory.lines(of: hub))
        }
    }

    @Test("between files that know no hub the smaller hash stands, whoever of the two asks")
    func files() throws {
        var logs: [[String]] = []
        for firstAsks in [true, false] {
            let story = try ForkStory()
            // Without what they know of a hub.
            let (a, b) = (
                try story.folder.copy("a", of: story.first),
                try story.folder.copy("b", of: story.second)
            )
            let third = Revision(story.replica, 3)
            let hashes = try [a, b].map { try $0.dataset.read { try $0.info(of: third).hash } }
            let outcome = try ForkStory.sync(firstAsks ? a : b, file: firstAsks ? b : a)
            #expect(outcome.notices.count == 1)
            for copy in [a, b] { try story.expectBothBranches(in: copy) }
            #expect(try ForkStory.lines(of: a) == ForkStory.lines(of: b))
            #expect(try a.dataset.read { try $0.info(of: third).hash } == hashes.min())
            #expect(try ForkStory.sync(a, file: b) == ForkStory.sync(b, file: a))
            logs.append(try ForkStory.lines(of: a))
        }
        // The dataset has another id in each round, but the lines are as many.
        #expect(logs[0].count == logs[1].count)
    }

    @Test("between files the branch that is known to be the hub's stands, whoever of the two asks")
    func filesAndHub() throws {
        for firstAsks in [true, false] {
            let story = try ForkStory()
            let (a, b) = (story.first, story.second)
            // b knows no hub; a has its branch from there.
            let outcome = try ForkStory.sync(firstAsks ? a : b, file: firstAsks ? b : a)
            #expect(outcome.notices.count == 1)
            let owner = firstAsks ? b.dataset.path : "this file"
            #expect(outcome.notices.first?.contains("2 changesets of \(owner) were") == true)
            for copy in [a, b] { try story.expectBothBranches(in: copy) }
            #expect(try story.sync(b).notices.isEmpty)
            #expect(try ForkStory.lines(of: story.hub) == ForkStory.lines(of: b))
        }
    }

    @Test("files that know a hub but not what it holds leave it to the hub")
    func undecided() throws {
        let story = try ForkStory()
        let (a, b) = (
            try story.folder.copy("a", of: story.first),
            try story.folder.copy("b", of: story.second)
        )
        try a.dataset.writeLocally { try $0.saveRemote("origin", url: ForkStory.address) }
        let before = try [a, b].map { try ForkStory.lines(of: $0) }
        let error = #expect(throws: SyncError.self) { try ForkStory.sync(a, file: b) }
        #expect(
            error?.message
                == "\(b.dataset.path) and this file hold different changesets of replica "
                + "\(story.replica.short) from 3 on, and only the hub can tell which stand")
        #expect(try [a, b].map { try ForkStory.lines(of: $0) } == before)
        _ = try story.sync(a)
        #expect(try ForkStory.sync(b, file: a).notices.count == 1)
        for copy in [a, b] { try story.expectBothBranches(in: copy) }
    }

    @Test(
        "sending alone, where there is nothing to send, notices that the two have parted, and repairs it"
    )
    func pushOnly() throws {
        let story = try ForkStory()
        #expect(try story.sync(story.second, .push).notices.count == 1)
        let (own, hub) = try (
            Set(ForkStory.lines(of: story.second)), Set(ForkStory.lines(of: story.hub))
        )
        #expect(own.isSubset(of: hub))
        #expect(try story.sync(story.second).notices.isEmpty)
        try story.expectBothBranches(in: story.second)
        #expect(try Set(ForkStory.lines(of: story.second)) == hub)
    }

    @Test("a pull from a file does not write that file, even where its branch gives way")
    func pullFromFile() throws {
        let story = try ForkStory()
        let before = try ForkStory.lines(of: story.second)
        let error = #expect(throws: SyncError.self) {
            try ForkStory.sync(story.first, file: story.second, .pull)
        }
        #expect(error?.message.hasSuffix("those of \(story.second.dataset.path) give way") == true)
        #expect(error?.hint?.contains("leave out --pull") == true)
        #expect(try ForkStory.lines(of: story.second) == before)
    }

    @Test(
        "who writes a file that another's sync has repaired is told when it goes on as a new replica"
    )
    func ownerIsTold() throws {
        let story = try ForkStory()
        #expect(try ForkStory.sync(story.first, file: story.second).notices.count == 1)
        let next = try story.second.write { try $0.edit(Self.event("4"), [.create]) }
        #expect(next.notice?.contains("it goes on as the new replica") == true)
    }

    @Test("a pull alone repairs too; the rewritten lines wait to be pushed")
    func pullOnly() throws {
        let story = try ForkStory()
        let outcome = try story.sync(story.second, .pull)
        #expect(outcome.pulled == 2 && outcome.pushed == 0 && outcome.notices.count == 1)
        try story.expectBothBranches(in: story.second)
        #expect(try story.sync(story.second, .push).pushed == 2)
        try story.expectBothBranches(in: story.hub)
    }

    @Test("two histories from the first changeset on")
    func fromTheFirst() throws {
        let folder = try TestFolder()
        let hub = try folder.copy("hub")
        let first = try folder.copy("first", of: hub)
        let replica = try first.edit(korea, .figure(1)).replica
        _ = try ForkStory.sync(first, hub: hub)
        var entry = try #require(try first.person.identities.entry(of: replica))
        entry.head = nil
        try first.person.identities.write(entry)
        let second = Copy(
            dataset: try folder.copy("second", id: hub.dataset.id).dataset, person: first.person)
        #expect(try second.edit(korea, .figure(2)) == Revision(replica, 1))
        #expect(try ForkStory.sync(second, hub: hub).notices.count == 1)
        #expect(try second.dataset.read { try $0.conflictCount() } == 1)
        #expect(try ForkStory.lines(of: second) == ForkStory.lines(of: hub))
    }

    @Test("a fork before the cursor is found by beginning anew")
    func behindTheCursor() throws {
        let story = try ForkStory()
        // As if the cursor came from another file: it stands behind where the two part.
        let cursor = try story.hub.dataset.read { try $0.cursor() }
        try story.second.dataset.writeLocally { access in
            try access.setCursor(cursor.text, epoch: cursor.epoch, remote: ForkStory.address)
        }
        #expect(try story.sync(story.second).notices.count == 1)
        try story.expectBothBranches(in: story.second)
    }

    @Test("a branch with a line that has no room for its new names is left as it was, and named")
    func noRoom() throws {
        let story = try ForkStory()
        let head = try #require(try story.second.dataset.read { $0.heads[story.replica] })
        let entry = try #require(try story.first.person.identities.entry(of: story.replica))
        // A line of just under 4 MiB, which Tally itself does not write.
        let text = String(repeating: "x", count: 60_000)
        var changeset = Changeset(
            dataset: story.hub.dataset.id, revision: Revision(story.replica, head.seq + 1),
            previous: head.hash, seen: [], at: story.second.person.clock.time, author: "mina",
            machine: "laptop",
            edits: [
                Edit(
                    kind: "event", operation: .set(fields: ["summary"]),
                    rows: (0..<69).map {
                        Edit.Row(key: RecordKey(["\($0)"]), values: [.text(text)])
                    })
            ])
        let writer = ChangesetWriter(key: entry.key)
        let room = Changeset.maximumLineBytes - writer.line(changeset).bytes.count
        changeset.message = String(repeating: "m", count: room - 20)
        _ = try story.second.dataset.take([writer.line(changeset).bytes], durable: true)

        let before = try ForkStory.lines(of: story.second)
        let error = #expect(throws: SyncError.self) { try story.sync(story.second) }
        #expect(
            error?.message.hasPrefix(
                "Replica \(story.replica.short) has two histories that cannot be brought together: "
                    + "written anew the changeset \(story.replica):5 takes ") == true)
        #expect(try ForkStory.lines(of: story.second) == before)
    }

    @Test("a repair that is interrupted leaves the file as it was")
    func allOrNothing() throws {
        let story = try ForkStory()
        let before = try ForkStory.lines(of: story.second)
        var workplace = story.second.person.workplace
        workplace.isInterrupted = { true }
        let fork = Fork(story.replica, after: 2)
        let first = try #require(try story.second.dataset.read { try $0.branch(of: fork) })
            .firstHash
        let error = #expect(throws: StoreError.self) {
            try story.second.dataset.repair(fork, givingWay: first, isTold: true, at: workplace)
        }
        #expect(error?.code == .interrupted)
        #expect(try ForkStory.lines(of: story.second) == before)
        #expect(try story.second.verification(in: story.folder).faults == [])
        // And again, uninterrupted: the temporary table of the first try is gone.
        let again = {
            try story.second.dataset.repair(
                fork, givingWay: first, isTold: true, at: story.second.person.workplace)
        }
        #expect(try again()?.rewritten == 2)
        // Two syncs may find the fork at once: the second to repair finds it done.
        let lines = try ForkStory.lines(of: story.second)
        #expect(try again() == nil)
        _ = try story.sync(story.second)
        #expect(try again() == nil)
        #expect(try ForkStory.lines(of: story.second).count == lines.count + 2)
    }
}
