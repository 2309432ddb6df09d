import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// What `find` found: record, field, and the text around the place, which stands out on a terminal.
struct HitList {
    private let hits: [RecordHit]

    init(_ hits: [RecordHit]) {
        self.hits = hits
    }

    /// Whole lines; those of one record name it once.
    func text(on terminal: Terminal) -> String {
        let width = terminal.outputWidth
        let records = hits.map { Printable.line($0.address.text) }
        let recordWidth = min(
            records.map(DisplayWidth.of).max() ?? 0, width.map { max(16, $0 / 2) } ?? .max)
        let fieldWidth = hits.flatMap(\.matches).map { DisplayWidth.of($0.field) }.max() ?? 0
        let room = width.map { max(20, $0 - recordWidth - fieldWidth - 4) } ?? 100
        var text = ""
        for (hit, record) in zip(hits, records) {
            for (index, match) in hit.matches.enumerated() {
                let shown =
                    index == 0 ? DisplayWidth.truncated(record, to: recordWidth, cut: .middle) : ""
                text += DisplayWidth.padded(shown, to: recordWidth) + "  "
                text += DisplayWidth.padded(Printable.line(match.field), to: fieldWidth) + "  "
                text += Excerpt(match, width: room).text(color: terminal.colorsOutput) + "\n"
            }
        }
        return text
    }
}

/// A part of a text around the place where something was found, on one line and safe to print.
struct Excerpt: Equatable {
    let before: String
    let hit: String
    let after: String

    /// - Parameter width: columns that it may take.
    init(_ match: RecordHit.Match, width: Int) {
        let (text, range) = (match.text, match.range)
        hit = DisplayWidth.truncated(Printable.line(String(text[range])), to: width)
        // No more of a long text than can be shown.
        let start = Printable.line(String(text[..<range.lowerBound].suffix(width + 1)))
        let end = Printable.line(String(text[range.upperBound...].prefix(width + 1)))
        let room = width - DisplayWidth.of(hit)
        let (startWidth, endWidth) = (DisplayWidth.of(start), DisplayWidth.of(end))
        // What the one side does not need the other gets.
        let startRoom = max(room / 3, room - endWidth)
        before = Self.end(of: start, within: min(startRoom, startWidth))
        after = DisplayWidth.truncated(end, to: room - DisplayWidth.of(before))
    }

    private static func end(of text: String, within room: Int) -> String {
        String(DisplayWidth.truncated(String(text.reversed()), to: room).reversed())
    }

    func text(color: Bool) -> String {
        before + Style([.bold, .yellow]).applied(to: hit, color: color) + after
    }
}

extension RecordHit {
    var json: JSONValue {
        [
            "record": .string(address.text),
            "matches": .array(
                matches.map { ["field": .string($0.field), "text": .string($0.text)] }),
        ]
    }
}
