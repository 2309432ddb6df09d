import TallyCore
import TallyStore
import TallyWire

/// `after=CURSOR&limit=N&wait=SECONDS`, each of them optional; other parameters mean nothing.
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
            let name = String(pair[0])
            guard ["after", "limit", "wait"].contains(name) else { continue }
            let text = pair.count > 1 ? String(pair[1]) : ""
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
