import Crypto
import Foundation
import TallyCore
import TallyWire
import Testing

/// A line that is written anew to repair a fork (DESIGN.md section 6).
struct RewritingTests {
    /// A line of mina's, written in a way of its own: order, spaces, escapes, a member that is not known.
    private func original() throws -> ChangesetLine {
        let key = try Samples.key()
        let hash = String(repeating: "ab", count: 32)
        let edits =
            #"[{"op":"set", "kind":"setting","fields":["value"],"rows":[[["name"],"K\u006frea"]]}]"#
        let unsigned =
            #"{ "edits" : \#(edits),"mood":{"a": [1, 2]},"group":{"part":2, "last" : true,"#
            + #""why":"a \" b","id":"6f9619ff-8b86-4d01-b42d-00cf4fc964ff"},"author":"m\u0069na","at":"2026-11-23T16:45:12.345Z","#
            + #""by":"import","machine":"laptop","message":"a / b","seen":{},"prev":"\#(hash)","seq":7,"#
            + #""replica":"\#(key.replica)","dataset":"\#(try Samples.dataset())","format":1}"#
        return try ChangesetLine(LineDraft.sign(Array(unsigned.utf8), with: key))
    }

    @Test("members stand in one order without spaces, strings and edits as the bytes they were")
    func bytes() throws {
        let line = try original()
        let key = ReplicaKey(replacing: line.hash)
        let seen = Changeset.Seen(
            revision: Revision(try Samples.key().replica, 6),
            hash: try #require(ChangesetHash(String(repeating: "ab", count: 32))))
        let written = try line.rewritten(with: key, seq: 1, previous: nil, seen: [seen])
        let publicKey = String(decoding: Base64URL.encode(key.publicKey.bytes), as: UTF8.self)
        let expected =
            #"{"format":1,"dataset":"\#(try Samples.dataset())","replica":"\#(key.replica)","seq":1,"#
            + #""seen":{"\#(seen.revision.replica)":[6,"\#(seen.hash)"]},"was":"\#(line.hash)","#
            + #""at":"2026-11-23T16:45:12.345Z","author":"m\u0069na","machine":"laptop","message":"a / b","#
            + #""group":{"part":2,"last":true,"why":"a \" b","id":"6f9619ff-8b86-4d01-b42d-00cf4fc964ff"},"by":"import","#
            + #""edits":[{"op":"set", "kind":"setting","fields":["value"],"rows":[[["name"],"K\u006frea"]]}],"#
            + #""mood":{"a": [1, 2]},"key":"\#(publicKey)","sig":""#
        #expect(String(decoding: written.bytes.dropLast(88), as: UTF8.self) == expected)

        let read = try ChangesetLine(written.bytes)
        try read.checkSignature(with: key.publicKey)
        #expect(read.hash == written.hash)
        #expect(try read.was() == line.hash)
        let (new, old) = try (
            read.changeset(kinds: Samples.kinds()), line.changeset(kinds: Samples.kinds())
        )
        #expect(new.edits == old.edits && new.group == old.group && new.at == old.at)
        #expect(new.isImport && new.message == old.message && new.author == old.author)
    }

    @Test("a later line has the hash before it and no key")
    func later() throws {
        let line = try original()
        let key = ReplicaKey(replacing: line.hash)
        let previous = try #require(ChangesetHash(String(repeating: "cd", count: 32)))
        let read = try ChangesetLine(
            line.rewritten(with: key, seq: 2, previous: previous, seen: []).bytes)
        #expect(try read.previous() == previous && read.key() == nil && read.seq() == 2)
        #expect(try read.seen().isEmpty)
    }

    @Test("the seed of the successor is the SHA-256 of tally-fork-1 and the 32 bytes of the hash")
    func seed() throws {
        let hash = ChangesetHash(of: Array("a line".utf8))
        let digest = SHA256.hash(data: Data("tally-fork-1".utf8) + Data(hash.bytes))
        #expect(ReplicaKey(replacing: hash).seed == Array(digest))
    }

    @Test("a line near the bound, that has no room for its new names, is too large")
    func tooLarge() throws {
        var changeset = try Samples.changeset([])
        let text = String(repeating: "x", count: 60_000)
        changeset.edits = [
            Edit(
                kind: "setting", operation: .set(fields: ["value"]),
                rows: (0..<69).map { row in
                    Edit.Row(key: RecordKey(["\(row)"]), values: [.text(text)])
                })
        ]
        let room =
            Changeset.maximumLineBytes
            - ChangesetWriter(key: try Samples.key()).line(changeset).bytes.count
        changeset.message = String(repeating: "m", count: room - 20)
        let line = try ChangesetLine(ChangesetWriter(key: try Samples.key()).line(changeset).bytes)
        let fault = #expect(throws: LineFault.self) {
            try line.rewritten(
                with: ReplicaKey(replacing: line.hash), seq: 1, previous: nil, seen: [])
        }
        #expect(fault?.word == .tooLarge)
        #expect(fault?.reason.hasPrefix("written anew the changeset ") == true)
    }
}
