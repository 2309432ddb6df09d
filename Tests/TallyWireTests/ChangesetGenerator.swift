import TallyCore
import TallySimulator
import TallyWire

/// Makes up valid changesets of every shape: all operations, kinds and fields that are known and that are not.
struct ChangesetGenerator {
    private var random: SeededGenerator
    private let key: ReplicaKey
    private let others: [ReplicaID]

    init(seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        key = try Samples.key()
        others = try [0x22, 0x33].map { try Samples.key($0).replica }.sorted()
    }

    mutating func next() throws -> Changeset {
        var changeset = try Samples.changeset([])
        changeset.revision = Revision(
            key.replica, random.chance(percent: 30) ? 1 : random.number(in: 2...Revision.maximumSeq)
        )
        if changeset.revision.seq > 1 { changeset.previous = hash() }
        for other in others where random.chance(percent: 40) {
            changeset.seen.append(
                .init(revision: Revision(other, random.number(in: 1...9_000_000)), hash: hash()))
        }
        changeset.at = Timestamp(
            milliseconds: Int64(random.number(in: -62_167_219_200_000...253_402_300_799_999)))
        changeset.author = "é" + line(200)
        changeset.machine = "m" + line(200)
        if random.chance(percent: 50) { changeset.message = text(300) }
        if random.chance(percent: 30) {
            changeset.group = .init(
                id: "0192f0c1-5f3e-7c3a-9a43-2b1f6a0d9c11", part: random.number(in: 1...99),
                isLast: random.chance(percent: 50))
        }
        changeset.isImport = random.chance(percent: 30)
        var edits: [Edit] = []
        // Each edit has records of its own, so that none stands beside another that it may not stand beside.
        for number in 0...random.below(5) { edits.append(edit(number)) }
        changeset.edits = edits
        return changeset
    }

    private mutating func hash() -> ChangesetHash {
        ChangesetHash(of: [UInt8(random.below(256)), UInt8(random.below(256))])
    }

    private mutating func edit(_ number: Int) -> Edit {
        let kind = random.pick(["trade", "event", "setting", "novel_kind"])
        let operation = operation(of: kind)
        var keys: Set<RecordKey> = []
        for row in 0...random.below(6) { keys.insert(recordKey(of: kind, "\(number)_\(row)")) }
        let rows = random.shuffled(keys.sorted()).map { key in
            Edit.Row(key: key, values: values(of: operation, kind))
        }
        return Edit(kind: kind, operation: operation, rows: rows)
    }

    private mutating func operation(of kind: String) -> Edit.Operation {
        let statements: [[String]]
        switch kind {
        case "trade":
            statements = [Samples.tradeFields, ["net_weight_kg"], ["note"], ["novel_field"]]
        case "event":
            statements = [["date", "end_date"], ["latitude", "longitude"], ["title"], []]
        case "setting": statements = [["value"], ["novel_field"]]
        default: statements = [["a"], ["b", "c"]]
        }
        switch random.below(kind == "setting" ? 4 : 6) {
        case 0:
            let one = random.pick(statements)
            return one.isEmpty || one == ["b", "c"] ? .delete : .reopen(fields: one)
        case 1: return .delete
        case 2: return .restore
        case 3: return .set(fields: random.shuffled(statements).prefix(2).flatMap { $0 })
        case 4: return .add(field: random.pick(["tags", "citations", "novel_set"]))
        default: return .remove(field: random.pick(["tags", "citations", "novel_set"]))
        }
    }

    private mutating func recordKey(of kind: String, _ unique: String) -> RecordKey {
        switch kind {
        case "trade":
            let product = random.pick(["TOTAL", "H6:850760", "S4:7", "H6:0401"])
            let period = random.pick(["2023", "2023-Q4", "2023-W05", "2021-05-01/P10D"])
            return RecordKey(["KOR", "_X", "X", product, period, "source-\(unique)"])
        case "novel_kind": return RecordKey([unique, "n" + line(60), "z"])
        default: return RecordKey(["\(unique)\(line(100))"])
        }
    }

    private mutating func values(of operation: Edit.Operation, _ kind: String) -> [Value] {
        switch operation {
        case .set(let fields): return fields.map { value(of: $0, kind) }
        case .reopen(let fields):
            return (0...random.below(3)).flatMap { _ in fields.map { value(of: $0, kind) } }
        case .add, .remove: return (0...random.below(4)).map { .text("\($0)" + line(300)) }
        case .delete, .restore: return []
        }
    }

    private mutating func value(of field: String, _ kind: String) -> Value {
        if random.chance(percent: 20) { return .null }
        switch field {
        case "net_weight_kg", "latitude", "longitude": return .number(number())
        case "unit", "valuation", "status", "confidentiality": return .text("C" + line(20))
        case "released", "date", "end_date":
            return .text(random.pick(["2023", "2023-09", "2024-02-29"]))
        case "value" where kind == "trade": return .number(number())
        case "note", "title", "value": return .text(text(400))
        default: return anything()
        }
    }

    /// A value of a field that nobody knows.
    private mutating func anything() -> Value {
        let opaque: [JSONValue] = [
            true, false, [], [:], [1, .null, "\u{0}é"],
            ["a": ["b": [.number(1e-9)]], "": .string(text(20))],
        ]
        switch random.below(3) {
        case 0: return .number(number())
        case 1: return .text(text(100) + "\u{0}")
        default: return .opaque(random.pick(opaque).text)
        }
    }

    private mutating func number() -> Double {
        let number = Double(bitPattern: random.next())
        return number.isFinite && random.chance(percent: 50)
            ? number : Double(random.number(in: -1_000_000_000_000...1_000_000_000_000)) / 100
    }

    /// Text of at most this many bytes, with everything that needs care.
    private mutating func text(_ maximumBytes: Int) -> String {
        let parts = [
            "a", "Z", "\"", "\\", "/", "\n", "\t", " ", "é", "e\u{301}", "한", "😀", "\u{2028}",
            "\u{feff}", "\u{a0}", "\u{ffff}", "\\u0041", "'", "{}[],:", "👩‍👩‍👧",
        ]
        var text = ""
        for _ in 0..<random.below(12) {
            let part = random.pick(parts)
            if text.utf8.count + part.utf8.count <= maximumBytes { text += part }
        }
        return text
    }

    /// The same on one line.
    private mutating func line(_ maximumBytes: Int) -> String {
        text(maximumBytes).filter { $0 != "\n" && $0 != "\t" }
    }
}
