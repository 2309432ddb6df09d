import StoreTestSupport
import TallyCore
import TallyStore
import Testing

/// The time of a changeset (DESIGN.md section 4, Time).
struct TimeTests {
    private func time(_ copy: Copy, _ note: String) throws -> String {
        let revision = try copy.edit("event/1", .note(note))
        return try copy.dataset.read { try $0.info(of: revision).at.text }
    }

    @Test("a changeset is a millisecond after this replica's last, whatever the clock says")
    func own() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina", clock: TestClock("2026-11-23T10:00:00.000Z"))
        #expect(try time(mina, "a") == "2026-11-23T10:00:00.000Z")
        #expect(try time(mina, "b") == "2026-11-23T10:00:00.001Z")
        mina.person.clock.advance(seconds: -7 * 24 * 3600)
        #expect(try time(mina, "c") == "2026-11-23T10:00:00.002Z")
        mina.person.clock.advance(seconds: 8 * 24 * 3600)
        #expect(try time(mina, "d") == "2026-11-24T10:00:00.000Z")
    }

    @Test("another's time is followed while it is less than a day ahead of the clock")
    func others() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina", clock: TestClock("2026-11-23T10:00:00.000Z"))
        _ = try time(mina, "a")
        for (clock, expected) in [
            ("2026-11-23T09:00:00.000Z", "2026-11-23T10:00:00.001Z"),
            ("2026-11-22T10:00:00.001Z", "2026-11-23T10:00:00.001Z"),
            ("2026-11-22T10:00:00.000Z", "2026-11-22T10:00:00.000Z"),
            ("2026-11-23T10:00:00.001Z", "2026-11-23T10:00:00.001Z"),
        ] {
            let name = "jun\(clock.utf8.reduce(0) { $0 &* 31 &+ Int($1) })"
            let jun = try folder.copy(name, of: mina, clock: TestClock(clock))
            #expect(try time(jun, "b") == expected)
        }
    }

    @Test("one clock that is days ahead does not hide the others")
    func oneWrong() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina", clock: TestClock("2026-11-23T10:00:00.000Z"))
        _ = try time(mina, "a")
        let wrong = try folder.copy("wrong", of: mina, clock: TestClock("2027-11-23T10:00:00.000Z"))
        _ = try time(wrong, "b")
        let jun = try folder.copy("jun", of: wrong, clock: TestClock("2026-11-23T09:00:00.000Z"))
        #expect(try time(jun, "c") == "2026-11-23T10:00:00.001Z")
    }

    @Test("a clock beyond the years of four digits is refused, and nothing is written")
    func beyond() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina", clock: TestClock("9999-12-31T23:59:59.998Z"))
        #expect(try time(mina, "a") == "9999-12-31T23:59:59.998Z")
        #expect(try time(mina, "b") == "9999-12-31T23:59:59.999Z")
        let error = #expect(throws: StoreError.self) { try time(mina, "c") }
        #expect(error?.message == "The clock of this machine is not within the years 0 to 9999")
        #expect(try mina.dataset.read { try $0.latestChangesets(limit: 5).count } == 2)
    }
}
