import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct UndoCommand: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Take back a changeset, also when later ones stand on it.",
        discussion: """
            Without REVISION the last one that this copy has written is taken back; a second undo takes back the first. \
            All changesets of an import are one. What others have changed since is left and named; of a resolution the \
            conflict is open again, for everybody.
            Edits with another tool that wait are not the last changeset: they are taken first, as by every command that \
            writes, and stay. With --dry-run nothing is taken: it is refused while they wait.
            Example: tally undo
            Example: tally undo k3m9x2:8 -m "the customs figure was of another year"
            Example: tally undo k3m9x2:8 --dry-run
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The changeset, as tally log names it; the last one of this copy unless given.")
    var revision: String?

    @Option(name: .shortAndLong, help: "Why: kept with the change.")
    var message: String?

    @Flag(help: "Say what would be put back, and do nothing.")
    var dryRun = false

    func run(_ context: CommandContext) throws {
        let progress = ProgressLine("undo", unit: .items("rows"), output: context.output)
        defer { progress.finish() }
        try context.withDataset { dataset in
            if dryRun { try dataset.checkNothingWaits() }
            // Before what other tools have edited is taken: that would be the last changeset.
            let (deed, named) = try dataset.read { try self.deed($0, context) }
            var found: UndoReport?
            var written = Written()
            do {
                written = try dataset.write(at: context.workplace()) { editor in
                    editor.message = message ?? UndoText.message(undoing: named)
                    let rowCount = Int64(deed.infos.reduce(0) { $0 + $1.rowCount })
                    found = try editor.undo(deed) {
                        progress.update(done: Int64($0), total: rowCount)
                    }
                    if dryRun { throw RollBack() }
                }
            } catch is RollBack {}
            progress.finish()
            guard let report = found else { return }
            let sheet = UndoSheet(
                deed: deed, named: named, report: report, written: written, isDryRun: dryRun)
            sheet.print(context)
            context.note(written)
            if report.isEmpty { throw Self.nothing(named, report) }
        }
    }

    private func deed(
        _ access: DatasetAccess, _ context: CommandContext
    ) throws -> (Deed, RevisionInfo) {
        if let revision {
            let info = try context.revision(revision, in: access)
            return (try access.deed(of: info), info)
        }
        guard let deed = try access.latestOwnDeed() else {
            throw Failure(
                "nothing-to-undo", "This copy has not written anything yet",
                hint: "Name what somebody else has written: tally undo REVISION. "
                    + "See the revisions with: tally log",
                exitCode: 1)
        }
        return (deed, deed.last)
    }

    private static func nothing(_ named: RevisionInfo, _ report: UndoReport) -> Failure {
        let name = named.revision.short
        return Failure(
            "nothing-to-undo",
            report.leftCount > 0
                ? "Nothing to undo: none of what \(name) wrote is still as it wrote it"
                : "Nothing to undo: everything is as it would be without \(name)",
            hint: report.leftCount > 0
                ? "Take back what has been written since, latest first, or set what you want."
                : nil,
            exitCode: 1)
    }
}
