import TallyCore
import TallyStore

// What happens to files, homes, machines and the hub.
extension World {
    /// By `tally backup`, or by copying the file while nobody has it open.
    func backUp(_ index: Int, _ step: WorldStep, _ random: inout SeededGenerator) throws {
        if backups.count > 5 { backups.removeFirst() }
        made += 1
        let target = "\(folder)/backup\(made).tally"
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
        try restore(random.pick(backups), withHome: withHome)
    }

    func restore(_ backup: WorldBackup, withHome: Bool) throws {
        guard let index = files.firstIndex(where: { $0.name == backup.file.name }) else { return }
        let lost = Set(files[index].log)
        removeFile(at: files[index].path)
        try copyAtRest(backup.path, to: files[index].path)
        let machine = machines[files[index].machine]
        if withHome { machine.identities.contents = backup.home }
        files[index].waiting = backup.file.waiting
        files[index].kept = backup.file.kept
        files[index].log = []
        files[index].cursor = nil
        look(index)
        releaseIfNowhere(lost)
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
            name: name, path: path, machine: machine, version: file.version, waiting: file.waiting)
        files.append(file)
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
    }

    func cutPower(_ index: Int, _ random: inout SeededGenerator) {
        let disk = machines[files[index].machine].disk
        disk.cutPower(seed: random.next())
        disk.start()
        counts.count(.power)
        for other in files.indices where files[other].machine == files[index].machine {
            look(other)
        }
    }

    // MARK: The hub

    func backUpHub() throws {
        guard hubBackups.count < 4 else { return }
        made += 1
        hubBackups.append(try hub.backUp(to: "\(folder)/hub-backup\(made)"))
    }

    func restoreHub(_ random: inout SeededGenerator) throws {
        guard !hubBackups.isEmpty else { return }
        let lost = hub.origins(ledger)
        try hub.restore(random.pick(hubBackups))
        releaseIfNowhere(lost)
    }

    func wipeHub() {
        let lost = hub.origins(ledger)
        hub.wipe()
        admitAll()
        releaseIfNowhere(lost)
    }

    /// Another hub under another address; the old one is no more.
    func replaceHub() throws {
        let lost = hub.origins(ledger)
        hub.wipe()
        hub = try WorldHub(folder: "\(folder)/hub\(hub.number + 1)", number: hub.number + 1)
        admitAll()
        releaseIfNowhere(lost)
    }
}
