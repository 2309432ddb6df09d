import ArgumentParser
import TallyCore
import TallyStore
import TallySync
import TallyTerminal
import TallyWire

struct Sync: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Exchange changes with a hub or another file; conflicts never stop it.",
        discussion: """
            Plain sync uses the remote origin. --dry-run looks what would come and go, in a copy of the file: neither side \
            is written. --watch stays, and syncs whenever one of the sides has changed, until Ctrl-C. A bundle is only \
            fetched from.
            Example: tally sync
            Example: tally sync ../mina.tally
            Example: tally sync /media/usb/korea.bundle
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "A saved remote, the address of a dataset at a hub, a file, or a bundle.")
    var remote: String?

    @Flag(help: "Only fetch.")
    var pull = false

    @Flag(help: "Only send.")
    var push = false

    @Flag(help: "Say what would come and go and which conflicts would arise, and do nothing.")
    var dryRun = false

    @Flag(help: "Stay, and sync again whenever one of the sides has changed.")
    var watch = false

    func validate() throws {
        if pull, push {
            throw ValidationError("--pull and --push exclude each other; plain sync does both.")
        }
        if watch, dryRun { throw ValidationError("--watch and --dry-run exclude each other.") }
    }

    private var direction: SyncSession.Direction { pull ? .pull : push ? .push : .both }

    /// - Throws: `Failure` for what a bundle is no use for.
    private func direction(with peer: Peer) throws -> SyncSession.Direction {
        guard peer.isBundle else { return direction }
        if push {
            throw Failure.usage(
                "\(peer.url) is a bundle: nothing can be sent into it",
                hint: "Make one for the way back: tally bundle create FILE")
        }
        return .pull
    }

    func run(_ context: CommandContext) throws {
        if watch {
            let (name, source) = try context.withDataset(
                readOnly: true, tellsWaiting: false, target)
            if !Remote.isHub(source), BundleFile.isBundle(source) {
                throw Failure.usage(
                    "\(source) is a bundle, which does not change", hint: "Leave out --watch.")
            }
            var watch = try SyncWatch(direction, as: name, with: source, context)
            try watch.run()
        }
        // A dry run writes nothing, and may be of a file that cannot be written.
        try context.withDataset(readOnly: dryRun, tellsWaiting: !dryRun) { dataset in
            let (name, source) = try target(of: dataset)
            let peer = try Peer.open(source, readOnly: pull || dryRun, in: context)
            defer { peer.close(context) }
            let direction = try direction(with: peer)
            if dryRun { return try rehearse(dataset, peer, as: name, direction, context) }
            let outcome = try SyncRun(dataset, peer, as: name, context)
                .run(direction)
            context.tellCaptured(by: dataset)
            if context.isJSON {
                context.print("sync", outcome.json)
            } else {
                outcome.print(context, isOfBundle: peer.isBundle)
            }
            if outcome.isHalted { throw Failure.silent(exitCode: 1) }
        }
    }

    private func rehearse(
        _ dataset: Dataset, _ peer: Peer, as name: String, _ direction: SyncSession.Direction,
        _ context: CommandContext
    ) throws {
        try dataset.checkNothingWaits()
        // Beside the file, so that it is as safe from others; where nothing can be written there, in the temporary folder.
        let copy =
            "\(FilePath.name(dataset.path))-\(UUIDText.random(Workplace.systemRandomBytes(16))).part"
        let own = FilePath.parent(of: dataset.path) ?? "."
        let folder = FilePath.isWritable(own) ? own : context.variable("TMPDIR") ?? "/tmp"
        var (text, conflicts): (String, [JSONValue]) = ("", [])
        let rehearsal = try peer.reportingProblems {
            try SyncRehearsal(
                of: dataset, with: peer.transport, as: name,
                direction: direction, workplace: context.workplace(),
                temporaryPath: "\(folder)/\(copy)"
            ) { access, before in
                let new = try access.conflicts().filter { !before.contains($0.id.text) }
                if context.isJSON {
                    conflicts = try ConflictJSON.list(new, access)
                } else if !new.isEmpty {
                    let count = FigureText.count(new.count, "conflict")
                    text = try ConflictList(new, access, .age)
                        .text(context, title: "\(count) would arise\n")
                }
            }
        }
        if context.isJSON {
            context.print("sync", rehearsal.json + [.init("conflicts", .array(conflicts))])
        } else {
            rehearsal.print(context)
            context.output.write(text)
            context.output.print("Nothing was written")
        }
    }

    /// The name under which the cursor is kept, and where to sync with.
    private func target(of dataset: Dataset) throws -> (name: String, source: String) {
        let saved = try dataset.read { try $0.remotes() }
        guard let remote else {
            if let origin = saved.first(where: { $0.name == "origin" }) {
                return ("origin", origin.url)
            }
            throw Failure.usage(
                "There is no remote origin",
                hint: "Say with what: tally sync URL or FILE. Or publish: tally publish URL")
        }
        if let known = saved.first(where: { $0.name == remote }), known.isNamed {
            return (remote, known.url)
        }
        guard Remote.isHub(remote) || FilePath.exists(remote) else {
            let names = saved.filter(\.isNamed).map(\.name)
            throw Failure(
                "no-file",
                "\(JSONString.quoted(remote)) is no saved remote, no address and no file",
                hint: names.isEmpty
                    ? "Save a remote: tally remote add NAME URL"
                    : "The remotes are \(names.joined(separator: ", ")).", exitCode: 66)
        }
        if !Remote.isHub(remote), FilePath.isSame(remote, dataset.path) {
            throw Failure.usage(
                "\(JSONString.quoted(remote)) is this very file",
                hint: "Sync with another copy, or with a hub.")
        }
        let address = try RemoteAddress.saved(remote)
        // The same place under its saved name goes on from where that stands.
        return (saved.first { $0.isNamed && $0.url == address }?.name ?? address, address)
    }
}

extension SyncRehearsal {
    fileprivate var json: [JSONValue.Member] {
        var outcome = outcome
        outcome.pushed = sentCount
        return outcome.json + [.init("dry_run", .bool(true))]
    }

    /// `Would send 3 changesets, fetch 2: jun@desk-2 2`
    fileprivate func print(_ context: CommandContext) {
        var counts: [String: Int] = [:]
        for info in fetched { counts[ValueText.name(info), default: 0] += 1 }
        let people = counts.sorted { $0.key < $1.key }.map {
            "\($0.key) \(FigureText.grouped($0.value))"
        }
        context.output.print(
            "Would send \(FigureText.count(sentCount, "changeset")), fetch \(FigureText.grouped(fetched.count))"
                + (people.isEmpty ? "" : ": \(people.joined(separator: ", "))"))
        for notice in outcome.notices { context.output.note(Printable.line(notice)) }
    }
}

extension SyncOutcome {
    var json: [JSONValue.Member] {
        [
            .init("pushed", .number(Double(pushed))), .init("pulled", .number(Double(pulled))),
            .init("new_conflicts", .number(Double(newConflicts))),
            .init("open_conflicts", .number(Double(openConflicts))),
            .init("halted", .bool(isHalted)),
            .init("notices", .array(notices.map(JSONValue.string))),
        ]
    }

    /// - Parameter isOfBundle: nothing could be sent.
    func print(_ context: CommandContext, isOfBundle: Bool = false) {
        if pushed == 0, pulled == 0, isHalted {
            context.output.print("Nothing was exchanged")
        } else if isOfBundle {
            context.output.print(
                pulled == 0
                    ? "Nothing new: all that the bundle holds is here"
                    : "Fetched \(FigureText.count(pulled, "changeset"))")
        } else if pushed == 0, pulled == 0 {
            context.output.print("Nothing to exchange: both sides have everything")
        } else {
            context.output.print(
                "Sent \(FigureText.count(pushed, "changeset")), fetched \(FigureText.grouped(pulled))"
            )
        }
        for notice in notices { context.output.note(Printable.line(notice)) }
        if openConflicts > 0 {
            let new = newConflicts > 0 ? ", \(FigureText.grouped(newConflicts)) of them new" : ""
            context.output.print(
                "\(FigureText.count(openConflicts, "open conflict"))\(new): tally conflicts")
        }
    }
}
