import TallyCore
import TallyWire

/// The lines of a push.
enum PushBody {
    /// Splits by newlines; the last one may be missing. An empty body has no lines.
    ///
    /// Stops behind the first line that is too short to be one: it will be refused, and so nothing after it is looked
    /// at. A body of nothing but newlines thus does not become millions of lines.
    ///
    /// - Throws: `too-large` for more than 4 MiB, unless it is one line.
    static func lines(_ body: [UInt8]) throws(Problem) -> [[UInt8]] {
        let newline = UInt8(ascii: "\n")
        let end = body.last == newline ? body.count - 1 : body.count
        if body.count > HubRequest.maximumPushBytes {
            let isOneLine = end <= Changeset.maximumLineBytes && !body[..<end].contains(newline)
            guard isOneLine else { throw tooLarge(body.count) }
        }
        if body.isEmpty { return [] }
        var lines: [[UInt8]] = []
        var start = 0
        while start <= end {
            let stop = body[start..<end].firstIndex(of: newline) ?? end
            lines.append(Array(body[start..<stop]))
            if stop - start < shortestLineBytes { break }
            start = stop + 1
        }
        return lines
    }

    /// Less than a signature and the braces around it take.
    private static let shortestLineBytes = 90

    static func tooLarge(_ count: Int) -> Problem {
        Problem(
            .tooLarge,
            "the body has \(count) bytes; a push takes at most \(HubRequest.maximumPushBytes), also where it is one line: "
                + "send several lines in several requests")
    }
}
