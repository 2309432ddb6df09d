import TallyCore
import TallyStore
import TallyWire

/// A file and the person who writes it.
package struct Copy {
    package let dataset: Dataset
    package let person: Person

    package init(dataset: Dataset, person: Person) {
        self.dataset = dataset
        self.person = person
    }

    @discardableResult
    package func write(
        _ authoring: Authoring = Authoring(), _ body: (DatasetEditor) throws -> Void
    ) throws -> Written {
        try dataset.write(at: person.workplace, authoring, body)
    }

    /// Writes one changeset about one record.
    @discardableResult
    package func edit(_ address: String, _ edits: RecordEdit...) throws -> Revision {
        let record = try wanted(RecordAddress(address))
        let written = try write { try $0.edit(record, edits) }
        return try wanted(written.revisions.last)
    }

    /// Takes what the other has and this one lacks.
    package func pull(from other: Copy) throws {
        let heads = try dataset.read(\.heads)
        let found = try other.dataset.read {
            try $0.nextLines(lackedBy: heads, after: 0, maximumBytes: .max / 2)
        }
        if let found { _ = try dataset.take(found.lines, durable: false) }
    }

    package func view(_ address: String) throws -> RecordView {
        let record = try wanted(RecordAddress(address))
        return try dataset.read { try $0.view(record) }
    }

    package func sql(_ query: String) throws -> [[SQLValue]] { try dataset.rows(query) }

    /// Whether the state is what the log says.
    package func verification(in folder: TestFolder) throws -> Verification {
        try dataset.verify(temporaryPath: folder.file("verify.tally"))
    }
}

extension Dataset {
    package func rows(_ query: String) throws -> [[SQLValue]] {
        var rows: [[SQLValue]] = []
        try self.query(query, columns: { _ in }, row: { rows.append($0) })
        return rows
    }

    /// The lines of the log in order.
    package func lines() throws -> [[UInt8]] {
        try read { try $0.lines(after: 0, maximumCount: .max, maximumBytes: .max / 2).lines }
    }
}

extension TestFolder {
    package func copy(
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
    package static func note(_ text: String?) -> Self {
        .set(statement: "note", value: [text.map { .text($0) } ?? .null])
    }

    package static func add(_ field: String, _ text: String) -> Self {
        .add(Element(field: field, text: text))
    }

    package static func remove(_ field: String, _ text: String) -> Self {
        .remove(Element(field: field, text: text))
    }

    /// A figure of trade, in dollars.
    package static func figure(_ value: Double?, status: String? = nil, released: String? = nil)
        -> Self
    {
        .set(
            statement: "value",
            value: [
                value.map { .number($0) } ?? .null, value == nil ? .null : .text("USD"), .null,
                status.map { .text($0) } ?? .null, released.map { .text($0) } ?? .null, .null,
            ])
    }
}

/// A record of trade that tests like to speak of.
package let korea = "trade/KOR/CHN/X/TOTAL/2023/motie"

/// What a test takes for granted is not there.
package struct Missing: Error {}

package func wanted<Thing>(_ thing: Thing?) throws -> Thing {
    guard let thing else { throw Missing() }
    return thing
}
