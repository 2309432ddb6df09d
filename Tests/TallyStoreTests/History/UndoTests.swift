import StoreTestSupport
import TallyCore
import TallyStore
import TallyWire
import Testing

/// Undo in dataset files: groups, imports, all or nothing. What an undo makes of one record is tested with the core.
struct UndoTests {
    private static func record(_ number: Int) -> RecordAddress {
        RecordAddress(
            kind: "trade",
            key: RecordKey(["KOR", "CHN", "X", "H6:\(100_000 + number)", "2023", "kosis"]))
    }

    /// Writes one figure in each of so many records, in one transaction.
    @discardableResult
    private func writeFigures(_ value: Double, count: Int, in copy: Copy) throws -> [Revision] {
        try copy.write(Authoring(message: "figures", isImport: true)) { editor in
            for number in 0..<count { try editor.edit(Self.record(number), [.figure(value)]) }
        }.revisions
    }

    private func undo(_ revision: Revision, in copy: Copy) throws -> (UndoReport, [Revision]) {
        var report: UndoReport?
        let written = try copy.write(Authoring(message: "undo")) { editor in
            let access = editor.reading
            report = try editor.undo(access.deed(of: access.info(of: revision)))
        }
        return (try wanted(report), written.revisions)
    }

    private func sum(_ copy: Copy) throws -> [[SQLValue]] {
        try copy.sql("SELECT count(*), sum(value) FROM trade")
    }

    private func check(_ copy: Copy, in folder: TestFolder) throws {
        #expect(try copy.verification(in: folder).faults.isEmpty)
    }

    @Test("undo of any part of a group takes back all of it, as a group, and so does its own undo")
    func group() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let parts = try writeFigures(1, count: 9900, in: mina)
        #expect(parts.count == 2)
        let (report, undo) = try undo(parts[1], in: mina)
        #expect(report.recordCount == 9900 && report.fieldCount == 9900)
        #expect(report.leftCount == 0 && report.putBack.count == UndoReport.maximumListed)
        #expect(undo.count == 2)
        #expect(try sum(mina) == [[.integer(0), .null]])
        let deed = try mina.dataset.read { try $0.latestOwnDeed() }
        #expect(deed?.infos.map(\.revision) == undo)
        #expect(deed?.infos.compactMap(\.group?.part) == [1, 2])
        let (again, _) = try self.undo(undo[1], in: mina)
        #expect(again.recordCount == 9900)
        #expect(try sum(mina) == [[.integer(9900), .real(9900)]])
        try check(mina, in: folder)
    }

    @Test(
        "undo of an import that changed figures puts the old ones back, but for those changed since"
    )
    func changingImport() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try writeFigures(1, count: 9900, in: mina)
        let second = try writeFigures(5, count: 9900, in: mina)
        let jun = try folder.copy("jun", of: mina)
        let changed = try jun.edit(Self.record(7).text, .figure(9))
        try mina.pull(from: jun)
        let (report, _) = try undo(second[0], in: mina)
        #expect(report.recordCount == 9899 && report.leftCount == 1)
        #expect(report.left.first?.address == Self.record(7))
        #expect(report.left.first?.left == Inverse.Left(.statement("value"), .changed, [changed]))
        #expect(report.left.first?.infos.map(\.author) == ["jun"])
        #expect(try sum(mina) == [[.integer(9900), .real(9899 + 9)]])
        try jun.pull(from: mina)
        #expect(try sum(jun) == sum(mina))
        try check(mina, in: folder)
    }

    @Test("of an import that added records, those that somebody has edited since stay")
    func editedSince() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let revisions = try writeFigures(1, count: 50, in: mina)
        let jun = try folder.copy("jun", of: mina)
        let edit = try jun.edit(Self.record(3).text, .note("checked"))
        try jun.edit(Self.record(4).text, .delete)
        try mina.pull(from: jun)
        let (report, _) = try undo(revisions[0], in: mina)
        #expect(report.recordCount == 49)
        #expect(report.left.map(\.left.reason) == [.edited, .deleted])
        #expect(report.left.first?.left == Inverse.Left(.existence, .edited, [edit]))
        let left = try mina.sql("SELECT product, value, note FROM trade")
        #expect(left == [[.text("H6:100003"), .null, .text("checked")]])
        try check(mina, in: folder)
    }

    @Test("a group that has not arrived whole is refused, and nothing is written")
    func incomplete() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let jun = try folder.copy("jun", of: mina)
        let parts = try writeFigures(1, count: 9900, in: mina)
        _ = try jun.dataset.take(Array(mina.dataset.lines().prefix(1)), durable: false)
        let before = try sum(jun)
        let error = #expect(throws: StoreError.self) { try undo(parts[0], in: jun) }
        #expect(error?.code == .badInput)
        #expect(
            error?.message
                == "\(parts[0].short) is part 1 of a deed that has not arrived whole")
        #expect(error?.hint == "Fetch the rest first: tally sync --pull")
        #expect(try sum(jun) == before && jun.dataset.read(\.vector)[parts[0].replica] == 1)
        try jun.pull(from: mina)
        _ = try undo(parts[0], in: jun)
        #expect(try sum(jun) == [[.integer(0), .null]])
    }

    @Test("an undo that ends half way has changed nothing")
    func allOrNothing() throws {
        struct Cut: Error {}
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let parts = try writeFigures(1, count: 9900, in: mina)
        let vector = try mina.dataset.read(\.vector)
        #expect(throws: Cut.self) {
            try mina.write { editor in
                let access = editor.reading
                _ = try editor.undo(access.deed(of: access.info(of: parts[0])))
                throw Cut()
            }
        }
        #expect(try mina.dataset.read(\.vector) == vector)
        #expect(try sum(mina) == [[.integer(9900), .real(9900)]])
    }

    @Test("undo of a resolution opens the conflict again on every copy, with its id and its sides")
    func resolution() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina", clock: TestClock("2026-11-23T10:00:00.000Z"))
        try mina.edit(korea, .note("x"))
        let jun = try folder.copy("jun", of: mina, clock: TestClock("2026-11-23T11:00:00.000Z"))
        try mina.edit(korea, .note("y"))
        try jun.edit(korea, .note("z"))
        try mina.pull(from: jun)
        let before = try mina.view(korea).conflicts
        let resolution = try mina.edit(korea, .note("y"))
        try jun.pull(from: mina)
        #expect(try jun.view(korea).conflicts.isEmpty)
        let (report, _) = try undo(resolution, in: jun)
        #expect(report.opened == before.map(\.id) && report.settledCount == 0)
        try mina.pull(from: jun)
        for copy in [mina, jun] {
            let after = try copy.view(korea).conflicts
            #expect(after.map(\.id) == before.map(\.id))
            #expect(after.map { $0.sides.map(\.content) } == before.map { $0.sides.map(\.content) })
            #expect(after.map { $0.sides.map(\.letter) } == [["A", "B"]])
        }
        try check(mina, in: folder)
    }

    @Test("a conflict that is opened beside a deletion is not gone without a word")
    func besideDeletion() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.edit(korea, .note("x"))
        let jun = try folder.copy("jun", of: mina)
        try mina.edit(korea, .note("y"))
        try jun.edit(korea, .note("z"))
        try mina.pull(from: jun)
        let resolution = try mina.edit(korea, .note("y"))
        try jun.pull(from: mina)
        try jun.edit(korea, .delete)
        _ = try undo(resolution, in: mina)
        try mina.pull(from: jun)
        try jun.pull(from: mina)
        for copy in [mina, jun] {
            let view = try copy.view(korea)
            #expect(view.isVisible)
            #expect(view.conflicts.map(\.statement) == ["-", "note"])
        }
    }

    @Test("undo of a setting settles by what was agreed before")
    func setting() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.edit(korea, .figure(1))
        let jun = try folder.copy("jun", of: mina)
        try mina.edit(korea, .figure(3))
        try jun.edit(korea, .figure(2))
        try mina.pull(from: jun)
        let agreed = RecordEdit.set(statement: "value", value: [.text("max")])
        let setting = try mina.edit("setting/policy.trade.value", agreed)
        #expect(try mina.dataset.read { try $0.conflictCount() } == 0)
        _ = try undo(setting, in: mina)
        #expect(try mina.dataset.read { try $0.conflictCount() } == 1)
        try check(mina, in: folder)
    }

    @Test("a copy that has written nothing has no deed of its own")
    func nothingWritten() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.edit(korea, .note("x"))
        let jun = try folder.copy("jun", of: mina)
        #expect(try jun.dataset.read { try $0.latestOwnDeed() } == nil)
        #expect(try mina.dataset.read { try $0.latestOwnDeed() }?.infos.count == 1)
    }
}
