import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// Pairs of records that may be one: both, why, and the command that merges them.
struct DuplicateList {
    private let pairs: [Pair]

    private struct Pair {
        let duplicate: LikelyDuplicate
        /// The fields by which each is known, as one line.
        let lines: (keep: String, duplicate: String)
    }

    init(_ duplicates: [LikelyDuplicate], in access: DatasetAccess) throws {
        pairs = try duplicates.map { pair in
            Pair(
                duplicate: pair,
                lines: (
                    try Self.line(pair.keep, pair, access),
                    try Self.line(pair.duplicate, pair, access)
                ))
        }
    }

    /// What the key is derived from, where it can be; else the first statement.
    private static func line(
        _ address: RecordAddress, _ pair: LikelyDuplicate, _ access: DatasetAccess
    ) throws -> String {
        guard let kind = access.kinds[address.kind] else { return "" }
        let fields = kind.derivedKey?.digest ?? kind.statements.first?.fields ?? []
        let values = try access.view(address).row?.values ?? [:]
        let shown = fields.compactMap { values[$0] }.map { ValueText.of($0) }
        return shown.joined(separator: "  ")
    }

    func text(_ context: CommandContext) -> String {
        var text = ""
        for pair in pairs {
            var table = Table([Table.Column(""), .text("", minimumWidth: 20)])
            table.append([
                Table.Cell(pair.duplicate.keep.text, .cyan), Table.Cell(pair.lines.keep),
            ])
            table.append([
                Table.Cell(pair.duplicate.duplicate.text, .cyan), Table.Cell(pair.lines.duplicate),
            ])
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
