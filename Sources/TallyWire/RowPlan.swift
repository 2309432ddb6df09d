import TallyCore

/// How the rows of one edit are read: computed once, used for every row.
struct RowPlan {
    let kindName: String
    let operation: Edit.Operation
    private let keyFields: [Kind.Field]?
    /// The type of each field of the edit; nil where it is not known.
    private let types: [(name: String, type: FieldType?)]

    init(kindName: String, kind: Kind?, operation: Edit.Operation) {
        self.kindName = kindName
        self.operation = operation
        keyFields = kind?.key
        switch operation {
        case .set(let fields), .reopen(let fields):
            types = fields.map { ($0, kind?.field($0)?.type) }
        case .add(let field), .remove(let field):
            types = [(field, kind?.field(field)?.type)]
        case .delete, .restore: types = []
        }
    }

    func readRow(from reader: inout JSONReader) throws(RowFault) -> Edit.Row {
        try open(&reader)
        let key = try readKey(from: &reader)
        var values: [Value] = []
        switch operation {
        case .set:
            values.reserveCapacity(types.count)
            for field in types { values.append(try readNext(field, from: &reader)) }
        case .add, .remove:
            while reader.peek() == UInt8(ascii: ",") {
                values.append(try readNextElement(from: &reader))
            }
            if values.isEmpty { throw RowFault("no elements") }
            if values.count > FieldType.maximumElements {
                throw RowFault("more than \(FieldType.maximumElements) elements")
            }
        case .reopen:
            while reader.take(UInt8(ascii: ",")) { try readVersion(from: &reader, into: &values) }
            if values.isEmpty { throw RowFault("no versions") }
        case .delete, .restore: break
        }
        guard reader.take(UInt8(ascii: "]")) else {
            throw RowFault("it has more than the key and the values of the \(types.count) fields")
        }
        return Edit.Row(key: key, values: values)
    }

    private func readKey(from reader: inout JSONReader) throws(RowFault) -> RecordKey {
        try open(&reader)
        var parts: [String] = []
        repeat {
            do throws(JSONFault) {
                parts.append(try reader.readString())
            } catch { throw RowFault("key part \(parts.count + 1) is no text") }
        } while reader.take(UInt8(ascii: ","))
        guard reader.take(UInt8(ascii: "]")) else { throw RowFault("the key does not end") }
        if let keyFields {
            guard parts.count == keyFields.count else {
                throw RowFault(
                    "the key has \(parts.count) parts; \(kindName) has \(keyFields.count)")
            }
            for (part, field) in zip(parts, keyFields) where !field.type.accepts(part) {
                throw RowFault("\(field.name) \(quoted(part)) is no \(field.type.rawValue)")
            }
        } else {
            guard parts.count <= 16, parts.allSatisfy({ Shape.isLine($0, maximumBytes: 1024) })
            else { throw RowFault("the key has more than 16 parts, or an empty or long one") }
        }
        return RecordKey(parts)
    }

    private func readVersion(
        from reader: inout JSONReader, into values: inout [Value]
    ) throws(RowFault) {
        try open(&reader)
        for (index, field) in types.enumerated() {
            if index > 0, !reader.take(UInt8(ascii: ",")) {
                throw RowFault("a version is too short")
            }
            values.append(try readValue(field, from: &reader))
        }
        guard reader.take(UInt8(ascii: "]")) else { throw RowFault("a version is too long") }
        if values.count > FieldType.maximumElements * types.count {
            throw RowFault("more than \(FieldType.maximumElements) versions")
        }
    }

    private func readNext(
        _ field: (name: String, type: FieldType?), from reader: inout JSONReader
    ) throws(RowFault) -> Value {
        guard reader.take(UInt8(ascii: ",")) else { throw RowFault("no value for \(field.name)") }
        return try readValue(field, from: &reader)
    }

    private func readNextElement(from reader: inout JSONReader) throws(RowFault) -> Value {
        _ = reader.take(UInt8(ascii: ","))
        do throws(JSONFault) {
            let text = try reader.readString()
            guard FieldType.set.accepts(text) else {
                throw JSONFault(reason: "", offset: 0)
            }
            return .text(text)
        } catch {
            throw RowFault(
                "an element is no text of 1 to \(FieldType.maximumElementBytes) bytes on one line")
        }
    }

    private func readValue(
        _ field: (name: String, type: FieldType?), from reader: inout JSONReader
    ) throws(RowFault) -> Value {
        let value: Value
        do throws(JSONFault) {
            value = try reader.readFieldValue()
        } catch { throw RowFault("\(field.name): \(error.reason)") }
        if let type = field.type {
            guard type.accepts(value) else {
                throw RowFault("\(field.name) \(value.shown) is no \(type.rawValue)")
            }
        } else if value.plain.utf8.count > FieldType.maximumTextBytes {
            throw RowFault("\(field.name) is longer than \(FieldType.maximumTextBytes) bytes")
        }
        return value
    }

    private func open(_ reader: inout JSONReader) throws(RowFault) {
        guard reader.take(UInt8(ascii: "[")) else { throw RowFault("expected an array") }
    }
}

extension Value {
    /// For an error text.
    fileprivate var shown: String {
        switch self {
        case .null: return "null"
        case .text(let text): return quoted(text)
        case .number, .opaque: return plain
        }
    }
}

extension JSONReader {
    /// A value of a field: null, number, text, or the compact JSON of anything else.
    mutating func readFieldValue() throws(JSONFault) -> Value {
        switch peek() {
        case UInt8(ascii: "\""): return .text(try readString())
        case UInt8(ascii: "n"):
            _ = try takeNull()
            return .null
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "["), UInt8(ascii: "{"):
            return .opaque(try readValue().text)
        default: return .number(try readNumber())
        }
    }
}
