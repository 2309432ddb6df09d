import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// Pairs of records that may be one: both, why, and the command that merges them.
struct DuplicateList {
    private let pairs: [Pair]

    private struct Pair {
        let duplicate: LikelyDuplicate
        /// The fields by which the two are known, of those that one has, in columns.
        let keep: [String]
        let other: [String]
    }

    init(_ duplicates: [LikelyDuplicate], in access: DatasetAccess) throws {
        pairs = try duplicates.map { pair in
            let kind = access.kinds[pair.keep.kind]
            // What the key is derived from, where it can be; else the first statement.
            let fields = kind?.derivedKey?.digest ?? kind?.statements.first?.fields ?? []
            let keep = try access.view(pair.keep).row?.values ?? [:]
            let other = try access.view(pair.duplicate).row?.values ?? [:]
            let shown = fields.filter { keep[$0] != nil || other[$0] != nil }
            return Pair(
                duplicate: pair, keep: shown.map { ValueText.of(keep[$0]) },
                other: shown.map { ValueText.of(other[$0]) })
        }
    }

    func text(_ context: CommandContext) -> String {
        var text = ""
        for pair in pairs {
            var table = Table(
                [Table.Column("")]
                    + pair.keep.indices.map { index in
                        index == pair.keep.count - 1
                            ? .text("", minimumWidth: 20) : Table.Column("")
                    })
            for (record, values) in [
                (pair.duplicate.keep, pair.keep), (pair.duplicate.duplicate, pair.other),
            ] {
                table.append([Table.Cell(record.text, .cyan)] + values.map { Table.Cell($0) })
            }
            text += context.output.rendered(table)
            text += "  \(Printable.line(pair.duplicate.reason.text))\n"
            text += "  \(pair.duplicate.command)\n\n"
        }
        return text
    }
}

extension LikelyDuplicate {
    var command: String { "tally merge \(ShellWord.quoted(keep)) \(ShellWord.quoted(duplicate))" }

    var json: JSONValue {
        [
            "keep": .string(keep.text), "duplicate": .string(duplicate.text),
            "reason": .string(reason.name), "command": .string(command),
        ]
    }
}

extension LikelyDuplicate.Reason {
    /// For programs.
    var name: String {
        switch self {
        case .title: return "title"
        case .date: return "date"
        case .page: return "page"
        case .spelling: return "spelling"
        }
    }

    var text: String {
        switch self {
        case .title: return "the same title, dates at most 3 days apart"
        case .date: return "titles alike, dates that can be the same"
        case .page(let page): return "the same day and page: \(page)"
        case .spelling(let field): return "\(field) spelled alike, the same figures"
        }
    }
}
