import TallyCore

/// What one changeset does to each record, so that what may not stand beside each other is found:
/// one record twice in the same (op, field), add and remove of one element, delete beside another edit.
///
/// Rows are looked up only where two edits could clash by kind, operation and field, or rows are out of order.
///
/// - Complexity: O(rows and elements), whatever the number of edits.
public struct TouchedRecords {
    private struct Target: Hashable {
        let kind: String
        /// The operation and its field.
        let what: String
    }

    private struct Membership: Hashable {
        let key: RecordKey
        let element: Element
        let isIn: Bool
    }

    /// How many edits have the target.
    private var edits: [Target: Int] = [:]
    private var keys: [Target: Set<RecordKey>] = [:]
    private var deleted: [String: Set<RecordKey>] = [:]
    private var edited: [String: Set<RecordKey>] = [:]
    private var memberships: [String: Set<Membership>] = [:]

    /// - Throws: `LineFault` for edits that no reader takes together.
    public static func check(_ edits: [Edit]) throws(LineFault) {
        var touched = Self(edits)
        for edit in edits { try touched.insert(edit) }
    }

    private init(_ edits: [Edit]) {
        for edit in edits {
            for target in Self.targets(of: edit) { self.edits[target, default: 0] += 1 }
            if edit.operation == .delete {
                deleted[edit.kind] = []
            } else {
                edited[edit.kind] = []
            }
        }
    }

    private mutating func insert(_ edit: Edit) throws(LineFault) {
        let targets = Self.targets(of: edit)
        let shared = targets.filter { edits[$0] != 1 }
        if !shared.isEmpty {
            for target in shared { try insertKeys(of: edit, at: target) }
        } else if !Self.isAscending(edit.rows) {
            try insertKeys(of: edit, at: targets[0])
        }
        if deleted[edit.kind] != nil, edited[edit.kind] != nil { try insertExistence(edit) }
        switch edit.operation {
        case .add(let field): try insertElements(of: edit, field: field, isIn: true)
        case .remove(let field): try insertElements(of: edit, field: field, isIn: false)
        default: break
        }
    }

    private mutating func insertKeys(of edit: Edit, at target: Target) throws(LineFault) {
        for row in edit.rows where !keys[target, default: []].insert(row.key).inserted {
            throw .invalid("\(Self.address(edit, row)) stands twice in \(target.what)")
        }
    }

    private mutating func insertExistence(_ edit: Edit) throws(LineFault) {
        let isDeletion = edit.operation == .delete
        for row in edit.rows {
            if isDeletion {
                deleted[edit.kind]?.insert(row.key)
            } else {
                edited[edit.kind]?.insert(row.key)
            }
            if (isDeletion ? edited : deleted)[edit.kind]?.contains(row.key) == true {
                throw .invalid("\(Self.address(edit, row)) is deleted beside another edit of it")
            }
        }
    }

    private mutating func insertElements(
        of edit: Edit, field: String, isIn: Bool
    ) throws(LineFault) {
        let opposite = Target(kind: edit.kind, what: "\(isIn ? "remove" : "add") \(field)")
        guard edits[opposite] != nil else { return }
        for row in edit.rows {
            for text in row.values.compactMap(\.text) {
                let element = Element(field: field, text: text)
                let other = Membership(key: row.key, element: element, isIn: !isIn)
                if memberships[edit.kind]?.contains(other) == true {
                    throw .invalid("\(Self.address(edit, row)) adds and removes \(quoted(text))")
                }
                memberships[edit.kind, default: []].insert(
                    Membership(key: row.key, element: element, isIn: isIn))
            }
        }
    }

    /// Rows in ascending order, as writers like to give them, need no look-up.
    private static func isAscending(_ rows: [Edit.Row]) -> Bool {
        zip(rows, rows.dropFirst()).allSatisfy { $0.key < $1.key }
    }

    private static func targets(of edit: Edit) -> [Target] {
        names(of: edit.operation).map { Target(kind: edit.kind, what: $0) }
    }

    private static func names(of operation: Edit.Operation) -> [String] {
        switch operation {
        case .set(let fields): return fields.isEmpty ? ["set"] : fields.map { "set \($0)" }
        case .reopen(let fields): return fields.map { "reopen \($0)" }
        case .add(let field): return ["add \(field)"]
        case .remove(let field): return ["remove \(field)"]
        case .delete: return ["delete"]
        case .restore: return ["restore"]
        }
    }

    private static func address(_ edit: Edit, _ row: Edit.Row) -> String {
        shortened(RecordAddress(kind: edit.kind, key: row.key).text)
    }
}
