import TallyCore
import TallyStore
import TallySync
import TallyWire

// How somebody joins.
extension World {
    /// Somebody of another machine joins, or takes a second copy: from the hub's snapshot, or line by line.
    func clone(_ index: Int, _ step: WorldStep) throws {
        guard files.count < 8, hub.hasDataset else { return }
        var chance = SeededGenerator(seed: step.seed ^ 0x736e_6170)
        let (machine, version) = (files[index].machine, files[index].version)
        if chance.chance(percent: 30) || !takeSnapshot(machine, version, step, &chance) {
            try makeFile(on: machine, version: version)
        }
        sync(files.count - 1, step, .pull)
    }

    /// Whoever joins when all is quiet gets by the hub's snapshot what everybody has.
    func joinAtLast() {
        let step = WorldStep(.clone, copy: 0, seed: plan.seed, isCalm: true)
        var chance = SeededGenerator(seed: plan.seed)
        guard takeSnapshot(0, .shipped, step, &chance) else { return }
        sync(files.count - 1, step, .both)
    }

    /// - Returns: whether there is a file now, and all of it.
    private func takeSnapshot(
        _ machine: Int, _ version: WorldSpace.Version, _ step: WorldStep,
        _ chance: inout SeededGenerator
    ) -> Bool {
        made += 1
        let name = "\(machines[machine].author)\(made)"
        let file = WorldFile(
            name: name, path: "\(machines[machine].folder)/\(name).tally", machine: machine,
            version: version, misleadings: misleadings)
        let pieceBytes = chance.pick([500, 4000, 100_000])
        let (disturbances, interludes) = (disturbances, interludes)
        let armed = arm(step, machines[machine].disk, other: hub.disk)
        let result = Result { try takeSnapshot(file, step, pieceBytes: pieceBytes) }
        // Where others go on pushing the hub makes a new one again and again.
        let isHindered =
            hasDiskStruck || self.disturbances > disturbances || self.interludes > interludes
            || hub.tokens[machines[machine].author] == nil
        let faultNote = disarm(armed)
        restartHubIfStopped()
        let isStopped = !machines[machine].disk.isRunning
        if isStopped {
            machines[machine].disk.start()
            for other in files.indices where files[other].machine == machine { look(other) }
        }
        trace("\(name) clone from a snapshot: \(isStopped ? "stopped" : result.brief)\(faultNote)")
        judge(result, of: file, isHindered: isHindered || isStopped)
        guard FileSystem.exists(file.path) else { return false }
        if (try? result.get()) != .made, !isStopped {
            fail("snapshot", "\(name) is there, and was not made")
        }
        files.append(file)
        look(files.count - 1)
        verify(file)
        return true
    }

    private func takeSnapshot(
        _ file: WorldFile, _ step: WorldStep, pieceBytes: Int
    ) throws -> SnapshotClone.Outcome {
        let machine = machines[file.machine]
        let transport = transport(machine.author, step)
        do {
            return try SnapshotClone(
                from: transport, transport.heads(), to: file.path, remote: "origin",
                kinds: file.version.kinds, at: machine.workplace(random), pieceBytes: pieceBytes
            ).run()
        } catch let problem as Problem {
            throw SyncError(problem, at: transport.name)
        }
    }

    /// A hub that nobody hinders has a snapshot, which every copy of its version can use.
    private func judge(
        _ result: Result<SnapshotClone.Outcome, any Error>, of file: WorldFile, isHindered: Bool
    ) {
        switch result {
        case .success(.made): counts.count("clones from a snapshot")
        case .success(let outcome):
            counts.count("snapshots not used")
            if !isHindered, file.version == .shipped {
                fail("snapshot", "\(file.name): \(outcome)")
            }
        case .failure(let error):
            if !Self.isDeclared(error) {
                fail("undeclared error", "\(file.name): \(error)")
            } else if !isHindered {
                fail("refused", "the snapshot for \(file.name): \(error)")
            }
        }
    }

    private func verify(_ file: WorldFile) {
        do {
            let dataset = try Dataset.open(
                path: file.path, kinds: file.version.kinds, waitSeconds: 0)
            defer { dataset.close() }
            made += 1
            let faults = try dataset.verify(temporaryPath: "\(folder)/verify\(made).tally").faults
            if !faults.isEmpty { fail("snapshot", "\(file.name): \(faults)") }
        } catch {
            fail("snapshot", "\(file.name): \(error)")
        }
    }
}

extension Result<SnapshotClone.Outcome, any Error> {
    fileprivate var brief: String {
        switch self {
        case .success(let outcome): "\(outcome)"
        case .failure(let error): "\(error)"
        }
    }
}
