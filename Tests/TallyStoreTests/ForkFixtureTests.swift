import Foundation
import StoreTestSupport
import TallyCore
import TallyStore
import TallyWire
import Testing

/// `SyncFixtures/fork.json`: a log with the branch that gives way, and the same log repaired.
///
/// `TALLY_WRITE_FIXTURES=1 swift test --filter ForkFixtureTests` writes it anew.
struct ForkFixtureTests {
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("SyncFixtures/fork.json")

    /// Three people, of whom mina wrote the branch, jun has seen it between two lines of his, and ana has seen jun.
    private func story(_ folder: TestFolder) throws -> (copy: Copy, fork: Fork) {
        let id = try #require(DatasetID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"))
        func write(_ copy: Copy, _ edits: RecordEdit...) throws -> Revision {
            copy.person.clock.advance(seconds: 60)
            let record = try wanted(RecordAddress(korea))
            return try wanted(copy.write { try $0.edit(record, edits) }.revisions.last)
        }
        let mina = try folder.copy("mina", id: id)
        let first = try write(mina, .figure(1))
        _ = try write(mina, .note("agreed"))
        let jun = try folder.copy("jun", of: mina)
        _ = try write(jun, .add("tags", "checked"))
        _ = try write(mina, .figure(2, status: "P"))
        _ = try write(mina, .note("of the branch"))
        try jun.pull(from: mina)
        _ = try write(jun, .figure(3))
        let ana = try folder.copy("ana", id: id)
        _ = try write(ana, .add("tags", "on her own"))
        try ana.pull(from: jun)
        _ = try write(ana, .remove("tags", "checked"))
        _ = try write(ana, .note("Übersicht / “quoted”"))
        return (ana, Fork(first.replica, after: 2))
    }

    @Test("the log and its repair are those of the file, line by line")
    func fixture() throws {
        let folder = try TestFolder()
        let (copy, fork) = try story(folder)
        let log = try copy.dataset.lines()
        let branch = try #require(try copy.dataset.read { try $0.branch(of: fork) })
        let repair = try #require(
            try copy.dataset.repair(
                fork, givingWay: branch.firstHash, isTold: true, at: copy.person.workplace))
        #expect(repair.rewritten == 5 && repair.replaced.count == 3)
        #expect(try copy.verification(in: folder).faults == [])
        // The name that a revision had before is still understood, as people are shown it.
        let renamed = try copy.dataset.read { try $0.revision("\(fork.replica.short):3") }
        #expect(renamed.revision.replica != fork.replica && renamed.revision.seq == 1)
        #expect(renamed.author == "mina")
        let text = try Self.text(fork, log: log, repaired: copy.dataset.lines())
        if ProcessInfo.processInfo.environment["TALLY_WRITE_FIXTURES"] == "1" {
            try Data(text.utf8).write(to: Self.file)
        }
        #expect(
            try String(contentsOf: Self.file, encoding: .utf8) == text,
            "TALLY_WRITE_FIXTURES=1 writes it anew")
    }

    private static func text(_ fork: Fork, log: [[UInt8]], repaired: [[UInt8]]) -> String {
        func list(_ lines: [[UInt8]]) -> String {
            lines.map { JSONValue.string(String(decoding: $0, as: UTF8.self)).text }
                .joined(separator: ",\n")
        }
        return """
            {
            "format": "tally-fork/v1",
            "fork": {"replica": "\(fork.replica)", "point": \(fork.point)},
            "log": [
            \(list(log))
            ],
            "repaired": [
            \(list(repaired))
            ]}

            """
    }
}
