import TallyCore
import TallyStore
import TallySync
import TallyTerminal
import TallyWire

/// The other side of a sync, opened: a hub, another file, or a bundle.
struct Peer {
    let transport: any SyncTransport
    /// As it is saved: an address, or a path from the root.
    let url: String
    /// The other file, to be closed at the end; nil for a hub and for a bundle.
    let file: Dataset?
    var isBundle = false

    /// - Parameters:
    ///   - readOnly: nothing is sent: the other file may be one that cannot be written.
    ///   - tellsWaiting: whether it is said that edits by another tool do not come along.
    ///   - isCloned: whether it is pulled into a file that nobody else has open yet.
    static func open(
        _ source: String, readOnly: Bool, tellsWaiting: Bool = true, isCloned: Bool = false,
        in context: CommandContext
    ) throws -> Peer {
        if Remote.isHub(source) {
            let hub = try hub(source, in: context)
            return Peer(transport: hub, url: hub.address.text, file: nil)
        }
        let path = source.hasPrefix("/") ? source : FilePath.currentFolder() + "/" + source
        if BundleFile.isBundle(path) {
            return Peer(
                transport: BundleTransport(try bundle(path, in: context)), url: path, file: nil,
                isBundle: true)
        }
        let file = try Dataset.open(path: path, readOnly: readOnly)
        if readOnly, tellsWaiting, let line = try file.read({ try $0.waitingEdits() }).line {
            context.output.note(
                "\(Printable.line(source)) holds edits made with another tool that its owner has not taken yet "
                    + "(\(line)): they do not come along")
        }
        let workplace = try context.workplace()
        let isOwn = try file.read { try $0.isOwn(of: workplace) }
        let transport = FileTransport(
            file, after: isOwn ? .capture(workplace) : .refuse, isCloned: isCloned)
        return Peer(transport: transport, url: path, file: file)
    }

    private static func bundle(_ path: String, in context: CommandContext) throws -> BundleFile {
        let progress = ProgressLine("check", unit: .bytes, output: context.output)
        defer { progress.finish() }
        return try BundleFile(
            path, isInterrupted: isInterrupted,
            progress: { progress.update(done: Int64($0), total: Int64($1)) })
    }

    static func hub(_ url: String, in context: CommandContext) throws -> HubTransport {
        let output = context.output
        let exchange = RetryingHTTP(curl(), isInterrupted: isInterrupted) { notice in
            let wait =
                notice.delayMs < 1000
                ? "at once" : "in \(TimeText.duration(ms: Int64(notice.delayMs)))"
            output.note(
                "\(notice.reason.asClause): trying again \(wait) (\(notice.tries) of \(notice.maximumTries))"
            )
        }
        return try hub(url, over: exchange, in: context)
    }

    private static let isInterrupted: @Sendable () -> Bool = { Interruption.isRequested }

    /// - Parameter isInterrupted: ends a request when it says so.
    static func curl(
        isInterrupted: @escaping @Sendable () -> Bool = Self.isInterrupted
    ) -> CurlHTTP {
        CurlHTTP(userAgent: "tally/\(Tally.version)", isInterrupted: isInterrupted)
    }

    /// A dataset at a hub, with the token that is kept for it.
    static func hub(
        _ url: String, over exchange: any HTTPExchange, in context: CommandContext
    ) throws -> HubTransport {
        guard let address = HubAddress(url) else {
            throw Failure.usage(
                "\(JSONString.quoted(url)) is no address of a dataset at a hub",
                hint: "It is https://HOST/NAME, as in https://hub.example.org/korea.")
        }
        let token =
            try context.variable("TALLY_TOKEN") ?? context.settings().token(for: address.origin)
        return HubTransport(address, token: token, exchange: exchange)
    }

    /// - Parameter context: where what was captured in the other file is told.
    func close(_ context: CommandContext) {
        guard let file else { return }
        context.tellCaptured(by: file)
        file.close()
    }

    /// What a hub refuses outside a session, as an error for the user.
    func reportingProblems<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let problem as Problem {
            throw SyncError(problem, at: transport.name)
        }
    }
}
