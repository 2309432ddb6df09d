import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

extension CommandContext {
    /// Tells what has been taken of edits by other tools: whoever ran the command may not know of them.
    ///
    /// - Parameter isResult: it is what the command was run for.
    func tellCaptured(by dataset: Dataset, isResult: Bool = false) {
        for captured in dataset.takeCaptured() {
            for line in captured.lines.map(Printable.line) {
                if isResult { output.print(line) } else { output.note(line) }
            }
            for row in captured.refused.prefix(Captured.linesShown) {
                output.report(
                    "tally: another tool's \(Printable.line(row.record ?? row.kind)) was set back: "
                        + Printable.line(row.reason))
            }
            if captured.refusedCount > 0 {
                output.report(
                    "What was typed is kept: tally query \"SELECT * FROM tally_refused\" (\(FigureText.count(captured.refusedCount, "row")))"
                )
            }
            note(captured.written)
        }
    }
}

extension Captured {
    fileprivate static let linesShown = 20

    fileprivate var lines: [String] {
        var lines = rebuilt.flatMap(\.lines)
        let counts = [(added, "added"), (changed, "changed"), (deleted, "deleted")]
            .filter { $0.0 > 0 }.map { "\(FigureText.grouped($0.0)) \($0.1)" }
        if !counts.isEmpty, let revision = written.revisions.last {
            lines.append(
                "Took edits made with another tool: \(counts.joined(separator: ", "))  (\(revision.short))"
            )
        }
        lines += settled.prefix(Self.linesShown).map(\.settledLine)
        if settledCount > Self.linesShown {
            lines.append(
                "… and \(FigureText.grouped(settledCount - Self.linesShown)) more conflicts.")
        }
        return lines
    }

    var json: [JSONValue.Member] {
        func number(_ name: String, _ count: Int) -> JSONValue.Member {
            .init(name, .number(Double(count)))
        }
        return [
            number("added", added), number("changed", changed), number("deleted", deleted),
            number("refused_count", refusedCount),
            .init(
                "refused",
                .array(
                    refused.map {
                        [
                            "kind": .string($0.kind),
                            "record": $0.record.map(JSONValue.string) ?? .null,
                            "reason": .string($0.reason),
                        ]
                    })),
            .init("settled", .array(settled.map { .string($0.id.text) })),
            .init("rebuilt", .array(rebuilt.map { .string($0.kind) })),
            .init("revisions", .array(written.revisions.map { .string($0.description) })),
        ]
    }
}

extension Conflict {
    /// What is said of one that an edit settles by the way.
    var settledLine: String {
        let what = statement == Conflict.existenceName ? "a deletion" : statement
        return "This settles the conflict \(id) over \(what)."
    }
}

extension RebuiltTable {
    fileprivate var lines: [String] {
        let kept = keptAs.map { "The table as the other tool made it is kept as \($0)." }
        switch what {
        case .compared:
            return [
                "The table \(kind) had been rebuilt by another tool: it was put back, and compared with the log."
            ] + [kept.map { "It had columns that are no fields. \($0)" }].compactMap { $0 }
        case .missing:
            return [
                "The table \(kind) had been dropped by another tool: it was put back from the log."
            ]
        case .withoutKey:
            return [
                "The table \(kind) had been replaced by one without its key: it was put back from the log."
            ] + [kept].compactMap { $0 }
        }
    }
}

extension WaitingEdits {
    /// One line; nil when nothing waits.
    var line: String? {
        var parts: [String] = []
        if !counts.isEmpty {
            let kinds = counts.sorted { $0.key < $1.key }.map {
                "\(FigureText.grouped($0.value)) \($0.key)"
            }
            parts.append("\(kinds.joined(separator: ", ")) edited with another tool")
        }
        if !rebuilt.isEmpty {
            parts.append("\(rebuilt.joined(separator: ", ")) dropped or rebuilt by another tool")
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }
}
