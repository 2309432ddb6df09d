import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// `set KIND --where SQL`: the same assignments for every record that meets a condition, all or nothing.
struct SetWhere {
    let kind: String
    let condition: String
    let assignments: [Assignment]
    let message: String?

    func run(dryRun: Bool, _ context: CommandContext) throws {
        try context.withDataset(readOnly: dryRun) { dataset in
            let kind = try dataset.kinds.required(self.kind)
            // A value that no record takes is told before any is looked at.
            _ = try RecordInput(assignments, kind: kind)
            var summary = ChangeSummary()
            var written: Written?
            if dryRun {
                try dataset.checkNothingWaits()
                try dataset.read { access in
                    let keys = try chosen { try access.keys(of: kind, where: condition) }
                    for key in keys { summary.count(try change(of: key, kind, in: access)) }
                }
            } else {
                let authoring = Authoring(message: message ?? ownMessage)
                written = try dataset.write(at: context.workplace(), authoring) { editor in
                    // Chosen inside the transaction, under its lock: what is written is what met the condition.
                    let keys = try chosen { try editor.keys(of: kind, where: condition) }
                    for key in keys {
                        let change = try change(of: key, kind, in: editor.reading)
                        try editor.edit(change.address, change.edits)
                        summary.count(change)
                    }
                }
            }
            ChangeReport(summary: summary, written: written, of: kind.name).print(context)
        }
    }

    private func chosen(_ body: () throws -> [RecordKey]) throws -> [RecordKey] {
        try UserSQL.reporting(condition, body)
    }

    private func change(
        of key: RecordKey, _ kind: Kind, in access: DatasetAccess
    ) throws -> RecordChange {
        let view = try access.existing(RecordAddress(kind: kind.name, key: key))
        do throws(InputFault) {
            return try RecordChange(
                RecordInput(assignments, kind: kind, current: view.row?.sets ?? [:]), to: view,
                in: access.kinds)
        } catch {
            throw StoreError(
                .badInput, "\(view.address): \(error.message); nothing was written",
                hint: error.hint ?? "Leave the record out with --where, or set it by itself.")
        }
    }

    private var ownMessage: String {
        let values = assignments.map { "\($0.field)\($0.operation.rawValue)\($0.text)" }
        let text = Printable.line(
            "set \(values.joined(separator: " ")) in \(kind) where \(condition)")
        return text.count > 500 ? String(text.prefix(500)) + "…" : text
    }
}
