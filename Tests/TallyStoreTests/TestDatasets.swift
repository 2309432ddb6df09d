import TallyCore
import TallyStore
import TallyWire
import Testing

/// A file and the person who writes it.
struct Copy {
    let dataset: Dataset
    let person: Person

    @discardableResult
    func write(
        _ authoring: Authoring = Authoring(), _ body: (DatasetEditor) throws -> Void
    ) throws -> Written {
        try dataset.write(at: person.workplace, authoring, body)
    }

    /// Writes one changeset about one record.
    @discardableResult
    func edit(_ address: String, _ edits: RecordEdit...) throws -> Revision {
        let record = try #require(RecordAddress(address))
        let written = try write { try $0.edit(record, edits) }
        return try #require(written.revisions.last)
    }

    /// Takes what the other has and this one lacks.
    func pull(from other: Copy) throws {
        let heads = try dataset.read(\.heads)
        let found = try other.dataset.read {
            try $0.nextLines(lackedBy: heads, after: 0, maximumBytes: .max / 2)
        }
        if let found { _ = try dataset.take(found.lines, durable: false) }
    }

    func view(_ address: String) throws -> RecordView {
        let record = try #require(RecordAddress(address))
        return try dataset.read { try $0.view(record) }
    }

    func sql(_ query: String) throws -> [[SQLValue]] { try dataset.rows(query) }

    /// Whether the state is what the log says.
    func verification(in folder: TestFolder) throws -> Verification {
        try dataset.verify(temporaryPath: folder.file("verify.tally"))
    }
}

extension Dataset {
    func rows(_ query: String) throws -> [[SQLValue]] {
        var rows: [[SQLValue]] = []
        try self.query(query, columns: { _ in }, row: { rows.append($0) })
        return rows
    }

    /// The lines of the log in order.
    func lines() throws -> [[UInt8]] {
        try read { try $0.lines(after: 0, maximumCount: .max, maximumBytes: .max / 2).lines }
    }
}

extension TestFolder {
    func copy(
        _ name: String, of other: Copy? = nil, kinds: KindCatalog = .shipped,
        clock: TestClock = TestClock(), id: DatasetID? = nil
    ) throws -> Copy {
        let dataset = try Dataset.create(
            path: file("\(name).tally"), name: "korea", id: id ?? other?.dataset.id, kinds: kinds)
        let copy = Copy(dataset: dataset, person: Person(name, clock: clock))
        if let other { try copy.pull(from: other) }
        return copy
    }
}

/// Short forms of edits.
extension RecordEdit {
    static func note(_ text: String?) -> Self {
        .set(statement: "note", value: [text.map { .text($0) } ?? .null])
    }

    static func add(_ field: String, _ text: String) -> Self {
        .add(Element(field: field, text: text))
    }

    static func remove(_ field: String, _ text: String) -> Self {
        .remove(Element(field: field, text: text))
    }

    /// A figure of trade, in dollars.
    static func figure(_ value: Double?, status: String? = nil, released: String? = nil) -> Self {
        .set(
            statement: "value",
            value: [
                value.map { .number($0) } ?? .null, value == nil ? .null : .text("USD"), .null,
                status.map { .text($0) } ?? .null, released.map { .text($0) } ?? .null, .null,
            ])
    }
}

/// A record of trade that tests like to speak of.
let korea = "trade/KOR/CHN/X/TOTAL/2023/motie"
