import TallyCore
import TallyWire

/// One sync as a value: told what happened, it says what to do next (DESIGN.md section 8, “A sync”).
///
/// ```
/// readHeads ─→ push … push ─→ pull … pull ─→ compare ─→ done
///     ↑           │ │ all heads are here: nothing to pull ───↑
///     │           │ gap, unseen, fork: pull first, then once more from the heads
///     └───────────┘
///                 pull: cursor gone, or something missing at the end: from the beginning, once
///                 pull: a line with another hash than the one here: settle the fork, then from the heads
/// ```
/// It holds no lines and does no I/O; whatever kills it, the next one starts over from the heads.
public struct SyncSession: Sendable {
    public enum Direction: Sendable {
        case both, pull, push
    }

    public enum Step: Sendable, Equatable {
        case readHeads
        /// Send what the heads lack, from this position of the local log on.
        case push(lackedBy: [ReplicaID: Head], after: Int)
        case pull(cursor: String?)
        /// See whether all of these heads are here, by seq and hash.
        case compare([ReplicaID: Head])
        /// Find out which branch of a fork gives way, and repair it.
        case settle(Fork)
        case done
        case fail(SyncError)
    }

    public enum Event: Sendable {
        case heads(DatasetHeads)
        /// The same, when all that they name is here, by seq and hash: so is every line up to their cursor.
        case headsHere(DatasetHeads)
        /// The same, when one of them is another than what is here under its name.
        case headsApart(DatasetHeads)
        case pushed(PushAnswer, upTo: Int)
        case nothingToPush
        case refused(Problem)
        case pulled(Pulled)
        /// A line of the pull is not taken; what came before it is.
        case halted(LineFault, taken: Int)
        /// A line of the pull is another than the one that is here under that name; what came before it is taken.
        case forked(Fork, LineFault, taken: Int)
        case settled
        /// It cannot be settled by this sync.
        case unsettled(SyncError)
        case compared(isComplete: Bool)
    }

    /// A batch that was pulled and applied.
    public struct Pulled: Sendable, Equatable {
        /// How many of its lines were new here.
        public let taken: Int
        /// How many were here already.
        public let duplicates: Int
        /// How many lines are here now.
        public let held: Int
        public let isEmpty: Bool
        public let cursor: String
        public let isMore: Bool

        public init(
            taken: Int, duplicates: Int, held: Int, isEmpty: Bool, cursor: String, isMore: Bool
        ) {
            self.taken = taken
            self.duplicates = duplicates
            self.held = held
            self.isEmpty = isEmpty
            self.cursor = cursor
            self.isMore = isMore
        }
    }

    /// How many lines the other side took.
    public private(set) var pushed = 0
    /// How many lines were taken here.
    public private(set) var pulled = 0
    /// Why the pull stopped before its end, where it did.
    public private(set) var halt: LineFault?

    private let direction: Direction
    private let dataset: DatasetID
    private let remote: String
    private var cursor: String?
    /// The cursors that this pull has left behind.
    private var passed: Set<String> = []
    /// How many lines this pull has brought that were here already.
    private var duplicates = 0
    private var heads: [ReplicaID: Head] = [:]
    /// Pushing again after a refusal, and pulling from the beginning, happen once each: never a loop.
    private var hasPushedAgain = false
    private var hasBegunAnew = false
    private var refusal: Problem?
    private var hasAll = false
    /// Whether one of the remote's heads is of another branch than what is here.
    private var isApart = false
    /// The forks that were settled: each once, so that a remote that contradicts itself is left.
    private var settled: Set<ReplicaID> = []
    private var step: Step = .readHeads

    /// - Parameter cursor: how far the last pull from this remote came; nil for none.
    public init(
        _ direction: Direction, dataset: DatasetID, remote: String, cursor: String?
    ) {
        self.direction = direction
        self.dataset = dataset
        self.remote = remote
        self.cursor = cursor
    }

    public var next: Step { step }

    public mutating func received(_ event: Event) {
        switch (step, event) {
        case (.readHeads, .heads(let answer)):
            (hasAll, isApart) = (false, false)
            step = begin(answer)
        case (.readHeads, .headsApart(let answer)):
            (hasAll, isApart) = (false, true)
            step = begin(answer)
        case (.readHeads, .headsHere(let answer)):
            (hasAll, isApart) = (true, false)
            cursor = answer.cursor
            step = begin(answer)
        case (.push(_, let after), .pushed(let answer, let position)):
            precondition(position > after, "a push moves on")
            pushed += answer.accepted
            heads.merge(answer.heads) { $1 }
            step = .push(lackedBy: heads, after: position)
        case (.push, .nothingToPush):
            // Of two branches under one name a push alone would never tell.
            let isDone = hasAll || direction == .push && !isApart
            isApart = false
            step = isDone ? .done : .pull(cursor: cursor)
        case (.push, .refused(let problem)): step = pushRefused(problem)
        case (.pull, .pulled(let batch)): step = pulledBatch(batch)
        case (.pull, .refused(let problem)): step = pullRefused(problem)
        case (.pull, .halted(let fault, let taken)):
            pulled += taken
            step = pullHalted(fault)
        case (.pull, .forked(let fork, let fault, let taken)):
            pulled += taken
            step = settled.insert(fork.replica).inserted ? .settle(fork) : pullHalted(fault)
        case (.settle, .settled):
            // The repaired side has other lines now: what was refused or gone before may be taken.
            (hasPushedAgain, hasBegunAnew, refusal) = (false, false, nil)
            step = .readHeads
        case (.settle, .unsettled(let error)): step = .fail(error)
        case (.compare, .compared(let isComplete)):
            if isComplete {
                step = afterPull()
            } else if hasBegunAnew {
                step = .fail(
                    SyncError(
                        .refused, "\(remote) names changesets that it does not send",
                        hint:
                            "Nothing was lost here. Run tally sync again; if it stays, ask who keeps the hub."
                    ))
            } else {
                step = beginAnew()
            }
        case (_, .refused(let problem)): step = .fail(SyncError(problem, at: remote))
        default: preconditionFailure("\(event) does not answer \(step)")
        }
    }

    private mutating func begin(_ answer: DatasetHeads) -> Step {
        (passed, duplicates) = ([], 0)
        guard answer.dataset == dataset else {
            return .fail(
                SyncError(
                    .wrongDataset,
                    "\(remote) holds another dataset (\(answer.dataset), not \(dataset)); nothing was sent",
                    hint: "Check the address or the file, or publish this one under another name."))
        }
        heads = answer.heads
        guard direction == .pull else { return .push(lackedBy: heads, after: 0) }
        return hasAll ? .done : .pull(cursor: cursor)
    }

    private mutating func pushRefused(_ problem: Problem) -> Step {
        switch problem.word {
        case .gap, .unseen, .fork:
            guard !hasPushedAgain else { return .fail(SyncError(problem, at: remote)) }
            hasPushedAgain = true
            refusal = problem
            return .pull(cursor: cursor)
        case .forbidden where direction == .both:
            // A reader still pulls; that its edits stay here is said at the end.
            refusal = problem
            return .pull(cursor: cursor)
        default: return .fail(SyncError(problem, at: remote))
        }
    }

    private mutating func pulledBatch(_ batch: Pulled) -> Step {
        pulled += batch.taken
        // A remote that says there is more and sends nothing, or goes in a circle, is not followed for ever.
        if let cursor { passed.insert(cursor) }
        cursor = batch.cursor
        duplicates += batch.duplicates
        guard batch.isMore else { return .compare(heads) }
        // A log holds each line once.
        if batch.isEmpty || passed.contains(batch.cursor) || duplicates > batch.held {
            return .fail(
                SyncError(
                    .notAHub, "\(remote) says that there is more, and sends nothing new",
                    hint: "Run tally sync again; if it stays, ask who keeps the hub."))
        }
        return .pull(cursor: batch.cursor)
    }

    private mutating func pullHalted(_ fault: LineFault) -> Step {
        // A line that rests on what is not here, or differs from it: the cursor may be behind where the two part.
        let mayHavePassed = [.gap, .unseen, .fork].contains(fault.word) && cursor != nil
        if mayHavePassed, !hasBegunAnew { return beginAnew() }
        halt = fault
        return afterPull()
    }

    private mutating func pullRefused(_ problem: Problem) -> Step {
        // A cursor that is none came from something else that once answered in the remote's place.
        guard [.cursorGone, .badRequest].contains(problem.word), !hasBegunAnew, cursor != nil else {
            return .fail(SyncError(problem, at: remote))
        }
        return beginAnew()
    }

    private mutating func beginAnew() -> Step {
        hasBegunAnew = true
        cursor = nil
        (passed, duplicates) = ([], 0)
        return .pull(cursor: nil)
    }

    /// After a pull that followed a refused push the heads are read and the push is tried once more.
    private mutating func afterPull() -> Step {
        guard let problem = refusal else { return .done }
        refusal = nil
        if problem.word == .forbidden { return .fail(SyncError(problem, at: remote)) }
        return .readHeads
    }
}
