import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Resolve: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Settle conflicts, once, for everybody.",
        discussion: """
            RULE is a letter, mine, newest, base, vintage, fill, max, min, author:NAME or machine:NAME. All conflicts that \
            are named are settled in one changeset, or none is.
            Example: tally resolve c7f2 --take B --note "customs figure is final"
            Example: tally resolve --all --take author:mina --dry-run
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "Ids of conflicts, or unambiguous beginnings.")
    var ids: [String] = []

    @Option(help: "RULE: which side to take.")
    var take: String?

    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: "A value that no side has: field=value.")
    var assignments: [Assignment] = []

    @Flag(help: "For a deletion beside an edit: delete the record.")
    var delete = false

    @Flag(help: "For a deletion beside an edit: keep the record.")
    var keep = false

    @Option(help: "Why: kept with the resolution.")
    var note: String?

    @Flag(help: "All open conflicts.")
    var all = false

    @Flag(help: "Say what each would become, and do nothing.")
    var dryRun = false

    func validate() throws {
        if ids.isEmpty, !all {
            throw ValidationError("Name conflicts by their ids, or give --all.")
        }
        if !ids.isEmpty, all { throw ValidationError("Give ids or --all, not both.") }
        let ways =
            (take == nil ? 0 : 1) + (assignments.isEmpty ? 0 : 1) + (delete ? 1 : 0)
            + (keep ? 1 : 0)
        if ways != 1 {
            throw ValidationError(
                "Say how: one of --take RULE, --set field=value, --delete, --keep.")
        }
    }

    func run(_ context: CommandContext) throws {
        let way = try take.map { try ResolutionRule($0) }
        try context.withDataset { dataset in
            if dryRun { try dataset.checkNothingWaits() }
            let workplace = try context.workplace()
            var plan: [Resolution] = []
            var stale: [Conflict] = []
            var written = Written()
            do {
                let authoring = Authoring(message: note)
                written = try dataset.write(at: workplace, authoring) { editor in
                    let access = editor.reading
                    let conflicts =
                        try ids.isEmpty
                        ? access.conflicts() : distinct(ids.map(access.openConflict))
                    if way?.isLetter == true {
                        stale = try conflicts.filter(access.hasChangedSinceShown)
                        if !stale.isEmpty { throw Stale() }
                    }
                    let resolver = Resolver(access: access, workplace: workplace)
                    plan = try conflicts.map { try resolution(of: $0, way, resolver) }
                    if dryRun { throw RollBack() }
                    editor.message = ResolutionMessage.text(plan, note: note)
                    for (address, edits) in Resolution.byRecord(plan) {
                        try editor.edit(address, edits)
                    }
                }
            } catch is RollBack {
            } catch is Stale {
                throw try staleFailure(stale, dataset, context)
            }
            let left = try dataset.read { try $0.conflictCount() }
            ResolveReport(plan: plan, written: written, left: left, isDryRun: dryRun).print(context)
        }
    }

    private struct Stale: Error {}

    private func distinct(_ conflicts: [Conflict]) -> [Conflict] {
        var seen: Set<ConflictID> = []
        return conflicts.filter { seen.insert($0.id).inserted }
    }

    private func resolution(
        of conflict: Conflict, _ rule: ResolutionRule?, _ resolver: Resolver
    ) throws -> Resolution {
        if let rule { return try resolver.take(rule, of: conflict) }
        if !assignments.isEmpty { return try resolver.set(assignments, in: conflict) }
        return try resolver.decide(isKept: keep, conflict)
    }

    /// The letters that were typed may mean other sides than those that were seen: the new ones are shown instead.
    private func staleFailure(
        _ stale: [Conflict], _ dataset: Dataset, _ context: CommandContext
    ) throws -> Failure {
        if !context.isJSON {
            let text = try dataset.read { try ConflictList(stale, $0, .record).text(context) }
            context.output.write(text)
        }
        try dataset.writeLocally { try $0.rememberShown(stale, isWhole: false) }
        return Failure(
            "changed",
            "The sides of \(stale.map(\.id.text).joined(separator: ", ")) are no longer those that were "
                + "shown; nothing was written",
            hint: "Look again with tally conflicts, then repeat the command.", exitCode: 1)
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
        } else if isDryRun {
            var table = Table([
                Table.Column("id"),
                Table.Column("record", isFlexible: true, minimumWidth: 16, cut: .middle),
                Table.Column("field"), .text("would become", minimumWidth: 12),
            ])
            for resolution in plan {
                table.append([
                    Table.Cell(resolution.conflict.id.text, .yellow),
                    Table.Cell(resolution.conflict.record.text),
                    Table.Cell(resolution.conflict.statement), Table.Cell(resolution.outcome),
                ])
            }
            context.output.print(table)
        } else {
            // A deletion that was overruled cannot be brought back into the conflict (docs/undo.md).
            let isFinal = plan.contains { $0.side?.content == .existence(.present) }
            let undo =
                isFinal
                ? nil
                : written.revisions.last.map { ". Take it back with: tally undo \($0.short)" }
            context.output.print(
                "Resolved \(FigureText.count(plan.count, "conflict")); \(FigureText.grouped(left)) left"
                    + (undo ?? ""))
        }
        context.note(written)
    }
}
