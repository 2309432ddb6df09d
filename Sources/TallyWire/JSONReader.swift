import TallyCore

/// Why bytes are not the JSON that the format allows.
public struct JSONFault: Error, Equatable, Sendable {
    /// What is wrong, as the end of “not JSON: …”.
    public let reason: String
    /// The offset of the byte at which it shows.
    public let offset: Int
}

/// A strict reader of JSON over bytes (RFC 8259).
///
/// Stricter than most: no member name twice in one object, however escaped; no lone surrogates; no byte order mark;
/// at most 64 levels. Reads one value after the other and builds nothing by itself.
///
/// - Complexity: O(bytes); nothing is allocated for what is skipped, but names.
public struct JSONReader {
    public let bytes: [UInt8]
    public private(set) var position: Int
    private var depth = 0
    /// A member of this name is refused wherever it stands.
    private let forbiddenName: String?

    public static let maximumDepth = 64

    /// - Parameter bytes: must be valid UTF-8; `checkUTF8` says so.
    public init(_ bytes: [UInt8], at position: Int = 0, forbiddenName: String? = nil) {
        self.bytes = bytes
        self.position = position
        self.forbiddenName = forbiddenName
    }

    public static func checkUTF8(_ bytes: [UInt8]) throws(JSONFault) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw JSONFault(reason: "the bytes are not UTF-8", offset: 0)
        }
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) {
            throw JSONFault(reason: "a byte order mark", offset: 0)
        }
    }

    /// A fault of what stands here.
    public func fault(_ reason: String) -> JSONFault { JSONFault(reason: reason, offset: position) }

    // MARK: Structure

    public mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0a, 0x0d: position += 1
            default: return
            }
        }
    }

    /// The first byte of the next value or mark, space skipped; nil at the end.
    public mutating func peek() -> UInt8? {
        skipSpace()
        return position < bytes.count ? bytes[position] : nil
    }

    /// Takes `byte` if it comes next.
    public mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    public mutating func expect(_ character: Unicode.Scalar) throws(JSONFault) {
        guard take(UInt8(ascii: character)) else { throw fault("expected \(character)") }
    }

    public mutating func expectEnd() throws(JSONFault) {
        if peek() != nil { throw fault("something stands after the end") }
    }

    /// Reads an object; `member` is called for each name and must read or skip its value.
    public mutating func readObject<Failure: Error>(
        fault wrap: (JSONFault) -> Failure,
        _ member: (inout JSONReader, String) throws(Failure) -> Void
    ) throws(Failure) {
        do throws(JSONFault) { try enter("{") } catch { throw wrap(error) }
        var names = MemberNames()
        var isFirst = true
        while true {
            let name: String?
            do throws(JSONFault) {
                name = try nextName(isFirst: isFirst, after: &names)
            } catch { throw wrap(error) }
            guard let name else { break }
            isFirst = false
            try member(&self, name)
        }
        depth -= 1
    }

    /// Reads an array; `element` is called for each element and must read or skip it.
    public mutating func readArray<Failure: Error>(
        fault wrap: (JSONFault) -> Failure,
        _ element: (inout JSONReader) throws(Failure) -> Void
    ) throws(Failure) {
        do throws(JSONFault) { try enter("[") } catch { throw wrap(error) }
        if !take(UInt8(ascii: "]")) {
            repeat {
                try element(&self)
            } while take(UInt8(ascii: ","))
            do throws(JSONFault) { try expect("]") } catch { throw wrap(error) }
        }
        depth -= 1
    }

    private mutating func enter(_ character: Unicode.Scalar) throws(JSONFault) {
        try expect(character)
        depth += 1
        if depth > Self.maximumDepth { throw fault("more than \(Self.maximumDepth) levels") }
    }

    /// - Returns: nil at the end of the object.
    private mutating func nextName(
        isFirst: Bool, after names: inout MemberNames
    ) throws(JSONFault) -> String? {
        if take(UInt8(ascii: "}")) {
            return nil
        }
        if !isFirst { try expect(",") }
        guard peek() == UInt8(ascii: "\"") else { throw fault("expected a member name") }
        let name = try readString()
        guard names.insert(name) else { throw fault("the member \(quoted(name)) stands twice") }
        if name == forbiddenName {
            throw fault("the member \(quoted(name)) may stand only at the end")
        }
        try expect(":")
        return name
    }

    /// Passes over the next value, checking it as strictly as if it were read.
    public mutating func skipValue() throws(JSONFault) {
        switch peek() {
        case UInt8(ascii: "{"):
            try readObject(fault: { $0 }) { (reader, _) throws(JSONFault) in try reader.skipValue()
            }
        case UInt8(ascii: "["):
            try readArray(fault: { $0 }) { (reader) throws(JSONFault) in try reader.skipValue() }
        case UInt8(ascii: "\""): try skipString()
        case UInt8(ascii: "t"): try expectWord("true")
        case UInt8(ascii: "f"): try expectWord("false")
        case UInt8(ascii: "n"): try expectWord("null")
        case nil: throw fault("it ends too early")
        default: _ = try scanNumber()
        }
    }

    /// Passes over a row that stands next and that a search does not want.
    ///
    /// - Returns: whether it was passed; where not, it is still the next.
    mutating func passRow(unless search: RowSearch, of kind: String) -> Bool {
        guard peek() == UInt8(ascii: "["),
            let row = bytes.withUnsafeBufferPointer({ CheckedRow(in: $0, from: position) }),
            !search.mayHold(row, of: kind)
        else { return false }
        position = row.end
        return true
    }

    private mutating func expectWord(_ word: StaticString) throws(JSONFault) {
        let matches = word.withUTF8Buffer { bytes[position...].starts(with: $0) }
        guard matches else { throw fault("expected \(word)") }
        position += word.utf8CodeUnitCount
    }

    public mutating func takeNull() throws(JSONFault) -> Bool {
        guard peek() == UInt8(ascii: "n") else { return false }
        try expectWord("null")
        return true
    }

    public mutating func readBool() throws(JSONFault) -> Bool {
        if peek() == UInt8(ascii: "t") {
            try expectWord("true")
            return true
        }
        try expectWord("false")
        return false
    }

    // MARK: Strings

    public mutating func readString() throws(JSONFault) -> String {
        try expect("\"")
        let start = position
        let hasEscapes = try scanString()
        let range = start..<(position - 1)
        return hasEscapes ? unescaped(range) : String(decoding: bytes[range], as: UTF8.self)
    }

    private mutating func skipString() throws(JSONFault) {
        try expect("\"")
        _ = try scanString()
    }

    /// Moves behind the closing quote.
    ///
    /// - Returns: whether there are escapes.
    private mutating func scanString() throws(JSONFault) -> Bool {
        var hasEscapes = false
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return hasEscapes
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                try scanEscape()
            } else if byte < 0x20 {
                throw fault("a control character in a string is not escaped")
            } else {
                position += 1
            }
        }
        throw fault("a string has no end")
    }

    private mutating func scanEscape() throws(JSONFault) {
        position += 1
        guard position < bytes.count else { throw fault("a string has no end") }
        switch bytes[position] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        case UInt8(ascii: "u"):
            let unit = try scanHex()
            if UTF16.isTrailSurrogate(unit) { throw fault("a lone surrogate") }
            if UTF16.isLeadSurrogate(unit) {
                guard bytes[position...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")])
                else { throw fault("a lone surrogate") }
                position += 1
                guard UTF16.isTrailSurrogate(try scanHex()) else { throw fault("a lone surrogate") }
            }
        default: throw fault("an unknown escape")
        }
    }

    /// Reads `uXXXX`, standing at the `u`.
    private mutating func scanHex() throws(JSONFault) -> UInt16 {
        guard position + 5 <= bytes.count,
            let unit = Self.hex(bytes[(position + 1)..<(position + 5)])
        else { throw fault("\\u wants four hexadecimal digits") }
        position += 5
        return unit
    }

    private static func hex(_ digits: ArraySlice<UInt8>) -> UInt16? {
        var unit: UInt16 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt16(digit & 15)
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
                unit = unit << 4 | UInt16((digit & 15) + 9)
            default: return nil
            }
        }
        return unit
    }

    /// The text of a scanned string with escapes.
    private func unescaped(_ range: Range<Int>) -> String {
        var units: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            guard bytes[index] == UInt8(ascii: "\\") else {
                units.append(bytes[index])
                index += 1
                continue
            }
            let escape = bytes[index + 1]
            index += 2
            switch escape {
            case UInt8(ascii: "b"): units.append(0x08)
            case UInt8(ascii: "f"): units.append(0x0c)
            case UInt8(ascii: "n"): units.append(0x0a)
            case UInt8(ascii: "r"): units.append(0x0d)
            case UInt8(ascii: "t"): units.append(0x09)
            case UInt8(ascii: "u"):
                var scalar = UInt32(Self.hex(bytes[index..<(index + 4)]) ?? 0)
                index += 4
                if UTF16.isLeadSurrogate(UInt16(scalar)) {
                    let trail = UInt32(Self.hex(bytes[(index + 2)..<(index + 6)]) ?? 0)
                    scalar = 0x10000 + ((scalar & 0x3ff) << 10 | trail & 0x3ff)
                    index += 6
                }
                if let scalar = Unicode.Scalar(scalar) {
                    units.append(contentsOf: String(scalar).utf8)
                }
            default: units.append(escape)
            }
        }
        return String(decoding: units, as: UTF8.self)
    }

    // MARK: Numbers

    /// - Throws: when the number is larger than any double.
    public mutating func readNumber() throws(JSONFault) -> Double {
        skipSpace()
        let start = position
        if let exact = try scanNumber() { return exact }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let number = Double(text), number.isFinite else {
            throw fault("the number \(shortened(text)) is out of range")
        }
        return number == 0 ? 0 : number
    }

    /// A plain integer: digits only, no sign, point or exponent.
    ///
    /// - Throws: when it is none, or larger than 2^53 − 1.
    public mutating func readSeq() throws(JSONFault) -> Int {
        skipSpace()
        let start = position
        _ = try scanNumber()
        let digits = bytes[start..<position]
        guard digits.count <= 16, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let number = Int(String(decoding: digits, as: UTF8.self)),
            number <= Revision.maximumSeq
        else { throw fault("expected a plain integer up to 2^53 - 1") }
        return number
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// Moves behind the number.
    ///
    /// - Returns: the number, where plain arithmetic gives it exactly; else nil.
    ///
    /// Up to 2^53 and 22 places the quotient of two exact doubles is rounded once, hence right (Clinger, “How to Read
    /// Floating Point Numbers Accurately”, 1990).
    private mutating func scanNumber() throws(JSONFault) -> Double? {
        let isNegative = take(UInt8(ascii: "-"))
        var (mantissa, digits, places): (UInt64, Int, Int) = (0, 0, 0)
        func isDigit(_ index: Int) -> Bool {
            index < bytes.count && bytes[index] >= 0x30 && bytes[index] <= 0x39
        }
        guard isDigit(position) else { throw fault("expected a value") }
        if bytes[position] == 0x30, isDigit(position + 1) {
            throw fault("a number starts with a needless 0")
        }
        func scanDigits(_ position: inout Int) -> Int {
            let start = position
            while isDigit(position) {
                if digits < 19 { mantissa = mantissa &* 10 &+ UInt64(bytes[position] & 15) }
                if mantissa > 0 { digits += 1 }
                position += 1
            }
            return position - start
        }
        _ = scanDigits(&position)
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            places = scanDigits(&position)
            if places == 0 { throw fault("a number has no digits after the point") }
        }
        var hasExponent = false
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            hasExponent = true
            position += 1
            if position < bytes.count, bytes[position] == 0x2b || bytes[position] == 0x2d {
                position += 1
            }
            guard isDigit(position) else { throw fault("a number has no digits in its exponent") }
            while isDigit(position) { position += 1 }
        }
        guard !hasExponent, digits <= 15, places <= 22 else { return nil }
        let number = Double(mantissa) / Self.powersOfTen[places]
        return isNegative && number != 0 ? -number : number
    }
}

/// The names of one object's members, to find one that stands twice.
private struct MemberNames {
    private var few: [String] = []
    private var many: Set<[UInt8]> = []

    /// - Returns: false when the name has been there.
    mutating func insert(_ name: String) -> Bool {
        if many.isEmpty, few.count < 12 {
            if few.contains(where: { $0.hasSameBytes(as: name) }) { return false }
            few.append(name)
            return true
        }
        if many.isEmpty { many = Set(few.map { Array($0.utf8) }) }
        return many.insert(Array(name.utf8)).inserted
    }
}
