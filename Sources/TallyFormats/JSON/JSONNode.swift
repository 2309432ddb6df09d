import TallyWire

/// A JSON value of a file; a number is kept as it is written, so that no digit is lost before it is judged.
enum JSONNode {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONNode])
    case object([Member])

    struct Member {
        let name: String
        let value: JSONNode
    }

    init(parsing bytes: [UInt8]) throws(JSONFault) {
        var reader = JSONReader(bytes)
        self = try Self(from: &reader)
        try reader.expectEnd()
    }

    private init(from reader: inout JSONReader) throws(JSONFault) {
        switch reader.peek() {
        case UInt8(ascii: "{"):
            var members: [Member] = []
            try reader.readObject(fault: { $0 }) { (reader, name) throws(JSONFault) in
                members.append(Member(name: name, value: try Self(from: &reader)))
            }
            self = .object(members)
        case UInt8(ascii: "["):
            var elements: [JSONNode] = []
            try reader.readArray(fault: { $0 }) { (reader) throws(JSONFault) in
                elements.append(try Self(from: &reader))
            }
            self = .array(elements)
        case UInt8(ascii: "\""): self = .string(try reader.readString())
        case UInt8(ascii: "t"), UInt8(ascii: "f"): self = .bool(try reader.readBool())
        case UInt8(ascii: "n"):
            _ = try reader.takeNull()
            self = .null
        default:
            reader.skipSpace()
            let start = reader.position
            _ = try reader.readNumber()
            self = .number(String(decoding: reader.bytes[start..<reader.position], as: UTF8.self))
        }
    }

    subscript(name: String) -> JSONNode? { object?.first { $0.name == name }?.value }

    var object: [Member]? {
        if case .object(let members) = self { return members }
        return nil
    }

    var array: [JSONNode]? {
        if case .array(let elements) = self { return elements }
        return nil
    }

    var string: String? {
        if case .string(let string) = self { return string }
        return nil
    }

    var int: Int? {
        if case .number(let text) = self { return Int(text) }
        return nil
    }

    /// How many levels of arrays and objects there are.
    var depth: Int {
        switch self {
        case .array(let elements): return 1 + (elements.map(\.depth).max() ?? 0)
        case .object(let members): return 1 + (members.map(\.value.depth).max() ?? 0)
        default: return 0
        }
    }

    /// As the cell of a table: null is empty, an array is a set, what is nested further is written as JSON.
    var cell: String {
        switch self {
        case .null: return ""
        case .bool(let bool): return bool ? "true" : "false"
        case .number(let text), .string(let text): return text
        case .array(let elements):
            // The elements of a set, where they are no structures.
            let isFlat = elements.allSatisfy { $0.array == nil && $0.object == nil }
            if isFlat { return ElementList.join(elements.map(\.cell)) }
            return "[" + elements.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            let text = members.map { "\(JSONValue.string($0.name).text):\($0.value.text)" }
            return "{" + text.joined(separator: ",") + "}"
        }
    }

    private var text: String {
        switch self {
        case .null: return "null"
        case .string(let string): return JSONValue.string(string).text
        case .array(let elements):
            return "[" + elements.map(\.text).joined(separator: ",") + "]"
        default: return cell
        }
    }
}
