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
    private let dataset: Dataset
    private let transport: any SyncTransport
    private let workplace: Workplace
    /// Under which name the file keeps the cursor.
    private let remote: String
    /// Told after each step: lines pushed and pulled so far.
    private let progress: (Int, Int) -> Void

    public init(
        _ dataset: Dataset, with transport: any SyncTransport, as remote: String,
        workplace: Workplace, progress: @escaping (Int, Int) -> Void = { _, _ in }
    ) {
        self.dataset = dataset
        self.transport = transport
        self.remote = remote
        self.workplace = workplace
        self.progress = progress
    }

    public func run(_ direction: SyncSession.Direction) throws -> SyncOutcome {
        var outcome = SyncOutcome()
        var notes = SyncNotes()
        var held = RevisionVector()
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
                session.received(try perform(step, &held, &notes))
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
        _ step: SyncSession.Step, _ held: inout RevisionVector, _ notes: inout SyncNotes
    ) throws -> SyncSession.Event {
        do {
            switch step {
            case .readHeads:
                let heads = try transport.heads()
                try retireIfAhead(heads, &notes)
                if heads.dataset == dataset.id { held.insert(heads.heads) }
                return try moveCursorIfHere(heads) ? .headsHere(heads) : .heads(heads)
            case .push(let heads, let position):
                let batch = try dataset.read { access in
                    try access.nextLines(
                        lackedBy: heads, after: position, maximumBytes: BatchBounds.bytes)
                }
                guard let batch else { return .nothingToPush }
                let answer = try transport.push(batch.lines)
                held.insert(answer.heads)
                return .pushed(answer, upTo: batch.position)
            case .pull(let cursor): return try take(transport.pull(after: cursor), &held)
            case .compare(let heads):
                return .compared(isComplete: try dataset.read { try $0.hasAll(of: heads) })
            case .settle(let fork): return try settle(fork, &notes)
            case .done, .fail: preconditionFailure("a session that has ended does nothing")
            }
        } catch let problem as Problem {
            return .refused(problem)
        }
    }

    /// Moves the cursor to that of the heads when everything up to there is here: what was pushed by the last sync is not
    /// pulled back.
    private func moveCursorIfHere(_ heads: DatasetHeads) throws -> Bool {
        let (isHere, cursor) = try dataset.read { access in
            (try access.hasAll(of: heads.heads), try access.remote(named: remote)?.cursor)
        }
        guard heads.dataset == dataset.id, isHere else { return false }
        if cursor != heads.cursor {
            try dataset.writeLocally(durable: false) { access in
                try access.setCursor(heads.cursor, epoch: heads.epoch, remote: remote)
            }
        }
        return true
    }

    /// Applies a batch and moves the cursor, both or neither.
    ///
    /// What stands before a line that is not taken is kept; the cursor then stays, so that the next sync sees the line
    /// again.
    private func take(
        _ batch: PulledBatch, _ held: inout RevisionVector
    ) throws -> SyncSession.Event {
        do {
            let taken = try dataset.take(batch.lines, durable: false) { access in
                try access.setCursor(batch.cursor, epoch: batch.epoch, remote: remote)
            }
            for revision in taken.accepted { held.insert(revision) }
            return .pulled(
                SyncSession.Pulled(
                    taken: taken.accepted.count, isEmpty: batch.lines.isEmpty,
                    cursor: batch.cursor, isMore: batch.isMore))
        } catch let fault as LineFault {
            let number = (fault.line ?? 1) - 1
            let sound = Array(batch.lines.prefix(number))
            let taken = sound.isEmpty ? nil : try dataset.take(sound, durable: false)
            for revision in taken?.accepted ?? [] { held.insert(revision) }
            let count = taken?.accepted.count ?? 0
            guard fault.word == .fork,
                let fork = try dataset.read({
                    try $0.fork(with: ChangesetLine(batch.lines[number]))
                })
            else { return .halted(fault, taken: count) }
            // Only what both hold under one hash is known to be there.
            held[fork.replica] = fork.point
            return .forked(fork, fault, taken: count)
        }
    }

    /// Repairs the side whose branch of a fork gives way.
    private func settle(_ fork: Fork, _ notes: inout SyncNotes) throws -> SyncSession.Event {
        // A hub's branch stands; and where one side no longer holds its own, there is nothing left to settle.
        guard let here = try dataset.read({ try $0.branch(of: fork) }) else { return .settled }
        var side = ForkBranch.Side.here
        if let file = transport.forkable {
            guard let there = try file.read({ try $0.branch(of: fork) }) else { return .settled }
            guard let givesWay = ForkBranch.sideGivingWay(here: here, there: there) else {
                return .unsettled
            }
            side = givesWay
        }
        let repaired = side == .here ? dataset : transport.forkable ?? dataset
        do {
            let repair = try repaired.repair(fork, at: workplace)
            notes.add(repair, of: side == .here ? "this file" : transport.name)
            return .settled
        } catch let fault as LineFault {
            throw SyncError(
                .refused,
                "Replica \(fork.replica.short) has two histories that cannot be brought together: "
                    + fault.reason,
                hint: "Nothing was changed. Export what this file has, and import it into a clone.")
        }
    }

    /// A copy that sees its own replica ahead of its file retires it at once (DESIGN.md section 6).
    private func retireIfAhead(_ heads: DatasetHeads, _ notes: inout SyncNotes) throws {
        guard heads.dataset == dataset.id else { return }
        let ahead = try dataset.read { access in
            heads.heads.filter { $0.value.seq > access.heads[$0.key]?.seq ?? 0 }
        }
        let own = Set(try workplace.identities.replicas())
        for (replica, head) in ahead where own.contains(replica) {
            let isRetired = try workplace.identities.retire(replica, of: dataset.id) { entry in
                (entry.head?.seq ?? 0) < head.seq
            }
            guard isRetired else { continue }
            try dataset.writeLocally(durable: false) { try $0.forgetWriter(replica) }
            notes.addRetired(replica)
        }
    }

    private func finish(
        _ halt: LineFault?, _ held: RevisionVector, _ outcome: inout SyncOutcome
    ) throws {
        let reason = halt.map { "\($0.word.rawValue): \($0.reason)" }
        try dataset.writeLocally(durable: false) { access in
            try access.noteSync(remote: remote, at: workplace.clock(), vector: held, halt: reason)
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
