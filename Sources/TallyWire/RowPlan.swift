import TallyCore

/// How the rows of one edit are read: computed once, used for every row.
struct RowPlan {
    let kindName: String
    let operation: Edit.Operation
    private let knowsKind: Bool
    /// The parts of the key, where the kind is known.
    private var key: [Column]
    /// The fields of the edit.
    private var columns: [Column]

    private struct Column {
        let name: String
        /// nil where it is not known.
        let type: FieldType?
        /// The last text that was found to be of the type: most columns repeat one or a few.
        private var accepted: String?

        init(_ name: String, _ type: FieldType?) {
            self.name = name
            self.type = type
        }

        mutating func accepts(_ text: String) -> Bool {
            if let accepted, accepted.hasSameBytes(as: text) { return true }
            guard type?.accepts(text) ?? true else { return false }
            accepted = text
            return true
        }
    }

    init(kindName: String, kind: Kind?, operation: Edit.Operation) {
        self.kindName = kindName
        self.operation = operation
        knowsKind = kind != nil
        key = (kind?.key ?? []).map { Column($0.name, $0.type) }
        switch operation {
        case .set(let fields), .reopen(let fields):
            columns = fields.map { Column($0, kind?.field($0)?.type) }
        case .add(let field), .remove(let field):
            columns = [Column(field, kind?.field(field)?.type)]
        case .delete, .restore: columns = []
        }
    }

    mutating func readRow(from reader: inout JSONReader) throws(RowFault) -> Edit.Row {
        try open(&reader)
        let key = try readKey(from: &reader)
        var values: [Value] = []
        switch operation {
        case .set:
            values.reserveCapacity(columns.count)
            for index in columns.indices {
                guard reader.take(UInt8(ascii: ",")) else {
                    throw RowFault("no value for \(columns[index].name)")
                }
                values.append(try readValue(at: index, from: &reader))
            }
        case .add, .remove:
            while reader.take(UInt8(ascii: ",")) {
                values.append(try readElement(from: &reader))
            }
            try checkElementCount(values)
        case .reopen:
            while reader.take(UInt8(ascii: ",")) { try readVersion(from: &reader, into: &values) }
            if values.isEmpty { throw RowFault("no versions") }
        case .delete, .restore: break
        }
        guard reader.take(UInt8(ascii: "]")) else {
            throw RowFault("it has more than the key and the values of the \(columns.count) fields")
        }
        return Edit.Row(key: key, values: values)
    }

    private mutating func readKey(from reader: inout JSONReader) throws(RowFault) -> RecordKey {
        try open(&reader)
        var parts: [String] = []
        parts.reserveCapacity(key.count)
        repeat {
            do throws(JSONFault) {
                parts.append(try reader.readString())
            } catch { throw RowFault("key part \(parts.count + 1) is no text") }
        } while reader.take(UInt8(ascii: ","))
        guard reader.take(UInt8(ascii: "]")) else { throw RowFault("the key does not end") }
        try check(parts)
        return RecordKey(parts)
    }

    private mutating func check(_ parts: [String]) throws(RowFault) {
        guard knowsKind else {
            guard parts.count <= RecordKey.maximumParts else {
                throw RowFault("the key has more than \(RecordKey.maximumParts) parts")
            }
            let wrong = parts.firstIndex { !Shape.isLine($0, maximumBytes: 1024) }
            if let wrong {
                throw RowFault("key part \(wrong + 1) is no text of 1 to 1024 bytes on one line")
            }
            return
        }
        guard parts.count == key.count else {
            throw RowFault("the key has \(parts.count) parts; \(kindName) has \(key.count)")
        }
        for (index, part) in parts.enumerated() where !key[index].accepts(part) {
            throw RowFault(
                "\(key[index].name) \(quoted(part)) is no \(key[index].type?.rawValue ?? "")")
        }
    }

    private mutating func readVersion(
        from reader: inout JSONReader, into values: inout [Value]
    ) throws(RowFault) {
        try open(&reader)
        for index in columns.indices {
            if index > 0, !reader.take(UInt8(ascii: ",")) {
                throw RowFault("a version is too short")
            }
            values.append(try readValue(at: index, from: &reader))
        }
        guard reader.take(UInt8(ascii: "]")) else { throw RowFault("a version is too long") }
        try checkVersionCount(values)
    }

    private func checkVersionCount(_ values: [Value]) throws(RowFault) {
        if values.count > FieldType.maximumElements * columns.count {
            throw RowFault("more than \(FieldType.maximumElements) versions")
        }
    }

    private func readElement(from reader: inout JSONReader) throws(RowFault) -> Value {
        if let text = try? reader.readString(), FieldType.set.accepts(text) { return .text(text) }
        throw Self.noElement
    }

    private static let noElement = RowFault(
        "an element is no text of 1 to \(FieldType.maximumElementBytes) bytes on one line")

    private func checkElementCount(_ values: [Value]) throws(RowFault) {
        if values.isEmpty { throw RowFault("no elements") }
        if values.count > FieldType.maximumElements {
            throw RowFault("more than \(FieldType.maximumElements) elements")
        }
    }

    private mutating func readValue(
        at index: Int, from reader: inout JSONReader
    ) throws(RowFault) -> Value {
        let value: Value
        do throws(JSONFault) {
            value = try reader.readFieldValue()
        } catch { throw RowFault("\(columns[index].name): \(error.reason)") }
        try check(value, at: index)
        return value
    }

    private mutating func check(_ value: Value, at index: Int) throws(RowFault) {
        guard let type = columns[index].type else {
            guard value.plain.utf8.count <= FieldType.maximumTextBytes else {
                throw RowFault(
                    "\(columns[index].name) is longer than \(FieldType.maximumTextBytes) bytes")
            }
            return
        }
        let isAccepted =
            if case .text(let text) = value {
                columns[index].accepts(text)
            } else {
                type.accepts(value)
            }
        guard isAccepted else {
            throw RowFault("\(columns[index].name) \(value.shown) is no \(type.rawValue)")
        }
    }

    /// Whether ``readRow(from:)`` would take the row.
    mutating func check(_ row: Edit.Row) throws(RowFault) {
        try check(row.key.parts)
        switch operation {
        case .set:
            guard row.values.count == columns.count else {
                throw RowFault("\(row.values.count) values for \(columns.count) fields")
            }
            for index in columns.indices { try check(row.values[index], at: index) }
        case .add, .remove:
            try checkElementCount(row.values)
            for value in row.values {
                guard let text = value.text, FieldType.set.accepts(text) else {
                    throw Self.noElement
                }
            }
        case .reopen:
            guard !row.values.isEmpty, row.values.count.isMultiple(of: columns.count) else {
                throw RowFault("\(row.values.count) values for versions of \(columns.count) fields")
            }
            try checkVersionCount(row.values)
            for (position, value) in row.values.enumerated() {
                try check(value, at: position % columns.count)
            }
        case .delete, .restore:
            guard row.values.isEmpty else { throw RowFault("values that mean nothing") }
        }
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
        case .number: return plain
        case .opaque(let json): return shortened(json)
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
