/// What the edits of a changeset do, record by record, records in the order of kinds and keys.
public struct EditedRecords: Sendable {
    /// A row of one of the edits.
    public struct Part: Sendable {
        public let edit: Int
        public let row: Int
    }

    public let edits: [Edit]
    private let parts: [Part]

    /// - Complexity: O(rows) for one edit with rows in the order of the keys, as writers give them; else O(rows × log rows).
    public init(_ edits: [Edit]) {
        self.edits = edits
        if edits.count == 1, edits[0].rows.isAscending {
            parts = edits[0].rows.indices.map { Part(edit: 0, row: $0) }
        } else {
            parts = Self.sorted(edits)
        }
    }

    /// Edits of which the rows are put in order.
    ///
    /// - Complexity: O(rows × log rows).
    public init(sorting unsorted: [Edit]) {
        var edits = unsorted
        for index in edits.indices { edits[index].rows.removeAll(keepingCapacity: true) }
        var parts: [Part] = []
        for part in Self.sorted(unsorted) {
            parts.append(Part(edit: part.edit, row: edits[part.edit].rows.count))
            edits[part.edit].rows.append(unsorted[part.edit].rows[part.row])
        }
        self.edits = edits
        self.parts = parts
    }

    private static func sorted(_ edits: [Edit]) -> [Part] {
        let kinds = Set(edits.map(\.kind)).sorted { $0.precedesInBytes($1) }
        var entries: [(kind: Int, prefix: UInt64, part: Part)] = []
        entries.reserveCapacity(edits.reduce(0) { $0 + $1.rows.count })
        for (index, edit) in edits.enumerated() {
            let kind = kinds.firstIndex(of: edit.kind) ?? 0
            for (row, content) in edit.rows.enumerated() {
                entries.append((kind, content.key.prefix, Part(edit: index, row: row)))
            }
        }
        entries.sort { a, b in
            if a.kind != b.kind { return a.kind < b.kind }
            if a.prefix != b.prefix { return a.prefix < b.prefix }
            let (x, y) = (
                edits[a.part.edit].rows[a.part.row].key, edits[b.part.edit].rows[b.part.row].key
            )
            return x == y ? (a.part.edit, a.part.row) < (b.part.edit, b.part.row) : x < y
        }
        return entries.map(\.part)
    }

    /// Calls `body` for each record, with the rows that edit it in the order of the edits.
    public func forEach<Failure: Error>(
        _ body: (ArraySlice<Part>) throws(Failure) -> Void
    ) throws(Failure) {
        var start = 0
        while start < parts.count {
            let first = parts[start]
            var end = start + 1
            while end < parts.count, isSame(first, parts[end]) { end += 1 }
            try body(parts[start..<end])
            start = end
        }
    }

    private func isSame(_ a: Part, _ b: Part) -> Bool {
        edits[a.edit].kind == edits[b.edit].kind
            && edits[a.edit].rows[a.row].key == edits[b.edit].rows[b.row].key
    }
}

extension [Edit.Row] {
    /// Whether each key is greater than the one before.
    fileprivate var isAscending: Bool { zip(self, dropFirst()).allSatisfy { $0.key < $1.key } }
}
