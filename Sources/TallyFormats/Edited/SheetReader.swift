import TallyCore
import TallyStore

/// Reads the rows of an edited sheet against what was exported.
struct SheetReader {
    var columns: SheetColumns
    private(set) var numbers: NumberCells
    /// Given, or as all cells of the file show it.
    private var order: DateOrder?
    private let isOrderGiven: Bool
    private var orders: Set<DateOrder> = []
    /// Whether the file is known to be in an encoding that has every letter.
    var hasAllLetters = false
    /// Whether the file has `NA` for what is empty, as R writes it.
    private var hasNA = false
    /// The year of the export.
    private let firstYear: Int
    /// Cells that are taken for untouched, though a program has written them otherwise than they were exported.
    private var rewritten: [EditedReport.Sample.Field] = []

    init(_ columns: SheetColumns, _ numbers: NumberCells, _ order: DateOrder?, year: Int) {
        self.columns = columns
        firstYear = year
        self.numbers = numbers
        self.order = order
        isOrderGiven = order != nil
    }

    /// Learns from a row how the file writes figures and days, before any row is read.
    mutating func learn(from cells: [String]) {
        for (field, column) in columns.keys + columns.fields {
            switch field.type {
            // Of a figure or a day nobody writes so that it is not available, at least not where R has not.
            case .number where cells[column] == "NA", .date where cells[column] == "NA":
                hasNA = true
            case .number: _ = numbers.learn(from: cells[column])
            case .period, .date:
                if let shown = SheetDate.order(in: cells[column]) { orders.insert(shown) }
            default: break
            }
        }
        if !isOrderGiven { order = orders.count == 1 ? orders.first : nil }
    }

    private func cell(_ field: Kind.Field) -> SheetCell {
        SheetCell(
            field: field, mark: numbers.mark, order: order, hasAllLetters: hasAllLetters,
            hasNA: hasNA, firstYear: firstYear)
    }

    private func isEmpty(_ cell: String) -> Bool {
        let text = cell.trimmingSpaces
        return text.isEmpty || (hasNA && text == "NA")
    }

    private mutating func noteRewritten(_ field: Kind.Field, _ exported: String, _ cell: String) {
        rewritten.append(
            .init(
                name: field.name, before: .text(exported), after: .text(cell), outcome: .untouched))
    }

    /// The cells that were taken for untouched since this was asked last.
    mutating func takeRewritten() -> [EditedReport.Sample.Field] {
        defer { rewritten = [] }
        return rewritten
    }

    /// The key of a row that came from a record: the record's own where nobody has changed it.
    mutating func key(_ cells: [String], of record: RecordAddress) throws(InputFault) -> RecordKey {
        var parts = record.key.parts
        for (index, field) in columns.kind.key.enumerated() {
            guard let column = columns.keys.first(where: { $0.field.name == field.name })?.column,
                isEdited(cells[column], parts[index], field)
            else { continue }
            parts[index] = try cell(field).keyPart(cells[column], instead: parts[index], &numbers)
        }
        return RecordKey(parts)
    }

    /// What somebody has changed in a row, and nothing else.
    mutating func edits(
        _ cells: [String], of exported: RecordRow
    ) throws(InputFault) -> RecordInput {
        var input = RecordInput(kind: columns.kind)
        for (field, column) in columns.fields {
            if field.type == .set {
                let held = exported.sets[field.name] ?? []
                guard isEdited(cells[column], ElementList.join(held), field) else { continue }
                let wanted = try cell(field).elements(cells[column], instead: held)
                input.change(field.name, from: held, to: wanted)
                continue
            }
            let before = exported.values[field.name] ?? .null
            guard isEdited(cells[column], before.plain, field) else { continue }
            let value = try cell(field).value(cells[column], instead: before.plain, &numbers)
            if value == before {
                noteRewritten(field, before.plain, cells[column])
            } else {
                input.values[field.name] = value
            }
        }
        try takeDates(cells, of: exported, into: &input)
        return input
    }

    /// A date that may have been rewritten is somebody's word where what it means something with was edited.
    private mutating func takeDates(
        _ cells: [String], of exported: RecordRow, into input: inout RecordInput
    ) throws(InputFault) {
        for statement in columns.kind.statements
        where statement.fields.count > 1
            && statement.fields.contains(where: { input.values[$0] != nil })
        {
            let vintage = statement.vintage.map { statement.fields[$0] }
            for (field, column) in columns.fields
            where field.type == .date && statement.fields.contains(field.name)
                && field.name != vintage && input.values[field.name] == nil
            {
                let before = exported.values[field.name] ?? .null
                // Of a whole day the program's way of writing says the same.
                guard before.plain.utf8.count < 10,
                    cell(field).compare(cells[column], with: before.plain) == .rewritten
                else { continue }
                let value = try cell(field).value(
                    cells[column], instead: before.plain, &numbers)
                guard value != before else { continue }
                input.values[field.name] = value
                rewritten.removeAll { $0.name == field.name }
            }
        }
    }

    private mutating func isEdited(
        _ text: String, _ exported: String, _ field: Kind.Field
    ) -> Bool {
        switch cell(field).compare(text, with: exported) {
        case .same: return false
        case .rewritten:
            noteRewritten(field, exported, text)
            return false
        case .edited: return true
        }
    }

    /// All that a row says of a record that it is to make.
    ///
    /// - Parameter exported: what stood in the row before its key was changed; nil for a row that was typed.
    mutating func whole(
        _ cells: [String], of exported: RecordRow?
    ) throws(InputFault) -> RecordInput {
        var input = RecordInput(kind: columns.kind)
        if let exported {
            input = try edits(cells, of: exported)
            // As in an edit: a figure that is changed without its vintage has none.
            let undated = columns.kind.statements.compactMap { statement in
                input.values[statement.fields[0]] == nil
                    ? nil : statement.vintage.map { statement.fields[$0] }
            }
            for (name, value) in exported.values
            where input.values[name] == nil && !undated.contains(name) {
                input.values[name] = value
            }
            let held = exported.sets.flatMap { field, elements in
                elements.map { Element(field: field, text: $0) }
            }
            input.added = Set(held).subtracting(input.removed).union(input.added).sorted()
            input.removed = []
        } else {
            for (field, column) in columns.fields where !isEmpty(cells[column]) {
                if field.type == .set {
                    let elements = try cell(field).elements(cells[column], instead: [])
                    input.change(field.name, from: [], to: elements)
                } else {
                    input.values[field.name] = try cell(field).value(
                        cells[column], instead: "", &numbers)
                }
            }
        }
        input.values = input.values.filter { !$1.isNull }
        return input
    }

    /// The key of a row that somebody has added.
    mutating func key(_ cells: [String], new input: RecordInput) throws(InputFault) -> RecordKey {
        let kind = columns.kind
        var parts = KeyParts(of: kind)
        for (field, column) in columns.keys {
            if kind.derivedKey != nil, isEmpty(cells[column]) {
                do { return try input.derivedKey() } catch {
                    throw InputFault(
                        field: error.field, error.message, hint: "Type it into the row.")
                }
            }
            parts[field.name] = try cell(field).keyPart(cells[column], instead: "", &numbers)
        }
        return try input.key(parts)
    }
}
