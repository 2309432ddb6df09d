import TallyCore
import TallyStore
import TallyTerminal

/// Records of a kind as `list` prints them: the key, then the fields that any of them has.
///
/// In a terminal with room for it a code is followed by its name, in the part of the key with the most different codes first. What
/// the other codes are called is said below, where it takes few lines.
struct RecordTable {
    /// Longer names are cut, and where there is not room for this much of one there is none.
    private static let longestName = 28
    private static let shortestName = 12
    private static let longestNameBelow = 60
    private static let linesBelow = 3
    /// What a text may be counted as, where there is the question whether a name fits beside it.
    private static let enoughText = 24

    private let kind: Kind
    private let rows: [RecordRow]
    private let fields: [Kind.Field]

    private struct Part {
        let column: Table.Column
        var cells: [Table.Cell]

        var width: Int {
            cells.reduce(DisplayWidth.of(column.title)) { max($0, $1.width) }
        }
    }

    init(_ rows: [RecordRow], of kind: Kind) {
        self.kind = kind
        self.rows = rows
        fields = kind.fields.filter { field in
            rows.contains { $0.values[field.name] != nil || $0.sets[field.name]?.isEmpty == false }
        }
    }

    /// - Parameter width: the columns of the terminal; nil where it is none, and no names are shown.
    func printed(within width: Int?) -> (table: Table, names: String) {
        var parts = kind.key.indices.map { [keyPart($0)] } + fields.map { [fieldPart($0)] }
        var below: [Int] = []
        if let width {
            var room =
                width + 2
                - parts.reduce(0) { sum, part in
                    let most = part[0].column.isFlexible ? Self.enoughText : Int.max
                    return sum + 2 + min(part[0].width, most)
                }
            for position in byVariety {
                let most = min(Self.longestName, room - 2)
                if codes(position).count > 1, most >= Self.shortestName {
                    let names = namePart(position, most)
                    room -= names.width > 0 ? names.width + 2 : 0
                    if names.width > 0 { parts[position].append(names) }
                } else {
                    below.append(position)
                }
            }
        }
        let columns = parts.joined()
        var table = Table(columns.map(\.column))
        for row in rows.indices { table.append(columns.map { $0.cells[row] }) }
        return (table, width.map { names(below, within: $0) } ?? "")
    }

    /// `KOR South Korea · X Export · M Import`: of the parts with the fewest codes, as many as are said in few lines.
    private func names(_ positions: [Int], within width: Int) -> String {
        var shown: [Int: String] = [:]
        func text() -> String {
            shown.sorted { $0.key < $1.key }.map(\.value).joined(separator: " · ")
        }
        for position in positions.reversed() {
            let names = codes(position).compactMap { code -> String? in
                guard let name = CodeName.of(code, field: kind.key[position]) else { return nil }
                return "\(code) \(DisplayWidth.truncated(name, to: Self.longestNameBelow))"
            }
            if names.isEmpty { continue }
            shown[position] = names.joined(separator: " · ")
            if DisplayWidth.of(text()) > Self.linesBelow * (width - 10) { shown[position] = nil }
        }
        return text()
    }

    private func keyPart(_ position: Int) -> Part {
        Part(
            column: Table.Column(kind.key[position].name),
            cells: rows.map { Table.Cell($0.key.parts[position]) })
    }

    private func fieldPart(_ field: Kind.Field) -> Part {
        let column: Table.Column =
            switch field.type {
            case .number: .number(field.name)
            case .text, .set: .text(field.name, minimumWidth: 12)
            default: Table.Column(field.name)
            }
        return Part(
            column: column,
            cells: rows.map { row in
                if field.type == .set {
                    return Table.Cell((row.sets[field.name] ?? []).joined(separator: "; "))
                }
                let value = row.values[field.name]
                return Table.Cell(value == nil ? "" : ValueText.of(value))
            })
    }

    /// The different codes of a part of the key, in the order in which they come.
    private func codes(_ position: Int) -> [String] {
        var seen: Set<String> = []
        return rows.map { $0.key.parts[position] }.filter { seen.insert($0).inserted }
    }

    /// The positions in the key, that of the part with the most different codes first.
    private var byVariety: [Int] {
        let counts = kind.key.indices.map { codes($0).count }
        return kind.key.indices.sorted { (-counts[$0], $0) < (-counts[$1], $1) }
    }

    private func namePart(_ position: Int, _ most: Int) -> Part {
        var known: [String: Table.Cell] = [:]
        let field = kind.key[position]
        let cells = rows.map { row in
            let code = row.key.parts[position]
            if let cell = known[code] { return cell }
            let name = CodeName.of(code, field: field) ?? ""
            let cell = Table.Cell(DisplayWidth.truncated(name, to: most), .dim)
            known[code] = cell
            return cell
        }
        return Part(column: Table.Column(""), cells: cells)
    }
}
