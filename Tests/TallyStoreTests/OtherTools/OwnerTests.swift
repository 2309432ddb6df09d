import StoreTestSupport
import TallyCore
import TallyStore
import TallySync
import Testing

/// Edits that another tool made to a file that belongs to somebody else.
struct OwnerTests {
    @Test("somebody else's file with edits that wait is not written to, until its owner opens it")
    func others() throws {
        let bench = try ToolBench()
        let jun = try bench.folder.copy("jun", of: bench.mina, clock: bench.clock)
        try jun.edit(ToolBench.china, .note("jun"))
        try bench.tool("UPDATE trade SET note = 'mina' WHERE partner = 'JPN'")
        let lines = try bench.mina.dataset.lines().count
        #expect(
            throws: StoreError(
                .notPermitted,
                "\(bench.mina.dataset.path) holds edits that were made with another tool and that are for "
                    + "mina@mina-laptop to take; nothing was written to it",
                hint:
                    "Its owner takes them first, with: tally -f FILE capture. If they are yours: tally -f FILE capture --mine. "
                    + "It can be read and pulled from meanwhile."
            )
        ) { try bench.mina.dataset.capture(at: jun.person.workplace) }
        #expect(throws: StoreError.self) {
            try bench.mina.dataset.write(at: jun.person.workplace) {
                try $0.edit(wanted(RecordAddress(ToolBench.china)), [.note("x")])
            }
        }
        #expect(try bench.mina.dataset.lines().count == lines)
        #expect(try bench.waiting().count == 1)
        _ = try bench.capture()
        try bench.mina.dataset.write(at: jun.person.workplace) {
            try $0.edit(wanted(RecordAddress(ToolBench.china)), [.note("x")])
        }
    }

    @Test("who says that the edits are theirs takes them")
    func mine() throws {
        let bench = try ToolBench()
        let jun = Person("jun", clock: bench.clock)
        try bench.tool("UPDATE trade SET note = 'jun' WHERE partner = 'JPN'")
        #expect(try bench.mina.dataset.capture(at: jun.workplace, isMine: true).changed == 1)
        let info = try wanted(bench.mina.dataset.read { try $0.latestChangesets(limit: 1) }.first)
        #expect(info.author == "jun")
        #expect(try bench.faults() == [])
    }

    @Test("a row that was written and is as it was is nobody's edit")
    func unchanged() throws {
        let bench = try ToolBench()
        let jun = try bench.folder.copy("jun", of: bench.mina, clock: bench.clock)
        try jun.edit(ToolBench.china, .note("jun"))
        try bench.tool("UPDATE trade SET note = note")
        try bench.mina.dataset.write(at: jun.person.workplace) {
            try $0.edit(wanted(RecordAddress(ToolBench.japan)), [.note("x")])
        }
        try bench.tool("UPDATE trade SET note = note")
        try bench.mina.pull(from: jun)
        try bench.tool("UPDATE trade SET note = note")
        try jun.edit(ToolBench.china, .note("jun again"))
        let heads = try bench.mina.dataset.read(\.heads)
        let lines = try wanted(
            jun.dataset.read { try $0.nextLines(lackedBy: heads, after: 0, maximumBytes: .max / 2) }
        ).lines
        _ = try bench.mina.dataset.take(lines, after: .setBack, durable: true)
        #expect(try bench.mina.dataset.read { try $0.refusedCount() } == 0)
        #expect(try bench.faults() == [])
    }

    @Test("a file that is only synced with is captured for its author alone")
    func own() throws {
        let bench = try ToolBench()
        let here = bench.mina.person.workplace
        #expect(try bench.mina.dataset.read { try $0.isOwn(of: here) })
        var other = here
        other.author = "jun"
        #expect(try !bench.mina.dataset.read { try $0.isOwn(of: other) })
        #expect(
            try !bench.mina.dataset.read {
                try $0.isOwn(of: Person("mina", clock: bench.clock, seed: 77).workplace)
            })
    }

    @Test("a sync with it pulls what is in its log, and pushes nothing")
    func sync() throws {
        let bench = try ToolBench()
        let jun = try bench.folder.copy("jun", of: bench.mina, clock: bench.clock)
        try bench.mina.edit(ToolBench.visit, .note("new"))
        try bench.tool("UPDATE trade SET note = 'mina' WHERE partner = 'JPN'")
        func driver() -> SyncDriver {
            SyncDriver(
                jun.dataset,
                with: FileTransport(bench.mina.dataset, after: .capture(jun.person.workplace)),
                as: "mina", workplace: jun.person.workplace)
        }
        #expect(try driver().run(.both).pulled == 1)
        try jun.edit(ToolBench.china, .note("jun"))
        #expect(throws: StoreError.self) { try driver().run(.both) }
        #expect(try bench.waiting().count == 1)
    }

    @Test("one's own file on another machine is one's own")
    func sameAuthor() throws {
        let bench = try ToolBench()
        try bench.tool("UPDATE trade SET note = 'mina' WHERE partner = 'JPN'")
        let elsewhere = Person("mina", clock: bench.clock, seed: 77)
        #expect(try bench.mina.dataset.capture(at: elsewhere.workplace).changed == 1)
        // As a new replica, which is told.
        #expect(bench.mina.dataset.takeCaptured().first?.written.notice != nil)
    }

    @Test("a file that nobody has written yet belongs to whoever opens it")
    func nobodys() throws {
        let bench = try ToolBench()
        let jun = try bench.folder.copy("jun", of: bench.mina, clock: bench.clock)
        try bench.tool("UPDATE trade SET note = 'x' WHERE partner = 'JPN'", file: jun.dataset.path)
        #expect(try bench.capture(jun).changed == 1)
        #expect(try bench.lastEdits(jun) == [#"set \#(ToolBench.japan) note "x""#])
    }

    @Test("at a hub edits are set back, and kept as they were typed")
    func hub() throws {
        let bench = try ToolBench()
        let jun = try bench.folder.copy("jun", of: bench.mina, clock: bench.clock)
        try jun.edit(ToolBench.china, .note("jun"))
        try bench.tool(
            "UPDATE trade SET note = 'hub' WHERE partner = 'JPN'; DELETE FROM event; INSERT INTO event (id) VALUES ('x')"
        )
        let heads = try bench.mina.dataset.read(\.heads)
        let lines = try wanted(
            jun.dataset.read { try $0.nextLines(lackedBy: heads, after: 0, maximumBytes: .max / 2) }
        ).lines
        _ = try bench.mina.dataset.take(lines, after: .setBack, durable: true)
        #expect(
            try bench.mina.sql("SELECT record FROM tally_refused ORDER BY record") == [
                [.text("event/x")], [.text(ToolBench.japan)],
            ])
        #expect(try bench.mina.view(ToolBench.visit).isVisible)
        #expect(try bench.faults() == [])
    }
}
