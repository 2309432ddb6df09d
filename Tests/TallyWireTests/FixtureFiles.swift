import Foundation
import TallyCore
import TallyWire
import Testing

/// Writes the files of `SyncFixtures/lines`, and checks that they are what they would be written as.
///
/// `TALLY_WRITE_FIXTURES=1 swift test --filter FixtureFiles` writes them anew.
struct FixtureFiles {
    static let folder = repositoryRoot.appendingPathComponent("SyncFixtures/lines")

    static func contents() throws -> [(file: String, bytes: [UInt8])] {
        let cases = try FixtureCases()
        let keys = try FixtureCases.keys()
        let lines = try FixtureLines(keys: keys).lines
        let format = JSONValue.Member("format", "tally-lines/v1")
        return [
            (
                "keys.json",
                file(
                    [format, .init("dataset", .string(try Samples.dataset().text))],
                    list: "keys", keys.map { json(name: $0.name, of: $0.key) })
            ),
            ("valid.jsonl", lines.flatMap { $0.bytes + [0x0a] }),
            ("valid.json", file([format], list: "lines", try lines.map(json))),
            ("malformed.json", file([format], list: "cases", try cases.malformed().map(\.json))),
            ("bounds.json", file([format], list: "cases", cases.bounds.map(\.json))),
        ]
    }

    private static func json(name: String, of key: ReplicaKey) -> JSONValue {
        let publicKey = String(decoding: Base64URL.encode(key.publicKey.bytes), as: UTF8.self)
        return [
            "name": .string(name),
            "seed": .string(key.seed.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()),
            "public_key": .string(publicKey), "replica": .string(key.replica.text),
        ]
    }

    private static func json(of line: FixtureLines.Line) throws -> JSONValue {
        let changeset = try ChangesetLine(line.bytes).changeset(kinds: Samples.kinds())
        var plain = try Samples.changeset(changeset.edits)
        plain.revision = Revision(try Samples.key().replica, 1)
        let written = try JSONValue(
            parsing: ChangesetWriter(key: Samples.key()).line(plain).bytes)
        return [
            "name": .string(line.name), "contains": .string(line.note),
            "replica": .string(line.replica.text), "seq": .number(Double(line.seq)),
            "hash": .string(line.hash.text),
            "signature": .string(
                String(decoding: line.bytes.suffix(88).dropLast(2), as: UTF8.self)),
            "edits": written["edits"] ?? .null,
        ]
    }

    /// An object with a list whose elements have a line each, for readable differences.
    private static func file(
        _ members: [JSONValue.Member], list: String, _ elements: [JSONValue]
    ) -> [UInt8] {
        var text = "{\n"
        for member in members { text += "\"\(member.name)\": \(member.value.text),\n" }
        text += "\"\(list)\": [\n" + elements.map(\.text).joined(separator: ",\n") + "\n]}\n"
        return Array(text.utf8)
    }

    // CryptoKit's signatures are made with randomness, so that only BoringSSL writes the same bytes again.
    #if !canImport(CryptoKit)
        @Test("the files of SyncFixtures/lines are what the tables of this folder say")
        func files() throws {
            let writes = ProcessInfo.processInfo.environment["TALLY_WRITE_FIXTURES"] == "1"
            for (file, bytes) in try Self.contents() {
                let url = Self.folder.appendingPathComponent(file)
                if writes { try Data(bytes).write(to: url) }
                #expect(
                    try Data(contentsOf: url) == Data(bytes),
                    "\(file) differs: TALLY_WRITE_FIXTURES=1 writes it anew")
            }
        }
    #endif
}
