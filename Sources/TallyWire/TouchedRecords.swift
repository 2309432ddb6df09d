import TallyCore

/// What may not stand beside each other in one changeset: one record twice in the same (op, field), add and remove of one
/// element, delete beside another edit.
public enum TouchedRecords {
    /// - Throws: `LineFault` for edits that no reader takes together.
    /// - Complexity: O(rows and elements).
    public static func check(_ records: EditedRecords) throws(LineFault) {
        let edits = records.edits
        let targets = edits.map { names(of: $0.operation) }
        try records.forEach { (parts) throws(LineFault) in
            guard parts.count > 1, let first = parts.first else { return }
            func fault(_ text: String) -> LineFault {
                let edit = edits[first.edit]
                let address = RecordAddress(kind: edit.kind, key: edit.rows[first.row].key)
                return .invalid("\(shortened(address.text)) \(text)")
            }
            var touched: Set<String> = []
            var isIn: [Element: Bool] = [:]
            for part in parts {
                for target in targets[part.edit] where !touched.insert(target).inserted {
                    throw fault("stands twice in \(target)")
                }
                if touched.contains(deletion), touched.count > 1 {
                    throw fault("is deleted beside another edit of it")
                }
                let row = edits[part.edit].rows[part.row]
                for (element, adds) in elements(edits[part.edit].operation, row) {
                    if isIn.updateValue(adds, forKey: element) == !adds {
                        throw fault("adds and removes \(quoted(element.text))")
                    }
                }
            }
        }
    }

    private static let deletion = "delete"

    /// The operation, with each of its fields.
    private static func names(of operation: Edit.Operation) -> [String] {
        switch operation {
        case .set(let fields): return fields.isEmpty ? ["set"] : fields.map { "set \($0)" }
        case .reopen(let fields): return fields.map { "reopen \($0)" }
        case .add(let field): return ["add \(field)"]
        case .remove(let field): return ["remove \(field)"]
        case .delete: return [deletion]
        case .restore: return ["restore"]
        }
    }

    /// The elements that a row adds or removes.
    private static func elements(
        _ operation: Edit.Operation, _ row: Edit.Row
    ) -> [(element: Element, adds: Bool)] {
        let (field, adds): (String, Bool)
        switch operation {
        case .add(let name): (field, adds) = (name, true)
        case .remove(let name): (field, adds) = (name, false)
        default: return []
        }
        return row.values.compactMap(\.text).map { (Element(field: field, text: $0), adds) }
    }
}
