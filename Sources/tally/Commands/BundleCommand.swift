import ArgumentParser
import TallyCore
import TallyStore
import TallySync
import TallyTerminal
import TallyWire

struct BundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Put changes into a file, for a USB stick or an e-mail.",
        discussion: """
            Whoever gets the file takes it in with tally sync FILE, or begins with tally clone FILE COPY.
            Example: tally bundle create korea.bundle --since origin
            """, subcommands: [BundleCreate.self])
}

struct BundleCreate: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Write the changes that somebody lacks into a new file.",
        discussion: """
            Without --since it holds everything, and a copy can begin with it. --since leaves out what a remote was known to \
            hold at the last sync (origin, another file), or what whoever has a bundle holds: the last one that came from \
            there, or that went there.
            Example: tally bundle create /media/usb/korea.bundle
            Example: tally bundle create answer.bundle --since jun.bundle
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The file to make; it must not be there yet.", completion: .file())
    var path: String

    @Option(
        help:
            "Only what is not known to be there: at a remote, an address, a file, or with a bundle."
    )
    var since: String?

    func run(_ context: CommandContext) throws {
        try context.withDataset(readOnly: true) { dataset in
            let known = try since.map { try vector(of: $0, in: dataset) }
            let progress = ProgressLine(
                "bundle", unit: .items("changesets"), output: context.output)
            defer { progress.finish() }
            let bundled = try dataset.bundle(
                since: known ?? RevisionVector(), to: path,
                isInterrupted: { Interruption.isRequested },
                progress: { progress.update(done: Int64($0), total: Int64($1)) })
            progress.finish()
            guard let bundled else {
                throw Failure(
                    "nothing-new",
                    since.map { "There is nothing to bundle: \($0) is known to hold everything" }
                        ?? "There is nothing to bundle: the dataset has no changes yet",
                    hint: "No file was made.", exitCode: 1)
            }
            print(bundled, context)
        }
    }

    /// What a remote was known to hold at the last sync, or who has a bundle holds.
    private func vector(of name: String, in dataset: Dataset) throws -> RevisionVector {
        let remotes = try dataset.read { try $0.remotes() }
        let named = remotes.filter(\.isNamed).map(\.name)
        let saved = remotes.first { $0.name == name && $0.isNamed }
        if saved == nil, BundleFile.isBundle(name) { return try end(of: name, in: dataset) }
        let address = try? RemoteAddress.saved(name)
        let remote =
            saved ?? remotes.first { $0.url == address && $0.vector != nil }
        guard let remote else {
            throw Failure(
                "no-remote", "\(JSONString.quoted(name)) is nothing that this file has synced with",
                hint: named.isEmpty
                    ? "Leave out --since, and the bundle holds everything."
                    : "The remotes are \(named.joined(separator: ", ")). Without --since the bundle holds everything.",
                exitCode: 66)
        }
        guard let vector = remote.vector else {
            throw Failure(
                "never-synced",
                "What \(name) holds is not known: this file has not synced with it yet",
                hint: "Leave out --since, and the bundle holds everything.", exitCode: 1)
        }
        return vector
    }

    private func end(of path: String, in dataset: Dataset) throws -> RevisionVector {
        let header = try BundleFile(path, isInterrupted: { Interruption.isRequested }).header
        guard header.dataset == dataset.id else {
            throw SyncError(
                .wrongDataset,
                "\(path) is a bundle of another dataset (\(header.dataset), not \(dataset.id))",
                hint: "Name a bundle of this one, or leave out --since.")
        }
        return header.heads.reduce(into: RevisionVector()) { vector, head in
            vector.insert(Revision(head.key, head.value.seq))
        }
    }

    private func print(_ bundled: Bundled, _ context: CommandContext) {
        let count = bundled.header.count
        if context.isJSON {
            context.print(
                "bundle-create",
                [
                    .init("file", .string(path)),
                    .init("bytes", .number(Double(bundled.byteCount))),
                    .init("changesets", .number(Double(count))),
                    .init("since", .heads(bundled.header.since)),
                    .init("heads", .heads(bundled.header.heads)),
                ])
        } else {
            context.output.print(
                "Bundled \(FigureText.count(count, "changeset")) in \(Printable.line(path)): "
                    + FigureText.bytes(Int64(bundled.byteCount)))
        }
    }
}
