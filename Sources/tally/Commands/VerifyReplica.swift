import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

struct Verify: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every signature and chain, and the records against the log.",
        discussion: "Example: tally verify")

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    func run(_ context: CommandContext) throws {
        try context.withDataset(readOnly: true) { dataset in
            let folder = context.variable("TMPDIR") ?? "/tmp"
            let progress = ProgressLine(
                "verify", unit: .items("changesets"), output: context.output)
            let result = try dataset.verify(
                temporaryPath:
                    "\(folder)/tally-verify-\(getpid())-\(UUIDText.random(Workplace.systemRandomBytes(16))).tally",
                isInterrupted: { Interruption.isRequested },
                progress: { progress.update(done: Int64($0), total: Int64($1)) })
            progress.finish()
            if context.isJSON {
                context.print(
                    "verify",
                    [
                        .init("changesets", .number(Double(result.changesets))),
                        .init("sound", .bool(result.faults.isEmpty && result.rebuilt.isEmpty)),
                        .init("faults", .array(result.faults.map(JSONValue.string))),
                        .init("rebuilt", .array(result.rebuilt.map(JSONValue.string))),
                    ])
            } else if result.faults.isEmpty, result.rebuilt.isEmpty {
                context.output.print(
                    "Sound: \(FigureText.count(result.changesets, "changeset")), every chain and signature, "
                        + "and every record as the log says")
            } else {
                for fault in result.faults { context.output.report(Printable.line(fault)) }
            }
            if let kind = result.rebuilt.first { throw StoreError(rebuilt: kind) }
            if !result.faults.isEmpty { throw Failure.silent(exitCode: 1) }
        }
    }
}

struct ReplicaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replica", abstract: "The writing copies of this dataset.",
        discussion: "Example: tally replica list",
        subcommands: [ReplicaList.self, ReplicaRetire.self])
}

struct ReplicaList: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the replicas, who writes them, and how far each has come.",
        discussion: "Example: tally replica list")

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    func run(_ context: CommandContext) throws {
        try context.withDataset(readOnly: true) { dataset in
            let (infos, writing) = try dataset.read { access in
                let infos = try access.heads.sorted { $0.key < $1.key }.map {
                    try access.info(of: Revision($0.key, $0.value.seq))
                }
                return (infos, try access.writingReplica())
            }
            if context.isJSON {
                context.print(
                    "replica-list",
                    [
                        .init(
                            "replicas",
                            .array(
                                infos.map { info in
                                    [
                                        "replica": .string(info.revision.replica.text),
                                        "seq": .number(Double(info.revision.seq)),
                                        "author": .string(info.author),
                                        "machine": .string(info.machine),
                                        "at": .string(info.at.text),
                                        "writes_here": .bool(info.revision.replica == writing),
                                    ]
                                }))
                    ])
                return
            }
            var table = Table([
                Table.Column("replica"), .number("changesets"), Table.Column("last by"),
                Table.Column("last written"), Table.Column(""),
            ])
            for info in infos {
                table.append([
                    Table.Cell(info.revision.replica.text),
                    Table.Cell(FigureText.grouped(info.revision.seq)),
                    Table.Cell(ValueText.name(info)),
                    Table.Cell(TimeText.age(of: info.at.milliseconds, nowMs: context.nowMs)),
                    Table.Cell(info.revision.replica == writing ? "writes here" : ""),
                ])
            }
            context.output.print(table)
            if infos.isEmpty { context.output.note("Nothing has been written yet") }
        }
    }
}

struct ReplicaRetire: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Never write as a replica again; this file goes on as a new one.",
        discussion: "Example: tally replica retire k3m9x2")

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The replica, or an unambiguous beginning of it.")
    var replica: String

    func run(_ context: CommandContext) throws {
        try context.withDataset(readOnly: true) { dataset in
            let identities = try context.workplace().identities
            let found = try identities.replicas().filter { id in
                guard id.text.hasPrefix(replica) else { return false }
                return try identities.entry(of: id)?.dataset == dataset.id
            }
            guard found.count == 1, let id = found.first else {
                throw Failure(
                    "no-record",
                    found.isEmpty
                        ? "This machine writes no replica \(JSONString.quoted(replica)) of this dataset"
                        : "\(JSONString.quoted(replica)) could be \(found.map(\.text).joined(separator: ", "))",
                    hint: "See them with: tally replica list", exitCode: 66)
            }
            try identities.retire(id, of: dataset.id)
            try dataset.writeLocally { try $0.forgetWriter(id) }
            if context.isJSON {
                context.print("replica-retire", [.init("replica", .string(id.text))])
            } else {
                context.output.print("Retired \(id): nothing is written as it any more")
            }
        }
    }
}
