#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The key of a record: the values of the kind's key fields, in their order.
///
/// Equal, ordered and hashed by bytes. Datasets have millions of them: the parts stand in one piece of memory.
public struct RecordKey: Sendable {
    /// The parts, a byte 1 behind each: the order of these bytes is that of the parts, as long as none of them has a byte
    /// below it. One that has stands as a byte 2 and itself with 16 more.
    private var bytes: [UInt8] = []
    /// How many parts there are.
    public private(set) var count = 0

    /// Readers of lines take no more.
    public static let maximumParts = 16

    private static let (end, escape): (UInt8, UInt8) = (1, 2)

    public init(_ parts: [String]) {
        bytes.reserveCapacity(parts.reduce(0) { $0 + $1.utf8.count + 1 })
        for part in parts { append(part) }
    }

    /// A key without parts, with room for so many bytes.
    public init(reserving capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    public mutating func append(_ part: String) {
        var part = part
        part.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// - Parameter utf8: the text of a part.
    public mutating func append(_ utf8: UnsafeRawBufferPointer) {
        if utf8.contains(where: { $0 <= Self.escape }) {
            for byte in utf8 {
                if byte <= Self.escape { bytes.append(Self.escape) }
                bytes.append(byte <= Self.escape ? byte + 16 : byte)
            }
        } else {
            bytes.append(contentsOf: utf8)
        }
        bytes.append(Self.end)
        count += 1
    }

    public var parts: [String] {
        var parts: [String] = []
        parts.reserveCapacity(count)
        forEachPart { parts.append(String(decoding: $0, as: UTF8.self)) }
        return parts
    }

    /// How long the parts are together, in bytes.
    public var utf8Count: Int { bytes.count - count }

    /// The first bytes as a number, for sorting many: the one that is less is of the key that comes first. Two keys may have
    /// the same.
    public var prefix: UInt64 {
        bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } << UInt64(8 * max(0, 8 - bytes.count))
    }

    /// Calls `body` with the text of each part, in UTF-8.
    public func forEachPart(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        bytes.withUnsafeBytes { Self.forEachPart(of: $0) { part, _ in body(part) } }
    }

    /// The bytes by which keys are compared.
    package func withComparedBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try bytes.withUnsafeBytes(body)
    }

    /// - Parameter compared: the bytes of a key, as ``withComparedBytes(_:)`` gives them.
    package init(compared: UnsafeRawBufferPointer) {
        bytes = Array(compared)
        count = compared.count { $0 == Self.end }
    }

    /// Calls `body` with the text of each part, and whether it lies within `compared`.
    package static func forEachPart(
        of compared: UnsafeRawBufferPointer, _ body: (UnsafeBufferPointer<UInt8>, Bool) -> Void
    ) {
        let all = compared.assumingMemoryBound(to: UInt8.self)
        var start = 0
        for index in all.indices where all[index] == end {
            let part = UnsafeBufferPointer(rebasing: all[start..<index])
            if part.contains(escape) {
                unescaped(part).withUnsafeBufferPointer { body($0, false) }
            } else {
                body(part, true)
            }
            start = index + 1
        }
    }

    private static func unescaped(_ part: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var (result, isEscaped) = ([UInt8](), false)
        for byte in part {
            if byte == escape, !isEscaped {
                isEscaped = true
            } else {
                result.append(isEscaped ? byte - 16 : byte)
                isEscaped = false
            }
        }
        return result
    }

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

extension RecordKey: Hashable, Comparable {
    public static func == (a: Self, b: Self) -> Bool {
        a.bytes.count == b.bytes.count && order(a, b) == 0
    }

    public static func < (a: Self, b: Self) -> Bool { order(a, b) < 0 }

    private static func order(_ a: Self, _ b: Self) -> Int {
        a.bytes.withUnsafeBytes { a in b.bytes.withUnsafeBytes { b in order(a, b) } }
    }

    /// Below 0, 0 or above 0.
    ///
    /// - Parameters: the bytes of two keys, as ``withComparedBytes(_:)`` gives them.
    package static func order(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
        guard let x = a.baseAddress, let y = b.baseAddress else { return a.count - b.count }
        let order = memcmp(x, y, min(a.count, b.count))
        return order == 0 ? a.count - b.count : Int(order)
    }

    public func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
