import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Conflicts: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the open conflicts, or show one; sync goes on meanwhile.",
        discussion: """
            Example: tally conflicts
            Example: tally conflicts c7f2
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The id of one conflict, or an unambiguous beginning of it.")
    var id: String?

    @Flag(help: "Show the fields on which all sides agree too.")
    var all = false

    @Flag(help: "Exit with 20 when there are conflicts.")
    var exitCode = false

    func run(_ context: CommandContext) throws {
        try context.withDataset { dataset in
            var shown: [Conflict] = []
            try dataset.read { access in
                if let id {
                    let conflict = try access.openConflict(id)
                    shown = [conflict]
                    try show(conflict, access, context)
                } else {
                    shown = try access.conflicts()
                    try list(shown, access, context)
                }
            }
            // A file that cannot be written can still be read; only the letters are then not remembered.
            try? dataset.writeLocally { try $0.rememberShown(shown, isWhole: id == nil) }
            if exitCode, !shown.isEmpty { throw Failure.silent(exitCode: 20) }
        }
    }

    private func list(_ conflicts: [Conflict], _ access: DatasetAccess, _ context: CommandContext)
        throws
    {
        if context.isJSON {
            let before = try access.before(conflicts)
            let list = try conflicts.map {
                try ConflictJSON.value($0, before: before[$0.id], access)
            }
            return context.print("conflicts", [.init("conflicts", .array(list))])
        }
        context.output.page(try ConflictList(conflicts, access).text(context))
    }

    private func show(_ conflict: Conflict, _ access: DatasetAccess, _ context: CommandContext)
        throws
    {
        let before = try access.before([conflict])[conflict.id]
        if context.isJSON {
            let json = try ConflictJSON.value(conflict, before: before, access)
            return context.print("conflicts", [.init("conflicts", [json])])
        }
        context.output.print(
            try ConflictSheet(conflict, before: before, access).text(context, all: all))
    }
}

extension DatasetAccess {
    /// The open conflict that a person means by the beginning of an id.
    ///
    /// - Throws: `StoreError` when there is none, or several.
    func openConflict(_ prefix: String) throws -> Conflict {
        let ids = try conflictIDs(prefix: prefix.lowercased(), limit: 6)
        if ids.count > 1 {
            throw StoreError(
                .badInput, "\(JSONString.quoted(prefix)) could be \(ids.joined(separator: ", "))",
                hint: "Give more of the id.")
        }
        guard let id = ids.first, let conflict = try conflict(id: id) else {
            throw StoreError(
                .noRecord, "There is no open conflict \(JSONString.quoted(prefix))",
                hint: "It may be resolved already. See the open ones with: tally conflicts")
        }
        return conflict
    }
}
