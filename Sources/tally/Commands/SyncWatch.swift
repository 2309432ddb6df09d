import TallyCore
import TallyStore
import TallySync
import TallyTerminal
import TallyWire

/// `tally sync --watch`: syncs whenever one of the sides has changed, until somebody ends it.
///
/// Between two syncs it holds nothing open but a question to the hub, which answers when it has something new. Its own
/// notes in the file are a change too: after a sync that did something one more follows, and one that finds nothing to do
/// writes nothing.
struct SyncWatch {
    private let context: CommandContext
    private let direction: SyncSession.Direction
    private let remote: String
    private let source: String
    private let watch: FileWatch
    /// The hub twice: to sync with, trying until it answers, and to wait at, until this side has changed. Nil for a file.
    private let hub: (syncing: HubTransport, waiting: HubTransport)?
    private let outage: Outage

    /// - Parameters:
    ///   - remote: under which name the file keeps the cursor.
    ///   - source: the address of a hub, or the path of a file.
    init(
        _ direction: SyncSession.Direction, as remote: String, with source: String,
        _ context: CommandContext
    ) throws {
        self.context = context
        self.direction = direction
        self.remote = remote
        self.source = source
        let isHub = Remote.isHub(source)
        let watch = FileWatch([try context.datasetPath()] + (isHub ? [] : [source]))
        let outage = Outage(context.output)
        self.watch = watch
        self.outage = outage
        guard isHub else {
            hub = nil
            return
        }
        let patient = RetryingHTTP(
            Peer.curl(), policy: RetryPolicy(maximumTries: .max, maximumDelayMs: 5000),
            isInterrupted: { Interruption.isRequested },
            onRetry: { outage.begin($0.reasonWithoutStop) })
        let fleeting = Peer.curl { Interruption.isRequested || watch.isDisturbed }
        hub = (
            try Peer.hub(source, over: patient, in: context),
            try Peer.hub(source, over: fleeting, in: context)
        )
    }

    /// Ends by an error, or when the program is asked to stop.
    func run() throws -> Never {
        context.output.note("Watching \(Printable.line(source)) (Ctrl-C ends it)")
        var total = (pushed: 0, pulled: 0, hasReached: false)
        // How often in a row the other side was said to have news, and nothing came.
        var emptyNews = 0
        var isCaused = true
        var told: [String] = []
        do {
            while true {
                watch.begin()
                guard let round = try sync(notesIdle: isCaused, mayFail: total.hasReached) else {
                    watch.wait(ms: Self.troubleMs)
                    continue
                }
                let outcome = round.outcome
                total = (total.pushed + outcome.pushed, total.pulled + outcome.pulled, true)
                tell(outcome, &told)
                isCaused = false
                if outcome.pushed + outcome.pulled > 0 { emptyNews = 0 }
                if watch.hasChanged { continue }
                switch try wait(after: round, emptyNews) {
                case .news: emptyNews += 1
                case .quiet: emptyNews = 0
                }
                isCaused = !watch.hasChanged
            }
        } catch  where Interruption.isRequested {
            context.output.note(
                "Sent \(FigureText.count(total.pushed, "changeset")), fetched \(FigureText.grouped(total.pulled))"
            )
            throw Failure.silent(exitCode: 130)
        }
    }

    private static let troubleMs: Int64 = 5000

    // MARK: One sync

    private struct Round {
        let outcome: SyncOutcome
        /// Behind which the other side has news.
        let cursor: String?
    }

    /// - Returns: nil where it did not come about and may the next time.
    private func sync(notesIdle: Bool, mayFail: Bool) throws -> Round? {
        do {
            let round = try context.withDataset { dataset in
                let peer =
                    try hub.map { Peer(transport: $0.syncing, url: source, file: nil) }
                    ?? Peer.open(source, readOnly: direction == .pull, in: context)
                defer { peer.close(context) }
                let outcome = try SyncRun(dataset, peer, as: remote, context)
                    .run(direction, notesIdleSync: notesIdle)
                return Round(
                    outcome: outcome,
                    cursor: try dataset.read { try $0.remote(named: remote)?.cursor })
            }
            outage.end()
            return round
        } catch let error as SyncError
            where mayFail && [.unavailable, .notAHub].contains(error.code)
        {
            // Something else answers in the hub's place, as in a network that wants a log-in first.
            outage.begin(error.message)
        } catch let error as StoreError where error.code == .busy {
            outage.begin(error.message)
        }
        return nil
    }

    /// What a sync did, where it did something; what it has to say, where it did not say it the last time.
    private func tell(_ outcome: SyncOutcome, _ told: inout [String]) {
        let isNew = outcome.notices != told && !outcome.notices.isEmpty
        told = outcome.notices
        var outcome = outcome
        if !isNew { outcome.notices = [] }
        guard outcome.pushed + outcome.pulled > 0 || isNew else { return }
        if context.isJSON {
            context.print("sync", outcome.json)
        } else {
            let now = CommandContext.clock().milliseconds
            context.output.write(TimeText.timeOfDay(now, clock: .system) + "  ")
            outcome.print(context)
        }
        context.output.flush()
    }

    // MARK: Waiting

    private enum Awaited {
        case news, quiet
    }

    /// Waits until one of the sides has changed, or a minute has passed.
    private func wait(after round: Round, _ emptyNews: Int) throws -> Awaited {
        // What is said to be new and cannot be had must not be asked for without end.
        if emptyNews > 1 { watch.wait(ms: min(Self.quietMs, 500 << min(emptyNews, 8))) }
        guard let hub, direction != .push, !round.outcome.isHalted else {
            watch.wait(ms: Self.quietMs)
            return .quiet
        }
        do {
            return try hub.waiting.hasNews(
                after: round.cursor, waitSeconds: Int(Self.quietMs / 1000)) ? .news : .quiet
        } catch let error as SyncError where error.code == .interrupted {
            return .quiet
        } catch is SyncError, is Problem {
            // The next sync says what it is.
            return .news
        }
    }

    /// Less than the minute after which servers on the way end a request that nobody answers.
    private static let quietMs: Int64 = 50_000
}

/// Says once that the other side is away, and once that it is back.
final class Outage {
    private let output: Output
    private var isOn = false

    init(_ output: Output) { self.output = output }

    func begin(_ reason: String) {
        if !isOn { output.note("\(Printable.line(reason)): trying until it works") }
        isOn = true
    }

    func end() {
        if isOn { output.note("Syncing again") }
        isOn = false
    }
}
