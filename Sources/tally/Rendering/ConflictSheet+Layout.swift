import TallyTerminal

/// How fields and sides stand to each other, by how wide the terminal is.
extension ConflictSheet {
    /// Fields below each other and sides beside each other; where that is too wide, the other way round; where that is, too,
    /// side after side.
    func text(
        of rows: [Row], _ titles: [String], _ messages: [String], _ terminal: Terminal
    ) -> String {
        let (width, color) = (terminal.outputWidth, terminal.colorsOutput)
        let upright = upright(rows, titles, messages)
        if upright.naturalWidth <= width ?? .max {
            return upright.rendered(width: width, color: color)
        }
        let own = rows.filter { !$0.isForeign }
        let across = across(own, titles, messages)
        let sides =
            across.naturalWidth <= width ?? .max
            ? across.rendered(width: width, color: color)
            : blocks(own, titles, messages, terminal)
        var others = Self.table(["", ""])
        for row in rows where row.isForeign {
            others.append([Table.Cell(row.field), Table.Cell(row.merged ?? "")])
        }
        return sides + others.rendered(width: width, color: color)
    }

    private func upright(_ rows: [Row], _ titles: [String], _ messages: [String]) -> Table {
        let hasMerged = rows.contains { $0.merged != nil }
        var table = Self.table(["", "before"] + titles + (hasMerged ? [""] : []))
        for row in rows {
            let cells = [row.field, row.before] + row.sides + [row.merged ?? ""]
            table.append(cells.prefix(table.columns.count).map { Table.Cell($0) })
        }
        if messages.contains(where: { !$0.isEmpty }) {
            table.append((["", ""] + messages).map { Table.Cell($0, .dim) })
        }
        return table
    }

    private func across(_ rows: [Row], _ titles: [String], _ messages: [String]) -> Table {
        let hasMessages = messages.contains { !$0.isEmpty }
        let fields = rows.map { $0.merged == nil ? $0.field : "\($0.field) (merged)" }
        var table = Self.table([""] + fields + (hasMessages ? [""] : []))
        for (index, name) in (["before"] + titles).enumerated() {
            let cells = [name] + rows.map { ([$0.before] + $0.sides)[index] }
            let said = hasMessages ? [Table.Cell(([""] + messages)[index], .dim)] : []
            table.append(cells.map { Table.Cell($0) } + said)
        }
        return table
    }

    /// What a side has stands below its name, and only that.
    private func blocks(
        _ rows: [Row], _ titles: [String], _ messages: [String], _ terminal: Terminal
    ) -> String {
        let (width, color) = (terminal.outputWidth, terminal.colorsOutput)
        func block(_ title: String, _ message: String, _ cell: (Row) -> String) -> String {
            var table = Self.table(["", ""], indent: 2)
            for row in rows where !cell(row).isEmpty {
                let merged = row.merged == nil ? "" : "  (merged)"
                table.append([Table.Cell(row.field), Table.Cell(cell(row) + merged)])
            }
            if !message.isEmpty { table.append(["", Table.Cell(message, .dim)]) }
            guard table.rowCount > 0 else { return "" }
            return Style.bold.applied(to: title, color: color) + "\n"
                + table.rendered(width: width, color: color)
        }
        var text = block("before", "", \.before)
        for (index, title) in titles.enumerated() {
            text += block(title, messages[index]) { $0.sides[index] }
        }
        return text
    }

    private static func table(_ titles: [String], indent: Int = 0) -> Table {
        let columns = titles.enumerated().map { index, title in
            index == 0 ? Table.Column(title) : .text(title, minimumWidth: 12, maximumLines: 4)
        }
        return Table(columns, indent: indent, uppercasesTitles: false)
    }
}
