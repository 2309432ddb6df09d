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
                    "tally: another tool's \(shown(row)) was set back: \(Printable.line(row.reason))"
                )
            }
            let more = captured.refusedCount - Captured.linesShown
            if more > 0 { output.report("… and \(FigureText.grouped(more)) more") }
            if captured.refusedCount > 0 {
                output.report(
                    "What was typed is kept: tally query \"SELECT * FROM tally_refused\" (\(FigureText.count(captured.refusedCount, "row")))"
                )
            }
            note(captured.written)
        }
    }
}

/// A row for a line of a list; ids may be long.
private func shown(_ row: RefusedRow) -> String {
    guard let record = row.record else { return "row of \(row.kind)" }
    return Printable.line(record.count > 80 ? String(record.prefix(80)) + "…" : record)
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
        return [
            .number("added", added), .number("changed", changed), .number("deleted", deleted),
            .number("refused_count", refusedCount),
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
        var lines: [String] = []
        switch what {
        case .compared:
            lines.append(
                "The table \(kind) had been changed or rebuilt by another tool: it was put back, and compared with the log."
            )
        case .missing:
            lines.append(
                "The table \(kind) had been dropped by another tool: it was put back from the log.")
        case .empty:
            lines.append(
                "The table \(kind) had been replaced by an empty one: it was put back from the log. Delete records with "
                    + "DELETE, or tally delete.")
        case .withoutKey:
            lines.append(
                "The table \(kind) had been replaced by one without its key: it was put back from the log."
            )
        }
        if !dropped.isEmpty {
            lines.append(
                "Gone with it: \(dropped.joined(separator: ", ")). Triggers go with a table; by a UNIQUE index a row that is "
                    + "written would take others with it.")
        }
        if staleCount > 0 {
            lines.append(
                "\(FigureText.count(staleCount, "record")) of \(kind) had been changed here after the other tool read it: "
                    + "left as it is.")
        }
        if let keptAs {
            lines.append(
                "The table as the other tool made it has columns that are no fields: it is kept as \(keptAs)."
            )
        }
        return lines
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
