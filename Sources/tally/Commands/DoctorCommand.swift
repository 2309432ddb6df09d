import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct DoctorCommand: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what is wrong with the dataset; do what can be done on a copy.",
        discussion: """
            The file itself is only read, whatever is wrong with it. --into makes a new file with every change that can \
            still be read and verified. --compact gives what the file does not use back to the disk, and packs the lines of \
            imports smaller, some 5 s for each 100,000 records: the file has to be sound and open nowhere else, and for a \
            while as much room is taken as it has itself.
            Example: tally doctor
            Example: tally doctor --into saved.tally
            Example: tally doctor --compact
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Option(
        help: "Save what can be read into this new file; it must not be there yet.",
        completion: .file())
    var into: String?

    @Flag(help: "Make the file as small as can be, where nothing is wrong with it.")
    var compact = false

    func validate() throws {
        if compact, into != nil {
            throw ValidationError(
                "--compact and --into exclude each other; a file that is made anew is compact.")
        }
    }

    func run(_ context: CommandContext) throws {
        let path = try context.datasetPath()
        if let into, FilePath.exists(into) { throw StoreError(fileExists: into) }
        let progress = ProgressLine("doctor", unit: .items("changesets"), output: context.output)
        defer { progress.finish() }
        let doctor = Doctor(
            path, temporaryFolder: context.variable("TMPDIR") ?? "/tmp",
            isInterrupted: { Interruption.isRequested },
            progress: { progress.update(done: Int64($0), total: Int64($1)) })
        let findings = try examine(doctor, context)
        let salvaged = try into.map { try doctor.save(into: $0) }
        let isDamaged = findings.contains { $0.severity == .damage }
        let compacted =
            compact && !isDamaged
            ? try Dataset.compact(path: path, isInterrupted: { Interruption.isRequested }) : nil
        progress.finish()
        DoctorReport(
            path: path, findings: findings.filter { compacted == nil || !$0.isOfSpace },
            target: into, salvaged: salvaged, compacted: compacted
        ).print(context)
        let isWell = salvaged?.isWhole ?? findings.isSound
        if !isWell { throw Failure.silent(exitCode: 1) }
    }

    private func examine(_ doctor: Doctor, _ context: CommandContext) throws -> [Finding] {
        let identities = FileIdentityStore.folder(environment: context.environment)
            .map { FileIdentityStore(folder: $0) }
        do {
            return try doctor.examine(identities: identities)
        } catch let error as StoreError
            where error.code == .notADataset && doctor.mayHaveLostItsFirstPage
        {
            // Saving it finds out.
            if into != nil { return [Finding(error)] }
            throw StoreError(
                error.code, error.message,
                hint: "If it was a dataset, this saves what stands behind its first page: "
                    + "tally doctor --into FILE")
        }
    }
}
