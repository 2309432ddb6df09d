#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A few texts in one piece of memory; equal, ordered and hashed by their bytes.
public struct PackedTexts: Sendable {
    /// The texts, a byte 1 behind each: the order of these bytes is that of the texts, as long as none of them has a byte
    /// below it. One that has stands as a byte 2 and itself with 16 more.
    private var bytes: [UInt8] = []
    public private(set) var count = 0

    private static let (end, escape): (UInt8, UInt8) = (1, 2)

    public init(_ texts: [String]) {
        bytes.reserveCapacity(texts.reduce(0) { $0 + $1.utf8.count + 1 })
        for text in texts { append(text) }
    }

    /// No texts, with room for so many bytes.
    public init(reserving capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// - Parameter utf8: a text.
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

    public var texts: [String] {
        var texts: [String] = []
        texts.reserveCapacity(count)
        forEach { texts.append(String(decoding: $0, as: UTF8.self)) }
        return texts
    }

    /// How long the texts are together, in bytes.
    public var utf8Count: Int { bytes.count - count }

    /// The first bytes as a number: the one that is less is of the texts that come first. Where it is the same they may.
    public var prefix: UInt64 {
        bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } << UInt64(8 * max(0, 8 - bytes.count))
    }

    /// Calls `body` with each text in UTF-8.
    public func forEach(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        bytes.withUnsafeBufferPointer { all in
            var start = 0
            for index in all.indices where all[index] == Self.end {
                let text = UnsafeBufferPointer(rebasing: all[start..<index])
                if text.contains(Self.escape) {
                    Self.unescaped(text).withUnsafeBufferPointer(body)
                } else {
                    body(text)
                }
                start = index + 1
            }
        }
    }

    private static func unescaped(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var (result, isEscaped) = ([UInt8](), false)
        for byte in text {
            if byte == escape, !isEscaped {
                isEscaped = true
            } else {
                result.append(isEscaped ? byte - 16 : byte)
                isEscaped = false
            }
        }
        return result
    }
}

extension PackedTexts: Hashable, Comparable {
    public static func == (a: Self, b: Self) -> Bool {
        a.bytes.count == b.bytes.count && order(a, b) == 0
    }

    public static func < (a: Self, b: Self) -> Bool {
        let order = order(a, b)
        return order == 0 ? a.bytes.count < b.bytes.count : order < 0
    }

    /// Of the bytes that both have: below 0, 0 or above 0.
    private static func order(_ a: Self, _ b: Self) -> Int32 {
        a.bytes.withUnsafeBytes { a in
            b.bytes.withUnsafeBytes { b in
                guard let x = a.baseAddress, let y = b.baseAddress else { return 0 }
                return memcmp(x, y, min(a.count, b.count))
            }
        }
    }

    public func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
