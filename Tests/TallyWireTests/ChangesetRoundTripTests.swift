import TallyCore
import TallySimulator
import TallyWire
import Testing

struct ChangesetRoundTripTests {
    private let seed: UInt64 = 56

    private func expectSame(_ a: Changeset, _ b: Changeset, _ what: String) {
        #expect(a.dataset == b.dataset && a.revision == b.revision, "\(what)")
        #expect(a.previous == b.previous && a.seen == b.seen, "\(what)")
        #expect(a.at == b.at && a.isImport == b.isImport && a.group == b.group, "\(what)")
        #expect(Array(a.author.utf8) == Array(b.author.utf8), "\(what)")
        #expect(Array(a.machine.utf8) == Array(b.machine.utf8), "\(what)")
        #expect(a.message.map { Array($0.utf8) } == b.message.map { Array($0.utf8) }, "\(what)")
        #expect(a.edits == b.edits, "\(what)")
    }

    @Test("every changeset that is written reads back to the same")
    func roundTrip() throws {
        var generator = try ChangesetGenerator(seed: seed)
        let (key, kinds) = (try Samples.key(), try Samples.kinds())
        let writer = ChangesetWriter(key: key)
        var operations: Set<String> = []
        for round in 0..<1000 {
            let changeset = try generator.next()
            let what = "seed \(seed), round \(round)"
            let signed = writer.line(changeset)
            do throws(LineFault) {
                let line = try ChangesetLine(signed.bytes)
                #expect(line.bytes == signed.bytes && line.hash == signed.hash, "\(what)")
                try line.checkFormat()
                #expect((try line.key() == nil) == (changeset.revision.seq > 1), "\(what)")
                try line.checkSignature(with: key.publicKey)
                #expect(try line.was() == nil)
                let read = try line.changeset(kinds: kinds)
                expectSame(read, changeset, what)
                #expect(writer.line(read).hash == signed.hash, "\(what)")
            } catch { Issue.record("\(what): \(error.reason)") }
            operations.formUnion(changeset.edits.map(\.operation.name))
        }
        #expect(operations.count == 6, "\(operations)")
    }

    @Test("a line is read the same whatever the order of members, the spaces, the escapes")
    func anyWriter() throws {
        var generator = try ChangesetGenerator(seed: seed + 1)
        var restyle = Restyle(random: SeededGenerator(seed: seed + 2))
        let (key, kinds) = (try Samples.key(), try Samples.kinds())
        for round in 0..<300 {
            let changeset = try generator.next()
            let what = "seed \(seed + 1), round \(round)"
            let plain = ChangesetWriter(key: key).line(changeset)
            var json = try JSONValue(parsing: plain.bytes).object ?? []
            json.removeAll { $0.name == "sig" }
            let text = restyle.text(.object(json))
            let line = try ChangesetLine(LineDraft.sign(Array(text.utf8), with: key))
            try line.checkSignature(with: key.publicKey)
            #expect(line.hash == ChangesetHash(of: Array(text.utf8)), "\(what)")
            do throws(LineFault) {
                expectSame(try line.changeset(kinds: kinds), changeset, what)
            } catch { Issue.record("\(what): \(error.reason)\n\(text)") }
        }
    }

    @Test("what a reader does not know is the same to one that knows no kind at all")
    func withoutKinds() throws {
        var generator = try ChangesetGenerator(seed: seed + 3)
        let writer = try ChangesetWriter(key: Samples.key())
        for round in 0..<200 {
            let changeset = try generator.next()
            let read = try ChangesetLine(writer.line(changeset).bytes).changeset(
                kinds: KindCatalog([]))
            expectSame(read, changeset, "seed \(seed + 3), round \(round)")
        }
    }
}

/// Writes JSON as some other writer might: members shuffled, spaces, needless escapes, numbers with exponents.
struct Restyle {
    var random: SeededGenerator

    mutating func text(_ json: JSONValue, isOpaque: Bool = false) -> String {
        switch json {
        case .string(let text): return string(text)
        case .number(let number): return space() + self.number(number) + space()
        case .array(let elements):
            let list = elements.map { text($0, isOpaque: isOpaque) }.joined(separator: ",")
            return space() + "[" + list + space() + "]"
        case .object(let members):
            // The order of the members of a value that nobody knows is part of the value.
            let isValue = !members.contains { ["kind", "format", "id"].contains($0.name) }
            let list = (isValue ? members : random.shuffled(members)).map {
                space() + string($0.name) + space() + ":" + text($0.value)
            }
            return space() + "{" + list.joined(separator: ",") + space() + "}"
        default: return space() + json.text
        }
    }

    private mutating func space() -> String {
        random.chance(percent: 80) ? "" : random.pick([" ", "\t", "   "])
    }

    private mutating func string(_ text: String) -> String {
        guard random.chance(percent: 50) else { return JSONValue.string(text).text }
        let units = text.utf16.map { unit in
            let hex = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - hex.count)
                + (random.chance(percent: 50) ? hex : hex.uppercased())
        }
        return "\"" + units.joined() + "\""
    }

    private mutating func number(_ number: Double) -> String {
        let plain = JSONValue.number(number).text
        // seq, part and format are plain integers.
        guard number != number.rounded(), random.chance(percent: 50) else { return plain }
        return plain.contains("e") ? plain.uppercased() : plain + "000e+00"
    }
}
