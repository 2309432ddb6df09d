import StoreTestSupport
import TallyCore
import TallyStore
import Testing

/// Policies that a team agrees on, kept as settings.
struct PolicyTests {
    private static func agreed(_ policy: String?) -> RecordEdit {
        .set(statement: "value", value: [policy.map { .text($0) } ?? .null])
    }

    private let setting = "setting/policy.trade.value"

    /// Two copies that disagree about a figure: 3 at ten, 2 an hour later.
    private func disagreement(in folder: TestFolder) throws -> (Copy, Copy) {
        let mina = try folder.copy("mina", clock: TestClock("2026-11-23T10:00:00.000Z"))
        let jun = try folder.copy("jun", of: mina, clock: TestClock("2026-11-23T11:00:00.000Z"))
        try mina.edit(korea, .figure(3, released: "2024-01"))
        try jun.edit(korea, .figure(2, released: "2024-02"))
        try mina.pull(from: jun)
        return (mina, jun)
    }

    private func value(_ copy: Copy) throws -> Value? { try copy.view(korea).row?.values["value"] }

    private func conflicts(_ copy: Copy) throws -> Int {
        try copy.dataset.read { try $0.conflictCount() }
    }

    @Test("a setting that is written later settles a conflict, and opens it again when it goes")
    func settled() throws {
        let folder = try TestFolder()
        let (mina, _) = try disagreement(in: folder)
        #expect(try conflicts(mina) == 1 && value(mina) == .number(2))
        for (policy, expected) in [
            ("max", 3), ("min", 2), ("newest", 2), ("vintage", 2), ("max", 3),
        ] {
            try mina.edit(setting, Self.agreed(policy))
            #expect(try conflicts(mina) == 0 && value(mina) == .number(Double(expected)))
            #expect(try mina.sql("SELECT 1 FROM tally_conflict").isEmpty)
            #expect(try mina.verification(in: folder).faults == [])
        }
        for edits in [
            [Self.agreed("manual")], [Self.agreed("fill")], [Self.agreed("nonsense")],
            [Self.agreed(nil)], [Self.agreed("max")], [.delete],
        ] {
            let record = try #require(RecordAddress(setting))
            try mina.write { try $0.edit(record, edits) }
            let isSettled = edits == [Self.agreed("max")]
            #expect(try conflicts(mina) == (isSettled ? 0 : 1), "\(edits)")
            #expect(try value(mina) == .number(isSettled ? 3 : 2), "\(edits)")
            #expect(try mina.verification(in: folder).faults == [])
        }
    }

    @Test("a setting that comes with a pull settles as one that is written here")
    func pulled() throws {
        let folder = try TestFolder()
        let (mina, jun) = try disagreement(in: folder)
        try jun.edit(setting, Self.agreed("max"))
        try mina.pull(from: jun)
        try jun.pull(from: mina)
        for copy in [mina, jun] {
            #expect(try conflicts(copy) == 0 && value(copy) == .number(3))
            #expect(try copy.verification(in: folder).faults == [])
        }
    }

    @Test("a setting about which there is a conflict holds as its provisional winner says")
    func disputedSetting() throws {
        let folder = try TestFolder()
        let (mina, jun) = try disagreement(in: folder)
        try mina.edit(setting, Self.agreed("max"))
        try jun.edit(setting, Self.agreed("min"))
        try mina.pull(from: jun)
        try jun.pull(from: mina)
        for copy in [mina, jun] {
            let open = try copy.dataset.read { try $0.conflicts() }
            #expect(open.map { "\($0.record)" } == [setting])
            #expect(try value(copy) == .number(2))
        }
    }

    @Test("a setting about a kind, a field or a word that is not known settles nothing")
    func unknownSettings() throws {
        let folder = try TestFolder()
        let (mina, _) = try disagreement(in: folder)
        let targets = [
            "trade.nothing", "x.value", "trade", "trade.value.x", "trade.unit", "setting.value",
        ]
        for target in targets {
            let name = "policy.\(target)"
            try mina.edit("setting/\(name)", Self.agreed("max"))
            #expect(try conflicts(mina) == 1)
        }
        // A statement goes by its own name only.
        try mina.edit("setting/policy.trade.value", Self.agreed("max"))
        #expect(try conflicts(mina) == 0)
    }
}
