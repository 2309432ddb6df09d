import ArgumentParser
import TallyCore
import TallyStore
import TallySync
import TallyTerminal
import TallyWire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

struct RemoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remote", abstract: "Where this dataset syncs with.",
        discussion: "Example: tally remote add origin https://hub.example.org/korea",
        subcommands: [RemoteAdd.self, RemoteList.self])
}

struct RemoteAdd: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Save a remote; plain sync uses origin.",
        discussion: "Example: tally remote add origin https://hub.example.org/korea")

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The name.")
    var name: String

    @Argument(help: "https://HOST/NAME, or a file.")
    var url: String

    func run(_ context: CommandContext) throws {
        guard DatasetName.isValid(name) else {
            throw Failure.usage(
                "\(JSONString.quoted(name)) is no name for a remote",
                hint: "It is made of lower-case letters, digits and dashes, as origin.")
        }
        let saved = try RemoteAddress.saved(url)
        try context.withDataset { dataset in
            try dataset.writeLocally { try $0.saveRemote(name, url: saved) }
        }
        if context.isJSON {
            context.print(
                "remote-add", [.init("name", .string(name)), .init("url", .string(saved))])
        } else {
            context.output.print("Saved \(name): \(Printable.line(saved))")
        }
    }
}

struct RemoteList: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the saved remotes.",
        discussion: "Example: tally remote list")

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    func run(_ context: CommandContext) throws {
        try context.withDataset(readOnly: true) { dataset in
            let remotes = try dataset.read { try $0.remotes() }.filter(\.isNamed)
            if context.isJSON {
                context.print(
                    "remote-list",
                    [
                        .init(
                            "remotes",
                            .array(
                                remotes.map { remote in
                                    [
                                        "name": .string(remote.name), "url": .string(remote.url),
                                        "last_sync": remote.lastSync.map { .string($0.text) }
                                            ?? .null,
                                    ]
                                }))
                    ])
                return
            }
            var table = Table([Table.Column("name"), .text("url"), Table.Column("last sync")])
            for remote in remotes {
                let last = remote.lastSync.map {
                    TimeText.age(of: $0.milliseconds, nowMs: context.nowMs)
                }
                table.append([
                    Table.Cell(remote.name), Table.Cell(remote.url), Table.Cell(last ?? "never"),
                ])
            }
            context.output.print(table)
            if remotes.isEmpty {
                context.output.note("None yet. Save one: tally remote add origin URL")
            }
        }
    }
}

/// How the address of a remote is saved.
enum RemoteAddress {
    /// A hub's address as it is; a file's path from the root.
    static func saved(_ source: String) throws -> String {
        if Remote.isHub(source) {
            guard let address = HubAddress(source) else {
                throw Failure.usage(
                    "\(JSONString.quoted(source)) is no address of a dataset at a hub",
                    hint: "It is https://HOST/NAME, as in https://hub.example.org/korea.")
            }
            return address.text
        }
        return source.hasPrefix("/") ? source : FilePath.currentFolder() + "/" + source
    }
}

struct Login: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Save the token for a hub; it is read from the terminal or standard input.",
        discussion: "Example: tally login https://hub.example.org < token.txt")

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "The address of the hub, or of a dataset there.")
    var url: String

    func run(_ context: CommandContext) throws {
        guard let origin = HubAddress.origin(of: url) else {
            throw Failure.usage(
                "\(JSONString.quoted(url)) is no address of a hub", hint: "It is https://HOST.")
        }
        let token = try SecretLine.read { context.output.report("Token for \(origin): ") }
        guard !token.isEmpty, token.utf8.count <= 1024,
            token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else {
            throw Failure(
                "bad-input", "That is no token: it is one word of ASCII characters",
                hint: "Paste it as tally-hub token create printed it.", exitCode: 65)
        }
        try context.settings().saveToken(token, for: origin)
        if context.isJSON {
            context.print("login", [.init("hub", .string(origin))])
        } else {
            context.output.print("Saved the token for \(Printable.line(origin))")
        }
    }
}

struct Publish: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Put this dataset at a hub for the first time, and save it as origin.",
        discussion: "Example: tally publish https://hub.example.org/korea")

    @OptionGroup var options: GlobalOptions
    @ParentCommand var root: Tally

    @Argument(help: "https://HOST/NAME.")
    var url: String

    func run(_ context: CommandContext) throws {
        try context.withDataset { dataset in
            let hub = try Peer.hub(url, in: context)
            let peer = Peer(transport: hub, url: hub.address.text, file: nil)
            try peer.reportingProblems { try hub.create(dataset.id) }
            try dataset.writeLocally { try $0.saveRemote("origin", url: peer.url) }
            let outcome = try SyncRun(dataset, peer, as: "origin", context).run(.both)
            if context.isJSON {
                context.print("publish", [.init("url", .string(peer.url))] + outcome.json)
            } else {
                context.output.print("Published at \(Printable.line(peer.url))")
                outcome.print(context)
            }
        }
    }
}
