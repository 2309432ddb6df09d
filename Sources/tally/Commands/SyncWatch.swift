import TallyCore
import TallyStore
import TallySync
import TallyTerminal
import TallyWire

/// `tally sync --watch`: syncs whenever one of the sides has changed, until somebody ends it.
///
/// Between two syncs it holds nothing open but a question to the hub, which answers when it has something new. Its own
/// notes in the file are a change too: after a sync that did something one more follows. One that finds nothing to do
/// writes nothing, but for the time, every ten minutes.
struct SyncWatch {
    private let context: CommandContext
    private let direction: SyncSession.Direction
    private let remote: String
    private let source: String
    private let watch: FileWatch
    /// The hub twice: to sync with, and to wait at until this side has changed. Nil for a file.
    private let hub: (syncing: HubTransport, waiting: HubTransport)?

    private var total = (pushed: 0, pulled: 0)
    private var outage: Outage
    /// When the file was told that it is in sync; nil before the first sync.
    private var notedMs: Int64?
    /// What the last sync had to say.
    private var told: Set<String> = []
    /// How many conflicts it last said to be open.
    private var openConflicts = 0
    /// Turns in a row that exchanged nothing and ended within a second.
    private var emptyTurns = 0

    /// - Parameters:
    ///   - remote: under which name the file keeps the cursor.
    ///   - source: the address of a hub, or the path of a file.
    init(
        _ direction: SyncSession.Direction, as remote: String, with source: String,
        _ context: CommandContext
    ) throws {
        // The one that is found now, also while it is away.
        var options = context.options
        options.file = try context.datasetPath()
        let context = CommandContext(options: options)
        self.context = context
        self.direction = direction
        self.remote = remote
        self.source = source
        let isHub = Remote.isHub(source)
        let watch = FileWatch(
            [try context.datasetPath()] + (isHub ? [] : [source]), sleep: Interruption.wait)
        self.watch = watch
        outage = Outage(context.output)
        guard isHub else {
            hub = nil
            return
        }
        // Once: the file is not held open while the hub is away.
        let fleeting = Peer.curl { Interruption.isRequested || watch.isDisturbed }
        hub = (
            try Peer.hub(source, over: Peer.curl(), in: context),
            try Peer.hub(source, over: fleeting, in: context)
        )
    }

    /// Ends by an error, or when the program is asked to stop.
    mutating func run() throws -> Never {
        context.output.note("Watching \(Printable.line(source)) (Ctrl-C ends it)")
        do {
            while true { try turn() }
        } catch  where Interruption.isRequested {
            let sent = FigureText.count(total.pushed, "changeset")
            context.output.note("Sent \(sent), fetched \(FigureText.grouped(total.pulled))")
            throw Failure.silent(exitCode: 130)
        }
    }

    /// One sync, and the wait for a reason to sync again.
    private mutating func turn() throws {
        watch.begin()
        let round: Round
        do {
            round = try sync()
        } catch {
            return try outlast(error)
        }
        outage.end()
        tell(round.outcome)
        // Nobody reads any more.
        if context.output.isClosed { throw Failure.silent(exitCode: 0) }
        let startMs = MonotonicClock.nowMs()
        if !watch.hasChanged || round.outcome.isHalted { wait(after: round) }
        let isEmpty = round.outcome.pushed + round.outcome.pulled == 0
        emptyTurns = isEmpty && MonotonicClock.nowMs() - startMs < 1000 ? emptyTurns + 1 : 0
        // Whatever it is that says without end that there is something new: not without a pause.
        if emptyTurns > 2 {
            let pauseMs = Self.emptyPause.ceilingMs(afterTries: emptyTurns - 2)
            _ = Interruption.wait(ms: Int64(pauseMs))
        }
    }

    private static let emptyPause = RetryPolicy(baseDelayMs: 1000, maximumDelayMs: 5000)

    // MARK: One sync

    private struct Round {
        let outcome: SyncOutcome
        /// Behind which the other side has news.
        let cursor: String?
    }

    private mutating func sync() throws -> Round {
        let nowMs = FileWatch.systemNow()
        let isNoteDue = notedMs.map { nowMs - $0 > Self.noteMs } ?? true
        let round = try context.withDataset { dataset in
            let peer =
                try hub.map { Peer(transport: $0.syncing, url: source, file: nil) }
                ?? Peer.open(
                    source, readOnly: direction == .pull, tellsWaiting: notedMs == nil, in: context)
            defer { peer.close(context) }
            let outcome = try SyncRun(dataset, peer, as: remote, context)
                .run(direction, notesIdleSync: isNoteDue)
            return Round(
                outcome: outcome,
                cursor: try dataset.read { try $0.remote(named: remote)?.cursor })
        }
        if isNoteDue { notedMs = nowMs }
        total.pushed += round.outcome.pushed
        total.pulled += round.outcome.pulled
        return round
    }

    private static let noteMs: Int64 = 600_000

    /// What a sync did, where it did something; what it has to say, where it did not say it the last time.
    private mutating func tell(_ outcome: SyncOutcome) {
        var outcome = outcome
        let (standing, standingConflicts) = (Set(outcome.notices), outcome.openConflicts)
        outcome.notices.removeAll(where: told.contains)
        told = standing
        guard outcome.pushed + outcome.pulled > 0 || !outcome.notices.isEmpty else { return }
        let now = CommandContext.clock()
        if context.isJSON {
            let head: [JSONValue.Member] = [
                .init("schema", .string("tally.sync/v1")), .init("at", .string(now.text)),
            ]
            context.output.print(JSONPrinter.line(.object(head + outcome.json)))
        } else {
            context.output.write(TimeText.timeOfDay(now.milliseconds, clock: .system) + "  ")
            // Those that are open still need not be said again.
            if outcome.newConflicts == 0, openConflicts == standingConflicts {
                outcome.openConflicts = 0
            }
            outcome.print(context)
        }
        context.output.flush()
        openConflicts = standingConflicts
    }

    // MARK: Waiting

    /// Waits until one of the sides has changed, or most of a minute has passed.
    private func wait(after round: Round) {
        if round.outcome.isHalted {
            // It begins anew each time, and notes how far it came.
            watch.overlook()
            return watch.wait(ms: Self.quietMs)
        }
        guard let hub, direction != .push else { return watch.wait(ms: Self.quietMs) }
        watch.rest()
        // Whatever it answers, the next sync says what it is.
        _ = try? hub.waiting.hasNews(
            after: round.cursor, waitSeconds: Int(Self.quietMs / 1000))
    }

    /// Less than the minute after which servers on the way end a request that nobody answers.
    private static let quietMs: Int64 = 50_000

    // MARK: Outages

    /// Says what is wrong and waits, where it may pass.
    private mutating func outlast(_ error: any Error) throws {
        guard !Interruption.isRequested else { throw error }
        let isMeant: Bool
        switch error {
        case let error as SyncError where error.code == .unavailable: isMeant = true
        // Something else answers in the hub's place, as in a network that wants a log-in first.
        case let error as SyncError where error.code == .notAHub: isMeant = notedMs != nil
        case let error as StoreError where error.code == .busy: isMeant = true
        // A file that is being moved or copied, a disk that is gone for a moment.
        case let error as StoreError
        where [.noFile, .notADataset, .damaged, .io, .notPermitted].contains(error.code):
            isMeant = notedMs != nil && outage.spanMs < Self.patienceMs
        default: isMeant = false
        }
        guard isMeant else { throw error }
        outage.begin(Failure(error).message)
        watch.overlook()
        watch.wait(ms: outage.nextDelayMs())
    }

    private static let patienceMs: Int64 = 30_000
}

/// A time in which nothing works: said once at its beginning, and once at its end.
private struct Outage {
    private let output: Output
    private var startMs: Int64?
    private var tries = 0

    init(_ output: Output) { self.output = output }

    /// How long it has lasted.
    var spanMs: Int64 { startMs.map { MonotonicClock.nowMs() - $0 } ?? 0 }

    mutating func begin(_ reason: String) {
        guard startMs == nil else { return }
        startMs = MonotonicClock.nowMs()
        output.note("\(Printable.line(reason.asClause)): trying until it works")
    }

    mutating func end() {
        if startMs != nil { output.note("Syncing again") }
        (startMs, tries) = (nil, 0)
    }

    /// How long to wait before the next try: those that failed together do not come back together.
    mutating func nextDelayMs() -> Int64 {
        tries += 1
        let ceilingMs = Int64(Self.policy.ceilingMs(afterTries: tries))
        return Int64.random(in: ceilingMs / 2...ceilingMs)
    }

    private static let policy = RetryPolicy(maximumDelayMs: 5000)
}
