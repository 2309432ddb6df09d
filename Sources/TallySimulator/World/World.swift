import TallyCore
import TallyStore
import TallySync
import TallyWire

/// Copies, machines, people and a hub in one thread: real files, real store, sync and hub code; clock, network, disk and
/// homes are the world's own, so that a plan is played the same way every time.
///
/// A command is what a person's program does: it opens the file, does one thing and closes it. A fault may end it at any
/// write; then the machine starts again.
final class World {
    let plan: WorldPlan
    let folder: String
    let time = WorldTime()
    let random: WorldRandom
    var machines: [WorldMachine] = []
    var files: [WorldFile] = []
    var backups: [WorldBackup] = []
    var bundles: [WorldBundle] = []
    var hub: WorldHub
    var hubBackups: [WorldHubBackup] = []
    var ledger = Ledger()
    var counts = WorldCounts.none
    private(set) var violations: [String] = []
    /// How each conflict was resolved first.
    var resolutions: [Conflict: RecordEdit] = [:]
    /// The replicas whose entries have been put back to what they were.
    var restored: Set<ReplicaID> = []
    /// How often a cursor came to stand behind lines that nobody got, by no fault of a copy.
    var misleadings = 0
    /// How many requests have met a fault by which a command may fail.
    var disturbances = 0
    /// How often somebody has done something between two requests of a command.
    var interludes = 0
    var traffic = Traffic()
    /// Told what happens, step by step.
    let trace: (String) -> Void
    let datasetID: DatasetID
    /// How many names have been given to files.
    var made = 0
    /// The files that commands are at work on, one inside of the other.
    private(set) var working: [Int] = []
    /// How many commands run inside of which: nobody does anything meanwhile inside of what is done meanwhile.
    var depth: Int { working.count }
    /// Files that commands were working on when they failed, in that order.
    var unseen: [Int] = []
    /// The requests of this world so far, the last of them: any may arrive once more.
    var oldRequests: [WorldRequest] = []
    /// Those that are still on their way.
    var late: [WorldRequest] = []

    init(_ plan: WorldPlan, folder: String, trace: @escaping (String) -> Void = { _ in }) throws {
        self.plan = plan
        self.folder = folder
        self.trace = trace
        random = WorldRandom(seed: plan.seed ^ 0x6b65_7973)
        SimulatedDisk.seedRandomness(plan.seed)
        try FileSystem.makeFolder(folder)
        guard let id = DatasetID(UUIDText.random(random.bytes(16))) else {
            preconditionFailure("a random UUID is the id of a dataset")
        }
        datasetID = id
        hub = try WorldHub(folder: "\(folder)/hub0", number: 0, seed: plan.seed)
        let people = ["mina", "jun"]
        for (index, skewMs) in plan.skewsMs.enumerated() {
            let author = index < people.count ? people[index] : "analyst\(index)"
            machines.append(
                try WorldMachine(
                    name: "\(author)-laptop", author: author, folder: "\(folder)/\(author)",
                    clock: WorldClock(time, skewMs: skewMs)))
        }
        for index in machines.indices { hub.admit(machines[index].author, at: time, random) }
        if Set(plan.versions).count > 1 { counts.count("worlds of two versions") }
        for index in plan.versions.indices {
            try makeFile(
                on: index, version: WorldSpace.Version(rawValue: plan.versions[index]) ?? .shipped)
        }
    }

    func close() {
        hub.stop()
        SimulatedDisk.removeAll()
        FileSystem.remove(folder)
    }

    func fail(_ law: String, _ text: String) {
        violations.append("\(law): \(text)")
    }

    func makeFile(on machine: Int, version: WorldSpace.Version) throws {
        made += 1
        let name = "\(machines[machine].author)\(made)"
        let path = "\(machines[machine].folder)/\(name).tally"
        let dataset = try Dataset.create(
            path: path, name: "korea", id: datasetID, kinds: version.kinds,
            randomBytes: random.bytes)
        dataset.close()
        files.append(
            WorldFile(
                name: name, path: path, machine: machine, version: version,
                misleadings: misleadings))
    }

    // MARK: Commands

    /// How a command ended.
    enum Ending {
        case done
        /// With an error of a declared type.
        case failed(any Error)
        /// The process, or the machine, was stopped in the midst of it.
        case stopped
    }

    /// Runs a command on a file: opens it, does something, closes it; then sees what the log holds.
    ///
    /// - Parameters:
    ///   - other: the disk that a fault which is not of this machine is of; the hub's unless given.
    ///   - mayFail: whether an error is to be expected although no disk failed.
    ///   - first: what is done before it opens the file.
    @discardableResult
    func command(
        _ index: Int, _ step: WorldStep, other: WorldDisk? = nil,
        mayFail: (any Error) -> Bool = { _ in false },
        first: () throws -> Void = {}, _ body: (Dataset, Workplace) throws -> Void
    ) -> Ending {
        working.append(index)
        defer { working.removeLast() }
        files[index].unacknowledged = []
        let machine = machines[files[index].machine]
        let armed = arm(step, machine.disk, other: other ?? hub.disk)
        var error: (any Error)?
        do {
            try first()
            let dataset = try Dataset.open(
                path: files[index].path, kinds: files[index].version.kinds, waitSeconds: 0)
            defer { dataset.close() }
            try body(dataset, machine.workplace(random))
            try see(index, dataset, isAcknowledged: true, by: step.act)
        } catch let found {
            error = found
        }
        let hasFailed = hasDiskStruck
        let faultNote = disarm(armed)
        restartHubIfStopped()
        let isStopped = !machine.disk.isRunning
        let isAnyStopped = machines.contains { !$0.disk.isRunning }
        if !machine.identities.areFree { fail("locks", "\(step) left an identity locked") }
        // What was done may be done although the process ended: while it closed the file.
        defer { if error != nil || isAnyStopped { lookLater(index) } }
        trace(
            "\(String(repeating: "  ", count: depth))\(files[index].name) \(step): "
                + "\(error.map { isStopped ? "stopped" : "\($0)" } ?? "done")"
                + faultNote)
        guard let error else {
            acknowledge(index, files[index].unacknowledged)
            if !isAnyStopped { noteSafe(index) }
            return .done
        }
        if let violation = error as? Violation {
            fail(violation.law, "\(step): \(violation.text)")
        } else if isStopped {
            return .stopped
        } else if !Self.isDeclared(error) {
            fail("undeclared error", "\(step): \(error)")
        } else if !hasFailed, !mayFail(error), !isSomebodyElses(error, index) {
            fail("refused", "\(step) on \(files[index].name): \(error)")
        }
        return .failed(error)
    }

    /// Whether the disk of a command that is at work has failed, or of one around it.
    var hasDiskStruck: Bool { hub.disk.hasStruck || machines.contains { $0.disk.hasStruck } }

    /// Everybody's errors are of types that say what to do.
    static func isDeclared(_ error: any Error) -> Bool {
        if let error = error as? StoreError {
            return error.code != .damaged && error.code != .fault
        }
        return error is SyncError || error is InputFault
    }

    /// A file in which another tool's edits wait for the one who wrote it last.
    private func isSomebodyElses(_ error: any Error, _ index: Int) -> Bool {
        files[index].waiting != nil && (error as? StoreError)?.code == .notPermitted
    }
}
