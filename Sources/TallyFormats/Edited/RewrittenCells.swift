import TallyCore
import TallyStore

/// Cells that are taken for untouched, though a program has written them otherwise than they were exported.
struct RewrittenCells {
    private(set) var counts: [String: Int] = [:]
    private var ofRow: [EditedReport.Sample.Field] = []
    private var rowsShown = 0

    mutating func note(_ field: Kind.Field, _ exported: String, _ cell: String) {
        counts[field.name, default: 0] += 1
        guard rowsShown < ImportReport.maximumSamples else { return }
        ofRow.append(
            .init(
                name: field.name, before: .text(exported), after: .text(cell), outcome: .untouched))
    }

    /// What was noted last of a field was an edit after all.
    mutating func takeBack(_ field: Kind.Field) {
        counts[field.name, default: 1] -= 1
        if counts[field.name] == 0 { counts[field.name] = nil }
        ofRow.removeAll { $0.name == field.name }
    }

    /// What was noted since this was asked last; nothing once enough rows were shown.
    mutating func drain() -> [EditedReport.Sample.Field] {
        defer { ofRow = [] }
        if !ofRow.isEmpty { rowsShown += 1 }
        return ofRow
    }
}
