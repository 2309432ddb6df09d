import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Rename: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Give a record another key.",
        discussion: """
            It is a deletion and an addition in one changeset: the new record holds all that the old one shows, and \
            says who renamed it. Somebody who edits the old record meanwhile causes a conflict between the deletion and \
            the edit, which tally conflicts shows. Two people who rename one record to different keys get two records: \
            tally merge makes one of them again. A key that was deleted may be used again; nothing of it comes back.
            Example: tally rename trade/KOR/CHN/X/TOTAL/2023/kosis source=motie
            Example: tally rename event/0192f0c1 id=comparative-connections:2023-7 -m "their own number"
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The record: KIND/KEY; a prefix of an id is enough.")
    var record: String

    @Argument(parsing: .remaining, help: "keyfield=value; the other key fields stay.")
    var assignments: [Assignment]

    @Option(
        name: .shortAndLong, help: "Why: kept with the change; \"rename OLD to NEW\" unless given.")
    var message: String?

    func run(_ context: CommandContext) throws {
        try context.withDataset { dataset in
            var (old, new): (RecordAddress?, RecordAddress?)
            var isOverDeleted = false
            let workplace = try context.workplace()
            let written = try dataset.write(at: workplace, Authoring(message: message)) { editor in
                let access = editor.reading
                let view = try access.existing(try access.address(record))
                let kind = try access.kinds.required(view.address.kind)
                let target = try target(of: view.address, kind)
                try view.requireNoConflict(toBe: "renamed")
                let place = try access.view(target)
                try check(place, isFreeFor: view.address)
                try editor.rename(view, to: place, kind: kind)
                if message == nil { editor.message = "rename \(view.address) to \(target)" }
                (old, new, isOverDeleted) = (view.address, target, place.isGone)
            }
            guard let old, let new else { return }
            report(from: old, to: new, isOverDeleted, written, context)
            context.noteRemark(on: new, in: dataset.kinds)
        }
    }

    private func target(of address: RecordAddress, _ kind: Kind) throws -> RecordAddress {
        var parts = address.key.parts
        var given: Set<String> = []
        for assignment in assignments {
            let field = assignment.field
            guard let position = kind.key.firstIndex(where: { $0.name == field }) else {
                throw notOfKey(field, kind, address)
            }
            guard assignment.operation == .set else {
                throw InputFault(
                    field: field, "\(field) is no set: += and -= are for sets",
                    hint: "Write \(field)=VALUE.")
            }
            guard given.insert(field).inserted else {
                throw InputFault(field: field, "\(field) is given twice")
            }
            parts[position] = try FieldInput(kind.key[position]).keyPart(assignment.text)
        }
        let target = RecordAddress(kind: kind.name, key: RecordKey(parts))
        if target == address {
            throw StoreError(
                .badInput, "\(address) has that key already; nothing was written",
                hint: "Name a key field that is to change: \(Self.names(of: kind)).")
        }
        return target
    }

    private func notOfKey(_ field: String, _ kind: Kind, _ address: RecordAddress) -> InputFault {
        let keys = "The key is \(Self.names(of: kind))"
        if kind.field(field) != nil {
            return InputFault(
                field: field, "\(field) is no part of the key of \(kind.name)",
                hint: "\(keys); change a field with: "
                    + "tally set \(ShellWord.quoted(address)) \(field)=VALUE")
        }
        return InputFault(
            field: field, "\(kind.name) has no key field \(JSONString.quoted(field))",
            hint: Suggestion.question(for: field, among: kind.key.map(\.name)) ?? keys + ".")
    }

    private static func names(of kind: Kind) -> String {
        kind.key.map(\.name).joined(separator: ", ")
    }

    private func check(_ place: RecordView, isFreeFor old: RecordAddress) throws {
        guard place.isVisible else { return }
        throw StoreError(
            .badInput, "\(place.address) is there already; nothing was renamed",
            hint: "If both are one record: tally merge "
                + "\(ShellWord.quoted(place.address)) \(ShellWord.quoted(old))")
    }

    private func report(
        from old: RecordAddress, to new: RecordAddress, _ isOverDeleted: Bool, _ written: Written,
        _ context: CommandContext
    ) {
        if context.isJSON {
            context.print(
                "rename",
                [
                    .init("record", .string(new.text)), .init("was", .string(old.text)),
                    .init("over_deleted", .bool(isOverDeleted)), .init(revisionOf: written),
                ])
        } else {
            context.output.print(
                "Renamed \(Printable.line(old.text)) to \(Printable.line(new.text))\(written.mark)")
            if isOverDeleted {
                context.output.note(
                    "That key was deleted before; nothing that it held then came back.")
            }
        }
        context.note(written)
    }
}
