/// An answer as it comes in, line by line and piece by piece, within its bounds.
///
/// libcurl hands over one line of a head at a time, beginning with the status line and ending with
/// the empty line; heads of interim answers (103) come before that of the answer, and trailers after
/// the body. Only the last head counts. Each `take` returns false when the transfer must end, and
/// `refusal` then says why.
struct ResponseReader {
    enum Refusal: Hashable {
        case headersTooLarge
        case bodyTooLarge
    }

    /// For all heads and trailers of one answer together.
    static let maximumHeaderBytes = 64 * 1024

    private enum Stage {
        case betweenHeads
        case head
        case body
    }

    let maximumBodyBytes: Int
    private(set) var headers: [HTTPHeader] = []
    private(set) var body: [UInt8] = []
    private(set) var refusal: Refusal?
    private var headerBytes = 0
    private var stage = Stage.betweenHeads

    init(maximumBodyBytes: Int) {
        precondition(maximumBodyBytes >= 0)
        self.maximumBodyBytes = maximumBodyBytes
    }

    mutating func take(headerLine: [UInt8]) -> Bool {
        headerBytes += headerLine.count
        guard headerBytes <= ResponseReader.maximumHeaderBytes else {
            refusal = .headersTooLarge
            return false
        }
        switch stage {
        case .betweenHeads where headerLine.starts(with: "HTTP/".utf8):
            headers = []
            stage = .head
        case .betweenHeads, .body:
            break  // a trailer
        case .head:
            takeField(headerLine)
        }
        return true
    }

    mutating func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        stage = .body
        guard bytes.count <= maximumBodyBytes - body.count else {
            refusal = .bodyTooLarge
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    private mutating func takeField(_ line: [UInt8]) {
        let text = trimmed(line[...])
        if text.isEmpty {
            stage = .betweenHeads
        } else if line[0].isLineSpace, let last = headers.indices.last {
            // Folding (RFC 9112, section 5.2) is obsolete, but what is folded must not be lost.
            headers[last].value += " " + String(decoding: text, as: UTF8.self)
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            let value = trimmed(text[(colon + 1)...])
            headers.append(
                HTTPHeader(
                    String(decoding: text[..<colon], as: UTF8.self),
                    String(decoding: value, as: UTF8.self)))
        }
    }

    private func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let first = bytes.firstIndex(where: { !$0.isLineSpace }),
            let last = bytes.lastIndex(where: { !$0.isLineSpace })
        else { return [] }
        return bytes[first...last]
    }
}

extension UInt8 {
    fileprivate var isLineSpace: Bool { [0x20, 0x09, 0x0D, 0x0A].contains(self) }
}
