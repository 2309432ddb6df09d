import TallyCore
import TallyStore
import TallySync
import TallyWire

// What a sync must have come to, and what must be so before it.
extension World {
    /// What a sync is judged by afterwards, as it is before it.
    struct BeforeSync {
        /// The lines of the hub.
        let hub: Set<ChangesetHash>
        /// The replicas of this machine that are ahead, at the hub, of the file and of what was written here.
        let ahead: [(replica: ReplicaID, seq: Int)]
        let interludes: Int
    }

    /// - Returns: nil where the hub's disk may fail.
    func beforeSync(_ index: Int, _ dataset: Dataset) throws -> BeforeSync? {
        guard let lines = hubsLog() else { return nil }
        try checkCursor(index, dataset, lines)
        let last = try lastSeqs(lines)
        let heads = try dataset.read(\.heads)
        let own = machines[files[index].machine].identities.contents.values
        let ahead = own.filter { $0.dataset == datasetID }
            .map { (replica: $0.replica, seq: last[$0.replica] ?? 0, own: $0.head?.seq ?? 0) }
            .filter { $0.seq > $0.own && $0.seq > heads[$0.replica]?.seq ?? 0 }
        return BeforeSync(
            hub: Set(lines.map(\.hash)), ahead: ahead.map { ($0.replica, $0.seq) },
            interludes: interludes)
    }

    private func lastSeqs(_ lines: [ChangesetLine]) throws -> [ReplicaID: Int] {
        var last: [ReplicaID: Int] = [:]
        for line in lines { last[try line.replica()] = try line.seq() }
        return last
    }

    /// A cursor stands behind lines that are all here.
    ///
    /// Not where a network has cut an answer between two lines and nobody could notice, nor where another log was put under
    /// the cursor: of both, only the comparison at the end of the next pull can tell.
    private func checkCursor(
        _ index: Int, _ dataset: Dataset, _ lines: [ChangesetLine]
    ) throws {
        guard files[index].misleadings == misleadings,
            let remote = try dataset.read({ try $0.remote(named: "origin") }),
            remote.url == hub.address.text, let cursor = remote.cursor.flatMap({ LogCursor($0) }),
            try dataset.read({ _ in try hub.epoch() }) == cursor.epoch
        else { return }
        let held = try dataset.allHashes()
        let missing = lines.prefix(cursor.position).filter { !held.contains($0.hash) }
        if !missing.isEmpty {
            throw Violation(
                "cursor", "\(cursor.text) stands behind \(missing.count) lines that are not here")
        }
        counts.count("cursors judged")
    }

    /// When a sync has ended well, each side has what the other had, and no replica of this machine that was seen ahead may
    /// write again.
    func checkSync(
        _ index: Int, _ dataset: Dataset, _ direction: SyncSession.Direction,
        _ before: BeforeSync?, isHalted: Bool
    ) throws {
        guard let before, before.interludes == interludes, !isHalted, let lines = hubsLog() else {
            return
        }
        let (held, hubs) = (try dataset.allHashes(), Set(lines.map(\.hash)))
        if direction != .pull {
            // Who only pushes sees of a fork no more than that the hub is as far: it has another line of that number.
            let reached = direction == .push ? try lastSeqs(lines) : [:]
            let lacking = try held.subtracting(hubs).filter { hash in
                guard let entry = ledger.entries[hash] else { return true }
                return try entry.line.seq() > reached[entry.replica] ?? 0
            }
            if !lacking.isEmpty {
                throw Violation("sync", "it is done, and the hub lacks \(lacking.count) lines")
            }
        }
        if direction != .push, !before.hub.isSubset(of: held) {
            throw Violation(
                "sync", "it is done, and lacks \(before.hub.subtracting(held).count) lines")
        }
        let identities = machines[files[index].machine].identities.contents
        for (replica, seq) in before.ahead {
            // A sync first writes what other tools have edited: a replica may have caught up by that, and be a fork.
            guard let entry = identities[replica], !entry.isRetired, entry.head?.seq ?? 0 < seq
            else { continue }
            throw Violation("retired", "\(replica) was seen ahead, and may still write")
        }
        counts.count("syncs judged")
    }

    // MARK: Who writes

    /// What is new in the log of a file goes on from where its author stood, in time and in its own chain.
    func checkNew(_ lines: [ChangesetLine], in index: Int, log: [ChangesetHash]) throws {
        guard !lines.isEmpty else { return }
        let new = Set(lines.map(\.hash))
        let machine = machines[files[index].machine]
        let clock = machine.clock.now.milliseconds
        var latest: [ReplicaID: Int64] = [:]
        for entry in log.compactMap({ ledger.entries[$0] }) {
            let (at, own) = (entry.at.milliseconds, latest[entry.replica])
            guard new.contains(entry.line.hash) else {
                latest[entry.replica] = max(own ?? at, at)
                continue
            }
            let others = latest.filter {
                $0.key != entry.replica && $0.value - clock < Timestamp.followedAheadMs
            }.values.max()
            let bound = max(clock, own.map { $0 + 1 } ?? clock, others.map { $0 + 1 } ?? clock)
            if let own, at <= own {
                throw Violation("time", "\(entry.at) follows its own \(own)")
            }
            // The clock may have gone on for some minutes since.
            let isBehind = others.map { $0 - clock < 20 * 3_600_000 && at <= $0 } ?? false
            // A replica that was written anew is two, each with a time of its own.
            if ledger.forks.isEmpty, at > bound || isBehind {
                throw Violation(
                    "time", "\(entry.at) at \(machine.clock.now), after \(others ?? 0)")
            }
            latest[entry.replica] = at
        }
        // Two lines of one name are written where its entry was restored, nowhere else.
        if let fork = ledger.forks.first(where: { !restored.contains($0.replica) }) {
            throw Violation("never a fork", "\(fork) was written twice")
        }
        try checkPens(of: machine, log)
    }

    /// Who writes as a replica goes on from exactly what its entry says; and as a new one where there is none to go on with.
    private func checkPens(of machine: WorldMachine, _ log: [ChangesetHash]) throws {
        for step in machine.identities.takeSteps() {
            try checkNeed(of: step, log)
            var hash: ChangesetHash? = step.to.hash
            // What was rolled back is not to be found.
            guard ledger.entries[step.to.hash] != nil else { continue }
            while let line = hash.flatMap({ ledger.entries[$0]?.line }),
                line.hash != step.from?.hash
            {
                hash = try line.previous()
            }
            if hash != step.from?.hash {
                throw Violation(
                    "identity", "\(step.replica):\(step.to.seq) does not go on from its entry")
            }
        }
    }

    /// A new replica is begun where no other is known whose last line is that of the file: or vectors grow without need.
    private func checkNeed(of step: WorldIdentities.Step, _ log: [ChangesetHash]) throws {
        // Where one line has two names, only the file knows which it goes by.
        guard step.from == nil, ledger.forks.isEmpty,
            let first = ledger.entries[step.to.hash]?.line,
            // What had not seen everything is of a replica that has not.
            try first.message() != Ledger.sheetMessage
        else { return }
        var last: [ReplicaID: ChangesetHash] = [:]
        for origin in log.prefix(while: { $0 != step.to.hash }) {
            guard let entry = ledger.entries[origin] else { continue }
            last[entry.replica] = origin
        }
        for other in step.others where other.dataset == datasetID {
            guard let head = other.head, head.hash == last[other.replica] else { continue }
            throw Violation(
                "growth", "\(step.replica) was begun, and \(other.replica) could have gone on")
        }
        counts.count("replicas begun")
    }
}
