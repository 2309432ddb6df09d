import TallyCore
import TallyWire

/// A row of the table of a kind as another tool left it: whatever SQLite lets stand in a cell.
struct TypedRow {
    let kind: Kind
    let key: [SQLValue]
    /// The cells of the other fields, in the order of the kind; nil when the tool left no row.
    let cells: [SQLValue]?

    /// - Parameter values: the key, whether there is a row, the other fields.
    init(_ values: [SQLValue], of kind: Kind) {
        self.kind = kind
        key = Array(values.prefix(kind.key.count))
        cells =
            values[kind.key.count] == .integer(1)
            ? Array(values.dropFirst(kind.key.count + 1)) : nil
    }

    /// The columns as they were typed.
    var columns: [(column: String, value: SQLValue)] {
        Array(zip((kind.key + kind.fields).map(\.name), key + (cells ?? [])))
    }

    /// The key as it is typed; nil when a part of it is not text.
    var typedKey: RecordKey? {
        let parts = key.compactMap(\.text)
        return parts.count == key.count ? RecordKey(parts) : nil
    }

    /// The key as input takes it: in NFC, a month as `2023-12`, in its code lists.
    func checkedKey() throws(InputFault) -> RecordKey {
        var parts: [String] = []
        for (field, value) in zip(kind.key, key) {
            guard let text = value.text else { throw Self.fault(field, value, "no text") }
            parts.append(try FieldInput(field).keyPart(text))
        }
        return RecordKey(parts)
    }

    /// Which parts of the key can stand in one.
    var validKeyParts: [Bool] {
        zip(kind.key, key).map { field, value in
            guard let text = value.text else { return false }
            return (try? FieldInput(field).keyPart(text)) != nil
        }
    }

    /// Which cells beside the key can stand in one; none for a row that is not there.
    var validCells: [Bool] {
        zip(kind.fields, cells ?? []).map { field, cell in
            field.type == .set
                ? (try? Self.elements(cell, field)) != nil
                : (try? Self.value(cell, field, unless: nil)) != nil
        }
    }

    /// What the tool changed.
    ///
    /// - Parameter base: the row as it was; nil where there was none.
    func input(over base: RecordRow?) throws(InputFault) -> RecordInput {
        var input = RecordInput(kind: kind)
        for (field, cell) in zip(kind.fields, cells ?? []) {
            if field.type == .set {
                let held = base?.sets[field.name] ?? []
                input.change(
                    field.name, from: held, to: try Self.elements(cell, field, unless: held))
            } else {
                let value = try Self.value(cell, field, unless: base?.values[field.name])
                if value != base?.values[field.name] ?? .null { input.values[field.name] = value }
            }
        }
        return input
    }

    private static func value(
        _ cell: SQLValue, _ field: Kind.Field, unless base: Value?
    ) throws(InputFault) -> Value {
        switch cell {
        case .null: return .null
        case .integer(let integer): return try number(Double(integer), field, unless: base)
        case .real(let real): return try number(real, field, unless: base)
        case .text(let text):
            // What was there before is not judged again.
            if let base, base == .text(text) { return base }
            return try FieldInput(field).value(text)
        case .blob: throw fault(field, cell, "no text")
        }
    }

    private static func number(
        _ number: Double, _ field: Kind.Field, unless base: Value?
    ) throws(InputFault) -> Value {
        let number = number == 0 ? 0 : number
        if base == .number(number) { return .number(number) }
        guard number.isFinite else { throw fault(field, .real(number), "no finite number") }
        return try FieldInput(field).value(NumberText.of(number))
    }

    private static func elements(
        _ cell: SQLValue, _ field: Kind.Field, unless held: [String] = []
    ) throws(InputFault) -> [String] {
        guard cell != .null, cell != .text("") else { return [] }
        guard let text = cell.text, let array = try? JSONValue(parsing: Array(text.utf8)).array,
            case let texts = array.compactMap(\.string), texts.count == array.count
        else {
            throw fault(
                field, cell, "no JSON array of texts", hint: #"Write it as in ["KOR","CHN"]."#)
        }
        let known = Set(held.map { Element(field: field.name, text: $0) })
        return try texts.map { (text) throws(InputFault) in
            known.contains(Element(field: field.name, text: text))
                ? text : try FieldInput(field).element(text)
        }
    }

    private static func fault(
        _ field: Kind.Field, _ value: SQLValue, _ what: String, hint: String? = nil
    ) -> InputFault {
        InputFault(field: field.name, "\(field.name) \(value.shown) is \(what)", hint: hint)
    }
}

extension SQLValue {
    /// nil for anything but text.
    var text: String? {
        if case .text(let text) = self { return text }
        return nil
    }

    /// For a message.
    fileprivate var shown: String {
        switch self {
        case .null: return "NULL"
        case .integer(let integer): return String(integer)
        case .real(let number): return "\(number)"
        case .text(let text):
            return JSONString.quoted(text.count > 60 ? String(text.prefix(60)) + "…" : text)
        case .blob(let bytes): return "(\(bytes.count) bytes)"
        }
    }
}
