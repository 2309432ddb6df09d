import TallyCore
import TallyStore
import TallySync
import TallyWire

// What brings copies together.
extension World {
    func transport(_ author: String, _ step: WorldStep) -> HubTransport {
        let (time, random) = (time, random)
        let http = RetryingHTTP(
            WorldNetwork(self, step), policy: RetryPolicy(maximumTries: 3),
            sleep: { delayMs in
                time.advance(byMs: delayMs)
                return true
            }, random: { random.bytes(8).reduce(0) { $0 << 8 | UInt64($1) } },
            now: { Int(time.now / 1000) })
        return HubTransport(
            hub.address, token: hub.tokens[author] ?? hub.revoked[author], exchange: http)
    }

    @discardableResult
    func sync(
        _ index: Int, _ step: WorldStep, _ direction: SyncSession.Direction,
        moved: inout Int
    ) -> Ending {
        let (interludes, disturbances) = (interludes, disturbances)
        // Nor need it come to an end where others bring the branches of a fork into file and hub while it repairs it.
        let isDisturbed = {
            self.disturbances > disturbances
                || self.interludes > interludes && !self.ledger.forks.isEmpty
        }
        let ending = command(
            index, step, mayFail: { _ in isDisturbed() || self.mayRefuse(index) }
        ) { dataset, place in
            let transport = transport(place.author, step)
            if !hub.hasDataset { try publish(dataset, transport) }
            if try dataset.read({ try $0.remote(named: "origin")?.url != transport.name }) {
                try dataset.writeLocally { try $0.saveRemote("origin", url: transport.name) }
            }
            let before = try beforeSync(index, dataset)
            let misleadings = misleadings
            let outcome = try SyncDriver(
                dataset, with: transport, as: "origin", workplace: place
            ).run(direction)
            try note(outcome, files[index].name, mayHalt: isDisturbed())
            if self.mayRefuse(index) {
                throw Violation("members", "\(place.author) was removed, and has synced")
            }
            try checkSync(index, dataset, direction, before, isHalted: outcome.isHalted)
            if direction != .push, !outcome.isHalted {
                files[index].misleadings = misleadings
                notePull(index, outcome)
            }
            moved += outcome.pushed + outcome.pulled
        }
        if case .failed(let error as SyncError) = ending, error.code == .notPermitted,
            mayRefuse(index), !isDisturbed()
        {
            counts.count("members refused")
        }
        return ending
    }

    private func notePull(_ index: Int, _ outcome: SyncOutcome) {
        if let last = files[index].pulledAt, outcome.pulled > 0,
            time.now - last > 2 * Int64(WorldTime.monthMs)
        {
            counts.count("copies that were months behind")
        }
        files[index].pulledAt = time.now
    }

    private func publish(_ dataset: Dataset, _ transport: HubTransport) throws {
        do {
            try transport.create(dataset.id)
        } catch let problem as Problem {
            throw SyncError(problem, at: transport.name)
        }
    }

    /// A file's or bundle's path, without what is another one each time.
    func remoteName(_ path: String) -> String { String(path.dropFirst(folder.count + 1)) }

    func sync(_ index: Int, _ step: WorldStep, _ direction: SyncSession.Direction) {
        var moved = 0
        sync(index, step, direction, moved: &moved)
    }

    /// A member who was removed is refused.
    private func mayRefuse(_ index: Int) -> Bool {
        hub.tokens[machines[files[index].machine].author] == nil
    }

    func note(_ outcome: SyncOutcome, _ name: String, mayHalt: Bool) throws {
        counts.count("syncs")
        counts.count("conflicts that came with a sync", outcome.newConflicts)
        let repairs = outcome.notices.count { $0.contains("had two histories") }
        counts.count("forks repaired", repairs)
        guard outcome.isHalted else { return }
        counts.count("syncs halted")
        if !mayHalt { throw Violation("halted", "\(name): \(outcome.notices)") }
    }

    func syncFile(_ index: Int, _ step: WorldStep, _ random: inout SeededGenerator) {
        let others = files.indices.filter { $0 != index && files[$0].waiting == nil }
        guard !others.isEmpty else { return }
        let other = random.pick(others)
        let direction = random.pick([SyncSession.Direction.both, .both, .pull, .push])
        let (interludes, disturbances) = (interludes, disturbances)
        // Of two branches only the hub can tell which stands; and what another tool has typed there meanwhile is not ours to
        // take.
        let mayFail: (any Error) -> Bool = {
            ($0 as? SyncError)?.code == .refused && !self.ledger.forks.isEmpty
                || self.disturbances > disturbances || self.files[other].waiting != nil
        }
        let disk = machines[files[other].machine].disk
        command(index, step, other: disk, mayFail: mayFail) { dataset, place in
            let file = try Dataset.open(
                path: files[other].path, kinds: files[other].version.kinds, waitSeconds: 0)
            defer { file.close() }
            let transport = WorldFileTransport(self, FileTransport(file), step)
            let outcome = try SyncDriver(
                dataset, with: transport, as: remoteName(files[other].path), workplace: place
            ).run(direction)
            try note(outcome, files[index].name, mayHalt: false)
            let (own, others) = (try dataset.allHashes(), try file.allHashes())
            let isDone =
                (direction == .push || others.isSubset(of: own))
                && (direction == .pull || own.isSubset(of: others))
            guard isDone || self.interludes > interludes else {
                throw Violation(
                    "sync",
                    "\(files[index].name) lacks \(others.subtracting(own).count) and \(files[other].name) \(own.subtracting(others).count) lines after \(direction): \(outcome)"
                )
            }
            // What was written is of the file that this command works on.
            try see(index, dataset, isAcknowledged: true)
            try see(other, file, isAcknowledged: false)
        }
    }
}
