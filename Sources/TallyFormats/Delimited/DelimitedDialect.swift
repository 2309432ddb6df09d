/// How the cells of a delimited file are set apart.
public struct DelimitedDialect: Equatable, Sendable {
    public var delimiter: UInt8
    /// Whether a cell that begins with a quote goes on to the next quote; otherwise a quote is a character like any other.
    public var hasQuotes: Bool

    public init(delimiter: UInt8 = UInt8(ascii: ","), hasQuotes: Bool = true) {
        self.delimiter = delimiter
        self.hasQuotes = hasQuotes
    }

    /// The delimiters that are told apart: comma, semicolon, tab, bar, and 0x01 as Hive writes it.
    private static let delimiters: [UInt8] = [
        UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|"), 1,
    ]

    /// The delimiter that Excel's first line `sep=;` names; nil where there is no such line.
    static func mark(in beginning: some Collection<UInt8>) -> UInt8? {
        let line = Array(beginning.prefix(7)).split(
            maxSplits: 1, omittingEmptySubsequences: false,
            whereSeparator: { $0 == 0x0a || $0 == 0x0d }
        )[0]
        guard line.count == 5, line.starts(with: "sep=".utf8), let last = line.last,
            delimiters.contains(last)
        else { return nil }
        return last
    }

    /// The dialect of a file by its first row: the delimiter that stands there most, outside quotes; a comma where none does.
    init(of beginning: some Sequence<UInt8>) {
        var counts: [UInt8: Int] = [:]
        var (isQuoted, isInside) = (false, false)
        for byte in beginning {
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if isQuoted {
                continue
            } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if isInside { break }
            } else {
                isInside = true
                if Self.delimiters.contains(byte) { counts[byte, default: 0] += 1 }
            }
        }
        // The first of them, a comma, where none stands there.
        let best = Self.delimiters.reduce(Self.delimiters[0]) { best, other in
            counts[other, default: 0] > counts[best, default: 0] ? other : best
        }
        self.init(delimiter: best)
    }
}
