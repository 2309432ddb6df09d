import Crypto
import TallyCore
import TallyWire

// What the tables that any tool reads are to hold: from the facts alone, by none of what the store makes them with.
extension HistoryOracle {
    /// Who wrote a revision.
    struct Writer {
        let author: String
        let machine: String
    }

    /// The rows of a kind: of every record that is there the key, then each field, `null` where it has no value.
    ///
    /// ```
    /// "KOR" "CHN" "X" "TOTAL" "2023" "motie" 124800000000.0 null … "[\"a\",\"b\"]"
    /// ```
    func rows(of kind: Kind) -> [String] {
        cells(of: kind).map { record, cells in
            (record.key.parts.map(JSONString.quoted) + cells).joined(separator: " ")
        }
    }

    /// Of every record of a kind that is there each field, in order.
    func cells(of kind: Kind) -> [RecordAddress: [String]] {
        let elements = Dictionary(grouping: factsInForce, by: \.place.record)
        let there = questions.filter { $0.record.kind == kind.name }
        var rows: [RecordAddress: [String]] = [:]
        for (record, questions) in Dictionary(grouping: there, by: \.record) {
            var cells: [String: String] = [:]
            for question in questions where question.name != Conflict.existenceName {
                guard case .values(let values)? = sides(of: question).last?.content else {
                    continue
                }
                let fields = kinds.statement(question.name, ofKind: kind.name).fields
                for (field, value) in zip(fields, values) { cells[field] = value.cell }
            }
            for (field, texts) in members(of: elements[record] ?? []) {
                cells[field] = Self.cell(of: texts)
            }
            rows[record] = kind.fields.map { cells[$0.name] ?? "null" }
        }
        return rows
    }

    /// A set as it stands in its column: a JSON array, sorted by bytes; null where it is empty.
    static func cell(of texts: Set<String>) -> String {
        guard !texts.isEmpty else { return "null" }
        let list = texts.sorted { $0.precedesInBytes($1) }.map(JSONString.quoted)
        return JSONString.quoted("[\(list.joined(separator: ","))]")
    }

    /// The elements of each set field, by facts of one record in force. In beats out.
    func members(of facts: [Fact]) -> [String: Set<String>] {
        var members: [String: Set<String>] = [:]
        for fact in facts where fact.content == .membership(true) {
            guard case .element(let element) = fact.place.part else { continue }
            members[element.field, default: []].insert(element.text)
        }
        return members
    }

    /// The rows of `tally_conflict`: kind, key, field, side, id, what, record, value, author, machine, at, replica, seq,
    /// deleted.
    func conflictRows(_ writers: [Revision: Writer]) -> [String] {
        questions.flatMap { question -> [String] in
            let sides = sides(of: question)
            guard sides.count > 1 else { return [] }
            let (kind, key) = (question.record.kind, question.record.key.parts)
            let keyText = "[\(key.map(JSONString.quoted).joined(separator: ","))]"
            let fields = kinds.statement(question.name, ofKind: kind).fields
            return sides.enumerated().map { index, side in
                let revision = side.facts[0].revision
                let writer = writers[revision]
                let texts: [String?] = [
                    kind, keyText, question.name, Self.letters[index],
                    Self.id(kind, keyText, question.name), what(question).rawValue,
                    question.record.text, side.content.plainText(fields), writer?.author,
                    writer?.machine, times[revision]?.text, revision.replica.text,
                ]
                let numbers = [revision.seq, side.content == .deleted ? 1 : 0]
                return
                    (texts.map { $0.map(JSONString.quoted) ?? "null" } + numbers.map(String.init))
                    .joined(separator: " ")
            }
        }
    }

    func what(_ question: Question) -> Conflict.What {
        if question.name == Conflict.existenceName { return .deleteEdit }
        return sawValueBefore(question) ? .editEdit : .addAdd
    }

    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init)

    /// The first 8 characters in base32 of SHA-256 over `[kind,[key…],statement]` (DESIGN.md section 10).
    private static func id(_ kind: String, _ key: String, _ statement: String) -> String {
        let text = "[\(JSONString.quoted(kind)),\(key),\(JSONString.quoted(statement))]"
        let bits = SHA256.hash(data: Array(text.utf8)).prefix(5).reduce(UInt64(0)) {
            $0 << 8 | UInt64($1)
        }
        let characters = Array("abcdefghijklmnopqrstuvwxyz234567")
        return String((0..<8).map { characters[Int(bits >> (35 - 5 * $0) & 31)] })
    }
}

extension Value {
    /// As a cell of a column of its type.
    fileprivate var cell: String {
        switch self {
        case .null: return "null"
        case .number(let number): return "\(number)"
        case .text(let text), .opaque(let text): return JSONString.quoted(text)
        }
    }
}

extension HistoryOracle.Content {
    /// A value as it is, several as an object; nil for none, and for existence.
    fileprivate func plainText(_ fields: [String]) -> String? {
        guard case .values(let values) = self else { return nil }
        if values.count == 1 { return values[0].isNull ? nil : values[0].plain }
        let members = zip(fields, values).map { "\(JSONString.quoted($0)):\($1.brief)" }
        return "{\(members.joined(separator: ","))}"
    }
}
