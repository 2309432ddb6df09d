import ArgumentParser
import TallyCore
import TallyStore
import TallySync
import TallyTerminal
import TallyWire

struct Clone: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "clone",
        abstract: "Copy a dataset from a hub, from a file or from a bundle.",
        discussion: """
            The source is saved as the remote origin, unless it is a bundle.
            Example: tally clone https://hub.example.org/korea korea.tally
            Example: tally clone /media/usb/korea.bundle korea.tally
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The address of a dataset at a hub, a file, or a bundle of everything.")
    var source: String

    @Argument(help: "The file to make; it must not be there yet.", completion: .file())
    var path: String

    func run(_ context: CommandContext) throws {
        if FilePath.exists(path) { throw StoreError(fileExists: path) }
        let peer = try Peer.open(source, readOnly: true, isCloned: true, in: context)
        defer { peer.close(context) }
        let heads = try peer.reportingProblems { try peer.transport.heads() }
        let dataset = try makeFile(heads, peer, context)
        var isWhole = false
        defer {
            dataset.close()
            // A copy that did not come about is taken back; it held nothing of its own.
            if !isWhole { NewFile.remove(path) }
        }
        // A bundle is no place to come back to.
        let remote = peer.isBundle ? peer.url : "origin"
        let outcome = try SyncRun(dataset, peer, as: remote, context).run(.pull)
        isWhole = true
        let pulled = try dataset.read { try $0.cursor().position }
        // Nobody else has written the new file: each table is as it is to be.
        let counts = try dataset.read { try $0.counts() }.map {
            (kind: $0.kind, count: $0.count ?? 0)
        }
        if context.isJSON {
            context.print(
                "clone",
                [
                    .init("file", .string(path)), .init("dataset", .string(dataset.id.text)),
                    .init("name", .string(heads.name)),
                    .init("pulled", .number(Double(pulled))),
                    .init(
                        "records",
                        .object(counts.map { JSONValue.Member($0.kind, .number(Double($0.count))) })
                    ),
                ])
        } else {
            let records = counts.filter { $0.kind != "setting" }
                .map { "\(FigureText.grouped($0.count)) \($0.kind)" }
            context.output.print(
                "Cloned \(Printable.line(heads.name)) into \(Printable.line(path)): \(records.joined(separator: ", "))"
            )
        }
        for notice in outcome.notices { context.output.note(Printable.line(notice)) }
    }

    /// The new file, with what the hub's snapshot holds; where there is none, with nothing.
    private func makeFile(
        _ heads: DatasetHeads, _ peer: Peer, _ context: CommandContext
    ) throws -> Dataset {
        if let hub = peer.transport as? HubTransport, !heads.heads.isEmpty {
            let progress = ProgressLine("clone", unit: .bytes, output: context.output)
            defer { progress.finish() }
            let clone = SnapshotClone(
                from: hub, heads, to: path, remote: "origin", at: try context.workplace()
            ) { progress.update(done: Int64($0), total: Int64($1)) }
            switch try clone.run() {
            case .made: return try Dataset.open(path: path)
            case .none: break
            case .unusable(let reason):
                context.output.note(
                    "The hub's snapshot cannot be used (\(Printable.line(reason))): its changesets are pulled instead"
                )
            }
        }
        let dataset = try Dataset.create(path: path, name: heads.name, id: heads.dataset)
        do {
            if !peer.isBundle {
                try dataset.writeLocally { try $0.saveRemote("origin", url: peer.url) }
            }
        } catch {
            dataset.close()
            NewFile.remove(path)
            throw error
        }
        return dataset
    }
}
