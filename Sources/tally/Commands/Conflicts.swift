import ArgumentParser
import TallyCore
import TallyReports
import TallyStore
import TallyTerminal
import TallyWire

struct Conflicts: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts",
        abstract: "List the open conflicts, or show one; sync goes on meanwhile.",
        discussion: """
            Conflicts of one record stand together. GAP is how far the figures are apart, and which part of the largest one \
            that is; one marked with ! is worth a look: the conflict in detail says why.
            Example: tally conflicts
            Example: tally conflicts c7f2
            Example: tally conflicts --sort gap --where "partner = 'CHN'" --author jun
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The id of one conflict, or an unambiguous beginning of it.")
    var id: String?

    @Flag(help: "Show the fields on which all sides agree too.")
    var all = false

    @OptionGroup var choice: ConflictChoice

    @Option(help: "What stands first: age (the newest), gap (the largest) or record.")
    var sort: ConflictOrder = .age

    @Flag(help: "Exit with 20 when there are conflicts.")
    var exitCode = false

    func validate() throws {
        if id != nil, !choice.isEmpty {
            throw ValidationError("Give an id or conditions, not both.")
        }
    }

    func run(_ context: CommandContext) throws {
        var (shown, text): ([Conflict], String) = ([], "")
        try context.withDataset(readOnly: true) { dataset in
            try dataset.read { access in
                if let id {
                    shown = [try access.openConflict(id)]
                } else {
                    shown = try choice.conflicts(in: access, context)
                }
                text = try id == nil ? list(shown, access, context) : sheet(shown, access, context)
            }
        }
        // Shown when the file is no longer being read: a pager may stay open for hours.
        context.output.page(text)
        // A file that cannot be written can still be read; only the letters are then not remembered.
        try? context.withDataset { dataset in
            try dataset.writeLocally {
                try $0.rememberShown(shown, isWhole: id == nil && choice.isEmpty)
            }
        }
        if exitCode, !shown.isEmpty { throw Failure.silent(exitCode: 20) }
    }

    private func list(
        _ conflicts: [Conflict], _ access: DatasetAccess, _ context: CommandContext
    ) throws -> String {
        var list = try ConflictList(conflicts, access, sort, isChoice: !choice.isEmpty)
        if context.isJSON { return try json(list.conflicts, access) }
        try list.mark(HintReader(access))
        return list.text(context)
    }

    private func sheet(
        _ conflicts: [Conflict], _ access: DatasetAccess, _ context: CommandContext
    ) throws -> String {
        if context.isJSON { return try json(conflicts, access) }
        let before = try access.before(conflicts)
        return try conflicts.map {
            try ConflictSheet($0, before: before[$0.id], access, all: all)
                .text(nowMs: context.nowMs, on: context.output.terminal)
        }.joined()
    }

    private func json(_ conflicts: [Conflict], _ access: DatasetAccess) throws -> String {
        let list = try ConflictJSON.list(conflicts, access)
        return JSONPrinter.text(["schema": "tally.conflicts/v1", "conflicts": .array(list)]) + "\n"
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
        let found = try ids.first.map { try conflicts(id: $0) } ?? []
        if found.count > 1 {
            throw StoreError(
                .badInput,
                "\(prefix) is the id of conflicts of several records: "
                    + found.map(\.record.text).joined(separator: ", "),
                hint: "Settle them by changing each record: tally set RECORD field=value")
        }
        guard let conflict = found.first else {
            throw StoreError(
                .noRecord, "There is no open conflict \(JSONString.quoted(prefix))",
                hint: "It may be resolved already. See the open ones with: tally conflicts")
        }
        return conflict
    }
}
