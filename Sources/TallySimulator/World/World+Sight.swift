import TallyCore
import TallyStore
import TallyWire

// What the logs of files and of the hub are seen to hold.
extension World {
    /// Sees what has become of a file, once everything that a stopped machine had open is closed and it has started again.
    ///
    /// What a command wrote is seen in its own file first, wherever else it has brought it: commands end from within.
    func lookLater(_ index: Int) {
        noteUnseen(index)
        guard depth == 1 else { return }
        for (number, machine) in machines.enumerated() where !machine.disk.isRunning {
            for index in files.indices where files[index].machine == number { noteUnseen(index) }
            machine.disk.start()
        }
        for index in unseen { look(index) }
        unseen = []
    }

    private func noteUnseen(_ index: Int) {
        if !unseen.contains(index) { unseen.append(index) }
    }

    /// Opens a file and sees what its log holds.
    func look(_ index: Int) {
        do {
            let dataset = try Dataset.open(
                path: files[index].path, kinds: files[index].version.kinds, waitSeconds: 0)
            do {
                defer { dataset.close() }
                try see(index, dataset, isAcknowledged: false)
            }
            noteSafe(index)
        } catch let violation as Violation {
            fail(violation.law, violation.text)
        } catch  where hasDiskStruck {
            // What was armed for a command that is at work has struck here.
            noteUnseen(index)
        } catch {
            fail("opens again", "\(files[index].name): \(error)")
        }
    }

    /// What a file holds beside which there is no log is in the file itself, and on the disk.
    func noteSafe(_ index: Int) {
        guard machines[files[index].machine].disk.isRunning, !hasDiskStruck,
            !FileSystem.exists(files[index].path + "-wal")
        else { return }
        files[index].safe = Set(files[index].log)
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
        let (origins, new) = try ledger.witness(
            found.lines, after: known, of: file.name, seenByTool: file.waiting?.held,
            seenInSheet: file.brought)
        for line in new {
            trace("    \(file.name) wrote \(try line.changeset(kinds: file.version.kinds).brief)")
        }
        try checkNew(new, in: index, log: origins)
        let own = try new.filter { try $0.message() != Ledger.toolMessage }
        if let act { try checkGrowth(own, in: file, by: act) }
        try checkTyped(index, dataset, new: new, log: origins)
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
        let isLost = { (origin: ChangesetHash) in
            !held.contains(origin) && (powerCuts == file.powerCuts || file.safe.contains(origin))
        }
        if let first = file.log.first(where: isLost) {
            throw Violation("kept", "\(file.name) has lost \(first), which it had fetched")
        }
        // With what it pulled it may have lost where its cursor stood, until it pulls again.
        if powerCuts != file.powerCuts { files[index].misleadings = nil }
        files[index].powerCuts = powerCuts
        files[index].cursor = found.cursor
        files[index].log = origins
        releaseIfNowhere(Set(file.log).subtracting(held))
    }

    /// A command writes what its person does, in one line, and nothing of its own.
    private func checkGrowth(
        _ new: [ChangesetLine], in file: WorldFile, by act: WorldStep.Act
    ) throws {
        if act.writesNothing, !new.isEmpty {
            throw Violation("idle", "\(file.name) has written in a \(act.rawValue)")
        }
        // What a later import may replace is in a line of its own.
        if act.isDeed, try Set(new.map { try $0.isImport() }).count < new.count {
            throw Violation("growth", "\(file.name) has \(new.count) lines of one \(act.rawValue)")
        }
    }

    /// What another tool has typed is in the log once it waits no more.
    private func checkTyped(
        _ index: Int, _ dataset: Dataset, new: [ChangesetLine], log: [ChangesetHash]
    ) throws {
        let file = files[index]
        guard let waiting = file.waiting, try dataset.read({ try $0.waitingEdits().isEmpty }) else {
            return
        }
        let captured = try new.filter { try $0.message() == Ledger.toolMessage }
        // A file that came back with its home may write the very line that it wrote before.
        let before = try log.compactMap { ledger.entries[$0] }
            .filter { restored.contains($0.replica) }.map(\.line)
            .filter { try $0.message() == Ledger.toolMessage }
        try waiting.check(captured, orOneOf: before, kinds: file.version.kinds)
        files[index].waiting = nil
        counts.count("captures", captured.isEmpty ? 0 : 1)
    }

    /// Somebody was told that it is written.
    func acknowledge(_ index: Int, _ written: [ChangesetHash]) {
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
            failToRead(error)
            return nil
        }
    }

    func failToRead(_ hubsError: any Error) {
        if let violation = hubsError as? Violation {
            fail(violation.law, violation.text)
        } else {
            fail("opens again", "the hub: \(hubsError)")
        }
    }

    /// What the hub holds of what the world has seen, by origin.
    func hubsOrigins() -> Set<ChangesetHash> {
        do {
            let hashes = try hub.lines().map(\.hash)
            return Set(hashes.compactMap { ledger.entries[$0]?.origin })
        } catch {
            if !hub.disk.hasStruck { failToRead(error) }
            return []
        }
    }
}
