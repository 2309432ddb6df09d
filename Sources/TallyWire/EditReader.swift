import TallyCore

/// Reads the `edits` of a line: structure, type, shape and size, and nothing of a field or kind that is not known.
struct EditReader {
    private let kinds: KindCatalog
    /// The rows that are read, of a line that was checked when it came; nil for all.
    private let search: RowSearch?
    private var rowCount = 0

    init(kinds: KindCatalog, search: RowSearch? = nil) {
        self.kinds = kinds
        self.search = search
    }

    mutating func readEdits(from reader: inout JSONReader) throws(LineFault) -> [Edit] {
        var edits: [Edit] = []
        guard reader.peek() == UInt8(ascii: "[") else { throw .invalid("edits is no array") }
        try reader.readArray(fault: LineFault.init(json:)) { (reader) throws(LineFault) in
            edits.append(try self.readEdit(from: &reader, number: edits.count + 1))
        }
        if search != nil { return edits.filter { !$0.rows.isEmpty } }
        guard !edits.isEmpty else { throw .invalid("edits is empty") }
        try TouchedRecords.check(EditedRecords(edits))
        return edits
    }

    private mutating func readEdit(
        from reader: inout JSONReader, number: Int
    ) throws(LineFault) -> Edit {
        guard reader.peek() == UInt8(ascii: "{") else {
            throw .invalid("edit \(number) is no object")
        }
        var head = EditHead()
        var rowsOffset: Int?
        var edit: Edit?
        try reader.readObject(fault: LineFault.init(json:)) { (reader, name) throws(LineFault) in
            if name == "rows" {
                // No member stands twice, so that what is known now cannot change any more.
                if head.isComplete {
                    edit = try self.readRows(of: head, from: &reader, number: number)
                    return
                }
                _ = reader.peek()
                rowsOffset = reader.position
            }
            do throws(JSONFault) {
                try head.readMember(name, from: &reader)
            } catch { throw .invalid("edit \(number), \(name): \(error.reason)") }
        }
        if let edit { return edit }
        guard let rowsOffset else {
            _ = try head.plan(kinds: kinds, number: number)
            throw .invalid("edit \(number) has no rows")
        }
        var rowReader = JSONReader(reader.bytes, at: rowsOffset)
        return try readRows(of: head, from: &rowReader, number: number)
    }

    private mutating func readRows(
        of head: EditHead, from reader: inout JSONReader, number: Int
    ) throws(LineFault) -> Edit {
        var plan = try head.plan(kinds: kinds, number: number)
        guard reader.peek() == UInt8(ascii: "[") else {
            throw .invalid("edit \(number): rows is no array")
        }
        var rows: [Edit.Row] = []
        try reader.readArray(fault: LineFault.init(json:)) { (reader) throws(LineFault) in
            self.rowCount += 1
            guard self.rowCount <= Changeset.maximumRows else {
                throw .invalid("more than \(Changeset.maximumRows) rows in one line")
            }
            if let search = self.search, reader.passRow(unless: search, of: plan.kindName) {
                return
            }
            do throws(RowFault) {
                rows.append(try plan.readRow(from: &reader))
            } catch {
                throw .invalid("edit \(number), row \(rows.count + 1): \(error.reason)")
            }
        }
        if rows.isEmpty, search == nil { throw .invalid("edit \(number) has no rows") }
        return Edit(kind: plan.kindName, operation: plan.operation, rows: rows)
    }
}

extension Edit {
    /// Whether a reader of lines would take the edit: what none takes must not be written.
    ///
    /// - Returns: the first row that would not be taken and why, or why none would.
    /// - Complexity: O(bytes).
    public func fault(kinds: KindCatalog) -> (record: RecordAddress?, reason: String)? {
        var plan: RowPlan
        do throws(LineFault) {
            plan = try EditHead(self).plan(kinds: kinds, number: 1)
        } catch { return (nil, error.reason) }
        for row in rows {
            do throws(RowFault) {
                try plan.check(row)
            } catch { return (RecordAddress(kind: kind, key: row.key), error.reason) }
        }
        return nil
    }
}

/// The members of an edit before its rows.
private struct EditHead {
    var kind: String?
    var op: String?
    var field: String?
    var fields: [String]?

    init() {}

    init(_ edit: Edit) {
        (kind, op) = (edit.kind, edit.operation.name)
        switch edit.operation {
        case .set(let fields), .reopen(let fields): self.fields = fields
        case .add(let field), .remove(let field): self.field = field
        case .delete, .restore: break
        }
    }

    /// Whether all that the rows are read by is known.
    var isComplete: Bool {
        switch op {
        case "set", "reopen": return kind != nil && fields != nil
        case "add", "remove": return kind != nil && field != nil
        case "delete", "restore": return kind != nil
        default: return false
        }
    }

    mutating func readMember(_ name: String, from reader: inout JSONReader) throws(JSONFault) {
        switch name {
        case "kind": kind = try reader.readString()
        case "op": op = try reader.readString()
        case "field": field = try reader.readString()
        case "fields":
            var names: [String] = []
            try reader.readArray(fault: { $0 }) { (reader) throws(JSONFault) in
                names.append(try reader.readString())
            }
            fields = names
        default: try reader.skipValue()
        }
    }

    func plan(kinds: KindCatalog, number: Int) throws(LineFault) -> RowPlan {
        guard let kind, Kind.isName(kind) else {
            throw .invalid("edit \(number) has no kind of the form [a-z][a-z0-9_]*")
        }
        let known = kinds[kind]
        let operation: Edit.Operation
        switch op {
        case "set": operation = .set(fields: try checkedFields(of: known, number: number))
        case "reopen":
            let fields = try checkedFields(of: known, number: number)
            operation = .reopen(fields: fields)
        case "add": operation = .add(field: try checkedSetField(of: known, number: number))
        case "remove": operation = .remove(field: try checkedSetField(of: known, number: number))
        case "delete": operation = .delete
        case "restore": operation = .restore
        default: throw .invalid("edit \(number): unknown op \(quoted(op ?? ""))")
        }
        return RowPlan(kindName: kind, kind: known, operation: operation)
    }

    private func checkedFields(of kind: Kind?, number: Int) throws(LineFault) -> [String] {
        guard let fields, fields.allSatisfy(Kind.isName) else {
            throw .invalid("edit \(number) has no fields, or one that is not [a-z][a-z0-9_]*")
        }
        let layout: StatementLayout
        do throws(StatementLayout.Fault) {
            layout = try StatementLayout(fields: fields, of: kind)
        } catch { throw .invalid("edit \(number): \(error.reason)") }
        if op == "reopen" {
            // Fields that are not known may belong to one statement of a newer kind.
            let known = layout.parts.filter { kind?.statement(of: $0.statement) != nil }
            guard known.count <= 1, !fields.isEmpty else {
                throw .invalid("edit \(number): reopen is of one statement")
            }
        }
        return fields
    }

    private func checkedSetField(of kind: Kind?, number: Int) throws(LineFault) -> String {
        guard let field, Kind.isName(field) else {
            throw .invalid("edit \(number): \(op ?? "") wants a field of the form [a-z][a-z0-9_]*")
        }
        if let kind, kind.isKeyField(field) || kind.field(field).map({ $0.type != .set }) == true {
            throw .invalid("edit \(number): \(field) is no set field")
        }
        return field
    }
}

extension Kind {
    /// `[a-z][a-z0-9_]*`, at most 64 characters: the names of kinds and fields.
    public static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7a).contains(first) else { return false }
        return text.utf8.count <= 64
            && text.utf8.allSatisfy {
                (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
            }
    }
}

extension StatementLayout.Fault {
    var reason: String {
        switch self {
        case .repeated(let field): return "the field \(field) is named twice"
        case .keyField(let field): return "\(field) is a key field and cannot be set"
        case .setField(let field): return "\(field) is a set field: add to it or remove from it"
        case .partOfStatement(let field, let missing):
            return "\(field) is part of a statement and stands without \(missing)"
        }
    }
}

struct RowFault: Error {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
