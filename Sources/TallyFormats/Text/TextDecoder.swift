/// Brings the bytes of a text file to UTF-8, piece by piece; a byte order mark is passed over.
///
/// A mark decides; without one the encoding that is given, or the first byte beyond ASCII does: where it begins a character
/// of UTF-8 the file is UTF-8, else Windows-1252. A file that is neither throughout is refused, at the first byte that
/// does not fit: what stands before it is given first.
///
/// - Complexity: O(bytes).
final class TextDecoder {
    private let source: ByteSource
    private let given: TextEncoding?
    private var mode = Mode.start
    /// The beginning of a character whose end has not been read.
    private var carry: [UInt8] = []
    /// Where in the file the next byte of `source` stands.
    private var offset = 0
    private var fault: FormatError?

    private enum Mode {
        case start
        /// Only ASCII so far.
        case ascii
        case utf8
        case utf16(isBigEndian: Bool)
        case single([UInt16])
    }

    init(_ source: @escaping ByteSource, encoding: TextEncoding? = nil) {
        self.source = source
        given = encoding
    }

    /// Whether what has been read so far ends within a line.
    private(set) var isWithinLine = false

    /// What the file is written in, as far as it has been read; nil for nothing but ASCII.
    private(set) var encoding: TextEncoding?

    /// - Throws: `FormatError` with the byte, counted from 1, or what the source throws.
    func next() throws -> [UInt8] {
        if let fault { throw fault }
        if case .start = mode { try begin() }
        while true {
            let piece = try source()
            let bytes = carry + piece
            let start = offset - carry.count
            offset += piece.count
            carry = []
            if bytes.isEmpty { return [] }
            let text = bytes.withUnsafeBufferPointer {
                decoded($0, at: start, isLast: piece.isEmpty)
            }
            if let last = text.last {
                isWithinLine = last != UInt8(ascii: "\n") && last != UInt8(ascii: "\r")
                return text
            }
            if let fault { throw fault }
            if piece.isEmpty { return [] }
        }
    }

    private func begin() throws {
        while carry.count < 3 {
            let piece = try source()
            if piece.isEmpty { break }
            carry += piece
            offset += piece.count
        }
        let mark = Self.mark(of: carry)
        if let mark { carry.removeFirst(mark.length) }
        switch mark?.encoding ?? given {
        case nil: mode = .ascii
        case .utf8?: settle(.utf8)
        case .utf16?:
            mode = .utf16(isBigEndian: mark?.isBigEndian ?? looksBigEndian)
            encoding = .utf16
        case let other?: settle(other)
        }
    }

    private func settle(_ encoding: TextEncoding) {
        self.encoding = encoding
        mode = encoding.upperHalf.map(Mode.single) ?? .utf8
    }

    /// Text in Latin letters has a zero in every other byte.
    private var looksBigEndian: Bool { carry.count > 1 && carry[0] == 0 && carry[1] != 0 }

    private static func mark(
        of bytes: [UInt8]
    ) -> (encoding: TextEncoding, length: Int, isBigEndian: Bool)? {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { return (.utf8, 3, false) }
        if bytes.starts(with: [0xff, 0xfe]) { return (.utf16, 2, false) }
        if bytes.starts(with: [0xfe, 0xff]) { return (.utf16, 2, true) }
        return nil
    }

    private func decoded(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, isLast: Bool
    ) -> [UInt8] {
        switch mode {
        case .start, .ascii, .utf8: return eightBit(bytes, at: start, isLast: isLast)
        case .utf16(let isBigEndian):
            return sixteenBit(bytes, isBigEndian: isBigEndian, at: start, isLast: isLast)
        case .single(let table): return single(bytes[...], table, at: start, isLast: isLast)
        }
    }

    // MARK: UTF-8, or what turns out to be Windows-1252

    private func eightBit(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, isLast: Bool
    ) -> [UInt8] {
        var position = 0
        while let next = bytes[position...].firstIndex(where: { $0 >= 0x80 }) {
            position = next
            switch UTF8Sequence(in: bytes, at: position) {
            case .whole(let length):
                position += length
                if encoding == nil { settle(.utf8) }
            case .incomplete where !isLast:
                carry = Array(bytes[position...])
                return Array(bytes[..<position])
            default:
                if encoding == nil, let table = TextEncoding.windows1252.upperHalf {
                    settle(.windows1252)
                    return bytes[..<position]
                        + single(bytes[position...], table, at: start, isLast: isLast)
                }
                fault = unfitting(bytes[position], at: start + position)
                return Array(bytes[..<position])
            }
        }
        return Array(bytes)
    }

    // MARK: One byte a character

    private func single(
        _ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ table: [UInt16], at start: Int, isLast: Bool
    ) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 8)
        for (index, byte) in zip(bytes.indices, bytes) {
            if byte < 0x80 {
                text.append(byte)
                continue
            }
            // Where the encoding was guessed, a character of UTF-8 shows that the guess was wrong.
            let sequence = given == nil ? UTF8Sequence(in: bytes.base, at: index) : .malformed
            if sequence == .incomplete, !isLast {
                carry = Array(bytes[index...])
                return text
            }
            var isUTF8 = false
            if case .whole = sequence { isUTF8 = true }
            guard !isUTF8, let scalar = Unicode.Scalar(table[Int(byte) - 0x80]), scalar.value != 0
            else {
                fault = unfitting(byte, at: start + index)
                return text
            }
            text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        return text
    }

    // MARK: UTF-16

    private func sixteenBit(
        _ bytes: UnsafeBufferPointer<UInt8>, isBigEndian: Bool, at start: Int, isLast: Bool
    ) -> [UInt8] {
        func unit(_ index: Int) -> UInt16 {
            let (a, b) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            return isBigEndian ? a << 8 | b : b << 8 | a
        }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var index = 0
        while index + 1 < bytes.count {
            var units = [unit(index)]
            if UTF16.isLeadSurrogate(units[0]) {
                guard index + 3 < bytes.count else { break }
                units.append(unit(index + 2))
            }
            var iterator = units.makeIterator()
            var decoder = UTF16()
            guard case .scalarValue(let scalar) = decoder.decode(&iterator) else {
                fault = unfitting(bytes[index], at: start + index)
                return text
            }
            text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            index += units.count * 2
        }
        if index < bytes.count {
            if isLast {
                fault = unfitting(bytes[index], at: start + index)
            } else {
                carry = Array(bytes[index...])
            }
        }
        return text
    }

    private func unfitting(_ byte: UInt8, at position: Int) -> FormatError {
        let hex = String(byte, radix: 16)
        let shown = "the byte 0x\(hex.count == 1 ? "0" + hex : hex)"
        let location = "byte \(position + 1)"
        let names =
            TextEncoding.allCases.map(\.name).joined(separator: ", ")
            + ". Of another, as Korean CP949: iconv -f CP949 -t UTF-8 FILE | tally import -"
        if let given {
            return FormatError(
                "\(shown) is no \(given.name)", location: location,
                hint: "Name the encoding that the file has: \(names)")
        }
        if encoding == .utf16 {
            return FormatError(
                "\(shown) is no UTF-16", location: location,
                hint: "Was the file cut? Get it once more.")
        }
        let why =
            encoding == .utf8
            ? "is no UTF-8, which what stands before it is" : "fits neither UTF-8 nor Windows-1252"
        return FormatError(
            "\(shown) \(why)", location: location,
            hint: "Name the encoding that the file has with --encoding: \(names)")
    }
}
