import ArgumentParser
import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

struct Status: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "What is in the dataset, what is in conflict, what waits to be sent.",
        discussion: "Example: tally status --json")

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    func run(_ context: CommandContext) throws {
        try context.withDataset(readOnly: true, tellsWaiting: false) { dataset in
            let report = try dataset.read { try StatusReport($0, path: dataset.path) }
            if context.isJSON {
                context.print("status", report.json)
            } else {
                report.print(context)
            }
        }
    }
}

/// What `status` says.
struct StatusReport {
    private let path: String
    private let dataset: DatasetID
    private let name: String
    private let replica: String?
    private let vector: RevisionVector
    /// Nil of a table that another tool dropped or rebuilt.
    private let counts: [(kind: String, count: Int?)]
    private let conflicts: Int
    private let remotes: [(remote: Remote, unpushed: Int)]
    private let replicas: Int
    /// What other tools have written and no changeset holds yet, and what of it could not be taken.
    private let waiting: WaitingEdits
    private let refused: Int

    init(_ access: DatasetAccess, path: String) throws {
        self.path = path
        waiting = try access.waitingEdits()
        refused = try access.refusedCount()
        dataset = access.dataset
        name = try access.name()
        replica = try access.writingReplica()?.text
        vector = access.vector
        counts = try access.counts()
        conflicts = try access.conflictCount()
        remotes = try access.remotes().map { remote in
            (remote, access.unpushedCount(to: remote))
        }
        replicas = access.heads.count
    }

    var json: [JSONValue.Member] {
        [
            .init("dataset", .string(dataset.text)), .init("name", .string(name)),
            .init("replica", replica.map(JSONValue.string) ?? .null),
            .init(
                "vector",
                .object(
                    vector.replicas.map {
                        JSONValue.Member($0.text, .number(Double(vector[$0])))
                    })),
            .init(
                "records",
                .object(
                    counts.map {
                        JSONValue.Member($0.kind, $0.count.map { .number(Double($0)) } ?? .null)
                    })),
            .init("conflicts", .number(Double(conflicts))),
            .init(
                "waiting",
                .object(
                    waiting.counts.sorted { $0.key < $1.key }.map {
                        JSONValue.Member($0.key, .number(Double($0.value)))
                    })),
            .init("rebuilt", .array(waiting.rebuilt.map(JSONValue.string))),
            .init("refused", .number(Double(refused))),
            .init(
                "remotes",
                .array(
                    remotes.filter { $0.remote.isNamed }.map { remote, unpushed in
                        [
                            "name": .string(remote.name), "url": .string(remote.url),
                            "unpushed": .number(Double(unpushed)),
                            "last_sync": remote.lastSync.map { .string($0.text) } ?? .null,
                            "halt": remote.halt.map(JSONValue.string) ?? .null,
                        ]
                    })),
        ]
    }

    func print(_ context: CommandContext) {
        let output = context.output
        let records = counts.filter { $0.kind != "setting" || $0.count == nil }
            .compactMap { kind, count in
                guard let count else { return "\(kind): not known until tally capture" }
                return count > 0 ? "\(FigureText.grouped(count)) \(kind)" : nil
            }
        output.print("\(Printable.line(name))  (\(Printable.line(path)))")
        output.print(
            "Records    " + (records.isEmpty ? "none yet" : records.joined(separator: ", ")))
        output.print("Replicas   \(replicas)")
        output.print(
            "Conflicts  " + (conflicts == 0 ? "none" : "\(FigureText.grouped(conflicts)) open"))
        if let line = waiting.line { output.print("Waiting    \(line)") }
        if refused > 0 {
            output.print(
                "Refused    \(FigureText.count(refused, "row")) of another tool: tally query \"SELECT * FROM tally_refused\""
            )
        }
        for (remote, unpushed) in remotes where remote.isNamed || remote.halt != nil {
            let last = remote.lastSync.map {
                "last sync " + TimeText.age(of: $0.milliseconds, nowMs: context.nowMs)
            }
            let waiting =
                unpushed == 0
                ? "nothing to send" : "\(FigureText.count(unpushed, "changeset")) to send"
            let parts = [waiting, last].compactMap { $0 }
            output.print(
                "Remote     \(remote.name)  \(Printable.line(remote.url))  \(parts.joined(separator: ", "))"
            )
            if let halt = remote.halt {
                output.print(
                    "           pulling stopped at a line that cannot be taken: \(Printable.line(halt))"
                )
            }
        }
        if !waiting.isEmpty {
            output.note("Take it now with: tally capture. The next change or sync does it as well")
        } else if conflicts > 0 {
            output.note("See them with: tally conflicts")
        } else if remotes.contains(where: { $0.remote.isNamed && $0.unpushed != 0 }) {
            output.note("Send and fetch with: tally sync")
        } else if records.isEmpty {
            output.note("Next: tally import FILE, or tally add trade …")
        } else if !remotes.contains(where: { $0.remote.isNamed }) {
            output.note("Share it with: tally publish URL, or sync with a file: tally sync FILE")
        }
    }
}
