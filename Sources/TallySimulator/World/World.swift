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
    /// Files that commands were working on when they failed.
    private var unseen: Set<Int> = []
    /// The requests of this world so far, the last of them: any may arrive once more.
    var oldRequests: [WorldRequest] = []
    /// Those that are still on their way.
    var late: [WorldRequest] = []

    init(_ plan: WorldPlan, folder: String, trace: @escaping (String) -> Void = { _ in }) throws {
        self.plan = plan
        self.folder = folder
        self.trace = trace
        random = WorldRandom(seed: plan.seed ^ 0x6b65_7973)
        try FileSystem.makeFolder(folder)
        guard let id = DatasetID(UUIDText.random(random.bytes(16))) else {
            preconditionFailure("a random UUID is the id of a dataset")
        }
        datasetID = id
        hub = try WorldHub(folder: "\(folder)/hub0", number: 0)
        let people = ["mina", "jun"]
        for (index, skewMs) in plan.skewsMs.enumerated() {
            let author = index < people.count ? people[index] : "analyst\(index)"
            machines.append(
                try WorldMachine(
                    name: "\(author)-laptop", author: author, folder: "\(folder)/\(author)",
                    clock: WorldClock(time, skewMs: skewMs)))
        }
        for index in machines.indices { hub.admit(machines[index].author, at: time, random) }
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
        let faulty = step.fault.map { $0.isHubs ? other ?? hub.disk : machine.disk }
        if let fault = step.fault, let faulty {
            faulty.arm(fault.kind, after: fault.after, seed: step.seed)
        }
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
        let hasStruck = faulty?.hasStruck ?? false
        faulty?.disarm()
        if hasStruck, let fault = step.fault { counts.count(fault.kind) }
        restartHubIfStopped()
        let isStopped = !machine.disk.isRunning
        let isOthersStopped = machines.contains { !$0.disk.isRunning }
        if !machine.identities.areFree { fail("locks", "\(step) left an identity locked") }
        // What was done may be done although the process ended: while it closed the file.
        defer { if error != nil || isOthersStopped { lookLater(index) } }
        trace(
            "\(String(repeating: "  ", count: depth))\(files[index].name) \(step): "
                + "\(error.map { isStopped ? "stopped" : "\($0)" } ?? "done")")
        guard let error else {
            acknowledge(index, files[index].unacknowledged)
            return .done
        }
        if isStopped { return .stopped }
        if let violation = error as? Violation {
            fail(violation.law, "\(step): \(violation.text)")
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

    /// Sees what has become of a file, once everything that a stopped machine had open is closed and it has started again.
    private func lookLater(_ index: Int) {
        unseen.insert(index)
        guard depth == 1 else { return }
        for (number, machine) in machines.enumerated() where !machine.disk.isRunning {
            unseen.formUnion(files.indices.filter { files[$0].machine == number })
            machine.disk.start()
        }
        for index in unseen.sorted() { look(index) }
        unseen = []
    }

    /// Opens a file and sees what its log holds.
    func look(_ index: Int) {
        do {
            let dataset = try Dataset.open(
                path: files[index].path, kinds: files[index].version.kinds, waitSeconds: 0)
            defer { dataset.close() }
            try see(index, dataset, isAcknowledged: false)
        } catch let violation as Violation {
            fail(violation.law, violation.text)
        } catch  where hasDiskStruck {
            // What was armed for a command that is at work has struck here.
            unseen.insert(index)
        } catch {
            fail("opens again", "\(files[index].name): \(error)")
        }
    }

    /// - Parameters:
    ///   - isAcknowledged: whether what is new there was acknowledged.
    ///   - act: what may have written it.
    func see(
        _ index: Int, _ dataset: Dataset, isAcknowledged: Bool, by act: WorldStep.Act? = nil
    ) throws {
        let file = files[index]
        // Only what is new is read, as long as the log is the one that it was.
        let (known, found) = try dataset.read { access in
            let position = try file.cursor.flatMap(access.position(of:))
            let found = try access.lines(
                after: position ?? 0, maximumCount: .max, maximumBytes: .max / 2)
            return (position == nil ? [] : file.log, found)
        }
        files[index].cursor = found.cursor
        let (origins, new) = try ledger.witness(
            found.lines, after: known, of: file.name, seenByTool: file.waiting?.held,
            seenInSheet: file.brought)
        for line in new {
            trace("    \(file.name) wrote \(try line.changeset(kinds: file.version.kinds).brief)")
        }
        try checkNew(new, in: index, log: origins)
        if act?.writesNothing == true,
            try !new.allSatisfy({ try $0.message() == Ledger.toolMessage })
        {
            throw Violation("idle", "\(file.name) has written in a \(act?.rawValue ?? "")")
        }
        if act?.isDeed == true {
            // What a later import may replace is in a line of its own.
            let deeds = try new.filter { try $0.message() != Ledger.toolMessage }
            if try Set(deeds.map { try $0.isImport() }).count < deeds.count {
                throw Violation(
                    "growth", "\(file.name) has \(deeds.count) lines of one \(act?.rawValue ?? "")")
            }
        }
        if let waiting = file.waiting {
            let captured = try new.filter { try $0.message() == Ledger.toolMessage }
            if try dataset.read({ try $0.waitingEdits().isEmpty }) {
                // A file that came back with its home may write the very line that it wrote before.
                let before = origins.compactMap { ledger.entries[$0]?.line }
                try waiting.check(captured, orOneOf: before, kinds: file.version.kinds)
                files[index].waiting = nil
                counts.count("captures", captured.isEmpty ? 0 : 1)
            }
        }
        let held = Set(origins)
        let lost = file.kept.subtracting(held)
        if !lost.isEmpty {
            throw Violation(
                "kept", "\(file.name) has lost \(lost.count) changesets that it acknowledged")
        }
        let written = new.compactMap { ledger.entries[$0.hash]?.origin }
        if isAcknowledged {
            acknowledge(index, written)
        } else if working.contains(index) {
            files[index].unacknowledged += written
        }
        // What was pulled and is lost with the power is elsewhere, or people have destroyed it there.
        let powerCuts = machines[file.machine].disk.powerCuts
        if powerCuts == file.powerCuts, let first = file.log.first(where: { !held.contains($0) }) {
            throw Violation("kept", "\(file.name) has lost \(first), which it had fetched")
        }
        files[index].powerCuts = powerCuts
        files[index].log = origins
        releaseIfNowhere(Set(file.log).subtracting(held))
    }

    /// Somebody was told that it is written.
    private func acknowledge(_ index: Int, _ written: [ChangesetHash]) {
        ledger.promise(written)
        files[index].kept.formUnion(written)
        counts.count("changesets", written.count)
    }

    /// Whatever of these nobody has any more is lost by what people did.
    func releaseIfNowhere(_ origins: Set<ChangesetHash>) {
        guard !origins.isEmpty else { return }
        var left = origins
        for file in files { left.subtract(file.log) }
        if !left.isEmpty { left.subtract(hubsOrigins()) }
        ledger.release(left)
    }

    /// The hub's log; nil where a look might meet a fault that is armed. It can be read, or a law is broken.
    func hubsLog() -> [ChangesetLine]? {
        do {
            return try hub.log()
        } catch {
            fail("opens again", "the hub: \(error)")
            return nil
        }
    }

    /// What the hub holds of what the world has seen, by origin.
    func hubsOrigins() -> Set<ChangesetHash> {
        do {
            let hashes = try hub.lines().map { try ChangesetLine($0).hash }
            return Set(hashes.compactMap { ledger.entries[$0]?.origin })
        } catch {
            if !hub.disk.hasStruck { fail("opens again", "the hub: \(error)") }
            return []
        }
    }
}
