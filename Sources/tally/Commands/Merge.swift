import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Merge: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Make one record of two that speak of the same thing.",
        discussion: """
            Fills what KEEP does not say from DUPLICATE, joins the sets and deletes DUPLICATE, in one changeset. Where \
            both say something KEEP stands; what DUPLICATE said instead is printed, put into the message, and stays in \
            the history.
            Example: tally merge event/0192f0c1 event/0192f0c2 -m "entered by both of us"
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The record that stays: KIND/KEY; a prefix of an id is enough.")
    var keep: String

    @Argument(help: "The record that goes.")
    var duplicate: String

    @Option(name: .shortAndLong, help: "Why: kept with the change, beside what was merged.")
    var message: String?

    func run(_ context: CommandContext) throws {
        try context.withDataset { dataset in
            var done: MergeReport?
            let written = try dataset.write(at: context.workplace()) { editor in
                let access = editor.reading
                let kept = try access.existing(try access.address(keep))
                let other = try access.existing(try access.address(duplicate))
                try check(kept, other)
                let kind = try access.kinds.required(kept.address.kind)
                let merge = try editor.merge(kept, from: other, kind: kind)
                let report = MergeReport(
                    keep: kept.address, duplicate: other.address, merge: merge)
                editor.message = report.message(message)
                done = report
            }
            done?.print(written, context)
        }
    }

    private func check(_ keep: RecordView, _ other: RecordView) throws {
        if keep.address == other.address {
            throw StoreError(
                .badInput, "\(keep.address) and the duplicate are the same record",
                hint: "Name the one to keep, then the one to delete.")
        }
        if keep.address.kind != other.address.kind {
            throw StoreError(
                .badInput,
                "\(keep.address) and \(other.address) are of two kinds; only records of one can be merged",
                hint: "Look at both: tally show RECORD")
        }
        try keep.requireNoConflict(toBe: "merged")
        try other.requireNoConflict(toBe: "merged")
    }
}

/// What `merge` says at its end.
private struct MergeReport {
    let keep: RecordAddress
    let duplicate: RecordAddress
    let merge: RecordMerge

    /// What the changeset says of itself: what was left stands there too, as far as there is room.
    func message(_ given: String?) -> String {
        var text = "merge \(duplicate) into \(keep)"
        if !merge.left.isEmpty {
            text +=
                "; left "
                + merge.left.map { "\($0.field) \(Self.short($0.left))" }
                .joined(separator: ", ")
        }
        if text.utf8.count > 4000 { text = "merge \(duplicate) into \(keep)" }
        return given.map { "\($0) (\(text))" } ?? text
    }

    private static func short(_ value: Value) -> String {
        let text = Printable.line(value.plain)
        return text.count > 80 ? String(text.prefix(80)) + "…" : text
    }

    func print(_ written: Written, _ context: CommandContext) {
        if context.isJSON {
            context.print(
                "merge",
                [
                    .init("record", .string(keep.text)), .init("deleted", .string(duplicate.text)),
                    .init("filled", .array(merge.filled.map(JSONValue.string))),
                    .init(
                        "left",
                        .array(
                            merge.left.map {
                                [
                                    "field": .string($0.field), "kept": $0.kept.json,
                                    "left": $0.left.json,
                                ]
                            })), .init(revisionOf: written),
                ])
            return context.note(written)
        }
        context.output.print(
            "Merged \(Printable.line(duplicate.text)) into \(Printable.line(keep.text))\(written.mark)"
        )
        if !merge.filled.isEmpty {
            context.output.print(
                "Filled \(merge.filled.map(Printable.line).joined(separator: ", "))")
        }
        if !merge.left.isEmpty {
            context.output.print("Both said something; these values of the duplicate were left:")
            var table = Table(
                [
                    Table.Column("field"), .text("kept", minimumWidth: 12),
                    .text("left", minimumWidth: 12),
                ], indent: 2)
            for difference in merge.left {
                table.append([
                    Table.Cell(difference.field), Table.Cell(ValueText.of(difference.kept)),
                    Table.Cell(ValueText.of(difference.left)),
                ])
            }
            context.output.print(table)
        }
        context.note(written)
    }
}
