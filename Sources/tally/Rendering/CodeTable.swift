import TallyStore
import TallyTerminal

/// Entries of a code list as `codes` prints them, with the columns that any of them fills.
struct CodeTable {
    private let entries: [CodeList.Entry]

    init(_ entries: [CodeList.Entry]) {
        self.entries = entries
    }

    var table: Table {
        let numbers: [(title: String, text: (CodeList.Entry) -> String)] = [
            ("type", { $0.type ?? "" }), ("area", { $0.area ?? "" }), ("iso2", { $0.iso2 ?? "" }),
            ("m49", { $0.m49 ?? "" }),
            ("comtrade", { $0.comtrade.joined(separator: " ") }),
            ("numeric", { $0.numeric ?? "" }), ("until", { $0.until ?? "" }),
            ("in", { $0.editions.joined(separator: " ") }),
        ].filter { column in entries.contains { !column.1($0).isEmpty } }
        let hasMore = entries.contains { !Self.more($0).isEmpty }
        var table = Table(
            [
                Table.Column("code"),
                .text("name", minimumWidth: 20, priority: 1, maximumLines: 5),
            ] + numbers.map { Table.Column($0.title) }
                + (hasMore ? [.text("also", minimumWidth: 16, maximumLines: 5)] : []))
        for entry in entries {
            table.append(
                [Table.Cell(entry.code), Table.Cell(entry.name)]
                    + numbers.map { Table.Cell($0.text(entry)) }
                    + (hasMore ? [Table.Cell(Self.more(entry), .dim)] : []))
            for (edition, name) in entry.editionNames {
                table.append(["", Table.Cell("to \(edition): \(name)", .dim)])
            }
        }
        return table
    }

    /// Other names, what replaced it, and what there is to note.
    private static func more(_ entry: CodeList.Entry) -> String {
        [
            entry.aliases.joined(separator: "; "), entry.now.map { "now \($0)" } ?? "",
            entry.note ?? "",
        ].filter { !$0.isEmpty }.joined(separator: " – ")
    }
}
