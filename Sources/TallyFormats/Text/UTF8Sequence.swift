/// What begins at a place in bytes that may be UTF-8 (The Unicode Standard, table 3-7).
enum UTF8Sequence: Equatable {
    case whole(length: Int)
    /// The bytes end inside a sequence that may still become one.
    case incomplete
    case malformed

    init(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) {
        let (count, second): (Int, ClosedRange<UInt8>)
        switch bytes[start] {
        case 0x00...0x7f: (count, second) = (1, 0...0)
        case 0xc2...0xdf: (count, second) = (2, 0x80...0xbf)
        case 0xe0: (count, second) = (3, 0xa0...0xbf)
        case 0xed: (count, second) = (3, 0x80...0x9f)
        case 0xe1...0xef: (count, second) = (3, 0x80...0xbf)
        case 0xf0: (count, second) = (4, 0x90...0xbf)
        case 0xf1...0xf3: (count, second) = (4, 0x80...0xbf)
        case 0xf4: (count, second) = (4, 0x80...0x8f)
        default:
            self = .malformed
            return
        }
        for offset in 1..<count {
            guard start + offset < bytes.count else {
                self = .incomplete
                return
            }
            let allowed = offset == 1 ? second : 0x80...0xbf
            guard allowed.contains(bytes[start + offset]) else {
                self = .malformed
                return
            }
        }
        self = .whole(length: count)
    }
}
