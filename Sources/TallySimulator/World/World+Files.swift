import GRDB
import TallyCore
import TallyStore
import TallySync

// What happens to files, homes, machines and the hub.
extension World {
    /// By `tally backup`, or by copying the file while nobody has it open.
    func backUp(_ index: Int, _ step: WorldStep, _ random: inout SeededGenerator) throws {
        if backups.count > 5 { backups.removeFirst() }
        made += 1
        let target = "\(machines[files[index].machine].folder)/backup\(made).tally"
        if random.chance(percent: 50) {
            command(index, step) { dataset, _ in _ = try dataset.backUp(to: target) }
        } else {
            try copyAtRest(files[index].path, to: target)
        }
        guard FileSystem.exists(target) else { return }
        backups.append(
            WorldBackup(
                path: target, file: files[index],
                home: machines[files[index].machine].identities.contents))
    }

    /// A backup comes back in the place of its file, or beside it where that is no more under its name.
    func restoreBackup(withHome: Bool, _ random: inout SeededGenerator) throws {
        guard !backups.isEmpty else { return }
        try restore(random.pick(backups), withHome: withHome, &random)
    }

    func restore(
        _ backup: WorldBackup, withHome: Bool, _ random: inout SeededGenerator
    ) throws {
        guard let index = files.firstIndex(where: { $0.name == backup.file.name }) else { return }
        try restore(backup, to: index, over: nil)
        counts.count(withHome ? "files restored with their keys" : "files restored")
        if withHome {
            machines[files[index].machine].identities.contents = backup.home
            restored.formUnion(backup.home.keys)
            // Who does not sync first goes on under names that may be taken: a fork, at times with an import in it.
            guard random.chance(percent: 70) else { return }
            let seed = random.next() >> 16
            edit(index, WorldStep(.edit, copy: index, seed: seed, isCalm: true), &random)
            if random.chance(percent: 50) {
                let step = WorldStep(.importFile, copy: index, seed: seed, isCalm: true)
                importFile(index, step, overwrites: true, &random)
            }
        }
    }

    /// A program is killed while it writes a file, and a backup is put in the place of that file: its log still lies there,
    /// and belongs to the backup only where that is the file as the program found it.
    func restoreOverLog(_ step: WorldStep, _ random: inout SeededGenerator) throws {
        guard !backups.isEmpty else { return }
        let backup = random.pick(backups)
        guard let index = files.firstIndex(where: { $0.name == backup.file.name }) else { return }
        let paths = [backup.path, files[index].path]
        guard !paths.contains(where: { FileSystem.exists($0 + "-wal") }) else { return }
        let isSame = try bytes(paths[0]) == bytes(paths[1])
        guard let log = try leaveLog(index, seed: step.seed, &random) else { return }
        let left = LeftBehind(log: log, file: files[index], belongs: isSame)
        try restore(backup, to: index, over: left)
    }

    /// A log that lies beside a file, and is older than the file's coming.
    private struct LeftBehind {
        let log: [UInt8]
        /// The file at the end of the log.
        let file: WorldFile
        /// The log was begun on the very bytes that come.
        let belongs: Bool
    }

    private func bytes(_ path: String) throws -> [UInt8]? {
        try FileBytes.read(path, limit: 1 << 30)
    }

    private func restore(_ backup: WorldBackup, to index: Int, over left: LeftBehind?) throws {
        let lost = Set(files[index].log)
        removeFile(at: files[index].path)
        if let left { try FileBytes.replace(files[index].path + "-wal", with: left.log) }
        try copyAtRest(backup.path, to: files[index].path)
        if left != nil { SimulatedDisk.setLog(files[index].path + "-wal", isLatest: false) }
        var file = backup.file
        if let left, left.belongs { file = left.file }
        files[index].waiting = backup.file.waiting
        files[index].kept = file.kept
        files[index].misleadings = backup.file.misleadings
        files[index].log = []
        files[index].safe = []
        files[index].cursor = nil
        if let left { try seeTo(left, index) }
        look(index)
        let missing = Set(file.log).subtracting(files[index].log)
        if !missing.isEmpty {
            fail(
                "kept", "\(files[index].name) came back without \(missing.count) lines that it had")
        }
        releaseIfNowhere(lost)
    }

    /// Who closes the file is not the last to do so as long as this one has it open.
    private func heldOpen(_ index: Int) throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: files[index].path)
        _ = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM tally_meta") }
        return queue
    }

    /// Somebody edits a file, by Tally or by another tool, and is killed before it is closed.
    ///
    /// - Returns: the log that is left; nil where nothing was written.
    private func leaveLog(
        _ index: Int, seed: UInt64, _ random: inout SeededGenerator
    ) throws -> [UInt8]? {
        let queue = try heldOpen(index)
        defer { try? queue.close() }
        let tools = random.below(4)
        if tools >= 2 {
            try useOtherTool(index, WorldStep(.otherTool, copy: index, seed: seed), &random)
        }
        if tools <= 2 {
            edit(index, WorldStep(.edit, copy: index, seed: seed, isCalm: true), &random)
        }
        let log = try bytes(files[index].path + "-wal") ?? []
        return log.isEmpty ? nil : log
    }

    /// A log that does not fit is refused, and moved away as one is told to.
    private func seeTo(_ left: LeftBehind, _ index: Int) throws {
        do {
            let dataset = try Dataset.open(
                path: files[index].path, kinds: files[index].version.kinds, waitSeconds: 0)
            defer { dataset.close() }
            files[index].waiting = left.file.waiting
            made += 1
            let faults = try dataset.verify(temporaryPath: "\(folder)/verify\(made).tally").faults
            if !faults.isEmpty { throw Violation("left log", "\(files[index].name): \(faults)") }
            counts.count("left logs taken")
            trace("    the left log was taken")
        } catch let error as StoreError where error.message.contains("-wal does not fit") {
            if left.belongs {
                throw Violation("left log", "\(files[index].name): \(error.message)")
            }
            for ending in ["-wal", "-shm"] { FileSystem.remove(files[index].path + ending) }
            counts.count("left logs refused")
            trace("    the left log was refused")
        }
    }

    /// A file at rest is one file; where the disk failed while it was closed, its log is left beside it.
    private func copyAtRest(_ path: String, to target: String) throws {
        for ending in ["", "-wal"] where FileSystem.exists(path + ending) {
            try FileSystem.copy(path + ending, to: target + ending)
        }
    }

    /// With what SQLite keeps beside it.
    private func removeFile(at path: String) {
        for ending in ["", "-wal", "-shm"] { FileSystem.remove(path + ending) }
    }

    /// A second copy, on the same machine or on another, and both are used.
    func copyFile(_ index: Int, _ random: inout SeededGenerator) throws {
        guard files.count < 8 else { return }
        made += 1
        var file = files[index]
        let machine = random.below(machines.count)
        let name = "\(machines[machine].author)\(made)"
        let path = "\(machines[machine].folder)/\(name).tally"
        try copyAtRest(file.path, to: path)
        file = WorldFile(
            name: name, path: path, machine: machine, version: file.version, waiting: file.waiting,
            misleadings: file.misleadings)
        files.append(file)
        counts.count("files copied")
        look(files.count - 1)
    }

    func moveFile(_ index: Int, _ random: inout SeededGenerator) throws {
        let machine = random.below(machines.count)
        guard machine != files[index].machine else { return }
        let path = "\(machines[machine].folder)/\(files[index].name).tally"
        for ending in ["", "-wal"] where FileSystem.exists(files[index].path + ending) {
            try FileSystem.move(files[index].path + ending, to: path + ending)
        }
        files[index].path = path
        files[index].machine = machine
        counts.count("files moved")
    }

    /// While a file is open, perhaps just after something was written to it.
    func cutPower(_ index: Int, _ random: inout SeededGenerator) throws {
        let disk = machines[files[index].machine].disk
        let queue = try heldOpen(index)
        let seed = random.next() >> 16
        switch random.below(3) {
        case 0: sync(index, WorldStep(.pull, copy: index, seed: seed, isCalm: true), .pull)
        case 1: edit(index, WorldStep(.edit, copy: index, seed: seed, isCalm: true), &random)
        default: break
        }
        if disk.cutPower(seed: random.next()) { counts.count(.power) }
        try? queue.close()
        disk.start()
        for other in files.indices where files[other].machine == files[index].machine {
            look(other)
        }
    }

    /// The file is written anew by SQLite, while its disk may fail.
    func compact(_ index: Int, _ step: WorldStep) {
        let file = files[index]
        command(
            index, step,
            first: {
                _ = try Dataset.compact(
                    path: file.path, kinds: file.version.kinds, isInterrupted: { false })
                counts.count("files compacted")
            }
        ) { _, _ in }
    }

    // MARK: The hub

    func backUpHub() throws {
        guard hubBackups.count < 4 else { return }
        made += 1
        hubBackups.append(try hub.backUp(to: "\(folder)/hub-backup\(made)"))
    }

    func restoreHub(_ random: inout SeededGenerator) throws {
        guard !hubBackups.isEmpty else { return }
        let lost = hubsOrigins()
        try hub.restore(random.pick(hubBackups))
        counts.count("hubs restored")
        misleadings += 1
        releaseIfNowhere(lost)
    }

    func wipeHub() {
        let lost = hubsOrigins()
        if hub.hasDataset { counts.count("hubs wiped") }
        hub.wipe()
        admitAll()
        releaseIfNowhere(lost)
    }

    /// Another hub under another address; the old one is no more.
    func replaceHub() throws {
        let lost = hubsOrigins()
        if hub.hasDataset { counts.count("hubs replaced") }
        hub.wipe()
        let number = hub.number + 1
        hub = try WorldHub(folder: "\(folder)/hub\(number)", number: number, seed: plan.seed)
        admitAll()
        releaseIfNowhere(lost)
    }
}
