/// The key of a record: the values of the kind's key fields, in their order.
///
/// Equal, ordered and hashed by bytes. Datasets have millions of them: the parts stand in one piece of memory.
public struct RecordKey: Sendable, Hashable {
    private var texts: PackedTexts

    /// Readers of lines take no more.
    public static let maximumParts = 16

    public init(_ parts: [String]) {
        texts = PackedTexts(parts)
    }

    /// A key without parts, with room for so many bytes.
    public init(reserving capacity: Int) {
        texts = PackedTexts(reserving: capacity)
    }

    public mutating func append(_ part: String) { texts.append(part) }

    /// - Parameter utf8: the text of a part.
    public mutating func append(_ utf8: UnsafeRawBufferPointer) { texts.append(utf8) }

    public var parts: [String] { texts.texts }

    /// How many parts there are.
    public var count: Int { texts.count }

    /// How long the parts are together, in bytes.
    public var utf8Count: Int { texts.utf8Count }

    /// What two keys are compared by first, for sorting many.
    public var prefix: UInt64 { texts.prefix }

    /// Calls `body` with the text of each part, in UTF-8.
    public func forEachPart(_ body: (UnsafeBufferPointer<UInt8>) -> Void) { texts.forEach(body) }

    /// Appends the key as a JSON array of strings.
    public func appendJSON(to json: inout [UInt8]) {
        json.append(UInt8(ascii: "["))
        var isFirst = true
        forEachPart { part in
            if !isFirst { json.append(UInt8(ascii: ",")) }
            isFirst = false
            JSONString.append(part, to: &json)
        }
        json.append(UInt8(ascii: "]"))
    }

    /// The key as a JSON array of strings: how it is kept beside the tables of the kinds.
    public var json: String {
        var json: [UInt8] = []
        json.reserveCapacity(utf8Count + 3 * count + 2)
        appendJSON(to: &json)
        return String(decoding: json, as: UTF8.self)
    }
}

extension RecordKey: Comparable {
    public static func < (a: Self, b: Self) -> Bool { a.texts < b.texts }
}
