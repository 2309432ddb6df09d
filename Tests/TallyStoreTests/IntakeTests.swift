import Foundation
import StoreTestSupport
import TallyCore
import TallyStore
import TallyWire
import Testing

/// Lines from outside, as `SyncFixtures/lines` has them and as other copies write them.
struct IntakeTests {
    static let fixtures: LineFixtures? = try? LineFixtures(
        folder: URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("SyncFixtures/lines"))

    @Test("every malformed line gets the answer that the fixtures name")
    func malformed() throws {
        let fixtures = try #require(Self.fixtures)
        let folder = try TestFolder()
        let cases = Dictionary(grouping: fixtures.malformed + fixtures.bounds) { $0.context ?? [] }
        for (context, cases) in cases {
            let name = "log-\(context.joined(separator: "-")).tally"
            let log = try Dataset.create(
                path: folder.file(name), name: "log", id: fixtures.dataset)
            _ = try log.take(try fixtures.lines(context), durable: false)
            let heads = try log.read(\.heads)
            for test in cases where test.answer.word != nil || test.context != nil {
                let fault = #expect(throws: LineFault.self, "\(test.name)") {
                    try log.take([test.bytes], durable: false)
                }
                #expect(fault?.word == test.answer.word, "\(test.name): \(fault?.reason ?? "")")
                #expect(fault?.expectedSeq == test.answer.expectedSeq, "\(test.name)")
                #expect(
                    fault?.reason.contains(test.answer.reason) == true,
                    "\(test.name): \(fault?.reason ?? "")")
                #expect(try log.read(\.heads) == heads, "\(test.name) has changed the log")
            }
        }
    }

    @Test("the valid lines are taken, once, and the state is what they say")
    func valid() throws {
        let fixtures = try #require(Self.fixtures)
        let folder = try TestFolder()
        let log = try Dataset.create(
            path: folder.file("log.tally"), name: "log", id: fixtures.dataset)
        let lines = fixtures.valid.map(\.bytes)
        let taken = try log.take(lines, member: "mina", durable: true)
        #expect(
            taken.accepted.map { "\($0)" } == fixtures.valid.map { "\($0.replica):\($0.seq)" })
        let again = try log.take(lines, durable: false)
        #expect(again.accepted.isEmpty && again.duplicates == lines.count)
        #expect(try log.lines() == lines)
        #expect(
            try log.rows("SELECT DISTINCT member FROM tally_log") == [[.text("mina")]])
        let verification = try log.verify(temporaryPath: folder.file("verify.tally"))
        #expect(verification.faults == [] && verification.changesets == lines.count)
    }

    @Test("one line that is refused refuses all that came with it, and is named by its number")
    func allOrNothing() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        for text in ["a", "b", "c"] { try mina.edit(korea, .note(text)) }
        let lines = try mina.dataset.lines()
        let jun = try folder.copy("jun", id: mina.dataset.id)
        let fault = #expect(throws: LineFault.self) {
            try jun.dataset.take([lines[0], lines[2], lines[1]], durable: false)
        }
        #expect(fault?.word == .gap)
        #expect(fault?.line == 2)
        #expect(fault?.expectedSeq == 2)
        #expect(try jun.sql("SELECT 1 FROM tally_log UNION SELECT 1 FROM trade").isEmpty)
        #expect(try jun.dataset.take(lines, durable: false).accepted.count == 3)
    }

    @Test("what stands behind the lines in the same transaction is undone with them")
    func bodyThrows() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.edit(korea, .note("a"))
        let jun = try folder.copy("jun", id: mina.dataset.id)
        #expect(throws: CancellationError.self) {
            try jun.dataset.take(try mina.dataset.lines(), durable: false) { access in
                try access.setCursor("here", epoch: "e", remote: "mina")
                throw CancellationError()
            }
        }
        #expect(try jun.dataset.read { try $0.remotes() }.isEmpty)
        #expect(try jun.dataset.read(\.heads).isEmpty)
    }

    @Test("a line of another dataset is refused before its signature is looked at")
    func otherDataset() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let other = try folder.copy("other")
        try other.edit(korea, .note("a"))
        var line = try other.dataset.lines()[0]
        // Another character of base64url in the middle of the signature.
        let isA = line[line.count - 20] == UInt8(ascii: "A")
        line[line.count - 20] = UInt8(ascii: isA ? "B" : "A")
        let fault = #expect(throws: LineFault.self) {
            try mina.dataset.take([line], durable: false)
        }
        #expect(
            fault?.reason == "the line is of dataset \(other.dataset.id); "
                + "this is dataset \(mina.dataset.id)")
    }
}
