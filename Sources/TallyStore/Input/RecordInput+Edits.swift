import TallyCore

extension RecordInput {
    /// The edits that bring a record that is there to what is given; nothing for what it holds already.
    ///
    /// A statement in conflict is always written: whoever sets it has decided.
    ///
    /// - Returns: with the conflicts that the edits settle.
    public func edits(of view: RecordView) -> (edits: [RecordEdit], settled: [Conflict]) {
        let current = view.row?.values ?? [:]
        var edits: [RecordEdit] = []
        var settled: [Conflict] = []
        for (statement, value) in statements(beside: current) {
            let conflict = view.conflicts.first { $0.statement == statement.name }
            let before = statement.fields.map { current[$0] ?? .null }
            if value == before, conflict == nil { continue }
            if let conflict { settled.append(conflict) }
            edits.append(.set(statement: statement.name, value: value))
        }
        let held = view.row?.sets ?? [:]
        edits += added.filter { held[$0.field]?.contains($0.text) != true }.map { .add($0) }
        edits += removed.filter { held[$0.field]?.contains($0.text) == true }.map { .remove($0) }
        return (edits, settled)
    }
}
