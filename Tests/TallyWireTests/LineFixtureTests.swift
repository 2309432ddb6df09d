import Foundation
import TallyCore
import TallyWire
import Testing

/// Runs the examples of `SyncFixtures/lines` through the reader of lines.
struct LineFixtureTests {
    private static let loaded = Result { try LineFixtures(folder: FixtureFiles.folder) }
    private let fixtures: LineFixtures
    private let kinds: KindCatalog

    init() throws {
        fixtures = try Self.loaded.get()
        kinds = try Samples.kinds()
    }

    /// All checks of a reader that holds no log, in the order of DESIGN.md section 8.
    private func read(_ bytes: [UInt8]) throws(LineFault) -> Changeset {
        let line = try ChangesetLine(bytes)
        try line.checkFormat()
        _ = try line.dataset()
        let replica = try line.replica()
        let known = fixtures.keys.first { $0.replica == replica }
            .flatMap { ReplicaPublicKey(bytes: $0.publicKey) }
        guard let key = try line.key() ?? known else {
            throw LineFault(.invalid, "no key is known of \(replica)")
        }
        try line.checkSignature(with: key)
        _ = try line.seq()
        _ = try line.previous()
        _ = try line.seen()
        return try line.changeset(kinds: kinds)
    }

    @Test("a replica's public key and id follow from its seed")
    func keys() throws {
        for key in fixtures.keys {
            let made = try #require(ReplicaKey(seed: key.seed), "\(key.name)")
            #expect(made.publicKey.bytes == key.publicKey, "\(key.name)")
            #expect(made.replica == key.replica, "\(key.name)")
        }
    }

    @Test("every valid line is read, whoever wrote it")
    func valid() throws {
        for line in fixtures.valid {
            let changeset = try read(line.bytes)
            #expect(changeset.revision == Revision(line.replica, line.seq), "\(line.name)")
            #expect(changeset.dataset == fixtures.dataset, "\(line.name)")
            #expect(try ChangesetLine(line.bytes).hash == line.hash, "\(line.name)")
            #expect(
                String(decoding: line.bytes, as: UTF8.self)
                    .hasSuffix(#","sig":"\#(line.signature)"}"#), "\(line.name)")
        }
    }

    @Test("the edits of a valid line are understood as they are written plainly")
    func edits() throws {
        for line in fixtures.valid {
            var changeset = try Samples.changeset(try read(line.bytes).edits)
            changeset.revision = Revision(try Samples.key().replica, 1)
            let plain = try ChangesetWriter(key: Samples.key()).line(changeset)
            let written = try JSONValue(parsing: plain.bytes)["edits"]
            #expect(written?.text == line.edits.text, "\(line.name)")
        }
    }

    @Test("every valid line names the hash of the one before it and of those it has seen")
    func chain() throws {
        var heads: [ReplicaID: ChangesetHash] = [:]
        var hashes: [Revision: ChangesetHash] = [:]
        for line in fixtures.valid {
            let changeset = try read(line.bytes)
            #expect(changeset.previous == heads[line.replica], "\(line.name)")
            for seen in changeset.seen {
                #expect(hashes[seen.revision] == seen.hash, "\(line.name)")
            }
            heads[line.replica] = line.hash
            hashes[changeset.revision] = line.hash
        }
    }

    @Test("every malformed line is refused for its own reason")
    func malformed() throws {
        for example in fixtures.malformed where example.context == nil {
            let fault = #expect(throws: LineFault.self, "\(example.name)") {
                try read(example.bytes)
            }
            #expect(fault?.word == example.answer.word, "\(example.name)")
            let reason = fault?.reason ?? ""
            #expect(
                !example.answer.reason.isEmpty && reason.contains(example.answer.reason),
                "\(example.name): \(reason)")
            #expect(
                Shape.isLine(reason, maximumBytes: 1000),
                "\(example.name): a reason is one sentence")
        }
    }

    @Test("a log takes every valid line once, and a second time it is a duplicate")
    func log() throws {
        var log = ModelLog(dataset: fixtures.dataset, kinds: kinds)
        for line in fixtures.valid { #expect(try log.take(line.bytes) != nil, "\(line.name)") }
        for line in fixtures.valid { #expect(try log.take(line.bytes) == nil, "\(line.name)") }
    }

    @Test("every malformed line is refused by a log that holds its context")
    func context() throws {
        for example in fixtures.malformed {
            var log = ModelLog(dataset: fixtures.dataset, kinds: kinds)
            for line in try fixtures.lines(example.context ?? []) { try log.take(line) }
            let fault = #expect(throws: LineFault.self, "\(example.name)") {
                try log.take(example.bytes)
            }
            #expect(fault?.word == example.answer.word, "\(example.name)")
            #expect(fault?.expectedSeq == example.answer.expectedSeq, "\(example.name)")
            let reason = fault?.reason ?? ""
            #expect(reason.contains(example.answer.reason), "\(example.name): \(reason)")
        }
    }

    @Test("a line at a bound is taken, and one beyond it is refused")
    func bounds() throws {
        for example in fixtures.bounds {
            do {
                _ = try read(example.bytes)
                #expect(example.answer.word == nil, "\(example.name) was taken")
            } catch {
                #expect(error.word == example.answer.word, "\(example.name): \(error.reason)")
                #expect(error.reason.contains(example.answer.reason), "\(error.reason)")
            }
        }
    }

    @Test("no two cases have one name, and each context names valid lines")
    func names() throws {
        let names = (fixtures.malformed + fixtures.bounds).map(\.name)
        #expect(
            Set(names).count == names.count, "\(names.filter { n in names.count { $0 == n } > 1 })")
        for example in fixtures.malformed {
            _ = try fixtures.lines(example.context ?? [])
        }
    }
}
