/// Turns the bytes of a terminal in raw mode into keys.
///
/// A value fed byte by byte. A lone escape character is the Escape key only when nothing follows
/// it; the driver says so with ``timeOut()``.
///
/// - Source: ECMA-48 control sequences; xterm's <https://invisible-island.net/xterm/ctlseqs/>.
struct KeyDecoder {
    private static let escape: UInt8 = 0x1B

    /// The start of an escape sequence or of a character in UTF-8.
    private var pending: [UInt8] = []

    /// Whether more bytes are needed to know the key.
    var isWaiting: Bool {
        !pending.isEmpty
    }

    /// Takes the next byte; returns the key that it completes.
    mutating func take(_ byte: UInt8) -> Key? {
        switch pending.first {
        case nil: return begin(byte)
        case KeyDecoder.escape: return continueEscape(byte)
        default: return continueCharacter(byte)
        }
    }

    /// Nothing followed the bytes that are waiting.
    mutating func timeOut() -> Key? {
        defer { pending = [] }
        if pending.isEmpty { return nil }
        return pending == [KeyDecoder.escape] ? .escape : .unknown
    }

    private mutating func begin(_ byte: UInt8) -> Key? {
        switch byte {
        case KeyDecoder.escape, 0xC2...0xF4:
            pending = [byte]
            return nil
        case 0x03: return .interrupt
        case 0x04: return .endOfInput
        case 0x08, 0x7F: return .backspace
        case 0x09: return .tab
        case 0x0A, 0x0D: return .enter
        case 0x01...0x1A: return .control(Character(Unicode.Scalar(byte + 0x60)))
        case 0x20..<0x7F: return .character(Character(Unicode.Scalar(byte)))
        default: return .unknown
        }
    }

    private mutating func continueCharacter(_ byte: UInt8) -> Key? {
        guard byte & 0xC0 == 0x80 else {
            // The character broke off; what came instead still counts.
            pending = []
            return begin(byte)
        }
        pending.append(byte)
        let length = pending[0] < 0xE0 ? 2 : pending[0] < 0xF0 ? 3 : 4
        if pending.count < length { return nil }
        defer { pending = [] }
        guard let text = String(validating: pending, as: UTF8.self) else { return .unknown }
        return text.unicodeScalars.contains(where: Printable.isUnsafe)
            ? .unknown : .character(Character(text))
    }

    private mutating func continueEscape(_ byte: UInt8) -> Key? {
        if pending.count == 1 {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "O"):
                pending.append(byte)
                return nil
            case KeyDecoder.escape:
                return .escape
            default:
                pending = []
                return .unknown
            }
        }
        // The Linux console sends F1 as ESC [ [ A.
        let isConsoleKey = pending.count == 2 && byte == UInt8(ascii: "[")
        if isConsoleKey || (0x20...0x3F).contains(byte) && pending.count < 32 {
            pending.append(byte)
            return nil
        }
        let parameters = pending.dropFirst(2)
        pending = []
        return KeyDecoder.key(final: byte, parameters: parameters)
    }

    /// The key of `ESC [ parameters final`; a modifier after `;` makes no difference.
    private static func key(final: UInt8, parameters: ArraySlice<UInt8>) -> Key {
        if parameters.first == UInt8(ascii: "[") { return .unknown }
        switch final {
        case UInt8(ascii: "A"): return .up
        case UInt8(ascii: "B"): return .down
        case UInt8(ascii: "C"): return .right
        case UInt8(ascii: "D"): return .left
        case UInt8(ascii: "H"): return .home
        case UInt8(ascii: "F"): return .end
        case UInt8(ascii: "Z"): return .backTab
        case UInt8(ascii: "~"):
            let number = parameters.prefix { $0 != UInt8(ascii: ";") }
            switch String(decoding: number, as: UTF8.self) {
            case "1", "7": return .home
            case "3": return .delete
            case "4", "8": return .end
            case "5": return .pageUp
            case "6": return .pageDown
            default: return .unknown
            }
        default: return .unknown
        }
    }
}
