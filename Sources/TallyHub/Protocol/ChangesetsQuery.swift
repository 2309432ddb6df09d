import TallyCore
import TallyStore
import TallyWire

/// `after=CURSOR&limit=N&wait=SECONDS`, each of them optional, percent-encoded; other parameters mean nothing.
struct ChangesetsQuery: Equatable {
    var after: LogCursor?
    var limit = 1000
    var waitSeconds = 0

    static let limits = 1...10_000
    static let waits = 0...60

    init(_ query: String?) throws(Problem) {
        var names: Set<String> = []
        for part in (query ?? "").split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = Self.decoded(pair[0]) ?? ""
            guard ["after", "limit", "wait"].contains(name) else { continue }
            guard let text = Self.decoded(pair.count > 1 ? pair[1] : "") else {
                throw Problem(
                    .badRequest,
                    "\(name): \(shown(String(pair[1]))) is not percent-encoded as it should be")
            }
            guard names.insert(name).inserted else {
                throw Problem(.badRequest, "\(name) is given twice")
            }
            switch name {
            case "after":
                guard let cursor = LogCursor(text) else {
                    throw Problem(.badRequest, "after: \(shown(text)) is no cursor of this hub")
                }
                after = cursor
            case "limit": limit = try Self.number(text, of: name, in: Self.limits)
            default: waitSeconds = try Self.number(text, of: name, in: Self.waits)
            }
        }
    }

    /// - Returns: nil where no byte in hexadecimal stands behind a `%`, or the bytes are no UTF-8.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let digits = String(digits), digits.allSatisfy(\.isHexDigit),
                let decoded = UInt8(digits, radix: 16)
            else { return nil }
            bytes.append(decoded)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func number(
        _ text: String, of name: String, in range: ClosedRange<Int>
    ) throws(Problem) -> Int {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(text), range.contains(number)
        else {
            throw Problem(
                .badRequest,
                "\(name): \(shown(text)) is no whole number from \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return number
    }
}

/// A value from outside in an error text: quoted, and not longer than a line bears.
func shown(_ text: String) -> String {
    JSONString.shown(text.utf8.count > 80 ? String(text.prefix(80)) + "…" : text)
}
