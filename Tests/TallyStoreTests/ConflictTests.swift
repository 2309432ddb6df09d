import StoreTestSupport
import TallyCore
import TallyStore
import TallyWire
import Testing

/// Open conflicts as a file lists them.
struct ConflictTests {
    private func copies(_ folder: TestFolder) throws -> (mina: Copy, jun: Copy) {
        let mina = try folder.copy("mina", clock: TestClock("2026-11-23T10:00:00.000Z"))
        try mina.edit(korea, .figure(1), .note("typed"))
        let jun = try folder.copy("jun", of: mina, clock: TestClock("2026-11-23T11:00:00.000Z"))
        return (mina, jun)
    }

    private func onlyConflict(_ copy: Copy) throws -> Conflict {
        let conflicts = try copy.dataset.read { try $0.conflicts() }
        #expect(conflicts.count == 1)
        return try #require(conflicts.first)
    }

    @Test("a conflict has letters by time, and what was before both sides")
    func sides() throws {
        let folder = try TestFolder()
        let (mina, jun) = try copies(folder)
        try jun.edit(korea, .figure(3))
        try mina.edit(korea, .figure(2))
        try mina.pull(from: jun)
        let conflict = try onlyConflict(mina)
        #expect(conflict.sides.map(\.letter) == ["A", "B"])
        let figures = conflict.sides.map { side -> Value in
            if case .values(let values) = side.content { values[0] } else { .null }
        }
        #expect(figures == [.number(2), .number(3)])
        let before = try mina.dataset.read { try $0.before([conflict]) }
        #expect(before[conflict.id]?.first == .number(1))
        #expect(try mina.view(korea).row?.values["value"] == .number(3))
        #expect(try mina.dataset.read { try $0.conflicts(id: conflict.id.text) } == [conflict])
        #expect(try mina.dataset.read { try $0.conflicts(id: "zzzzzzzz") }.isEmpty)
    }

    @Test("before a conflict between the two sides of an undone resolution is that resolution")
    func reopened() throws {
        let folder = try TestFolder()
        let (mina, jun) = try copies(folder)
        try mina.edit(korea, .note("resolved"))
        try mina.edit(korea, .reopenNote(["x", "y", "x"]))
        let first = try onlyConflict(mina)
        #expect(
            try mina.dataset.read { try $0.before([first]) } == [first.id: [.text("resolved")]])
        // Two who settle it differently: what was before is the last that the undo put back.
        try jun.pull(from: mina)
        try mina.edit(korea, .note("m"))
        try jun.edit(korea, .note("j"))
        try mina.pull(from: jun)
        let second = try onlyConflict(mina)
        #expect(try mina.dataset.read { try $0.before([second]) } == [second.id: [.text("y")]])
        // The same is said when it is settled.
        try mina.edit(korea, .note("m"))
        let view = try mina.view(korea)
        let reason = try mina.dataset.read { try $0.reason(of: "note", in: view) }
        #expect(reason?.replaced?.content == [.text("y")])
    }

    @Test("nothing was before two who entered one key independently")
    func addAdd() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let jun = try folder.copy("jun", of: mina)
        try mina.edit(korea, .figure(1))
        try jun.edit(korea, .figure(2))
        try mina.pull(from: jun)
        let conflict = try onlyConflict(mina)
        #expect(conflict.what == .addAdd)
        #expect(try mina.dataset.read { try $0.before([conflict]) }.isEmpty)
    }

    @Test("a conflict is found by the beginning of its id")
    func prefixes() throws {
        let folder = try TestFolder()
        let (mina, jun) = try copies(folder)
        for number in 0..<40 { try mina.edit("event/\(number)", .note("m")) }
        for number in 0..<40 { try jun.edit("event/\(number)", .note("j")) }
        try mina.pull(from: jun)
        let ids = try mina.dataset.read { try $0.conflicts() }.map(\.id.text).sorted()
        #expect(ids.count == 40)
        for id in ids {
            for length in 1...8 {
                let prefix = String(id.prefix(length))
                let expected = Array(ids.filter { $0.hasPrefix(prefix) }.prefix(10))
                #expect(try mina.dataset.read { try $0.conflictIDs(prefix: prefix) } == expected)
            }
        }
        #expect(try mina.dataset.read { try $0.conflictIDs(prefix: "", limit: 3) }.count == 3)
        #expect(try mina.dataset.read { try $0.allConflictIDs() } == Set(ids))
        #expect(try mina.dataset.read { try $0.conflictCount() } == 40)
    }

    @Test("letters that a list has shown are known to be old when the sides are others")
    func shown() throws {
        let folder = try TestFolder()
        let (mina, jun) = try copies(folder)
        try mina.edit(korea, .figure(2))
        try jun.edit(korea, .figure(3))
        try mina.pull(from: jun)
        let conflict = try onlyConflict(mina)
        func hasChanged() throws -> Bool {
            let now = try onlyConflict(mina)
            return try mina.dataset.read { try $0.hasChangedSinceShown(now) }
        }
        #expect(try !hasChanged(), "nothing was shown")
        try mina.dataset.writeLocally { try $0.rememberShown([conflict], isWhole: true) }
        #expect(try !hasChanged())
        try jun.edit(korea, .figure(4))
        try mina.pull(from: jun)
        #expect(try hasChanged())
        let now = try onlyConflict(mina)
        try mina.dataset.writeLocally { try $0.rememberShown([now], isWhole: false) }
        #expect(try !hasChanged())
        try mina.dataset.writeLocally { try $0.rememberShown([], isWhole: true) }
        #expect(try mina.sql("SELECT 1 FROM tally_shown").isEmpty)
    }

    @Test("two who resolve differently make one conflict between the two resolutions")
    func resolving() throws {
        let folder = try TestFolder()
        let (mina, jun) = try copies(folder)
        try mina.edit(korea, .figure(2))
        try jun.edit(korea, .figure(3))
        try mina.pull(from: jun)
        try jun.pull(from: mina)
        let first = try mina.edit(korea, .figure(2))
        let second = try jun.edit(korea, .figure(3))
        try mina.pull(from: jun)
        let conflict = try onlyConflict(mina)
        #expect(conflict.what == .editEdit)
        #expect(Set(conflict.sides.flatMap(\.revisions)) == [first, second])
        try mina.edit(korea, .figure(3))
        try jun.pull(from: mina)
        #expect(try jun.dataset.read { try $0.conflictCount() } == 0)
        for copy in [mina, jun] { #expect(try copy.verification(in: folder).faults == []) }
    }
}
