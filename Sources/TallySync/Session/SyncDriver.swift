import TallyCore
import TallyStore
import TallyWire

/// What a sync did.
public struct SyncOutcome: Sendable, Equatable {
    public var pushed = 0
    public var pulled = 0
    public var newConflicts = 0
    public var openConflicts = 0
    /// Whether the pull stopped at a line that cannot be taken.
    public var isHalted = false
    /// Lines for the user: a replica that was retired, a pull that stopped.
    public var notices: [String] = []
}

/// Runs a `SyncSession` between a dataset file and a transport.
///
/// Each batch is applied and the cursor moved in one transaction; killed at any point, the next sync goes on.
public struct SyncDriver {
    let dataset: Dataset
    let transport: any SyncTransport
    let workplace: Workplace
    /// Under which name the file keeps the cursor.
    private let remote: String
    private let notesIdleSync: Bool
    /// Told after each step: lines pushed and pulled so far.
    private let progress: (Int, Int) -> Void

    /// - Parameter notesIdleSync: whether the file notes the time of a sync that found nothing to do; where it does not,
    ///   such a sync writes nothing at all.
    public init(
        _ dataset: Dataset, with transport: any SyncTransport, as remote: String,
        workplace: Workplace, notesIdleSync: Bool = true,
        progress: @escaping (Int, Int) -> Void = { _, _ in }
    ) {
        self.dataset = dataset
        self.transport = transport
        self.remote = remote
        self.workplace = workplace
        self.notesIdleSync = notesIdleSync
        self.progress = progress
    }

    public func run(_ direction: SyncSession.Direction) throws -> SyncOutcome {
        var outcome = SyncOutcome()
        var notes = SyncNotes()
        var held = RevisionVector()
        var doubted = RevisionVector()
        // So that it goes along.
        try dataset.capture(at: workplace)
        let (before, cursor) = try dataset.read { access in
            (try access.allConflictIDs(), try access.remote(named: remote)?.cursor)
        }
        var session = SyncSession(
            direction, dataset: dataset.id, remote: transport.name, cursor: cursor)
        running: while true {
            switch session.next {
            case .done: break running
            case .fail(let error):
                // What was exchanged before it failed is noted; where nothing was, so is nothing.
                if !held.isEmpty { try finish(session.halt, held, &outcome) }
                throw error
            case let step:
                try workplace.checkInterruption()
                session.received(try perform(step, direction, &held, &doubted, &notes))
            }
            progress(session.pushed, session.pulled)
        }
        outcome.pushed = session.pushed
        outcome.pulled = session.pulled
        try finish(session.halt, held, &outcome)
        let (after, ahead) = try dataset.read { access in
            (try access.allConflictIDs(), access.clocksAhead(of: workplace.clock()))
        }
        outcome.notices = notes.lines + outcome.notices
        for clock in ahead {
            outcome.notices.append(
                "The clock of \(clock.author)@\(clock.machine) was \(clock.aheadMs / 86_400_000) days ahead: "
                    + "its edits win provisionally until then. Set that clock.")
        }
        outcome.newConflicts = after.subtracting(before).count
        outcome.openConflicts = after.count
        return outcome
    }

    private func perform(
        _ step: SyncSession.Step, _ direction: SyncSession.Direction,
        _ held: inout RevisionVector, _ doubted: inout RevisionVector, _ notes: inout SyncNotes
    ) throws -> SyncSession.Event {
        do {
            switch step {
            case .readHeads:
                let heads = try transport.heads()
                guard heads.dataset == dataset.id else { return .heads(heads) }
                let missing = try dataset.read { try $0.lacking(transport.basis) }
                if !missing.isEmpty { throw SyncError(lacking: missing, for: transport.name) }
                try retireIfAhead(heads, &notes)
                let event = try compared(heads, &held)
                if direction == .push { doubted = try self.doubted(heads, held) }
                return event
            case .push(let heads, let position):
                let batch = try dataset.read { access in
                    try access.nextLines(
                        lackedBy: heads, asking: Set(doubted.replicas), after: position,
                        maximumBytes: BatchBounds.bytes)
                }
                guard let batch else {
                    held.merge(doubted)
                    return .nothingToPush
                }
                let answer = try transport.push(batch.lines)
                held.insert(try dataset.read { try $0.verified(answer.heads) })
                return .pushed(answer, upTo: batch.position)
            case .pull(let cursor): return try take(transport.pull(after: cursor), &held)
            case .compare(let heads):
                let verified = try dataset.read { try $0.verified(heads) }
                held.insert(verified)
                return .compared(isComplete: verified.count == heads.count)
            case .settle(let fork): return try settle(fork, direction, &notes)
            case .done, .fail: preconditionFailure("a session that has ended does nothing")
            }
        } catch let problem as Problem {
            return .refused(problem)
        }
    }

    /// Sees what of the remote's log is known to be the same as here: what was at the last sync, as long as it is the same
    /// log, and what of its heads is here by hash. Of two branches under one name nobody takes the one for the other.
    ///
    /// Where all of it is here, the cursor moves to that of the heads: what was pushed by the last sync is not pulled back.
    private func compared(
        _ heads: DatasetHeads, _ held: inout RevisionVector
    ) throws -> SyncSession.Event {
        let (before, verified, own) = try dataset.read { access in
            (try access.remote(named: remote), try access.verified(heads.heads), access.heads)
        }
        if let before, before.epoch == heads.epoch {
            held.merge(before.vector ?? RevisionVector())
        }
        for replica in held.replicas {
            held[replica] = min(held[replica], heads.heads[replica]?.seq ?? 0)
        }
        held.insert(verified)
        guard verified.count == heads.heads.count else {
            let isApart = heads.heads.contains { replica, head in
                verified[replica] == nil && own[replica]?.seq ?? 0 >= head.seq
            }
            return isApart ? .headsApart(heads) : .heads(heads)
        }
        if before?.cursor != heads.cursor {
            try dataset.writeLocally(durable: false) { access in
                try access.setCursor(heads.cursor, epoch: heads.epoch, remote: remote)
            }
        }
        return .headsHere(heads)
    }

    /// The last lines here of replicas of which the remote has more, and may be on another branch: what it holds under their
    /// numbers is not known. A pull would tell; a push has to ask, with these lines.
    private func doubted(
        _ heads: DatasetHeads, _ held: RevisionVector
    ) throws -> RevisionVector {
        var doubted = RevisionVector()
        for (replica, head) in try dataset.read(\.heads)
        where heads.heads[replica]?.seq ?? 0 > head.seq && held[replica] < head.seq {
            doubted.insert(Revision(replica, head.seq))
        }
        return doubted
    }

    /// Applies a batch and moves the cursor, both or neither.
    ///
    /// What stands before a line that is not taken is kept; the cursor then stays, so that the next sync sees the line
    /// again.
    private func take(
        _ batch: PulledBatch, _ held: inout RevisionVector, mayTryAgain: Bool = true
    ) throws -> SyncSession.Event {
        do {
            var lineCount = 0
            let taken = try dataset.take(
                batch.lines, after: .capture(workplace), durable: false
            ) { access in
                lineCount = access.heads.values.reduce(0) { $0 + $1.seq }
                try access.setCursor(batch.cursor, epoch: batch.epoch, remote: remote)
            }
            for revision in taken.accepted { held.insert(revision) }
            return .pulled(
                SyncSession.Pulled(
                    taken: taken.accepted.count, duplicates: taken.duplicates, held: lineCount,
                    isEmpty: batch.lines.isEmpty, cursor: batch.cursor, isMore: batch.isMore))
        } catch let fault as LineFault {
            let number = (fault.line ?? 1) - 1
            guard fault.word == .fork else { return try halt(at: number, of: batch, fault, &held) }
            let line = try ChangesetLine(batch.lines[number])
            if let fork = try dataset.read({ try $0.fork(with: line) }) {
                let count = try takeBefore(number, of: batch, &held)
                // Only what both hold under one hash is known to be there.
                held[fork.replica] = min(held[fork.replica], fork.point)
                return .forked(fork, fault, taken: count)
            }
            // Another sync of this file may have repaired the fork meanwhile.
            let isRepaired = try dataset.read { access in
                let own = try access.heads[line.replica()]?.seq ?? 0
                return try own < line.seq()
                    || access.has(
                        Head(seq: line.seq(), hash: line.hash), of: line.replica())
            }
            if isRepaired, mayTryAgain { return try take(batch, &held, mayTryAgain: false) }
            return try halt(at: number, of: batch, fault, &held)
        }
    }

    private func halt(
        at number: Int, of batch: PulledBatch, _ fault: LineFault, _ held: inout RevisionVector
    ) throws -> SyncSession.Event {
        .halted(fault, taken: try takeBefore(number, of: batch, &held))
    }

    /// Takes the lines of a batch before one that is not taken.
    private func takeBefore(
        _ number: Int, of batch: PulledBatch, _ held: inout RevisionVector
    ) throws -> Int {
        guard number > 0 else { return 0 }
        let taken = try dataset.take(
            Array(batch.lines.prefix(number)), after: .capture(workplace), durable: false)
        for revision in taken.accepted { held.insert(revision) }
        return taken.accepted.count
    }

    /// Whether the file says already what a sync has found.
    private func isNoted(_ held: RevisionVector, _ halt: String?) throws -> Bool {
        let known = try dataset.read { try $0.remote(named: remote) }
        return known?.vector == held && known?.halt == halt
    }

    private func finish(
        _ halt: LineFault?, _ held: RevisionVector, _ outcome: inout SyncOutcome
    ) throws {
        let reason = halt.map { "\($0.word.rawValue): \($0.reason)" }
        if try notesIdleSync || !isNoted(held, reason) {
            try dataset.writeLocally(durable: false) { access in
                try access.noteSync(
                    remote: remote, at: workplace.clock(), vector: held, halt: reason)
            }
        }
        outcome.isHalted = reason != nil
        if let reason {
            outcome.notices.append(
                "Pulling from \(transport.name) stopped at a line that cannot be taken (\(reason)). "
                    + "What came before it is here; nothing was lost, but the two sides differ until it is mended."
            )
        }
    }
}

extension RevisionVector {
    fileprivate mutating func insert(_ heads: [ReplicaID: Head]) {
        for (replica, head) in heads { insert(Revision(replica, head.seq)) }
    }
}
