import TallyCore
import TallySimulator
import TallyWire
import Testing

struct LineMutationTests {
    private let seed: UInt64 = 60

    /// Lines of every shape, with their hashes.
    private func lines(_ count: Int) throws -> [ChangesetWriter.Signed] {
        var generator = try ChangesetGenerator(seed: seed)
        let writer = try ChangesetWriter(key: Samples.key())
        return try (0..<count).map { _ in writer.line(try generator.next()) }
    }

    private static func passes(_ check: () throws -> Void) -> Bool { (try? check()) != nil }

    /// - Returns: the line, where all checks that need no log pass.
    private func accepted(_ bytes: [UInt8], _ kinds: KindCatalog) -> ChangesetLine? {
        let line: ChangesetLine
        do throws(LineFault) {
            line = try ChangesetLine(bytes)
        } catch {
            #expect(!error.reason.isEmpty && error.reason.utf8.count < 1000)
            return nil
        }
        // Each is asked, whatever the others say: none may crash.
        let results = [
            (try? line.checkFormat()) != nil, (try? line.dataset()) != nil,
            Self.passes { _ = try line.key() }, (try? line.seq()) != nil,
            Self.passes { _ = try line.previous() },
            (try? line.seen()) != nil, (try? line.changeset(kinds: kinds)) != nil,
        ]
        return results.contains(false) ? nil : line
    }

    @Test("a line with any bytes changed is refused, or has another hash and no valid signature")
    func mutated() throws {
        let (kinds, publicKey) = (try Samples.kinds(), try Samples.key().publicKey)
        var random = SeededGenerator(seed: seed)
        let lines = try lines(40)
        let marks = Array("{}[]\",:\\u0019eE+-. \nn".utf8)
        var stillJSON = 0
        for round in 0..<6000 {
            let original = random.pick(lines)
            var bytes = original.bytes
            for _ in 0...random.below(3) {
                let index = random.below(bytes.count)
                switch random.below(5) {
                case 0: bytes[index] ^= 1 << UInt8(random.below(8))
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(random.pick(marks), at: index)
                case 3: bytes[index] = random.pick(marks)
                default:
                    let end = min(bytes.count, index + random.below(40))
                    bytes.replaceSubrange(index..<end, with: bytes[index..<end].reversed())
                }
            }
            guard bytes != original.bytes, let line = accepted(bytes, kinds) else { continue }
            stillJSON += 1
            let what = "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))"
            #expect(throws: LineFault.self, "\(what)") { try line.checkSignature(with: publicKey) }
            let isOnlySigned = bytes.dropLast(96) == original.bytes.dropLast(96)
            #expect((line.hash == original.hash) == isOnlySigned, "\(what)")
        }
        #expect(stillJSON > 150, "the loop must not test the JSON reader alone: \(stillJSON)")
    }

    @Test("a line that was changed and signed anew is read or refused, and never a crash")
    func mutatedAndSigned() throws {
        let (kinds, key) = (try Samples.kinds(), try Samples.key())
        var random = SeededGenerator(seed: seed + 1)
        let texts = try lines(40).map {
            String(decoding: $0.bytes.dropLast(96), as: UTF8.self) + "}"
        }
        // Pieces of valid lines put in the place of others keep the JSON whole, so that the deeper checks are reached.
        let pieces = [
            "null", "0", "1", "-1", "1e5", "1e400", "9007199254740992", "true", "[]", "{}", "[[]]",
            "\"\"", "\"a\"", "[1,2]", "{\"a\":1}", "\"set\"", "\"reopen\"", "\"tags\"", "\"trade\"",
        ]
        var read = 0
        for _ in 0..<3000 {
            let text = Array(random.pick(texts).utf8)
            let starts = text.indices.filter { [0x3a, 0x2c, 0x5b].contains(text[$0]) }
            let start = random.pick(starts) + 1
            var skipping = JSONReader(text, at: start)
            guard (try? skipping.skipValue()) != nil else { continue }
            let bytes =
                text[..<start] + Array(random.pick(pieces).utf8) + text[skipping.position...]
            let line = accepted(LineDraft.sign(Array(bytes), with: key), kinds)
            if line != nil { read += 1 }
        }
        #expect(read > 100, "\(read)")
    }

    @Test("a line that is cut short at any byte is refused")
    func truncated() throws {
        let line = try #require(try lines(1).first)
        for count in line.bytes.indices {
            #expect(throws: LineFault.self, "\(count) bytes") {
                try ChangesetLine(Array(line.bytes[..<count]))
            }
        }
    }

    @Test("bytes at random are refused, and never a crash")
    func noise() {
        var random = SeededGenerator(seed: seed + 2)
        for _ in 0..<2000 {
            let bytes = (0..<random.below(200)).map { _ in UInt8(random.below(256)) }
            #expect(throws: LineFault.self) { try ChangesetLine(bytes) }
        }
    }
}
