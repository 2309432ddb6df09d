import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Diff: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "The records that differ between two moments, or from what a remote holds.",
        discussion: """
            A and B are a revision of tally log, a time (up to its end), a remote (what this file knows it to hold) or now. \
            Without them: what origin has not got yet. With A alone: from A to now.
            Example: tally diff
            Example: tally diff k3m9x2:8
            Example: tally diff 2023-05-01 2023-05-31
            """)

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "From: a revision, a time, or a saved remote.")
    var from: String?

    @Argument(help: "To: the same; now unless given.")
    var to: String?

    @Option(help: "Only records of this kind.")
    var kind: String?

    func run(_ context: CommandContext) throws {
        try context.withDataset(readOnly: true) { dataset in
            let (list, a, b) = try dataset.read { access in
                _ = try access.filter(author: nil, kind: kind)
                let a = try side(from ?? "origin", access, context)
                let b = try to.map { try side($0, access, context) } ?? .now
                var list = DifferenceList(
                    "diff", [.init("from", .string(a.id)), .init("to", .string(b.id))], context)
                try access.compare(a.moment, b.moment, kind: kind) { list.append($0) }
                return (list, a, b)
            }
            let nothing =
                from == nil
                ? "Nothing to send: \(a.name) has it all"
                : "Nothing differs from \(a.name) to \(b.name)"
            list.finish("from \(a.name) to \(b.name)", nothing: nothing)
        }
    }

    private func side(
        _ text: String, _ access: DatasetAccess, _ context: CommandContext
    ) throws -> NamedMoment {
        let remotes = try access.remotes()
        let address = try? RemoteAddress.saved(text)
        // One that was never saved under a name is known by its address.
        if let remote = remotes.first(where: { $0.name == text })
            ?? remotes.first(where: { $0.url == address })
        {
            let time = remote.lastSync.map {
                "as of " + TimeText.moment($0.milliseconds, nowMs: context.nowMs, clock: .system)
            }
            return NamedMoment(
                moment: .vector(remote.vector ?? RevisionVector()),
                name: "\(Printable.line(text)) (\(time ?? "never synced"))", id: text)
        }
        if from == nil {
            throw Failure.usage(
                "There is no remote origin",
                hint: "Say from when: tally diff yesterday. Or publish: tally publish URL")
        }
        let names = remotes.filter(\.isNamed).map(\.name)
        return try context.moment(text, in: access, orRemote: names)
    }
}
