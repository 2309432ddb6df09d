import ArgumentParser
import TallyCore
import TallyReports
import TallyStore
import TallyTerminal
import TallyWire

struct Resolve: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Settle conflicts, once, for everybody.",
        discussion: """
            RULE is a letter, mine, newest, base, vintage, fill, max, min, author:NAME (or NAME@MACHINE) or machine:NAME. All conflicts that \
            are meant, by ids or by conditions, are settled in one changeset, or none is.
            Example: tally resolve c7f2 --take B --note "customs figure is final"
            Example: tally resolve --where "period < '2020'" --take author:mina --dry-run
            Example: tally resolve c7f2 k3la --set value=124817682000 --set note=checked
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "Ids of conflicts, or unambiguous beginnings.")
    var ids: [String] = []

    @Option(help: "RULE: which side to take.")
    var take: String?

    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: "A value that no side has: field=value; once for each field.")
    var assignments: [Assignment] = []

    @Flag(help: "For a deletion beside an edit: delete the record.")
    var delete = false

    @Flag(help: "For a deletion beside an edit: keep the record.")
    var keep = false

    @Option(help: "Why: kept with the resolution.")
    var note: String?

    @Flag(help: "All open conflicts.")
    var all = false

    @OptionGroup var choice: ConflictChoice

    @Flag(help: "Say what each would become, and do nothing.")
    var dryRun = false

    @Flag(help: "Write the value in your editor; of one conflict.")
    var edit = false

    @Flag(
        name: .shortAndLong,
        help: "Go through them, one key each; all of them unless some are named.")
    var interactive = false

    func validate() throws {
        if ids.isEmpty, !all, choice.isEmpty, !interactive {
            throw ValidationError(
                "Name conflicts by their ids or by conditions as --where, or give --all.")
        }
        if !ids.isEmpty, all || !choice.isEmpty {
            throw ValidationError("Give ids, or --all and conditions, not both.")
        }
        let ways =
            (take == nil ? 0 : 1) + (assignments.isEmpty ? 0 : 1) + (delete ? 1 : 0)
            + (keep ? 1 : 0) + (edit ? 1 : 0)
        if edit, ids.count != 1 {
            throw ValidationError("--edit is for one conflict: give its id.")
        }
        if edit, dryRun { throw ValidationError("--edit and --dry-run exclude each other.") }
        if interactive {
            guard ways == 0, !dryRun else {
                throw ValidationError(
                    "-i asks how: leave out --take, --set, --delete, --keep, --edit and --dry-run.")
            }
        } else if ways != 1 {
            throw ValidationError(
                "Say how: one of --take RULE, --set field=value, --delete, --keep, --edit, or -i.")
        }
    }

    func run(_ context: CommandContext) throws {
        if interactive { return try runInteractively(context) }
        if edit { return try runEditor(context) }
        let way = try take.map { try ResolutionRule($0) }
        if dryRun { return try rehearse(way, context) }
        try context.withDataset { dataset in
            let workplace = try context.workplace()
            var plan: [Resolution] = []
            let written: Written
            do {
                let authoring = Authoring(message: note)
                written = try dataset.write(at: workplace, authoring) { editor in
                    plan = try self.plan(way, Resolver(editor.reading, workplace), context)
                    try editor.settle(plan, note: note)
                }
            } catch let stale as Stale {
                throw try staleFailure(stale.conflicts, dataset, context)
            }
            let left = try dataset.read { try $0.conflictCount() }
            ResolveReport(plan: plan, written: written, left: left, isDryRun: false).print(context)
            context.noteHints(on: plan, in: dataset)
        }
    }

    /// Says what each would become; the file may be one that cannot be written.
    private func rehearse(_ way: ResolutionRule?, _ context: CommandContext) throws {
        try context.withDataset(readOnly: true, tellsWaiting: false) { dataset in
            try dataset.checkNothingWaits()
            let workplace = try context.workplace()
            do {
                let (planned, left) = try dataset.read { access in
                    let resolver = Resolver(access, workplace)
                    return (
                        try self.plan(way, resolver, context), try access.conflictCount()
                    )
                }
                ResolveReport(plan: planned, written: Written(), left: left, isDryRun: true)
                    .print(context)
            } catch let stale as Stale {
                throw try staleFailure(stale.conflicts, dataset, context)
            }
        }
    }

    /// The letters that were typed may mean other sides than those that were seen.
    private struct Stale: Error {
        let conflicts: [Conflict]
    }

    private func plan(
        _ way: ResolutionRule?, _ resolver: Resolver, _ context: CommandContext
    ) throws -> [Resolution] {
        let access = resolver.access
        let conflicts =
            try ids.isEmpty
            ? choice.conflicts(in: access, context) : distinct(ids.map(access.openConflict))
        if way?.isLetter == true {
            let stale = try conflicts.filter(access.hasChangedSinceShown)
            if !stale.isEmpty { throw Stale(conflicts: stale) }
        }
        return try plan(conflicts, way, resolver)
    }

    private func runInteractively(_ context: CommandContext) throws {
        if context.isJSON { throw Failure.usage("-i is for people: leave out --json") }
        let conflicts = try context.withDataset(readOnly: true) { dataset in
            try dataset.read { access in
                try ids.isEmpty
                    ? ConflictList(choice.conflicts(in: access, context), access, .age).conflicts
                    : distinct(ids.map(access.openConflict))
            }
        }
        var session = try InteractiveResolution(conflicts, note: note, context)
        try session.run()
    }

    private func runEditor(_ context: CommandContext) throws {
        let (conflict, editing) = try context.withDataset(readOnly: true) { dataset in
            let conflict = try dataset.read { try $0.openConflict(ids[0]) }
            return (conflict, try ConflictEdit(conflict, dataset, context))
        }
        let settlement = try editing.settle(note: note, context)
        if settlement == nil, !context.isJSON {
            return context.output.print("Nothing was changed; \(conflict.id) stays open")
        }
        try context.withDataset(readOnly: true) { dataset in
            let left = try dataset.read { try $0.conflictCount() }
            let plan = settlement?.plan ?? []
            ResolveReport(
                plan: plan, written: settlement?.written ?? Written(), left: left, isDryRun: false
            ).print(context)
            context.noteHints(on: plan, in: dataset)
        }
    }

    private func distinct(_ conflicts: [Conflict]) -> [Conflict] {
        var seen: Set<ConflictID> = []
        return conflicts.filter { seen.insert($0.id).inserted }
    }

    /// What becomes of each; where some cannot be settled so, all of these are named.
    private func plan(
        _ conflicts: [Conflict], _ rule: ResolutionRule?, _ resolver: Resolver
    ) throws -> [Resolution] {
        if !assignments.isEmpty { try resolver.check(assignments, areAbout: conflicts) }
        var (plan, faults) = ([Resolution](), [StoreError]())
        for conflict in conflicts {
            do {
                plan.append(try resolution(of: conflict, rule, resolver))
            } catch let fault as StoreError where conflicts.count > 1 { faults.append(fault) }
        }
        guard !faults.isEmpty else { return plan }
        let shown = faults.prefix(5).map {
            "  " + $0.message.replacing("; nothing was written", with: "")
        }
        let rest = faults.count - shown.count
        throw StoreError(
            .badInput,
            "\(faults.count) of \(FigureText.count(conflicts.count, "conflict")) cannot be settled so; nothing was written\n"
                + (shown + (rest > 0 ? ["  and \(FigureText.grouped(rest)) more"] : []))
                .joined(separator: "\n"),
            hint: "Leave them out, by ids or by conditions, or settle them otherwise.")
    }

    private func resolution(
        of conflict: Conflict, _ rule: ResolutionRule?, _ resolver: Resolver
    ) throws -> Resolution {
        if let rule { return try resolver.take(rule, of: conflict) }
        if !assignments.isEmpty { return try resolver.set(assignments, in: conflict) }
        return try resolver.decide(isKept: keep, conflict)
    }

    /// The new sides are shown instead; to a program they are not, so that its letters stay those that it was shown.
    private func staleFailure(
        _ stale: [Conflict], _ dataset: Dataset, _ context: CommandContext
    ) throws -> Failure {
        let ids = stale.map(\.id.text).joined(separator: ", ")
        var hint = "Look again with tally conflicts, then repeat the command."
        if !context.isJSON {
            let text = try dataset.read { access in
                var list = try ConflictList(stale, access, .record)
                try list.mark(HintReader(access))
                return list.text(context)
            }
            context.output.write(text)
            hint =
                "Look at them as they are above, then repeat the command with the letter that you mean."
            // A file that cannot be written can still be read.
            try? context.withDataset { writable in
                try writable.writeLocally { try $0.rememberShown(stale, isWhole: false) }
            }
        }
        return Failure(
            "changed",
            "The sides of \(ids) are no longer those that were shown; nothing was written",
            hint: hint, exitCode: 1)
    }
}

/// What `resolve` says at its end.
private struct ResolveReport {
    let plan: [Resolution]
    let written: Written
    let left: Int
    let isDryRun: Bool

    func print(_ context: CommandContext) {
        if context.isJSON {
            context.print(
                "resolve",
                [
                    .init("resolved", .array(plan.map(\.json))),
                    .init("left", .number(Double(left))),
                    .init("dry_run", .bool(isDryRun)),
                    .init(
                        "revision", written.revisions.last.map { .string($0.description) } ?? .null),
                ])
        } else if plan.isEmpty {
            context.output.print("There is nothing to resolve; \(FigureText.grouped(left)) left")
        } else if isDryRun {
            var table = Table([
                Table.Column("id"),
                Table.Column("record", isFlexible: true, minimumWidth: 16, cut: .middle),
                Table.Column("field"), .text("would become", minimumWidth: 12),
                .text("instead of", minimumWidth: 12),
            ])
            for resolution in plan {
                table.append([
                    Table.Cell(resolution.conflict.id.text, .yellow),
                    Table.Cell(resolution.conflict.record.text),
                    Table.Cell(resolution.conflict.statement), Table.Cell(resolution.outcome),
                    Table.Cell(resolution.rejected.joined(separator: " · ")),
                ])
            }
            context.output.print(table)
        } else {
            let undo =
                plan.contains(where: \.isFinal)
                ? nil
                : written.revisions.last.map { ". Take it back with: tally undo \($0.short)" }
            context.output.print(
                "Resolved \(FigureText.count(plan.count, "conflict")); \(FigureText.grouped(left)) left"
                    + (undo ?? ""))
        }
        context.note(written)
    }
}
