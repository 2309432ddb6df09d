import TallyCore
import TallySimulator
import TallyWire
import Testing

/// Reading a few records out of a line, against reading all of it.
struct RowSearchTests {
    private let seed: UInt64 = 58

    /// The rows of some records, edits without any left out.
    private func limited(_ edits: [Edit], to records: Set<RecordAddress>) -> [Edit] {
        edits.map { edit in
            var edit = edit
            edit.rows = edit.rows.filter {
                records.contains(RecordAddress(kind: edit.kind, key: $0.key))
            }
            return edit
        }.filter { !$0.rows.isEmpty }
    }

    @Test("no row of a wanted record is missed, whoever wrote the line")
    func equivalence() throws {
        var generator = try ChangesetGenerator(seed: seed)
        var restyle = Restyle(random: SeededGenerator(seed: seed + 1))
        var random = SeededGenerator(seed: seed + 2)
        let (key, kinds) = (try Samples.key(), try Samples.kinds())
        var (wanted, read, all) = (0, 0, 0)
        for round in 0..<500 {
            let changeset = try generator.next()
            var bytes = ChangesetWriter(key: key).line(changeset).bytes
            if round % 2 == 1 {
                var json = try JSONValue(parsing: bytes).object ?? []
                json.removeAll { $0.name == "sig" }
                bytes = LineDraft.sign(Array(restyle.text(.object(json)).utf8), with: key)
            }
            let edits = try ChangesetLine(bytes).changeset(kinds: kinds).edits
            let addresses = edits.flatMap { edit in
                edit.rows.map { RecordAddress(kind: edit.kind, key: $0.key) }
            }
            let records = Set(addresses.filter { _ in random.below(3) == 0 })
            let found = try ChangesetLine.edits(of: records, inChecked: bytes, kinds: kinds)
            #expect(
                limited(found, to: records) == limited(edits, to: records),
                "seed \(seed), round \(round)")
            if round % 2 == 0 {
                wanted += limited(edits, to: records).reduce(0) { $0 + $1.rows.count }
                read += found.reduce(0) { $0 + $1.rows.count }
                all += addresses.count
            }
        }
        // Of lines as Tally writes them only keys with escapes are read for nothing.
        #expect(wanted > 100 && read < all * 3 / 4, "\(wanted) wanted, \(read) read of \(all)")
    }

    @Test("what is no line any more is refused, not taken for one without the record")
    func damage() throws {
        var generator = try ChangesetGenerator(seed: seed)
        let (key, kinds) = (try Samples.key(), try Samples.kinds())
        let line = ChangesetWriter(key: key).line(try generator.next()).bytes
        for end in stride(from: 0, to: line.count - 2, by: 7) {
            #expect(throws: LineFault.self) {
                try ChangesetLine.edits(of: [], inChecked: Array(line[..<end]), kinds: kinds)
            }
        }
    }
}
